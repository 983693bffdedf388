/*
 * c2mctl sessions end: first the helper makes all the tokens dead, then root hangs up, one after the other: the
 * helper, which has no capabilities, cannot. The opener is signalled by a pidfd, after its start time was compared:
 * never a stranger.
 */
#include "commands.h"
#include "format.h"
#include "listing.h"
#include "output.h"
#include "refusal.h"
#include "sessions.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

enum { SESSIONS_MAX = 65536, HANG_UP_MS = 2000 };

struct chosen {
    struct c2m_session *sessions;
    size_t count;
};

static void drop(struct chosen *chosen)
{
    free(chosen->sessions);
}

static bool is_wanted(const struct options *options, const struct c2m_session *session)
{
    const char *reference = options->word_count > 1 ? options->words[1] : NULL;
    if (options->all)
        return true;
    if (options->user != NULL)
        return strlen(options->user) == session->user.length &&
               memcmp(options->user, session->user.bytes, session->user.length) == 0;
    return reference != NULL && strlen(reference) <= C2M_REFERENCE_SIZE &&
           strncmp(reference, session->reference, strlen(reference)) == 0;
}

static int see(struct helper *helper, const void *item, void *data)
{
    struct chosen *chosen = data;
    const struct c2m_session *session = item;

    if (!sessions_sound(session))
        return helper_confused(helper);
    if (!is_wanted(helper->options, session))
        return EXIT_OK;
    struct c2m_session *grown = chosen->count < SESSIONS_MAX
                                    ? reallocarray(chosen->sessions, chosen->count + 1, sizeof *grown)
                                    : NULL;
    if (grown == NULL)
        return EXIT_SOFTWARE;
    chosen->sessions = grown;
    chosen->sessions[chosen->count++] = *session;
    return EXIT_OK;
}

static int choose(const struct options *options, struct chosen *chosen)
{
    const struct listing listing = {C2M_SESSIONS, NULL, 0, C2M_SESSION_IS, sizeof(struct c2m_session)};

    return listing_each(options, &listing, see, chosen);
}

/* Field 22 of /proc/PID/stat: behind the last parenthesis, which a name cannot fake. */
static bool started_at(pid_t pid, uint64_t start)
{
    char path[32], text[1024];
    uint64_t found = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (file != NULL)
        fclose(file);
    text[length] = '\0';
    const char *rest = strrchr(text, ')');
    for (int field = 2; rest != NULL && field < 22; field++)
        rest = strchr(rest + 1, ' ');
    return rest != NULL && sscanf(rest, " %" SCNu64, &found) == 1 && found == start;
}

static bool ended_within(int pidfd, int milliseconds)
{
    struct pollfd wait = {.fd = pidfd, .events = POLLIN};
    return poll(&wait, 1, milliseconds) > 0;
}

/* What becomes of the opener, in a word. */
static const char *hang_up(const struct c2m_session *session)
{
    pid_t pid = (pid_t)session->opener_pid;
    const char *word = "hung_up";

    if (session->state != C2M_SESSION_ACTIVE || pid <= 1)
        return "none";
    int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0)
        return "gone";
    if (!started_at(pid, session->opener_start))
        word = "gone";
    else if (pidfd_send_signal(pidfd, SIGHUP, NULL, 0) < 0)
        word = "not_allowed";
    else if (!ended_within(pidfd, HANG_UP_MS) &&
             (pidfd_send_signal(pidfd, SIGTERM, NULL, 0) < 0 || !ended_within(pidfd, HANG_UP_MS)))
        word = "still_there";
    close(pidfd);
    return word;
}

static int order(const struct options *options, uint16_t operation, const void *body, size_t length,
    struct c2m_verdict *verdict)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};

    int code = helper_ask(&helper, options, operation, body, length, C2M_FIRST_ANSWER_MS);
    return code == EXIT_OK ? helper_granted(&helper, verdict) : code;
}

