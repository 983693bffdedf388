/* The kernel's clocks. Neither call can fail on a kernel that has pidfd_open(2). */
#include "base/clock.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <stdbool.h>
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
