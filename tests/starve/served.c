#include "served.h"

#include "c2m/wire.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 2, PATIENCE_MS = 500 };

static struct served {
    pid_t pid;
    struct sockaddr_un address;
    char folder[64];
} all[MOST];
static int count;

struct message {
    struct c2m_header header;
    char body[C2M_MESSAGE_MAX];
};

static bool send_body(int fd, struct message *message, uint16_t operation, const void *body, size_t length)
{
    message->header.operation = operation;
    message->header.length = (uint32_t)length;
    memcpy(message->body, body, length);
    size_t all_of_it = sizeof message->header + length;
    return send(fd, message, all_of_it, MSG_NOSIGNAL) == (ssize_t)all_of_it;
}

static void serve(int fd, bool grants)
{
    const struct c2m_prompt prompt = {.prompt = C2M_TEXT_ASK_TOKEN};
    struct message message;
    if (recv(fd, &message, sizeof message, 0) <= 0)
        return;
    struct c2m_verdict verdict = {
        .verdict = grants ? C2M_GRANTED : C2M_DENIED, .operation = message.header.operation, .prompted = 1};
    if (verdict.operation == C2M_AUTHENTICATE &&
        (!send_body(fd, &message, C2M_PROMPT, &prompt, sizeof prompt) ||
            recv(fd, &message, sizeof message, 0) <= 0))
        return;
    send_body(fd, &message, C2M_VERDICT, &verdict, sizeof verdict);
}

static void serve_all(int listener, bool grants)
{
    const struct timeval patience = {.tv_usec = PATIENCE_MS * 1000};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        serve(fd, grants);
        close(fd);
    }
}

const char *served_begin(bool grants)
{
    struct served *served = &all[count++];
    strcpy(served->folder, "/tmp/c2m-served.XXXXXX");
    served->address.sun_family = AF_UNIX;
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (!mkdtemp(served->folder))
        exit(70);
    char path[sizeof served->address.sun_path];
    snprintf(path, sizeof path, "%s/%s", served->folder, C2M_PAM_SOCKET);
    memcpy(served->address.sun_path, path, sizeof path);
    if (bind(listener, (struct sockaddr *)&served->address, sizeof served->address) < 0 ||
        listen(listener, 64) < 0)
        exit(70);
    served->pid = fork();
    if (served->pid == 0)
        serve_all(listener, grants);
    close(listener);
    return served->folder;
}

void served_end(void)
{
    for (int i = 0; i < count; i++) {
        kill(all[i].pid, SIGKILL);
        waitpid(all[i].pid, NULL, 0);
        unlink(all[i].address.sun_path);
        rmdir(all[i].folder);
    }
}
