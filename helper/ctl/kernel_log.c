#include "kernel_log.h"

#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define JOURNALCTL "/usr/bin/journalctl", "--quiet", "--no-pager", "--dmesg", "--output=cat"
enum { RECORD_MAX = 8192, NO_MATCH = 1 };

static void each_line(char *text, kernel_log_see *see, void *data)
{
    for (char *line; (line = strsep(&text, "\n")) != NULL;)
        see(data, line);
}

/* Who may not read it, and containers, which have no kernel of their own, get nothing: so it must hold a line at all. */
static int read_journal(const char *pattern, kernel_log_see *see, void *data)
{
    struct capture *capture = &(struct capture){.status = 0};

    if (access("/run/systemd/system", F_OK) != 0)
        return -ENOENT;
    capture_run(capture, (const char *const[]){JOURNALCTL, "--lines=1", NULL});
    if (capture->status != 0 || capture->text[0] == '\0')
        return -ENODATA;
    capture_run(capture, (const char *const[]){JOURNALCTL, "--reverse", "--grep", pattern, NULL});
    if (capture->status != 0 && (capture->status != NO_MATCH || capture->text[0] != '\0'))
        return -EIO;
    each_line(capture->text, see, data);
    return 0;
}

/* One read is one record; -EPIPE: it was overwritten before it was read. */
static int read_kmsg(kernel_log_see *see, void *data)
{
    char record[RECORD_MAX];
    int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC), rc = -ENODATA;
    ssize_t got;

    if (fd < 0)
        return -errno;
    while (
        (got = read(fd, record, sizeof record - 1)) > 0 || (got < 0 && (errno == EPIPE || errno == EINTR))) {
        if (got < 0)
            continue;
        rc = 0;
        record[got] = '\0';
        each_line(record, see, data);
    }
    close(fd);
    return rc;
}

int kernel_log_each(const char *pattern, kernel_log_see *see, void *data)
{
    int rc = read_journal(pattern, see, data);

    return rc == 0 ? 0 : read_kmsg(see, data);
}
