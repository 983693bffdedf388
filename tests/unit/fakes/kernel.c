#include "fakes/kernel.h"

#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

uid_t fake_listener;
uid_t fake_euid;
const char *fake_account;
const char *fake_pw_name;
uid_t fake_pw_uid;
int fake_name_service_error;

int __real_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
uid_t __wrap_geteuid(void);
int __wrap_getpwnam_r(
    const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found);

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
    int rc = __real_getsockopt(fd, level, name, value, length);
    if (rc == 0 && level == SOL_SOCKET && name == SO_PEERCRED)
        ((struct ucred *)value)->uid = fake_listener;
    return rc;
}

uid_t __wrap_geteuid(void)
{
    return fake_euid;
}

static struct passwd *fill(struct passwd *entry, char *buffer, const char *name, uid_t uid)
{
    *entry = (struct passwd){.pw_name = buffer, .pw_uid = uid};
    strcpy(buffer, name);
    return entry;
}

int __wrap_getpwnam_r(
    const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found)
{
    (void)size;
    *found = NULL;
    if (fake_name_service_error != 0)
        return fake_name_service_error;
    if (fake_account != NULL && strcmp(name, fake_account) == 0)
        *found = fill(entry, buffer, fake_pw_name, fake_pw_uid);
    else if (strcmp(name, "alice") == 0)
        *found = fill(entry, buffer, "alice", 1001);
    else if (strcmp(name, "root") == 0)
        *found = fill(entry, buffer, "root", 0);
    return 0;
}
