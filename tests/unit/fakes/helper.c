#include "fakes/helper.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void must(bool fine, const char *what)
{
    if (!fine) {
        perror(what);
        abort();
    }
}

static void path_of(const struct fake_helper *helper, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", helper->directory, helper->socket);
}

static void bind_and_listen(struct fake_helper *helper, int backlog)
{
    struct sockaddr_un address;

    path_of(helper, &address);
    unlink(address.sun_path);
    helper->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    must(helper->listener >= 0, "socket");
    must(bind(helper->listener, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    must(listen(helper->listener, backlog) == 0, "listen");
}

void fake_listen(struct fake_helper *helper, const char *socket, int backlog)
{
    *helper = (struct fake_helper){.socket = socket};
    snprintf(helper->directory, sizeof helper->directory, "%s", "/tmp/c2m-fake-XXXXXX");
    must(mkdtemp(helper->directory) != NULL, "mkdtemp");
    bind_and_listen(helper, backlog);
}

/* For good where no other service follows. */
static void leave(struct fake_helper *helper)
{
    struct sockaddr_un address;

    path_of(helper, &address);
    close(helper->listener);
    helper->listener = -1;
    if (!helper->stale)
        unlink(address.sun_path);
}

static void come_back(struct fake_helper *helper)
{
    struct timespec gap = {.tv_nsec = helper->gap_ms * 1000000L};

    nanosleep(&gap, NULL);
    bind_and_listen(helper, 8);
}

static void *serve(void *argument)
{
    struct fake_helper *helper = argument;

    while (helper->services[helper->served] != NULL && !helper->stopping) {
        int fd = accept4(helper->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            break;
        helper->services[helper->served](helper, fd);
        bool restarts = ++helper->served == 1 && helper->gap_ms > 0;
        if (restarts)
            leave(helper); /* first, or the client finds it still there */
        close(fd);
        if (restarts && helper->services[1] != NULL)
            come_back(helper);
    }
    return NULL;
}

void fake_start(struct fake_helper *helper, const char *socket, fake_service *const *services)
{
    int gap_ms = helper->gap_ms;
    bool stale = helper->stale;

    fake_listen(helper, socket, 8);
    helper->gap_ms = gap_ms;
    helper->stale = stale;
    for (int i = 0; services[i] != NULL; i++)
        helper->services[i] = services[i];
    must(pthread_create(&helper->thread, NULL, serve, helper) == 0, "pthread_create");
}

void fake_stop(struct fake_helper *helper)
{
    struct sockaddr_un address;

    if (helper->services[0] != NULL) {
        helper->stopping = true; /* where it is not listening just now */
        shutdown(helper->listener, SHUT_RDWR); /* wakes an accept() that nobody came for */
        pthread_join(helper->thread, NULL);
    }
    close(helper->listener);
    path_of(helper, &address);
    unlink(address.sun_path);
    rmdir(helper->directory);
}

bool fake_read(struct fake_helper *helper, int fd)
{
    struct fake_message *got = &helper->got;
    struct iovec parts[] = {{&got->header, sizeof got->header}, {&got->body, sizeof got->body}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

    got->length = recvmsg(fd, &message, 0);
    if (got->length <= 0)
        return false;
    if (got->header.operation == C2M_ANSWER) {
        helper->answers++;
        memcpy(helper->typed, got->body.answer.typed.bytes, got->body.answer.typed.length);
        helper->typed[got->body.answer.typed.length] = '\0';
    }
    return true;
}

void fake_send(struct fake_helper *helper, int fd, uint16_t operation, const void *body, size_t length)
{
    struct c2m_header header = helper->got.header;
    char packet[C2M_MESSAGE_MAX];

    header.operation = operation;
    header.length = (uint32_t)length;
    memcpy(packet, &header, sizeof header);
    if (length > 0)
        memcpy(packet + sizeof header, body, length);
    send(fd, packet, sizeof header + length, MSG_NOSIGNAL);
}

void fake_verdict(struct fake_helper *helper, int fd, struct c2m_verdict verdict)
{
    fake_send(helper, fd, C2M_VERDICT, &verdict, sizeof verdict);
}

bool fake_prompt(struct fake_helper *helper, int fd, struct c2m_prompt prompt)
{
    fake_send(helper, fd, C2M_PROMPT, &prompt, sizeof prompt);
    return fake_read(helper, fd);
}
