/*
 * c2mctl enroll and rotate: a long token that the helper keeps, for this host or for a user. What is given comes by
 * standard input, never by an argument; what is kept never comes back.
 */
#include "commands.h"
#include "format.h"
#include "listing.h"
#include "output.h"
#include "refusal.h"
#include "typed.h"

#include "c2m/client.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static const char no_id[] = "; it does not say its identifier, so that only its issuer can revoke it";

static void wipe(struct c2m_enroll *body)
{
    explicit_bzero(body, sizeof *body);
}

static const char *way_of(uint32_t way)
{
    static const char *const words[] = {[C2M_ENROLL_TOKEN] = "token",
        [C2M_ENROLL_CODE] = "code",
        [C2M_ENROLL_SECRET] = "secret",
        [C2M_ENROLL_ASSERTION] = "assertion"};
    return way < sizeof words / sizeof words[0] && words[way] != NULL ? words[way] : "unknown";
}

static bool is_sound(const struct c2m_enrolled *enrolled)
{
    return c2m_text_ok(enrolled->user.length, enrolled->user.bytes, C2M_NAME_MAX) &&
           c2m_text_ok(enrolled->client.length, enrolled->client.bytes, C2M_ID_MAX);
}

static void add_json(struct output *item, const struct c2m_enrolled *enrolled)
{
    if (enrolled->user.length == 0)
        output_null(item, "user");
    else
        output_text(item, "user", enrolled->user.bytes, enrolled->user.length);
    output_text(item, "client", enrolled->client.bytes, enrolled->client.length);
    output_word(item, "way", way_of(enrolled->way));
    output_text(item, "token_hash", enrolled->token_hash, C2M_REFERENCE_SIZE);
    output_time(item, "since", enrolled->since);
    output_time(item, "expires", enrolled->expires);
    output_bool(item, "revocable", !(enrolled->flags & C2M_ENROLLED_NO_ID));
}

/* "web1 as c2m_abc123, until 2027-02-22 11:52" */
static void print_line(const char *verb, const struct c2m_enrolled *enrolled)
{
    char host[HOST_NAME_MAX + 1] = "this host", until[FORMAT_SIZE];
    struct format_text user, client;

    gethostname(host, sizeof host - 1);
    printf("%s%s as %s, ",
        enrolled->user.length == 0 ? format_bytes(&user, host, strlen(host))
                                   : format_bytes(&user, enrolled->user.bytes, enrolled->user.length),
        verb, format_bytes(&client, enrolled->client.bytes, enrolled->client.length));
    if (enrolled->expires == 0)
        printf("for how long it does not say");
    else
        printf("until %s", format_minute(until, enrolled->expires, time(NULL)));
}

/* The way, and what is asked for; NULL with an assertion. */
static uint32_t chosen_way(const struct options *options, const char **question)
{
    *question = options->code        ? "Type the one-time code: "
                : options->secret    ? "Paste the client's secret: "
                : options->assertion ? NULL
                                     : "Paste the long-term token: ";
    return options->code        ? C2M_ENROLL_CODE
           : options->secret    ? C2M_ENROLL_SECRET
           : options->assertion ? C2M_ENROLL_ASSERTION
                                : C2M_ENROLL_TOKEN;
}

static int set_names(const struct options *options, struct c2m_enroll *body)
{
    if ((options->user == NULL ||
            c2m_text_set(&body->user.length, body->user.bytes, C2M_NAME_MAX, options->user) == 0) &&
        (options->client == NULL ||
            c2m_text_set(&body->client.length, body->client.bytes, C2M_ID_MAX, options->client) == 0))
        return EXIT_OK;
    refusal_tell(options, "usage", "that name is too long");
    return EXIT_USAGE;
}

static int check_use(const struct options *options)
{
    if (options->code + options->secret + options->assertion + options->list + options->remove > 1) {
        refusal_tell(options, "usage", "one of --code, --secret, --assertion, --list and --remove");
        return EXIT_USAGE;
    }
    if (options->user != NULL && options->assertion) {
        refusal_tell(
            options, "usage", "the key is the host's own: --assertion and --user do not go together");
        return EXIT_USAGE;
    }
    if (geteuid() != 0) {
        refusal_tell(options, "not_root", "this is root's to do: use sudo");
        return EXIT_NOT_YOURS;
    }
    return EXIT_OK;
}

