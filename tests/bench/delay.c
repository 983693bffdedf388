// link: tests/bench/measure/measure.c
/*
 * A network that is far away: what comes in on one port goes on to another of 127.0.0.1, each byte held for so long in
 * each direction, and no connection hurried or slowed by another.
 *
 * usage: delay LISTEN_PORT TARGET_PORT MILLISECONDS        until it is killed
 */
#include "measure/measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 16384, CHUNKS = 256 };

/* One direction of one connection: a ring of what is under way. */
struct way {
    int from, to, first, count;
    bool ended;
    struct {
        double due; /* µs */
        size_t length;
        char bytes[CHUNK];
    } chunks[CHUNKS];
};

static double delay_us;

static struct sockaddr_in local(const char *port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static void take_in(struct way *way)
{
    int last = (way->first + way->count) % CHUNKS;
    ssize_t length = recv(way->from, way->chunks[last].bytes, CHUNK, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN)
        return;
    way->chunks[last].length = length > 0 ? (size_t)length : 0; /* 0: the end, which takes as long */
    way->chunks[last].due = measure_now() + delay_us;
    way->ended = length <= 0;
    way->count++;
}

/* False: nothing will come this way any more. */
static bool let_out(struct way *way)
{
    while (way->count > 0 && way->chunks[way->first].due <= measure_now()) {
        size_t length = way->chunks[way->first].length;
        if (length == 0 ||
            send(way->to, way->chunks[way->first].bytes, length, MSG_NOSIGNAL) != (ssize_t)length) {
            shutdown(way->to, SHUT_WR);
            return false;
        }
        way->first = (way->first + 1) % CHUNKS;
        way->count--;
    }
    return true;
}

static struct timespec until_due(const struct way *ways)
{
    double next = measure_now() + 999e3;
    for (int i = 0; i < 2; i++)
        if (ways[i].count > 0 && ways[i].chunks[ways[i].first].due < next)
            next = ways[i].chunks[ways[i].first].due;
    double left = next - measure_now();
    return (struct timespec){.tv_nsec = left > 0 && left < 1e6 ? (long)(left * 1e3) : 0};
}

static void relay(int client, const char *target)
{
    static struct way ways[2];
    const struct sockaddr_in there = local(target);
    int one = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (connect(server, (const struct sockaddr *)&there, sizeof there) < 0)
        measure_die("the target");
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    ways[0].from = ways[1].to = client;
    ways[0].to = ways[1].from = server;
    for (bool goes_on = true; goes_on;) {
        struct pollfd in[2];
        for (int i = 0; i < 2; i++) /* a negative number is left out */
            in[i] = (struct pollfd){
                .fd = ways[i].ended || ways[i].count == CHUNKS ? -1 : ways[i].from, .events = POLLIN};
        const struct timespec wait = until_due(ways);
        ppoll(in, 2, &wait, NULL);
        for (int i = 0; i < 2; i++) {
            if (in[i].revents)
                take_in(&ways[i]);
            goes_on = let_out(&ways[i]) && goes_on;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 64;
    const struct sockaddr_in here = local(argv[1]);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    delay_us = atof(argv[3]) * 1000;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (const struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 64) < 0)
        measure_die("listen");
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fork() == 0) {
            relay(client, argv[2]);
            _exit(0);
        }
        close(client);
    }
}
