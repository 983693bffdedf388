/*
 * What a user can do to the helper's sockets, until it is killed.
 *
 *   attack NAME RUNTIME_DIR COUNTER GUESS    COUNTER is a file that holds how often, and how often in vain, in 8 bytes
 *                                            each; GUESS one that holds what is typed, and that is passed as a descriptor
 *
 * It is run as that user. flood: connections and garbage; half: messages that never end; descriptors: as many as fit are
 * passed along; handed: so few that the kernel lets them; stopped: a hundred processes that stop in the middle of a
 * request; namespace: from namespaces of its own, where any pid may be claimed; idle: 10,000 connections that say nothing;
 * valid: requests that any user may make, each answered before it counts; guesses: whole authentications, each ended
 * before it counts; deaf: many requests, whose answers nobody reads. What the kernel did not take, because the helper had
 * hung up or for another reason, is in vain.
 */
#include "c2m/client.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IDLE = 10000, PASSED = 253, HANDED = 2, STOPPED = 100, HELD = 200, CLAIMED = 32, AT_ONCE = 16 };

static const char *runtime_dir;
static char name[64]; /* of the user */
static struct {
    atomic_long done, in_vain;
} *tally; /* of all processes of this attack */
static const char *guess_path;
static struct c2m_answer guess;

static void count(bool done)
{
    *(done ? &tally->done : &tally->in_vain) += 1;
}

/* Any of the two doors; root's is closed to a user, but he may knock. */
static int reach(const char *door)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", runtime_dir, door);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

struct begin {
    struct c2m_header header;
    struct c2m_request request;
};

static void fill(struct begin *begin)
{
    *begin = (struct begin){.header = {.magic = C2M_MAGIC,
                                .version = C2M_VERSION,
                                .operation = C2M_AUTHENTICATE,
                                .length = sizeof begin->request},
        .request = {.flags = C2M_CAN_ASK, .uid = getuid(), .deadline_ms = C2M_DEADLINE_MS}};
    memset(begin->header.nonce, 'n', sizeof begin->header.nonce);
    c2m_text_set(&begin->request.service.length, begin->request.service.bytes, C2M_NAME_MAX, "xlock");
    c2m_text_set(&begin->request.user.length, begin->request.user.bytes, C2M_NAME_MAX, name);
}

/* What has gone for long enough is closed, so that there are always some and never too many. */
static void keep(int fd)
{
    static int kept[HELD];
    static unsigned next;
    if (kept[next] > 0)
        close(kept[next]);
    kept[next] = fd;
    next = (next + 1) % HELD;
}

static void flood(void)
{
    static unsigned turn;
    char bytes[2048];
    bool sent = false;
    int fd = reach(turn++ % 16 == 0 ? C2M_PAM_SOCKET : C2M_USER_SOCKET);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)rand();
    if (fd >= 0) {
        for (int i = 0; i < 4; i++)
            sent |= send(fd, bytes, (size_t)rand() % sizeof bytes, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
        close(fd);
    }
    count(sent);
}

/* The beginning of an authentication, or a part of it. */
static bool begin_by(int fd, size_t length)
{
    struct begin begin;
    fill(&begin);
    return fd >= 0 && send(fd, &begin, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
}

static void half(void)
{
    static unsigned turn;
    int fd = reach(C2M_USER_SOCKET);
    count(begin_by(fd, turn++ % 2 ? sizeof(struct c2m_header) : sizeof(struct begin) / 2));
    keep(fd);
}

/* That the helper has hung up, or wants no descriptors, is its defence; a message that no kernel takes is no attack. */
static void try(int fd, const struct msghdr *message)
{
    bool sent = sendmsg(fd, message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
    if (!sent && (errno == EINVAL || errno == EBADF || errno == ESRCH))
        err(70, "sendmsg");
    count(sent);
    close(fd);
}

static void pass(size_t descriptors)
{
    static int passed[PASSED];
    struct begin begin;
    union {
        char bytes[CMSG_SPACE(sizeof passed)];
        struct cmsghdr header;
    } control = {.header = {.cmsg_len = CMSG_LEN(descriptors * sizeof passed[0]),
                     .cmsg_level = SOL_SOCKET,
                     .cmsg_type = SCM_RIGHTS}};
    struct iovec part = {&begin, sizeof begin};
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = CMSG_SPACE(descriptors * sizeof passed[0])};
    fill(&begin);
    for (int i = 0; i < PASSED && passed[0] == 0; i++)
        passed[PASSED - 1 - i] = open(guess_path, O_RDONLY | O_CLOEXEC);
    memcpy(CMSG_DATA(&control.header), passed, descriptors * sizeof passed[0]);
    int fd = reach(C2M_USER_SOCKET);
    if (fd >= 0)
        try(fd, &message);
}

static void descriptors(void)
{
    pass(PASSED);
}

/* What lies unread at the door stays below the bound for a user's descriptors under way (RLIMIT_NOFILE). */
static void handed(void)
{
    pass(HANDED);
}

/* The helper waits for who does not go on; nobody wakes them. */
static void stopped(void)
{
    static unsigned begun;
    if (begun >= STOPPED) {
        sleep(1);
        return;
    }
    begun++;
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        count(begin_by(reach(C2M_USER_SOCKET), sizeof(struct begin)));
        for (;;)
            raise(SIGSTOP);
    }
}

