#include "authd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AUTHD_INSTALLED "/usr/libexec/c2m/c2m-authd"

bool authd_find(const struct options *options, char *path, size_t size)
{
    if (options->authd != NULL)
        return (size_t)snprintf(path, size, "%s", options->authd) < size;
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length > 0) {
        path[length] = '\0';
        char *name = strrchr(path, '/');
        size_t room = size - (size_t)(name - path);
        if ((size_t)snprintf(name, room, "/c2m-authd") < room && access(path, X_OK) == 0)
            return true;
    }
    return (size_t)snprintf(path, size, "%s", AUTHD_INSTALLED) < size;
}
