/*
 * The terminal gives byte by byte, and its keys make no signals: Ctrl-C and Ctrl-D are read and give up. Signals from
 * elsewhere wait until the terminal is as it was.
 */
#include "askpass_terminal.h"

#include "complain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

enum { PASTE_MS = 10 * 60 * 1000, CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, CTRL_U = 21, DELETE = 127 };
enum taken { MORE, LINE, GIVEN_UP };

/* A line that is too long is read to its end, too: the rest would be typed into the shell. */
static enum taken take(struct askpass_token *token, char byte)
{
    switch (byte) {
    case '\n':
    case '\r':
        return LINE;
    case CTRL_C:
    case CTRL_D:
        return GIVEN_UP;
    case CTRL_U:
        token->length = 0;
        return MORE;
    case BACKSPACE:
    case DELETE:
        token->length -= token->length > 0;
        return MORE;
    default:
        if (token->length < sizeof token->bytes)
            token->bytes[token->length++] = byte;
        return MORE;
    }
}

static enum taken read_line(int tty, int signals, struct askpass_token *token)
{
    struct c2m_deadline deadline = c2m_deadline_in(PASTE_MS);
    enum taken taken = MORE;

    token->length = 0;
    while (taken == MORE) {
        struct pollfd ready[] = {{.fd = tty, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        char byte;
        int count = poll(ready, 2, c2m_deadline_left(deadline));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || ready[1].revents != 0 || read(tty, &byte, 1) != 1)
            return GIVEN_UP;
        taken = take(token, byte);
    }
    return taken;
}

/* With the terminal set to give bytes as they come. */
static enum taken read_quietly(int tty, const char *question, struct askpass_token *token)
{
    struct termios before, quiet;
    sigset_t waiting, former;

    sigemptyset(&waiting);
    for (size_t i = 0; i < 4; i++)
        sigaddset(&waiting, (const int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT}[i]);
    int signals = signalfd(-1, &waiting, SFD_CLOEXEC);
    if (signals < 0)
        return GIVEN_UP;
    if (tcgetattr(tty, &before) < 0) {
        close(signals);
        return GIVEN_UP;
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    sigprocmask(SIG_BLOCK, &waiting, &former);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody waits for it then, and a shell reads here again */
    enum taken taken = GIVEN_UP;
    if (tcsetattr(tty, TCSAFLUSH, &quiet) == 0) {
        dprintf(tty, "%s", question);
        taken = read_line(tty, signals, token);
        dprintf(tty, "\n");
    }
    if (tcsetattr(tty, TCSAFLUSH, &before) < 0) /* this one waits, and may be disturbed */
        tcsetattr(tty, TCSANOW, &before);
    sigprocmask(SIG_SETMASK, &former, NULL);
    close(signals);
    return taken;
}

bool askpass_terminal_read(const char *question, struct askpass_token *token)
{
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (tty < 0) {
        complain("there is no terminal to paste it at", NULL);
        return false;
    }
    enum taken taken = read_quietly(tty, question, token);
    close(tty);
    if (taken != LINE)
        complain("nothing was pasted", NULL);
    return taken == LINE;
}