/* In a namespace a user is root, and may claim each pid of it: the helper hears of his own, whatever they are called there. */
static void claim(int pid)
{
    struct begin begin;
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr header;
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(struct ucred)),
                     .cmsg_level = SOL_SOCKET,
                     .cmsg_type = SCM_CREDENTIALS}};
    const struct ucred credentials = {.pid = pid, .uid = getuid(), .gid = getgid()};
    struct iovec part = {&begin, sizeof begin};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    memcpy(CMSG_DATA(&control.header), &credentials, sizeof credentials);
    fill(&begin);
    int fd = reach(C2M_USER_SOCKET);
    if (fd >= 0)
        try(fd, &message);
}

static bool write_map(const char *file, const char *text)
{
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) > 0;
    if (fd >= 0)
        close(fd);
    return written;
}

static void be_root_there(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 2; i < CLAIMED; i++)
        if (fork() == 0)
            for (;;)
                pause();
    for (;;)
        for (int pid = 1; pid < CLAIMED; pid++)
            claim(pid);
}

static void namespace(void)
{
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1", getuid(), getuid());
    snprintf(groups, sizeof groups, "%u %u 1", getgid(), getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID) < 0 || !write_map("/proc/self/uid_map", users))
        err(77, "left out: namespaces");
    /* a gid that has no place there could not be claimed */
    if (!write_map("/proc/self/setgroups", "deny") || !write_map("/proc/self/gid_map", groups))
        err(70, "groups");
    pid_t child = fork();
    if (child == 0)
        be_root_there();
    waitpid(child, NULL, 0);
    exit(70);
}

static void idle(void)
{
    static unsigned begun;
    if (begun >= IDLE) {
        sleep(1);
        return;
    }
    begun++;
    count(reach(C2M_USER_SOCKET) >= 0);
}

static const struct {
    uint16_t operation;
    bool about_me; /* it has the body of AUTHENTICATE */
} requests[] = {{C2M_STATUS, false}, {C2M_SESSIONS, false}, {C2M_ACCOUNT, true}, {C2M_GIVE_UP, false},
    {C2M_TOKEN, false}};
enum { REQUESTS = sizeof requests / sizeof requests[0] };

static int request(struct c2m_client *client, unsigned which)
{
    struct begin begin;
    struct c2m_token_request token = {.min_ttl = 60};
    const uint16_t operation = requests[which].operation;
    fill(&begin);
    const void *body = requests[which].about_me ? (const void *)&begin.request : &token;
    return c2m_send(client, operation, body, c2m_body_size(operation), C2M_DEADLINE_MS);
}

/* The last word, or a negative errno: whoever is over his bound is hung up on, and asks again. */
static int hear(struct c2m_client *client, uint16_t *operation)
{
    static char body[C2M_MESSAGE_MAX];
    size_t length;
    int r;
    do
        r = c2m_receive(client, operation, body, sizeof body, &length, C2M_DEADLINE_MS);
    while (r == 0 && *operation == C2M_SESSION_IS);
    return r;
}

static bool served(unsigned which)
{
    struct c2m_client client;
    uint16_t operation;
    int r = c2m_connect(&client, runtime_dir, C2M_USER_SOCKET, C2M_DEADLINE_MS);
    if (r == 0)
        r = request(&client, which);
    if (r == 0)
        r = hear(&client, &operation);
    c2m_disconnect(&client);
    return r == 0;
}

static void valid(void)
{
    static unsigned turn;
    count(served(turn++ % REQUESTS));
}

static bool guessed(void)
{
    struct begin begin;
    struct c2m_client client;
    uint16_t operation = 0;
    fill(&begin);
    int r = c2m_connect(&client, runtime_dir, C2M_USER_SOCKET, C2M_DEADLINE_MS);
    if (r == 0)
        r = c2m_send(&client, C2M_AUTHENTICATE, &begin.request, sizeof begin.request, C2M_DEADLINE_MS);
    if (r == 0)
        r = hear(&client, &operation);
    while (r == 0 && operation == C2M_PROMPT) {
        r = c2m_send(&client, C2M_ANSWER, &guess, sizeof guess, C2M_DEADLINE_MS);
        if (r == 0)
            r = hear(&client, &operation);
    }
    c2m_disconnect(&client);
    return r == 0 && operation == C2M_VERDICT;
}

static void guesses(void)
{
    count(guessed());
}

static void deaf(void)
{
    static unsigned turn;
    struct c2m_client client;
    int r = c2m_connect(&client, runtime_dir, C2M_USER_SOCKET, C2M_DEADLINE_MS);
    for (unsigned i = 0; r == 0 && i < AT_ONCE; i++) {
        r = request(&client, (turn + i) % REQUESTS);
        count(r == 0);
    }
    turn++;
    keep(client.fd);
}

static const struct {
    const char *name;
    void (*once)(void);
} attacks[] = {{"flood", flood}, {"half", half}, {"descriptors", descriptors}, {"handed", handed},
    {"stopped", stopped}, {"namespace", namespace}, {"idle", idle}, {"valid", valid}, {"guesses", guesses},
    {"deaf", deaf}};

static int read_guess(void)
{
    FILE *file = fopen(guess_path, "re");
    if (!file)
        return -1;
    guess.typed.length = (uint16_t)fread(guess.typed.bytes, 1, sizeof guess.typed.bytes, file);
    fclose(file);
    return 0;
}

int main(int words, char **arguments)
{
    if (words != 5)
        return 64;
    runtime_dir = arguments[2];
    guess_path = arguments[4];
    if (read_guess() < 0)
        return 64;
    int fd = open(arguments[3], O_RDWR | O_CLOEXEC);
    void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        return 70;
    tally = shared;
    const struct passwd *entry = getpwuid(getuid());
    snprintf(name, sizeof name, "%s", entry ? entry->pw_name : "");
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){IDLE + 100, IDLE + 100});
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        while (strcmp(attacks[i].name, arguments[1]) == 0)
            attacks[i].once();
    return 64;
}
