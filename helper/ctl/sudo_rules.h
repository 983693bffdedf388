/*
 * The Defaults of sudo's rules: of one text, as cvtsudoers prints it or as it stands in a file, and where one stands.
 */
#ifndef SUDO_RULES_H
#define SUDO_RULES_H

/* Both without blanks. SETTING: "timestamp_timeout=0", "!pam_session"; "": no rule. */
struct sudo_default {
    char binding[200]; /* whom it binds: "" all, ":alice,bob", "@host", ">root", "!/bin/x" */
    char setting[300];
};

struct sudo_place {
    char file[300];
    unsigned line; /* 0: nowhere */
};

typedef void sudo_rules_see(void *data, const struct sudo_default *one, unsigned line);

/* Calls SEE with each setting, and the line on which its Defaults begins. */
void sudo_rules_each(const char *text, sudo_rules_see *see, void *data);

/* The last place that says this in /etc/sudoers and what it includes, read as sudo does: what comes last counts. */
struct sudo_place sudo_rules_find(const struct sudo_default *wanted);

#endif