/* Those that the helper did not end are chosen no longer. */
static int revoke_chosen(const struct options *options, struct chosen *chosen)
{
    struct c2m_session_end body;
    struct c2m_verdict verdict;
    size_t ended = 0;
    int code = EXIT_OK;

    for (size_t i = 0; i < chosen->count; i++) {
        memcpy(body.reference, chosen->sessions[i].reference, sizeof body.reference);
        int one = order(options, C2M_SESSION_END, &body, sizeof body, &verdict);
        if (one == EXIT_OK)
            chosen->sessions[ended++] = chosen->sessions[i];
        code = code == EXIT_OK ? one : code;
    }
    chosen->count = ended;
    return code;
}

/* What was typed at sudo in a terminal that stands in no session is in no list: the helper knows whose it is. */
static int revoke_at_terminals(const struct options *options, struct output *output)
{
    struct c2m_presences_end body = {.user.length = 0};
    struct c2m_verdict verdict;

    if (options->user != NULL && (options->user[0] == '\0' || strlen(options->user) > C2M_NAME_MAX))
        return EXIT_OK; /* nobody's name, and no name is everybody's */
    if (options->user != NULL)
        c2m_text_cut(&body.user.length, body.user.bytes, sizeof body.user.bytes, options->user);
    int code = order(options, C2M_PRESENCES_END, &body, sizeof body, &verdict);
    if (code != EXIT_OK)
        return code;
    output_number(output, "terminals", verdict.reason_argument[0]);
    if (!options->json && verdict.reason_argument[0] > 0)
        printf("tokens typed at sudo are being revoked; terminals: %u\n", verdict.reason_argument[0]);
    return EXIT_OK;
}

static int hang_up_one(const struct options *options, const struct c2m_session *session, struct output *list)
{
    struct format_text reference, user;
    const char *opener = hang_up(session);

    if (options->json) {
        struct output *item = output_item(list);
        output_text(item, "ref", session->reference, C2M_REFERENCE_SIZE);
        output_text(item, "user", session->user.bytes, session->user.length);
        output_word(item, "opener", opener);
    } else {
        printf("%s %s: its tokens are being revoked; opener %u: %s\n",
            format_bytes(&reference, session->reference, C2M_REFERENCE_SIZE),
            format_bytes(&user, session->user.bytes, session->user.length), session->opener_pid, opener);
    }
    return strcmp(opener, "still_there") == 0 || strcmp(opener, "not_allowed") == 0 ? EXIT_SOFTWARE : EXIT_OK;
}

static int end_chosen(const struct options *options, struct chosen *chosen, struct output *output)
{
    struct output *list = output_list(output, "sessions");
    bool by_option = options->user != NULL || options->all;

    int code = revoke_chosen(options, chosen);
    int terminals = by_option ? revoke_at_terminals(options, output) : EXIT_OK;
    code = code == EXIT_OK ? terminals : code;
    for (size_t i = 0; i < chosen->count; i++) {
        int one = hang_up_one(options, &chosen->sessions[i], list);
        code = code == EXIT_OK ? one : code;
    }
    return code;
}

static int check_use(const struct options *options)
{
    bool by_reference = options->word_count == 2, by_option = options->user != NULL || options->all;
    bool end = options->word_count > 0 && strcmp(options->words[0], "end") == 0;

    if (!end || by_reference == by_option || (options->user != NULL && options->all)) {
        refusal_tell(options, "usage", "c2mctl sessions end REF, or --user NAME, or --all");
        return EXIT_USAGE;
    }
    if (geteuid() != 0) {
        refusal_tell(
            options, "not_root", "this is root's to do; c2mctl revoke ends the session you stand in");
        return EXIT_NOT_YOURS;
    }
    return EXIT_OK;
}

int command_sessions_end(const struct options *options)
{
    struct chosen chosen __attribute__((cleanup(drop))) = {.sessions = NULL};
    struct output *output __attribute__((cleanup(output_drop))) = output_new();

    int code = check_use(options);
    if (code == EXIT_OK)
        code = choose(options, &chosen);
    if (code != EXIT_OK)
        return code;
    if (options->word_count == 2 && chosen.count != 1) {
        refusal_tell(options, chosen.count == 0 ? "no_session" : "ambiguous",
            chosen.count == 0 ? "there is no such session: c2mctl sessions lists them"
                              : "several sessions begin like that: say more of the reference");
        return EXIT_USAGE;
    }
    code = end_chosen(options, &chosen, output);
    if (options->json)
        output_print(output);
    return code;
}
