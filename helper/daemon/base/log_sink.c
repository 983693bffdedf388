/*
 * Standard error gets a line with one writev(2), at most PIPE_BUF bytes: whole or not at all. /dev/log gets one
 * datagram a line, in the form that syslog(3) sends; the socket is made again when its reader was restarted, and
 * without one the line goes to standard error rather than nowhere.
 */
#include "base/log_sink.h"

#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define TAG "c2m-authd"

enum { PATIENCE_MS = 50, HEADER_SIZE = 80 };

static struct {
    bool to_syslog;
    bool prefixed; /* standard error is the journal, which reads "<3>" as the level */
    int fd; /* of /dev/log; -1: none */
    unsigned lost;
} log_state = {.fd = -1};

/* $JOURNAL_STREAM is inherited by everything a service starts: it counts only when it names our standard error. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat file;
    char own[64];
    if (!stream || fstat(STDERR_FILENO, &file) < 0)
        return false;
    snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)file.st_dev, (uintmax_t)file.st_ino);
    return strcmp(stream, own) == 0;
}

static void disconnect(void)
{
    if (log_state.fd >= 0)
        close(log_state.fd);
    log_state.fd = -1;
}

static bool connected(void)
{
    static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
    if (log_state.fd >= 0)
        return true;
    log_state.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (log_state.fd >= 0 && connect(log_state.fd, (const struct sockaddr *)&address, sizeof address) < 0)
        disconnect();
    return log_state.fd >= 0;
}

void log_sink_open(enum log_sink sink)
{
    log_sink_close();
    tzset(); /* /etc/localtime may be out of reach later */
    log_state.to_syslog = sink == LOG_SINK_SYSLOG;
    log_state.prefixed = stderr_is_journal();
    if (log_state.to_syslog)
        connected();
}

void log_sink_close(void)
{
    disconnect();
    log_state.to_syslog = false;
    log_state.prefixed = false;
    log_state.lost = 0;
}

/* After one loss nobody waits again until a line went through: a stalled reader costs the loop one wait. */
static bool writable(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    return poll(&wait, 1, log_state.lost > 0 ? 0 : PATIENCE_MS) == 1 && (wait.revents & POLLOUT);
}

static struct iovec part(const char *text)
{
    struct iovec vector = {.iov_len = strlen(text)};
    memcpy(&vector.iov_base, &text, sizeof text); /* writev(2) and sendmsg(2) only read it */
    return vector;
}

static bool to_stderr(enum log_level level, const char *text)
{
    char prefix[8] = "";
    if (log_state.prefixed)
        snprintf(prefix, sizeof prefix, "<%d>", (int)level);
    const struct iovec parts[] = {part(prefix), part(text), part("\n")};
    size_t length = parts[0].iov_len + parts[1].iov_len + parts[2].iov_len;
    if (length > PIPE_BUF || !writable(STDERR_FILENO))
        return false;
    ssize_t written;
    do
        written = writev(STDERR_FILENO, parts, 3);
    while (written < 0 && errno == EINTR);
    return written == (ssize_t)length;
}

/* "<83>Jan  2 03:04:05 c2m-authd[123]: ", with English months: the program never leaves the C locale. */
static void write_header(enum log_level level, char header[HEADER_SIZE])
{
    time_t now = clock_wall();
    struct tm parts;
    char stamp[32] = "";
    if (localtime_r(&now, &parts))
        strftime(stamp, sizeof stamp, "%b %e %H:%M:%S ", &parts);
    snprintf(header, HEADER_SIZE, "<%d>%s" TAG "[%d]: ", LOG_AUTHPRIV | (int)level, stamp, (int)getpid());
}

static bool to_syslog(enum log_level level, const char *text)
{
    char header[HEADER_SIZE];
    write_header(level, header);
    struct iovec parts[] = {part(header), part(text)};
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    for (int tries = 0; tries < 3 && connected(); tries++) {
        if (sendmsg(log_state.fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
            return true;
        bool full = errno == EAGAIN || errno == ENOBUFS;
        if (full && !writable(log_state.fd))
            return false;
        if (!full && errno != EINTR)
            disconnect(); /* its reader was restarted */
    }
    return log_state.fd < 0 && to_stderr(level, text);
}

static bool write_line(enum log_level level, const char *text)
{
    return log_state.to_syslog ? to_syslog(level, text) : to_stderr(level, text);
}

void log_sink_write(enum log_level level, const char *text)
{
    if (!write_line(level, text)) {
        log_state.lost += log_state.lost < UINT_MAX;
        return;
    }
    if (log_state.lost > 0) {
        char report[64];
        snprintf(report, sizeof report, "event=log lost=%u", log_state.lost);
        if (write_line(LOG_LEVEL_WARNING, report))
            log_state.lost = 0;
    }
}
