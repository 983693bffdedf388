/*
 * Written in one pass: what a substack opens follows it in the list, with a greater level.
 */
#include "private_stack.h"

#include "control.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const types[] = {"auth", "account"}, *const options[] = {"auth", "acct"};

/* What is written where. */
struct writing {
    const char *dir;
    const struct stack *stack;
    const int *results;
};

static FILE *open_file(const struct writing *writing, const char *name)
{
    char path[PRIVATE_STACK_DIR_SIZE + 32];

    snprintf(path, sizeof path, "%s/%s", writing->dir, name);
    return fopen(path, "wxe");
}

/* Lines of LEVEL from the one at *AT on; *AT is the first that is none of them. */
static int write_level(const struct writing *writing, const char *name, size_t *at, unsigned level)
{
    const struct stack *stack = writing->stack;
    FILE *file = open_file(writing, name);
    int rc = file == NULL ? -errno : 0;

    while (rc == 0 && *at < stack->count && stack->lines[*at].level >= level) {
        const struct stack_line *line = &stack->lines[*at];
        char below[32];
        snprintf(below, sizeof below, "substack-%zu", (*at)++);
        if (line->type > STACK_ACCOUNT)
            continue;
        if (line->opens) {
            fprintf(file, "%s substack %s/%s\n", types[line->type], writing->dir, below);
            rc = write_level(writing, below, at, level + 1);
        } else {
            fprintf(file, "%s %s pam_debug.so %s=%s\n", types[line->type], line->control, options[line->type],
                control_result_name(writing->results[*at - 1]));
        }
    }
    if (file != NULL && (fclose(file) != 0 && rc == 0))
        rc = -errno;
    return rc;
}

static int make_dir(char *dir)
{
    static const char *const places[] = {"/tmp/c2m-rehearsal.XXXXXX", "/dev/shm/c2m-rehearsal.XXXXXX"};

    umask(077);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        memcpy(dir, places[i], strlen(places[i]) + 1);
        if (mkdtemp(dir) != NULL)
            return 0;
    }
    return -errno;
}

int private_stack_write(
    char dir[static PRIVATE_STACK_DIR_SIZE], const struct stack *stack, const int *results)
{
    const struct writing writing = {.dir = dir, .stack = stack, .results = results};
    size_t at = 0;

    int rc = make_dir(dir);
    if (rc < 0)
        return rc;
    rc = write_level(&writing, PRIVATE_STACK_SERVICE, &at, 0);
    /* libpam reads this one too, and complains in the log when it is missing. What it says is in the stack already. */
    FILE *other = open_file(&writing, "other");
    if (other == NULL || fputs("# nothing\n", other) < 0 || fclose(other) != 0)
        rc = rc == 0 ? -EIO : rc;
    if (rc < 0)
        private_stack_remove(dir);
    return rc;
}

void private_stack_remove(const char *dir)
{
    DIR *entries = opendir(dir);
    struct dirent *entry;

    int fd = entries == NULL ? -1 : dirfd(entries);
    while (fd >= 0 && (entry = readdir(entries)) != NULL)
        unlinkat(fd, entry->d_name, 0);
    if (entries != NULL)
        closedir(entries);
    rmdir(dir);
}
