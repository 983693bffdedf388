/* The kernel's clocks. Neither call can fail on a kernel that has pidfd_open(2). */
#include "base/clock.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t clock_wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

int64_t clock_boot_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_boot_ms(void)
{
    return clock_boot_us() / 1000;
}

/* The unit's ProcSubset=pid hides the file, and without it each restart would look like a reboot: systemd's %b. */
static void take_given(char id[CLOCK_BOOT_ID_SIZE])
{
    const char *given = getenv("C2M_BOOT_ID");
    if (given && strlen(given) == 32 && strspn(given, "0123456789abcdef") == 32)
        snprintf(id, CLOCK_BOOT_ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", given, given + 8, given + 12,
            given + 16, given + 20);
}

static void read_boot_id(char id[CLOCK_BOOT_ID_SIZE])
{
    int fd CLEANUP_CLOSE = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    size_t length = CLOCK_BOOT_ID_SIZE - 1;
    if (fd < 0 || read(fd, id, length) != (ssize_t)length)
        id[0] = '\0';
    else
        id[length] = '\0';
    if (strspn(id, "0123456789abcdef-") != strlen(id))
        id[0] = '\0';
    if (!id[0])
        take_given(id);
}

const char *clock_boot_id(void)
{
    /* Read once: it cannot change, and the sandbox may hide the file later. */
    static char id[CLOCK_BOOT_ID_SIZE];
    static bool read_before;
    if (!read_before)
        read_boot_id(id);
    read_before = true;
    return id;
}
