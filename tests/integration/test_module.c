/* The module that ships, loaded by the real libpam, against a helper that is scripted, stopped, full or false. */
#include "c2m/client.h"
#include "c2m/deadline.h"

/* The integration tests are one file each: the scripted helper comes along as text. */
#include "fakes/helper.c"

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <malloc.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "root_only.h"

#define SERVED_BY(...) ((fake_service *const[]){__VA_ARGS__, NULL})
#define REFERENCE {'7', 'f', '3', 'a', '9', '1', 'c', '2'}

static char module_path[PATH_MAX];
static char stacks[] = "/tmp/c2m-stacks-XXXXXX";
static char user[64]; /* an account that the module does not leave alone */
static struct fake_helper helper;

static int asked;
static char last_text[512];

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)count, sizeof **response);
    for (int i = 0; i < count; i++) {
        snprintf(last_text, sizeof last_text, "%s", messages[i]->msg);
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF) {
            asked++;
            (*response)[i].resp = strdup("eyJ.a.b");
        }
    }
    return PAM_SUCCESS;
}

/* STACK is the text of /etc/pam.d/SERVICE; %m in it stands for the module with its runtime_dir. */
static void write_stack(const char *service, const char *stack)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", stacks, service);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (; *stack != '\0'; stack++) {
        if (stack[0] == '%' && stack[1] == 'm') {
            fprintf(file, "%s runtime_dir=%s", module_path, helper.directory);
            stack++;
        } else {
            fputc(*stack, file);
        }
    }
    assert_int_equal(fclose(file), 0);
}

static int authenticate(const char *service, const char *stack)
{
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;

    asked = 0;
    last_text[0] = '\0';
    write_stack(service, stack);
    assert_int_equal(pam_start_confdir(service, user, &conversation, stacks, &pamh), PAM_SUCCESS);
    int code = pam_authenticate(pamh, 0);
    pam_end(pamh, code);
    return code;
}

static int authenticate_alone(void)
{
    return authenticate("gate", "auth required %m\n");
}

static struct c2m_verdict verdict_of(uint32_t verdict, uint32_t prompted)
{
    return (struct c2m_verdict){
        .verdict = verdict, .operation = C2M_AUTHENTICATE, .prompted = prompted, .reference = REFERENCE};
}

static bool asks(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = {.prompt = C2M_TEXT_ASK_TOKEN, .reference = REFERENCE};
    return fake_read(served, fd) && fake_prompt(served, fd, prompt);
}

static void grants(struct fake_helper *served, int fd)
{
    if (asks(served, fd))
        fake_verdict(served, fd, verdict_of(C2M_GRANTED, 1));
}

static void grants_at_once(struct fake_helper *served, int fd)
{
    if (fake_read(served, fd))
        fake_verdict(served, fd, verdict_of(C2M_GRANTED, 0));
}

static void denies(struct fake_helper *served, int fd)
{
    struct c2m_verdict verdict = verdict_of(C2M_DENIED, 1);
    verdict.reason = C2M_TEXT_NOT_ACCEPTED;
    if (asks(served, fd))
        fake_verdict(served, fd, verdict);
}

static void forgets_the_answer(struct fake_helper *served, int fd)
{
    if (asks(served, fd))
        fake_read(served, fd);
}

static void a_token_that_the_helper_grants_is_a_login(void **state)
{
    (void)state;
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(grants));
    assert_int_equal(authenticate_alone(), PAM_SUCCESS);
    fake_stop(&helper);
    assert_string_equal(helper.typed, "eyJ.a.b");
    assert_int_equal(asked, 1);
}

static void a_token_that_the_helper_denies_is_none(void **state)
{
    (void)state;
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(denies));
    assert_int_equal(authenticate_alone(), PAM_AUTH_ERR);
    fake_stop(&helper);
    assert_string_equal(last_text, "C2M: not accepted (ref 7f3a91c2).");
}

static void a_false_helper_grants_nothing_without_a_prompt(void **state)
{
    (void)state;
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(grants_at_once, grants_at_once, grants_at_once));
    assert_int_equal(authenticate("sudo", "auth required %m\n"), PAM_AUTH_ERR);
    assert_int_equal(authenticate("sshd", "auth required %m reuse service=sudo\n"), PAM_AUTH_ERR);
    assert_int_equal(authenticate("sudo", "auth required %m reuse\n"), PAM_SUCCESS);
    fake_stop(&helper);
    assert_int_equal(asked, 0);
}

