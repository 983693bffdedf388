/*
 * c2mctl sessions: who is in with which token, from where, until when.
 */
#include "commands.h"
#include "format.h"
#include "listing.h"
#include "output.h"
#include "sessions.h"

#include <stdio.h>
#include <time.h>

static const char *word_of(const char *const *words, size_t count, uint32_t number)
{
    return number < count && words[number] != NULL ? words[number] : "unknown";
}

static const char *state_of(uint32_t state)
{
    static const char *const words[] = {
        [C2M_SESSION_PENDING] = "pending", [C2M_SESSION_ACTIVE] = "active", [C2M_SESSION_CLOSED] = "closed"};
    return word_of(words, sizeof words / sizeof words[0], state);
}

static const char *form_of(uint32_t form)
{
    static const char *const words[] = {[C2M_FORM_SHORT] = "short",
        [C2M_FORM_LONG] = "long",
        [C2M_FORM_CODE] = "code",
        [C2M_FORM_SECRET] = "secret",
        [C2M_FORM_STORED] = "stored"};
    return word_of(words, sizeof words / sizeof words[0], form);
}

static void add_json(struct output *list, const struct c2m_session *session)
{
    struct output *item = output_item(list);

    output_text(item, "ref", session->reference, C2M_REFERENCE_SIZE);
    output_text(item, "user", session->user.bytes, session->user.length);
    output_number(item, "uid", session->uid);
    output_text(item, "service", session->service.bytes, session->service.length);
    output_text(item, "rhost", session->rhost.bytes, session->rhost.length);
    output_text(item, "tty", session->tty.bytes, session->tty.length);
    output_word(item, "state", state_of(session->state));
    output_word(item, "form", form_of(session->form));
    output_time(item, "opened", session->opened);
    output_time(item, "expires", session->expires);
    output_text(item, "token_hash", session->token_hash, C2M_REFERENCE_SIZE);
    output_number(item, "tokens", session->tokens);
    output_number(item, "sudo", session->sudo_uses);
    output_number(item, "opener_pid", session->opener_pid);
    if (session->audit_id == UINT32_MAX)
        output_null(item, "audit_session");
    else
        output_number(item, "audit_session", session->audit_id);
}

/* 7f3a91c2 alice sshd 192.0.2.7 active, expires 11:52, 2 sudo */
static void print_line(const struct c2m_session *session)
{
    struct format_text reference, user, service, rhost;
    char when[FORMAT_SIZE];
    int64_t now = time(NULL);

    const char *expires = format_minute(when, session->expires, now);
    printf("%s %s %s %s %s, %s %s, %u sudo\n",
        format_bytes(&reference, session->reference, C2M_REFERENCE_SIZE),
        format_bytes(&user, session->user.bytes, session->user.length),
        format_bytes(&service, session->service.bytes, session->service.length),
        format_bytes(&rhost, session->rhost.bytes, session->rhost.length), state_of(session->state),
        session->expires != 0 && session->expires <= now ? "expired" : "expires", expires,
        session->sudo_uses);
}

bool sessions_sound(const struct c2m_session *session)
{
    return c2m_text_ok(session->user.length, session->user.bytes, C2M_NAME_MAX) &&
           c2m_text_ok(session->service.length, session->service.bytes, C2M_NAME_MAX) &&
           c2m_text_ok(session->tty.length, session->tty.bytes, C2M_NAME_MAX) &&
           c2m_text_ok(session->rhost.length, session->rhost.bytes, C2M_HOST_MAX);
}

static int see(struct helper *helper, const void *item, void *list)
{
    const struct c2m_session *session = item;

    if (!sessions_sound(session))
        return helper_confused(helper);
    if (helper->options->json)
        add_json(list, session);
    else
        print_line(session);
    return EXIT_OK;
}

int command_sessions(const struct options *options)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    const struct listing listing = {C2M_SESSIONS, NULL, 0, C2M_SESSION_IS, sizeof(struct c2m_session)};

    if (options->word_count > 0 || options->user != NULL || options->all)
        return command_sessions_end(options);
    int code = listing_each(options, &listing, see, output_list(output, "sessions"));
    /* JSON is printed whole, or not at all. */
    if (code == EXIT_OK && options->json)
        output_print(output);
    return code;
}
