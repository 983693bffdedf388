/* The control socket: see control.h. */
#include "control.h"

#include "local.h"
#include "memory.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 256 * 1024, EVENTS = 16 };

struct peer {
    struct peer *next;
    int fd;
    char *input;
    size_t used;
};

struct control {
    struct standin *standin;
    int poll_fd;
    int listen_fd;
    char *path;
    struct peer *peers;
};

static int watch(struct control *control, int fd, void *peer)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
    return epoll_ctl(control->poll_fd, EPOLL_CTL_ADD, fd, &event);
}

struct control *control_new(struct standin *standin, const char *directory)
{
    struct control *control = memory_zeroed(1, sizeof *control);
    control->standin = standin;
    control->path = memory_format("%s/control", directory);
    control->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    control->listen_fd = local_listen(control->path);
    if (control->poll_fd < 0 || control->listen_fd < 0 || watch(control, control->listen_fd, NULL) != 0) {
        warn("cannot listen on %s", control->path);
        control_free(control);
        return NULL;
    }
    return control;
}

static void drop(struct control *control, struct peer *peer)
{
    struct peer **place = &control->peers;
    while (*place != peer)
        place = &(*place)->next;
    *place = peer->next;
    close(peer->fd);
    free(peer->input);
    free(peer);
}

void control_free(struct control *control)
{
    while (control->peers != NULL)
        drop(control, control->peers);
    if (control->listen_fd >= 0) {
        close(control->listen_fd);
        unlink(control->path);
    }
    if (control->poll_fd >= 0)
        close(control->poll_fd);
    free(control->path);
    free(control);
}

int control_descriptor(const struct control *control)
{
    return control->poll_fd;
}

static void accept_peer(struct control *control)
{
    int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    /* A peer that does not read its answers must not stop the server for long. */
    struct timeval patience = {.tv_sec = 5};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    struct peer *peer = memory_zeroed(1, sizeof *peer);
    peer->fd = fd;
    peer->next = control->peers;
    control->peers = peer;
    if (watch(control, fd, peer) != 0)
        drop(control, peer);
}

static int answer_line(struct control *control, struct peer *peer, const char *text)
{
    OWN_JSON json_object *answer = command_run(control->standin, text);
    OWN_TEXT char *line = memory_format("%s\n", value_text(answer));
    return local_send(peer->fd, line, strlen(line));
}

/* Carries out each whole line of the input. */
static int take_lines(struct control *control, struct peer *peer)
{
    char *start = peer->input, *end = NULL;
    while ((end = memchr(start, '\n', peer->used - (size_t)(start - peer->input))) != NULL) {
        *end = '\0';
        if (end > start && end[-1] == '\r')
            end[-1] = '\0';
        if (answer_line(control, peer, start) != 0)
            return -1;
        start = end + 1;
    }
    peer->used -= (size_t)(start - peer->input);
    memmove(peer->input, start, peer->used);
    return peer->used < LINE_MAX_BYTES ? 0 : -1;
}

static void read_peer(struct control *control, struct peer *peer)
{
    char bytes[16384];
    ssize_t n = recv(peer->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        drop(control, peer);
        return;
    }
    peer->input = memory_resize(peer->input, peer->used + (size_t)n, 1);
    memcpy(peer->input + peer->used, bytes, (size_t)n);
    peer->used += (size_t)n;
    if (take_lines(control, peer) != 0)
        drop(control, peer);
}

void control_turn(struct control *control)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(control->poll_fd, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == NULL)
            accept_peer(control);
        else
            read_peer(control, events[i].data.ptr);
    }
}
