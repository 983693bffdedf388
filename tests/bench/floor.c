// link: tests/bench/measure/measure.c
/*
 * The floor: one question and its answer between two processes over a socket of the same kind (connect, who listens,
 * send, receive, close), of the same sizes, with nothing done for it. A login by pam_c2m is two of these (authenticate and
 * acct_mgmt), and what is floor_two here is two of them, one after the other.
 *
 * usage: floor        in an empty directory; prints name=value lines, times in µs
 */
#include "c2m/wire.h"
#include "measure/measure.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROUNDS = 1000 };

static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "floor.sock"};
static char question[sizeof(struct c2m_header) + sizeof(struct c2m_request)];
static char verdict[sizeof(struct c2m_header) + sizeof(struct c2m_verdict)];

static int seqpacket(void)
{
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        measure_die("socket");
    return fd;
}

static void echo_for_ever(int listener)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        while (recv(fd, question, sizeof question, 0) > 0)
            (void)!send(fd, verdict, sizeof verdict, MSG_NOSIGNAL);
        close(fd);
    }
}

static void ask(void)
{
    struct ucred listener;
    socklen_t size = sizeof listener;
    int fd = seqpacket();
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &listener, &size) < 0 ||
        send(fd, question, sizeof question, MSG_NOSIGNAL) != (ssize_t)sizeof question ||
        recv(fd, verdict, sizeof verdict, 0) != (ssize_t)sizeof verdict)
        measure_die("echo");
    close(fd);
}

int main(void)
{
    double one[ROUNDS], two[ROUNDS];
    int listener = seqpacket();
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 16) < 0)
        measure_die("listen");
    if (fork() == 0)
        echo_for_ever(listener);
    ask();
    for (int i = 0; i < ROUNDS; i++) {
        double begun = measure_now();
        ask();
        one[i] = measure_now() - begun;
        ask();
        two[i] = measure_now() - begun;
    }
    measure_report("floor_one", one, ROUNDS);
    measure_report("floor_two", two, ROUNDS);
    unlink(address.sun_path);
    return 0;
}
