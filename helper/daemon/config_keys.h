/* The table of keys: section, name, kind, place, default, meaning. */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include "config.h"

#include <stddef.h>

enum config_kind {
    CONFIG_TEXT, /* no control characters, no blanks at the ends */
    CONFIG_PATH, /* absolute */
    CONFIG_URL, /* https://, visible ASCII */
    CONFIG_INTEGER,
    CONFIG_DURATION, /* 30s 5m 1h, in seconds */
    CONFIG_MS, /* the same, also 50ms; in milliseconds */
    CONFIG_CHOICE, /* one of `choices`; an index */
    CONFIG_ALGORITHM, /* some of `choices`, each once; the words */
    CONFIG_SCOPES,
    CONFIG_REQUIRED, /* scopes, or the word any */
    CONFIG_ACCEPT, /* forms, or the word none; for one origin, or (by its size) for all */
};

struct config_key {
    const char *section; /* "service": any [service NAME]; its place is in a struct policy_rule */
    const char *name;
    enum config_kind kind;
    size_t place, size;
    const char *preset; /* the default; NULL: none */
    const char *choices; /* blank-separated */
    int64_t low, high; /* of a number */
    const char *meaning; /* for the manual and for errors */
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* Parses VALUE into BASE + place; NULL, or a static sentence: what is wrong and the cure. */
const char *config_set(const struct config_key *key, void *base, const char *value);
/* The known name nearest to NAME (at most three letters off), among the keys of SECTION, or the sections when SECTION is NULL; NULL. */
const char *config_nearest(const char *section, const char *name);

#endif
