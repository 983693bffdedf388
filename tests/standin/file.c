/* Whole files in the stand-in's directory: see file.h. */
#include "file.h"

#include "memory.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *file_path(const char *directory, const char *name)
{
    return memory_format("%s/%s", directory, name);
}

static void close_file(FILE **file)
{
    if (*file != NULL)
        fclose(*file);
}

char *file_read(const char *path, size_t *length)
{
    FILE *file __attribute__((cleanup(close_file))) = fopen(path, "re");
    if (file == NULL)
        return NULL;
    OWN_TEXT char *text = NULL;
    size_t used = 0, room = 0;
    do {
        room = room == 0 ? 4096 : room * 2;
        text = memory_resize(text, room + 1, 1);
        used += fread(text + used, 1, room - used, file);
    } while (used == room);
    if (ferror(file)) {
        errno = EIO;
        return NULL;
    }
    text[used] = '\0';
    if (length != NULL)
        *length = used;
    return STEAL(text);
}

static int write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        text += n;
        length -= (size_t)n;
    }
    return 0;
}

int file_write(const char *path, const char *text, mode_t mode)
{
    OWN_TEXT char *beside = memory_format("%s.new", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) {
        warn("cannot write %s", beside);
        return -1;
    }
    /* The umask of whoever starts the stand-in must not decide who may read its certificates. */
    int failed = fchmod(fd, mode) != 0 || write_all(fd, text, strlen(text)) != 0;
    failed |= close(fd) != 0;
    if (failed || rename(beside, path) != 0) {
        warn("cannot write %s", path);
        unlink(beside);
        return -1;
    }
    return 0;
}
