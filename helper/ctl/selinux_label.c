/*
 * By what the kernel says, without libselinux: the attribute, and the policy's word on a label of our type.
 */
#include "selinux_label.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SELINUX "/sys/fs/selinux/"
#define OURS "c2m_runtime_t" /* helper/selinux/c2m.fc */

enum { CONTEXT_SIZE = 256 };

/* "user:role:type:level", of which the type is an argument of messages: false when it is not made of its letters. */
static bool read_context(const char *dir, char *context, char *type)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    ssize_t length = getxattr(dir, "security.selinux", context, CONTEXT_SIZE - 1);

    if (length <= 0)
        return false;
    context[length] = '\0';
    return sscanf(context, "%*[^:]:%*[^:]:%63[^:]", type) == 1 && type[strspn(type, names)] == '\0';
}

/* Would the policy take that label, with our type in it? */
static bool policy_knows(const char *context, const char *type)
{
    char ours[CONTEXT_SIZE + sizeof OURS];
    const char *at = strstr(context, type);
    int length =
        snprintf(ours, sizeof ours, "%.*s" OURS "%s", (int)(at - context), context, at + strlen(type));
    int fd = open(SELINUX "context", O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return false;
    ssize_t written = write(fd, ours, (size_t)length + 1);
    close(fd);
    return written >= 0;
}

static bool is_enforcing(void)
{
    FILE *file = fopen(SELINUX "enforce", "re");
    bool enforcing = file != NULL && fgetc(file) == '1';

    if (file != NULL)
        fclose(file);
    return enforcing;
}

bool selinux_label_is_wrong(const char *dir, struct selinux_label *label)
{
    char context[CONTEXT_SIZE];

    if (access(SELINUX "enforce", F_OK) < 0 || !read_context(dir, context, label->type) ||
        strcmp(label->type, OURS) == 0)
        return false;
    label->enforcing = is_enforcing();
    label->known = policy_knows(context, label->type);
    return true;
}
