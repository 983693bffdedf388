/*
 * The name service may fold case, strip a domain or follow an alias; then the name that authenticated is not
 * the name that the helper maps. So the account's own name must be the very bytes that were asked for.
 */
#include "user.h"

#include "c2m/wire.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>

enum { ENTRY_SIZE = 16384 };

static bool name_is_sound(const char *name)
{
    size_t length = strnlen(name, C2M_NAME_MAX + 1);

    if (length == 0 || length > C2M_NAME_MAX || name[0] == '-' || strspn(name, "0123456789") == length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '/' || name[i] == ':')
            return false;
    return true;
}

int user_resolve(const char *name, uint32_t *uid)
{
    char buffer[ENTRY_SIZE];
    struct passwd entry;
    struct passwd *found = NULL;

    *uid = UINT32_MAX;
    if (!name_is_sound(name))
        return -EINVAL;
    int error = getpwnam_r(name, &entry, buffer, sizeof buffer, &found);
    /* getpwnam(3) lists these for "not found" as well. */
    if (found == NULL && (error == 0 || error == ENOENT || error == ESRCH))
        return -ENOENT;
    if (found == NULL)
        return -error;
    if (strcmp(found->pw_name, name) != 0)
        return -ENOENT;
    if (found->pw_uid > INT32_MAX)
        return -EINVAL;
    *uid = found->pw_uid;
    return 0;
}

bool user_left_alone(uint32_t uid, const struct arguments *arguments)
{
    if (uid == 0)
        return !arguments->allow_root;
    return uid < arguments->min_uid;
}
