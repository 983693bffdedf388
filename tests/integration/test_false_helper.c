/*
 * A helper that was taken over, or is another program of root's: it grants whatever it is asked. Against every set of the
 * module's arguments, by the module that ships and the real libpam: what root's line does not allow is not granted.
 */
#include "c2m/wire.h"

/* The integration tests are one file each: the scripted helper comes along as text. */
#include "fakes/helper.c"

#include <limits.h>
#include <pthread.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "root_only.h"

/* How it grants. */
enum way {
    AT_ONCE,
    AFTER_A_PROMPT, /* as an honest one */
    AFTER_A_PROMPT_THAT_IT_DENIES, /* it says that nothing was typed */
    BEFORE_A_PROMPT, /* it says that something was, and had not asked */
    WAYS,
};

static struct fake_helper helper;
static enum way way;
static int connections; /* that it was asked on */
static int sessions; /* of these: opened, closed */
static char module_path[PATH_MAX];
static char stacks[] = "/tmp/c2m-stacks-XXXXXX";
static int asked;

static void serve_one(int fd)
{
    struct c2m_prompt prompt = {.prompt = C2M_TEXT_ASK_TOKEN};
    struct c2m_verdict verdict = {.verdict = C2M_GRANTED};
    bool asks = way == AFTER_A_PROMPT || way == AFTER_A_PROMPT_THAT_IT_DENIES;
    if (!fake_read(&helper, fd))
        return;
    verdict.operation = helper.got.header.operation;
    sessions += verdict.operation == C2M_OPEN || verdict.operation == C2M_CLOSE;
    if (asks && verdict.operation == C2M_AUTHENTICATE && !fake_prompt(&helper, fd, prompt))
        return;
    verdict.prompted = way == AFTER_A_PROMPT || way == BEFORE_A_PROMPT;
    fake_verdict(&helper, fd, verdict);
}

static void *grant_for_ever(void *argument)
{
    int fd;
    (void)argument;
    while ((fd = accept4(helper.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        connections++;
        serve_one(fd);
        close(fd);
    }
    return NULL;
}

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)count, sizeof **response);
    for (int i = 0; i < count; i++) {
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF) {
            asked++;
            (*response)[i].resp = strdup("eyJ.a.b");
        }
    }
    return PAM_SUCCESS;
}

struct line {
    const char *service; /* of the application */
    const char *told; /* service=, or NULL */
    long min_uid; /* -1: not said */
    bool allow_root, reuse, debug, quiet;
};