/* Asks, and tells what is kept now. */
static int keep(
    const struct options *options, uint16_t operation, const struct c2m_enroll *body, const char *verb)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    struct c2m_enrolled enrolled;
    bool more;

    int code = helper_ask(&helper, options, operation, body, sizeof *body, C2M_ENROLL_MS);
    if (code == EXIT_OK)
        code = helper_next(&helper, C2M_ENROLLED_IS, &enrolled, sizeof enrolled, &more);
    if (code != EXIT_OK)
        return code;
    if (!more || !is_sound(&enrolled))
        return helper_confused(&helper);
    if (options->json) {
        struct output *output __attribute__((cleanup(output_drop))) = output_new();
        output_bool(output, "ok", true);
        add_json(output, &enrolled);
        output_print(output);
    } else if (!options->quiet) {
        print_line(verb, &enrolled);
        puts("; sealed in the vault");
        if (enrolled.flags & C2M_ENROLLED_NO_ID)
            puts("it does not say by which identifier it can be revoked: revoke it yourself when it is "
                 "rotated");
    }
    return EXIT_OK;
}

static const struct listing kept = {C2M_ENROLLED, NULL, 0, C2M_ENROLLED_IS, sizeof(struct c2m_enrolled)};

static int see(struct helper *helper, const void *item, void *items)
{
    const struct c2m_enrolled *enrolled = item;

    if (!is_sound(enrolled))
        return helper_confused(helper);
    if (helper->options->json) {
        add_json(output_item(items), enrolled);
    } else {
        print_line("", enrolled);
        printf(", by %s%s\n", way_of(enrolled->way), enrolled->flags & C2M_ENROLLED_NO_ID ? no_id : "");
    }
    return EXIT_OK;
}

static int list(const struct options *options)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();

    int code = listing_each(options, &kept, see, output_list(output, "enrolled"));
    if (code == EXIT_OK && options->json)
        output_print(output);
    return code;
}

struct removal {
    const struct c2m_enroll *body;
    bool revocable; /* the token that is kept for its owner says by what it can be revoked */
};

static int see_owner(struct helper *helper, const void *item, void *data)
{
    struct removal *removal = data;
    const struct c2m_enrolled *enrolled = item;
    const struct c2m_enroll *body = removal->body;

    (void)helper;
    if (enrolled->user.length == body->user.length &&
        memcmp(enrolled->user.bytes, body->user.bytes, body->user.length) == 0)
        removal->revocable = !(enrolled->flags & C2M_ENROLLED_NO_ID);
    return EXIT_OK;
}

static int remove_kept(const struct options *options, const struct c2m_enroll *body)
{
    struct removal removal = {.body = body, .revocable = true};

    int code = listing_each(options, &kept, see_owner, &removal);
    return code != EXIT_OK
               ? code
               : helper_order(options, C2M_UNENROLL, body, sizeof *body,
                     removal.revocable ? "forgotten; the token is being revoked"
                                       : "forgotten, and refused on this host; it does not say its "
                                         "identifier, so that only its issuer can revoke it: do it there");
}

int command_enroll(const struct options *options)
{
    struct c2m_enroll body __attribute__((cleanup(wipe))) = {.way = 0};
    const char *question;

    prctl(PR_SET_DUMPABLE, 0); /* no core with the secret in it */
    int code = check_use(options);
    if (code == EXIT_OK)
        code = set_names(options, &body);
    if (code != EXIT_OK)
        return code;
    if (options->list)
        return list(options);
    if (options->remove)
        return remove_kept(options, &body);
    body.way = chosen_way(options, &question);
    if (question != NULL)
        code = typed_read(options, question, &body.credential);
    return code == EXIT_OK ? keep(options, C2M_ENROLL, &body, " enrolled") : code;
}

int command_rotate(const struct options *options)
{
    struct c2m_enroll body __attribute__((cleanup(wipe))) = {.way = 0};

    int code = check_use(options);
    if (code == EXIT_OK)
        code = set_names(options, &body);
    return code == EXIT_OK ? keep(options, C2M_ROTATE, &body, " rotated") : code;
}
