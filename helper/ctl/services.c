#include "services.h"

#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_service(const char *name)
{
    static const char *const others[] = {".*", "common-*", "other", "system-auth*", "password-auth*",
        "postlogin*", "fingerprint-auth*", "smartcard-auth*", "*~", "*.pam-old", "*.pam-new", "*.dpkg-*",
        "*.ucf-*", "*.rpm*", "*.bak", "*.orig"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (fnmatch(others[i], name, 0) == 0)
            return false;
    return strlen(name) < SERVICE_NAME_SIZE;
}

static bool file_has_the_name(const char *dir, const char *service)
{
    char path[STACK_PATH_SIZE], line[1024];
    bool found = false;

    snprintf(path, sizeof path, "%s/%s", dir, service);
    FILE *file = fopen(path, "re");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = line[0] != '#' && strstr(line, "pam_c2m.so") != NULL;
    if (file != NULL)
        fclose(file);
    return found;
}

static bool asks_c2m(const struct stack_dirs *dirs, const char *dir, const char *service)
{
    struct stack_problem problem;
    struct stack *stack = malloc(sizeof *stack);

    if (stack == NULL)
        memory_short();
    int rc = stack_read(stack, dirs, service, &problem);
    bool asks = rc == 0 ? stack_names_c2m(stack, STACK_TYPES) : file_has_the_name(dir, service);
    stack_free(stack);
    free(stack);
    return asks;
}

static bool is_known(const struct services *services, const char *name)
{
    for (size_t i = 0; i < services->count; i++)
        if (strcmp(services->names[i], name) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void find_in(struct services *services, const struct stack_dirs *dirs, const char *dir)
{
    DIR *entries = opendir(dir);
    struct dirent *entry;

    while (entries != NULL && services->count < SERVICES_MAX && (entry = readdir(entries)) != NULL)
        if (is_service(entry->d_name) && !is_known(services, entry->d_name) &&
            asks_c2m(dirs, dir, entry->d_name))
            snprintf(services->names[services->count++], SERVICE_NAME_SIZE, "%s", entry->d_name);
    if (entries != NULL)
        closedir(entries);
}

void services_find(struct services *services, const struct stack_dirs *dirs)
{
    services->count = 0;
    for (size_t i = 0; i < dirs->count; i++)
        find_in(services, dirs, dirs->dirs[i]);
    qsort(services->names, services->count, sizeof services->names[0], by_name);
}
