/*
 * doctor: users who come from one address, a bastion's or a NAT's, share its failures. In an outage every token that is
 * typed is one, and then nobody behind that address gets in: sshd's own penalties, fail2ban.
 */
#include "check.h"
#include "listing.h"
#include "memory.h"
#include "sshd_mend.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SEEN_MAX = 512 };

struct arrival {
    char address[64], user[C2M_NAME_MAX + 1];
};

struct arrivals {
    struct arrival list[SEEN_MAX];
    size_t count;
};

static void see_session(void *data, const void *item)
{
    struct arrivals *arrivals = data;
    const struct c2m_session *session = item;
    unsigned char parsed[16];

    if (arrivals->count == SEEN_MAX || session->rhost.length > 63 || session->user.length > C2M_NAME_MAX)
        return;
    struct arrival *arrival = &arrivals->list[arrivals->count];
    snprintf(
        arrival->address, sizeof arrival->address, "%.*s", (int)session->rhost.length, session->rhost.bytes);
    snprintf(arrival->user, sizeof arrival->user, "%.*s", (int)session->user.length, session->user.bytes);
    /* it goes into a command, and a name has no penalties */
    if (inet_pton(AF_INET, arrival->address, parsed) == 1 ||
        inet_pton(AF_INET6, arrival->address, parsed) == 1)
        arrivals->count++;
}

static int fetch(const struct doctor *doctor, struct arrivals *arrivals)
{
    const struct listing sessions = {C2M_SESSIONS, NULL, 0, C2M_SESSION_IS, sizeof(struct c2m_session)};

    return listing_each_quietly(doctor->options, &sessions, see_session, arrivals);
}

/* The first address from which another user came before, that is not told yet: from FROM on; COUNT when there is none. */
static size_t next_crowd(const struct arrivals *arrivals, size_t from)
{
    for (size_t i = from; i < arrivals->count; i++) {
        bool told = false, shared = false;
        for (size_t k = 0; k < arrivals->count; k++) {
            if (strcmp(arrivals->list[k].address, arrivals->list[i].address) != 0)
                continue;
            told = told || k < i;
            shared = shared || strcmp(arrivals->list[k].user, arrivals->list[i].user) != 0;
        }
        if (shared && !told)
            return i;
    }
    return arrivals->count;
}

/* "192.0.2.0/24" or one address. */
static bool covers(const char *entry, const char *address)
{
    char network[64];
    unsigned char net[16], one[16];
    const char *slash = strchr(entry, '/');

    snprintf(network, sizeof network, "%.*s", (int)strcspn(entry, "/"), entry);
    int family = strchr(network, ':') == NULL ? AF_INET : AF_INET6;
    if (inet_pton(family, network, net) != 1 || inet_pton(family, address, one) != 1)
        return false;
    unsigned bits = family == AF_INET ? 32 : 128;
    if (slash != NULL && strtoul(slash + 1, NULL, 10) < bits)
        bits = (unsigned)strtoul(slash + 1, NULL, 10);
    for (unsigned i = 0; i < bits; i++)
        if (((net[i / 8] ^ one[i / 8]) & (0x80 >> i % 8)) != 0)
            return false;
    return true;
}

static bool listed(const char *list, const char *address)
{
    char copied[1024], *rest = copied;

    snprintf(copied, sizeof copied, "%s", list);
    for (char *entry; (entry = strsep(&rest, ", \t\n")) != NULL;)
        if (entry[0] != '\0' && covers(entry, address))
            return true;
    return false;
}

/* What fail2ban's files say, "" for nothing: of each section the last one that says it. */
enum { JAIL_VALUE_SIZE = 1024 };
struct jail {
    char enabled[JAIL_VALUE_SIZE], ignored[JAIL_VALUE_SIZE];
};
struct jails {
    struct jail all, sshd; /* [DEFAULT] counts where [sshd] is silent */
};

static char *value_in(struct jail *jail, const char *key)
{
    if (strcmp(key, "enabled") == 0)
        return jail->enabled;
    return strcmp(key, "ignoreip") == 0 ? jail->ignored : NULL;
}

static struct jail *jail_in(struct jails *jails, const char *section)
{
    if (strcmp(section, "sshd") == 0)
        return &jails->sshd;
    return strcmp(section, "DEFAULT") == 0 ? &jails->all : NULL;
}

