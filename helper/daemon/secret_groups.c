/* A mode of 0640 is right, and still the group may be one that people are in. */
#include "secret_groups.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>

struct place {
    const char *section, *key, *file;
};

static void warn(
    const struct config *config, const struct place *place, gid_t group, config_report report, void *argument)
{
    char sentence[CONFIG_PATH_SIZE * 2 + 512], where[16] = "", name[64];
    const struct group *known = getgrgid(group);
    int line = config_line(config, place->section, place->key);
    if (known)
        snprintf(name, sizeof name, "%s", known->gr_name);
    else
        snprintf(name, sizeof name, "%u", group);
    if (line > 0)
        snprintf(where, sizeof where, ":%d", line);
    snprintf(sentence, sizeof sentence,
        "warning: %s%s: [%s] %s = %s: the group %s may read it: chown root:c2m-authd, chmod 0640",
        config->file, where, place->section, place->key, place->file, name);
    report(argument, sentence);
}

void secret_groups_check(const struct config *config, const char *user, config_report report, void *argument)
{
    const struct place places[] = {{"verify", "secret", config->secret},
        {"login", "client_secrets", config->client_secrets}, {"host", "key", config->host_key},
        {"revocation", "seal_key", config->seal_key}};
    const struct passwd *helper = getpwnam(user);
    struct stat status;
    if (!helper)
        return;
    gid_t own = helper->pw_gid;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].file[0] && stat(places[i].file, &status) == 0 && (status.st_mode & S_IRGRP) &&
            status.st_gid != 0 && status.st_gid != own)
            warn(config, &places[i], status.st_gid, report, argument);
    }
}