/* The outcome and how long it took: not longer than the deadline and 200 ms. */
static void assert_outage_within(int ms)
{
    struct c2m_deadline deadline = c2m_deadline_in(ms + 200);
    assert_int_equal(authenticate_alone(), PAM_AUTHINFO_UNAVAIL);
    assert_true(c2m_deadline_left(deadline) > 0);
}

static void an_absent_helper_is_an_outage_at_once(void **state)
{
    (void)state;
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    close(helper.listener);
    assert_outage_within(0);
    helper.listener = -1;
    fake_stop(&helper);
    assert_outage_within(0);
    assert_int_equal(asked, 0);
}

static void a_stopped_helper_is_an_outage_at_the_deadline(void **state)
{
    (void)state;
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    assert_outage_within(C2M_FIRST_ANSWER_MS);
    fake_stop(&helper);
    assert_int_equal(asked, 0);
}

static void a_full_helper_is_an_outage_at_the_deadline(void **state)
{
    (void)state;
    struct c2m_client waiting[2];
    fake_listen(&helper, C2M_PAM_SOCKET, 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(c2m_connect(&waiting[i], helper.directory, C2M_PAM_SOCKET, 100), 0);
    assert_outage_within(C2M_FIRST_ANSWER_MS);
    c2m_disconnect(&waiting[0]);
    c2m_disconnect(&waiting[1]);
    fake_stop(&helper);
}

static void a_helper_that_forgets_the_answer_is_an_outage_at_the_deadline(void **state)
{
    (void)state;
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(forgets_the_answer));
    assert_outage_within(C2M_DEADLINE_MS + 200);
    fake_stop(&helper);
    assert_string_equal(last_text, "C2M is unreachable; use your local password.");
}

static void a_squatter_on_the_socket_hears_nothing(void **state)
{
    (void)state;
    struct fake_helper squatter;
    int ready[2], heard[2];
    char byte = 0;
    assert_int_equal(pipe(ready) + pipe(heard), 0);
    pid_t child = fork();
    if (child == 0) {
        if (setresuid(65534, 65534, 65534) < 0)
            _exit(1);
        fake_listen(&squatter, C2M_PAM_SOCKET, 8);
        chmod(squatter.directory, 0755);
        if (write(ready[1], squatter.directory, sizeof squatter.directory) < 0)
            _exit(1);
        int fd = accept(squatter.listener, NULL, NULL);
        char bytes[64];
        byte = recv(fd, bytes, sizeof bytes, 0) > 0;
        fake_stop(&squatter);
        _exit(write(heard[1], &byte, 1) != 1);
    }
    helper = (struct fake_helper){0};
    assert_int_equal(read(ready[0], helper.directory, sizeof helper.directory), sizeof helper.directory);
    assert_outage_within(0);
    assert_int_equal(read(heard[0], &byte, 1), 1);
    assert_int_equal(byte, 0);
    waitpid(child, NULL, 0);
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(heard[i]);
    }
}

/* The stack of the examples: an outage lets the local password in (here pam_permit), a refusal does not. */
static void break_glass_opens_in_an_outage_and_only_then(void **state)
{
    (void)state;
    static const char stack[] =
        "auth [success=done ignore=ignore user_unknown=ignore authinfo_unavail=ignore module_unknown=ignore "
        "default=die] %m\nauth required pam_permit.so\n";
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(denies));
    assert_int_equal(authenticate("gate", stack), PAM_AUTH_ERR);
    fake_stop(&helper);
    assert_int_equal(authenticate("gate", stack), PAM_SUCCESS);
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(grants));
    assert_int_equal(authenticate("gate", "auth required %m nonsense\n"), PAM_SERVICE_ERR);
    fake_stop(&helper);
}

