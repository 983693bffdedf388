/*
 * Which client of the API is which user of this host: `alice = c2m_a c2m_b`. Exact, no wildcards, no guessing;
 * a user stands once; '#' and ';' start a comment.
 */
#ifndef LOGIN_USER_MAP_H
#define LOGIN_USER_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct user_map;

/*
 * Reads FILE. -EINVAL (or the errno of the file) with a sentence in ERROR: file, line, what, cure. Names are
 * [a-z_][a-z0-9_-]*, at most 32 characters; a placeholder such as <client-id> is refused by name.
 */
int user_map_load(const char *file, struct user_map **out, char *error, size_t error_size);
void user_map_free(struct user_map *map);
bool user_map_has(const struct user_map *map, const char *user);
/* True when CLIENT is one of USER's. */
bool user_map_matches(const struct user_map *map, const char *user, const char *client);

/* The first of USER's clients, the one that his codes belong to; false when OUT of SIZE bytes cannot hold it, or none. */
bool user_map_first(const struct user_map *map, const char *user, char *out, size_t size);

#endif
