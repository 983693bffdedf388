// link: tests/unit/refused_calls.c
/*
 * Preloaded into the real helper: when its loop first waits, the sandbox is closed, and an intruder would be here. It
 * tries what he would, once, and says what came of each: a line "NAME WHAT" into the file that C2M_INSIDE names, which
 * is opened before root and the sandbox are gone. C2M_INSIDE_PORT is the API's port, C2M_INSIDE_STATE the state folder.
 */
#include "refused_calls.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static FILE *said;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("C2M_INSIDE");
    bool ours =
        strcmp(program_invocation_short_name, "c2m-authd") == 0; /* and not what the shell runs meanwhile */
    said = ours && path ? fopen(path, "we") : NULL;
}

static void say(const char *name, int error)
{
    fprintf(said, "%s %s\n", name, error ? strerrorname_np(error) : "OK");
}

static void try_calls(void)
{
    char line[64];
    for (const struct refused_call *call = refused_calls; call->name; call++) {
        int error = refused_call_try(call);
        snprintf(line, sizeof line, "call %s", call->name);
        say(line, error == call->error ? EPERM : error);
    }
}

static void try_open(const char *name, const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    say(name, fd < 0 ? errno : 0);
    if (fd >= 0)
        close(fd);
}

static void try_files(void)
{
    char own[256];
    snprintf(own, sizeof own, "%s/inside", getenv("C2M_INSIDE_STATE"));
    try_open("read:configuration", "/etc/c2m/authd.conf", O_RDONLY);
    try_open("make:own", own, O_RDWR | O_CREAT);
    say("remove:own", unlink(own) < 0 ? errno : 0);
    try_open("read:program", "/usr/bin/true", O_RDONLY);
    try_open("list:bin", "/usr/bin", O_RDONLY | O_DIRECTORY);
    try_open("read:log", getenv("C2M_INSIDE"), O_RDONLY);
    try_open("make:tmp", "/tmp/inside", O_RDWR | O_CREAT);
    try_open("write:passwd", "/etc/passwd", O_WRONLY);
    try_open("read:shadow", "/etc/shadow", O_RDONLY);
    try_open("own:memory", "/proc/self/mem", O_RDWR);
    try_open("init:memory", "/proc/1/mem", O_RDONLY);
    say("run:true", execl("/usr/bin/true", "true", NULL) < 0 ? errno : 0);
}

static int reach(int port, int (*call)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = call(fd, (const struct sockaddr *)&address, sizeof address) < 0 ? errno : 0;
    close(fd);
    return error;
}

static int try_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    return connect(fd, address, size);
}

static int try_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return bind(fd, address, size);
}

/* TCP Fast Open connects without connect(2). */
static int try_send(int fd, const struct sockaddr *address, socklen_t size)
{
    return (int)sendto(fd, "", 1, MSG_FASTOPEN | MSG_NOSIGNAL, address, size);
}

static void try_ports(void)
{
    int port = atoi(getenv("C2M_INSIDE_PORT"));
    say("connect:api", reach(port, try_connect));
    say("connect:else", reach(port + 1, try_connect));
    say("fastopen:else", reach(port + 1, try_send));
    say("bind:any", reach(0, try_bind));
}

static void try_rights(void)
{
    static const char *const keys[] = {
        "Uid:", "CapInh:", "CapPrm:", "CapEff:", "CapAmb:", "NoNewPrivs:", "Seccomp:", "Groups:"};
    struct rlimit core = {.rlim_cur = 1};
    char line[256];
    FILE *status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status)) {
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            if (strncmp(line, keys[i], strlen(keys[i])) == 0)
                fputs(line, said);
    }
    if (status)
        fclose(status);
    fprintf(said, "dumpable %d\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    fprintf(said, "core %ld\n", getrlimit(RLIMIT_CORE, &core) == 0 ? (long)core.rlim_max : -1L);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct all[2] = {{.effective = ~0U, .permitted = ~0U}, {.effective = ~0U}};
    say("raise:capabilities", syscall(SYS_capset, &header, all) < 0 ? errno : 0);
    say("become:root", setresuid(0, 0, 0) < 0 ? errno : 0);
}

__attribute__((visibility("default"))) int epoll_wait(
    int fd, struct epoll_event *events, int count, int timeout)
{
    static int (*wait_for)(int, struct epoll_event *, int, int);
    if (!wait_for)
        *(void **)&wait_for = dlsym(RTLD_NEXT, "epoll_wait");
    if (said) {
        try_rights();
        try_files();
        try_ports();
        try_calls();
        fputs("done\n", said);
        fclose(said);
        said = NULL;
    }
    return wait_for(fd, events, count, timeout);
}
