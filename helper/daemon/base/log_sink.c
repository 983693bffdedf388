/*
 * Standard error gets a line with one writev(2), at most PIPE_BUF bytes: whole or not at all. journald gets one
 * datagram a line, in its own form, and /dev/log in the form that syslog(3) sends; a socket is made again when its
 * reader was restarted, and without one the line goes to the next rather than nowhere: journald, /dev/log, standard error.
 */
#include "base/log_sink.h"

#include "base/clock.h"
#include "base/log_journal.h"

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

struct reader {
    struct sockaddr_un address;
    int fd; /* -1: none */
};

static struct {
    bool to_journal, to_syslog;
    bool prefixed; /* standard error is the journal, which reads "<3>" as the level */
    struct reader journal, syslog;
    unsigned lost;
} log_state = {
    .journal = {.address = {.sun_family = AF_UNIX, .sun_path = LOG_JOURNAL_SOCKET}, .fd = -1},
    .syslog = {.address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"}, .fd = -1},
};

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

static void disconnect(struct reader *reader)
{
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = -1;
}

static bool connected(struct reader *reader)
{
    if (reader->fd >= 0)
        return true;
    reader->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (reader->fd >= 0 &&
        connect(reader->fd, (const struct sockaddr *)&reader->address, sizeof reader->address) < 0)
        disconnect(reader);
    return reader->fd >= 0;
}

void log_sink_open(enum log_sink sink)
{
    log_sink_close();
    tzset(); /* /etc/localtime may be out of reach later */
    log_state.to_syslog = sink == LOG_SINK_SYSLOG;
    log_state.prefixed = stderr_is_journal();
    log_state.to_journal = log_state.to_syslog || log_state.prefixed;
    if (log_state.to_journal && !connected(&log_state.journal) && log_state.to_syslog)
        connected(&log_state.syslog);
}

void log_sink_close(void)
{
    disconnect(&log_state.journal);
    disconnect(&log_state.syslog);
    log_state.to_journal = false;
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

enum sent { SENT, LOST, NOBODY };

static enum sent send_to(struct reader *reader, struct iovec *parts, size_t count)
{
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    for (int tries = 0; tries < 3 && connected(reader); tries++) {
        if (sendmsg(reader->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
            return SENT;
        bool full = errno == EAGAIN || errno == ENOBUFS;
        if (full && !writable(reader->fd))
            return LOST;
        if (!full && errno != EINTR)
            disconnect(reader); /* it was restarted */
    }
    return reader->fd < 0 ? NOBODY : LOST;
}

static enum sent to_journal(enum log_level level, const char *text)
{
    char entry[LOG_JOURNAL_SIZE];
    struct iovec whole = {.iov_base = entry, .iov_len = log_journal_entry(level, text, entry)};
    return send_to(&log_state.journal, &whole, 1);
}

static enum sent to_syslog(enum log_level level, const char *text)
{
    char header[HEADER_SIZE];
    write_header(level, header);
    struct iovec parts[] = {part(header), part(text)};
    return send_to(&log_state.syslog, parts, 2);
}

static bool write_line(enum log_level level, const char *text)
{
    enum sent sent = log_state.to_journal ? to_journal(level, text) : NOBODY;
    if (sent == NOBODY && log_state.to_syslog)
        sent = to_syslog(level, text);
    return sent == NOBODY ? to_stderr(level, text) : sent == SENT;
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