static void write_stack(const struct line *line)
{
    char path[128], told[64] = "", least[64] = "";
    snprintf(path, sizeof path, "%s/%s", stacks, line->service);
    if (line->told)
        snprintf(told, sizeof told, " service=%s", line->told);
    if (line->min_uid >= 0)
        snprintf(least, sizeof least, " min_uid=%ld", line->min_uid);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    static const char *const kinds[] = {"auth", "account", "session"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        fprintf(file, "%s required %s runtime_dir=%s%s%s%s%s%s%s\n", kinds[i], module_path, helper.directory,
            told, least, line->allow_root ? " allow_root" : "", line->reuse ? " reuse" : "",
            line->debug ? " debug" : "", line->quiet ? " quiet" : "");
    assert_int_equal(fclose(file), 0);
}

/* The rule of the manual, said once more. */
static bool is_ours(const struct line *line, uid_t uid)
{
    if (uid == 0)
        return line->allow_root;
    return uid >= (line->min_uid < 0 ? 1000 : line->min_uid);
}

static bool may_authenticate(const struct line *line, uid_t uid)
{
    bool sudo = strcmp(line->service, "sudo") == 0 || strcmp(line->service, "sudo-i") == 0;
    return is_ours(line, uid) && ((line->reuse && sudo) || way == AFTER_A_PROMPT);
}

static int tried, granted, opened;

/*
 * Both are told to the helper whoever it is for: sudo's user is root by then. It may say yes, which is no more than
 * that the stack's session lines go on, and nobody is asked for anything.
 */
static void try_session(pam_handle_t *pamh)
{
    int before = asked;
    assert_int_equal(pam_open_session(pamh, 0), PAM_SUCCESS);
    assert_int_equal(pam_close_session(pamh, 0), PAM_SUCCESS);
    assert_int_equal(asked, before);
    assert_int_equal(sessions, 2);
    opened++;
}

static void try(const struct line *line, const struct passwd *user)
{
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    asked = connections = sessions = 0;
    assert_int_equal(
        pam_start_confdir(line->service, user->pw_name, &conversation, stacks, &pamh), PAM_SUCCESS);
    int code = pam_authenticate(pamh, 0), account = pam_acct_mgmt(pamh, 0);
    int judged = connections;
    try_session(pamh);
    pam_end(pamh, code);
    tried++;
    granted += code == PAM_SUCCESS;
    bool ours = is_ours(line, user->pw_uid);
    if ((code == PAM_SUCCESS) != may_authenticate(line, user->pw_uid) ||
        (code == PAM_SUCCESS && asked == 0 && !line->reuse) || (account == PAM_SUCCESS) != ours ||
        judged != (ours ? 2 : 0))
        fail_msg(
            "%s, uid %u at %s: service=%s min_uid=%ld allow_root=%d reuse=%d, way %d: auth %d, account %d, "
            "asked %d, connections %d",
            user->pw_name, user->pw_uid, line->service, line->told, line->min_uid, line->allow_root,
            line->reuse, (int)way, code, account, asked, judged);
}

static struct passwd users[8];
static int user_count;

static void try_all(const struct line *line)
{
    write_stack(line);
    for (way = AT_ONCE; way < WAYS; way++)
        for (int i = 0; i < user_count; i++)
            try(line, &users[i]);
}

static void no_answer_of_the_helper_lifts_roots_limits(void **state)
{
    static const char *const services[] = {"sshd", "sudo", "sudo-i", "su"};
    static const char *const told[] = {NULL, "sudo"};
    static const long least[] = {-1, 0, 1, 1001, INT32_MAX};
    (void)state;
    for (int flags = 0; flags < 16; flags++)
        for (size_t s = 0; s < sizeof services / sizeof services[0]; s++)
            for (size_t t = 0; t < sizeof told / sizeof told[0]; t++)
                for (size_t u = 0; u < sizeof least / sizeof least[0]; u++)
                    try_all(&(struct line){services[s], told[t], least[u], (flags & 1) != 0, (flags & 2) != 0,
                        (flags & 4) != 0, (flags & 8) != 0});
    print_message(
        "%d logins tried, %d granted: none of them against root's line; %d sessions opened and closed\n",
        tried, granted, opened);
    assert_true(granted > 0 && granted < tried);
}

/* Root, one of the system, one that is a person's; a name each. */
static void find_users(void)
{
    const struct passwd *entry;
    bool seen[3] = {false};
    while ((entry = getpwent()) != NULL) {
        int kind = entry->pw_uid == 0 ? 0 : entry->pw_uid < 1000 ? 1 : 2;
        if (seen[kind])
            continue;
        seen[kind] = true;
        users[user_count++] = (struct passwd){.pw_name = strdup(entry->pw_name), .pw_uid = entry->pw_uid};
    }
    endpwent();
}

static int set_up(void **state)
{
    char path[PATH_MAX] = "";
    (void)state;
    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0 || mkdtemp(stacks) == NULL)
        return -1;
    for (int up = 0; up < 3; up++) /* build/tests/integration/test_false_helper */
        *strrchr(path, '/') = '\0';
    if ((size_t)snprintf(module_path, sizeof module_path, "%s/pam_c2m.so", path) >= sizeof module_path)
        return -1;
    find_users();
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    return user_count == 3 ? pthread_create(&helper.thread, NULL, grant_for_ever, NULL) : -1;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    shutdown(helper.listener, SHUT_RDWR);
    pthread_join(helper.thread, NULL);
    fake_stop(&helper);
    for (int i = 0; i < user_count; i++)
        free(users[i].pw_name);
    snprintf(command, sizeof command, "rm -r %s", stacks);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_answer_of_the_helper_lifts_roots_limits)};
    return RUN_AS_ROOT(tests, set_up, tear_down, "the module asks a listener of root's only");
}