static int descriptors(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static void a_thousand_calls_leave_no_descriptor(void **state)
{
    (void)state;
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    close(helper.listener);
    authenticate_alone();
    int before = descriptors();
    for (int i = 0; i < 1000; i++)
        authenticate_alone();
    assert_int_equal(descriptors(), before);
    helper.listener = -1;
    fake_stop(&helper);
}

/* What is mapped and not what is resident: the kernel counts the resident pages of a thread in batches of 64. */
static long mapped_pages(void)
{
    long mapped = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    assert_int_equal(fscanf(file, "%ld", &mapped), 1);
    fclose(file);
    return mapped;
}

static void ten_thousand_loads_leave_nothing(void **state)
{
    (void)state;
    assert_int_equal(dlclose(dlopen(module_path, RTLD_NOW)), 0); /* it stays mapped: once */
    int before = descriptors();
    long pages = mapped_pages();
    size_t allocated = mallinfo2().uordblks;
    for (int i = 0; i < 10000; i++) {
        void *module = dlopen(module_path, RTLD_NOW);
        assert_non_null(module);
        assert_non_null(dlsym(module, "pam_sm_authenticate"));
        assert_int_equal(dlclose(module), 0);
    }
    assert_int_equal(mallinfo2().uordblks, allocated);
    assert_int_equal(descriptors(), before);
    assert_int_equal(mapped_pages(), pages);
}

/* su hands on the user's limits, and a program may have closed 0, 1 and 2. */
static void narrow_limits_and_closed_descriptors_do_not_matter(void **state)
{
    (void)state;
    int status = -1;
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(grants));
    write_stack("gate", "auth required %m\n");
    pid_t child = fork();
    if (child == 0) {
        const struct pam_conv conversation = {.conv = converse};
        const struct rlimit files = {16, 16}, size = {0, 0};
        pam_handle_t *pamh = NULL;
        setenv("C2M_RUNTIME_DIR", "/nonexistent", 1);
        setenv("LD_PRELOAD", "/nonexistent", 1);
        for (int fd = 0; fd < 3; fd++)
            close(fd);
        setrlimit(RLIMIT_NOFILE, &files);
        setrlimit(RLIMIT_FSIZE, &size);
        if (pam_start_confdir("gate", user, &conversation, stacks, &pamh) != PAM_SUCCESS)
            _exit(100);
        _exit(pam_authenticate(pamh, 0));
    }
    waitpid(child, &status, 0);
    fake_stop(&helper);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), PAM_SUCCESS);
}

static int find_user(void)
{
    struct passwd *entry;
    while ((entry = getpwent()) != NULL)
        if (entry->pw_uid >= 1000 && entry->pw_uid < INT32_MAX)
            snprintf(user, sizeof user, "%s", entry->pw_name);
    endpwent();
    return user[0] == '\0' ? -1 : 0;
}

static int set_up(void **state)
{
    char path[PATH_MAX] = "";
    (void)state;
    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0 || mkdtemp(stacks) == NULL)
        return -1;
    for (int up = 0; up < 3; up++) /* build/tests/integration/test_module */
        *strrchr(path, '/') = '\0';
    if ((size_t)snprintf(module_path, sizeof module_path, "%s/pam_c2m.so", path) >= sizeof module_path)
        return -1;
    return find_user();
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const services[] = {"gate", "sshd", "sudo"};
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", stacks, services[i]);
        unlink(path);
    }
    return rmdir(stacks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_that_the_helper_grants_is_a_login),
        cmocka_unit_test(a_token_that_the_helper_denies_is_none),
        cmocka_unit_test(a_false_helper_grants_nothing_without_a_prompt),
        cmocka_unit_test(an_absent_helper_is_an_outage_at_once),
        cmocka_unit_test(a_stopped_helper_is_an_outage_at_the_deadline),
        cmocka_unit_test(a_full_helper_is_an_outage_at_the_deadline),
        cmocka_unit_test(a_helper_that_forgets_the_answer_is_an_outage_at_the_deadline),
        cmocka_unit_test(a_squatter_on_the_socket_hears_nothing),
        cmocka_unit_test(break_glass_opens_in_an_outage_and_only_then),
        cmocka_unit_test(a_thousand_calls_leave_no_descriptor),
        cmocka_unit_test(ten_thousand_loads_leave_nothing),
        cmocka_unit_test(narrow_limits_and_closed_descriptors_do_not_matter),
    };
    return RUN_AS_ROOT(tests, set_up, tear_down, "the module asks a listener of root's only");
}
