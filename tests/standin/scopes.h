/* A set of scopes, and whether it covers another one. */
#ifndef STANDIN_SCOPES_H
#define STANDIN_SCOPES_H

#include "value.h"

#include <stdbool.h>
#include <stddef.h>

struct scopes {
    char **names;
    size_t count;
};

#define OWN_SCOPES __attribute__((cleanup(scopes_deinit)))

void scopes_deinit(struct scopes *scopes);

/* Adds one scope, once. */
void scopes_add(struct scopes *scopes, const char *name);

/* Adds those of a JSON array. -1 if it is none, or holds anything but names without blanks. */
int scopes_add_json(struct scopes *scopes, json_object *array);

/* Adds those of a text with separators (commas, blanks) between them. */
void scopes_add_list(struct scopes *scopes, const char *list);

void scopes_add_all(struct scopes *scopes, const struct scopes *others);

/* Whether `held` grants `scope`: by name, or by a wildcard such as jobs:* for jobs:submit. */
bool scopes_hold(const struct scopes *held, const char *scope);

/* Whether `held` grants each of `asked`; if not, *missing (may be NULL) is the first that it lacks. */
bool scopes_cover(const struct scopes *held, const struct scopes *asked, const char **missing);

/* A new JSON array. */
json_object *scopes_to_json(const struct scopes *scopes);

#endif
