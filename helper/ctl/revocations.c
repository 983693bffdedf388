/*
 * c2mctl revocations: what still waits, and the receipts: asked when, dead when, by which answer, after how many
 * tries.
 */
#include "commands.h"
#include "format.h"
#include "listing.h"
#include "output.h"

#include <stdio.h>
#include <time.h>

static const char *state_of(uint32_t state)
{
    static const char *const words[] = {[C2M_REVOCATION_PENDING] = "pending",
        [C2M_REVOCATION_DONE] = "done",
        [C2M_REVOCATION_EXPIRED] = "expired",
        [C2M_REVOCATION_UNREVOCABLE] = "unrevocable"};
    return state < sizeof words / sizeof words[0] && words[state] != NULL ? words[state] : "unknown";
}

static const char *kind_of(uint32_t kind)
{
    return kind == 1 ? "short" : kind == 2 ? "long" : "unknown";
}

static void add_json(struct output *list, const struct c2m_revocation *revocation)
{
    struct output *item = output_item(list);

    output_text(item, "token_id", revocation->token_id.bytes, revocation->token_id.length);
    output_text(item, "token_hash", revocation->token_hash, C2M_REFERENCE_SIZE);
    output_word(item, "kind", kind_of(revocation->kind));
    output_text(item, "session", revocation->reference, C2M_REFERENCE_SIZE);
    output_text(item, "user", revocation->user.bytes, revocation->user.length);
    output_word(item, "state", state_of(revocation->state));
    output_time(item, "asked", revocation->asked);
    output_time(item, "settled", revocation->settled);
    output_time(item, "expires", revocation->expires);
    output_time(item, "next_try", revocation->next_try);
    output_number(item, "tries", revocation->tries);
    if (revocation->last_status == 0)
        output_null(item, "last_status");
    else
        output_number(item, "last_status", revocation->last_status);
    output_text(item, "word", revocation->word.bytes, revocation->word.length);
}

/* The middle of the line: how it stands with the token. */
static void print_state(const struct c2m_revocation *revocation)
{
    char when[FORMAT_SIZE];

    switch (revocation->state) {
    case C2M_REVOCATION_DONE:
        printf("dead %s", format_second(when, revocation->settled));
        break;
    case C2M_REVOCATION_EXPIRED:
        printf("expired %s, before the API was told", format_second(when, revocation->expires));
        break;
    case C2M_REVOCATION_UNREVOCABLE:
        printf("unrevocable, dies %s", format_second(when, revocation->expires));
        break;
    default:
        printf("pending, next try %s", format_second(when, revocation->next_try));
    }
}

/* jti-1 (short) of session 7f3a91c2, alice: asked …, dead …, by 204 (done), after 2 tries */
static void print_line(const struct c2m_revocation *revocation)
{
    struct format_text id, reference, user, word;
    char when[FORMAT_SIZE];
    char status[16] = "no answer";

    if (revocation->last_status != 0)
        snprintf(status, sizeof status, "%u", revocation->last_status);
    printf("%s (%s) of session %s, %s: asked %s, ",
        format_bytes(&id, revocation->token_id.bytes, revocation->token_id.length), kind_of(revocation->kind),
        format_bytes(&reference, revocation->reference, C2M_REFERENCE_SIZE),
        format_bytes(&user, revocation->user.bytes, revocation->user.length),
        format_second(when, revocation->asked));
    print_state(revocation);
    printf(", by %s (%s), after %u %s\n", status,
        format_bytes(&word, revocation->word.bytes, revocation->word.length), revocation->tries,
        revocation->tries == 1 ? "try" : "tries");
}

static bool is_sound(const struct c2m_revocation *revocation)
{
    return c2m_text_ok(revocation->user.length, revocation->user.bytes, C2M_NAME_MAX) &&
           c2m_text_ok(revocation->word.length, revocation->word.bytes, C2M_NAME_MAX) &&
           c2m_text_ok(revocation->token_id.length, revocation->token_id.bytes, C2M_ID_MAX);
}

static bool is_wanted(const struct options *options, const struct c2m_revocation *revocation)
{
    bool pending = revocation->state == C2M_REVOCATION_PENDING;
    return (pending || !options->pending) &&
           (revocation->asked >= options->since || revocation->settled >= options->since);
}

static int see(struct helper *helper, const void *item, void *list)
{
    const struct c2m_revocation *revocation = item;

    if (!is_sound(revocation))
        return helper_confused(helper);
    if (!is_wanted(helper->options, revocation))
        return EXIT_OK;
    if (helper->options->json)
        add_json(list, revocation);
    else
        print_line(revocation);
    return EXIT_OK;
}

int command_revocations(const struct options *options)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    const struct listing listing = {
        C2M_REVOCATIONS, NULL, 0, C2M_REVOCATION_IS, sizeof(struct c2m_revocation)};

    int code = listing_each(options, &listing, see, output_list(output, "revocations"));
    if (code == EXIT_OK && options->json)
        output_print(output);
    return code;
}