static void read_jail(struct jails *jails, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[1024], section[64] = "", key[32], value[900], *last = NULL;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (line[0] == ' ' || line[0] == '\t') { /* the value goes on */
            size_t used = last == NULL ? 0 : strlen(last);
            if (last != NULL && sscanf(line, " %899[^\n#]", value) == 1)
                snprintf(last + used, JAIL_VALUE_SIZE - used, " %s", value);
            continue;
        }
        if (line[0] == '#' || line[0] == ';')
            continue;
        struct jail *jail = jail_in(jails, section);
        last = NULL;
        if (sscanf(line, "[%63[^]]]", section) == 1 || jail == NULL ||
            sscanf(line, "%31[a-z] = %899[^\n#]", key, value) != 2)
            continue;
        last = value_in(jail, key);
        if (last != NULL)
            snprintf(last, JAIL_VALUE_SIZE, "%s", value);
    }
    if (file != NULL)
        fclose(file);
}

static void read_jails(struct jail *sshd)
{
    struct jails jails = {.all = {.enabled = ""}};
    glob_t files = {.gl_pathc = 0};

    glob("/etc/fail2ban/jail.conf", 0, NULL, &files);
    glob("/etc/fail2ban/jail.d/*.conf", GLOB_APPEND, NULL, &files);
    glob("/etc/fail2ban/jail.local", GLOB_APPEND, NULL, &files);
    glob("/etc/fail2ban/jail.d/*.local", GLOB_APPEND, NULL, &files);
    for (size_t i = 0; i < files.gl_pathc; i++)
        read_jail(&jails, files.gl_pathv[i]);
    globfree(&files);
    *sshd = jails.sshd;
    if (sshd->enabled[0] == '\0')
        memcpy(sshd->enabled, jails.all.enabled, JAIL_VALUE_SIZE);
    if (sshd->ignored[0] == '\0')
        memcpy(sshd->ignored, jails.all.ignored, JAIL_VALUE_SIZE);
}

static void mend_penalties(struct report *report, const char *address)
{
    struct sshd_place place = sshd_config_find(SSHD_CONFIG, "persourcepenaltyexemptlist", false);
    char setting[128];

    snprintf(setting, sizeof setting, "PerSourcePenaltyExemptList %s", address);
    sshd_mend(report, &place, setting);
}

static void tell(const struct doctor *doctor, struct reports *reports, const char *address)
{
    char penalties[300] = "no", exempt[900] = "none";
    struct jail jail = {.enabled = ""};
    struct report *report;

    if (doctor->sshd.status != 0) {
        report_add(reports, REPORT_SKIP, "what sshd makes of failures from %s: it was not asked", address);
    } else {
        capture_value(&doctor->sshd, "persourcepenalties", penalties, sizeof penalties);
        capture_value(&doctor->sshd, "persourcepenaltyexemptlist", exempt, sizeof exempt);
    }
    if (strcmp(penalties, "no") != 0 && !listed(exempt, address)) {
        report = report_add(reports, REPORT_WARN,
            "several users come from %s, and sshd counts their failures together", address);
        if (strcmp(exempt, "none") == 0)
            mend_penalties(report, address);
        else
            report_mend(report, "add %s to PerSourcePenaltyExemptList, reload ssh", address);
    }
    read_jails(&jail);
    if (strncasecmp(jail.enabled, "true", 4) == 0 && !listed(jail.ignored, address)) {
        report = report_add(reports, REPORT_WARN,
            "several users come from %s, and fail2ban would ban them together", address);
        report_mend(
            report, "add %s to ignoreip of [sshd] in /etc/fail2ban/jail.local, reload fail2ban", address);
    }
}

void check_sshd_penalties(struct doctor *doctor, struct reports *reports)
{
    struct arrivals *arrivals = calloc(1, sizeof *arrivals);

    if (arrivals == NULL)
        memory_short();
    if (check_as_root(reports, "from where users come")) {
        int rc = fetch(doctor, arrivals);
        if (rc < 0)
            report_add(reports, REPORT_SKIP, "from where users come: %s", strerrordesc_np(-rc));
    }
    for (size_t i = 0; (i = next_crowd(arrivals, i)) < arrivals->count; i++)
        tell(doctor, reports, arrivals->list[i].address);
    free(arrivals);
}
