/*
 * A token, a code, a client secret or a key: bytes with an owner, wiped when freed, never printed.
 * Long-lived ones are sealed by the vault instead; this type is for those in use.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret;

/* Copies LENGTH bytes; a NUL is appended that is not counted. -ENOMEM. *out is the caller's to free. */
int secret_new(const void *bytes, size_t length, struct secret **out);
/* LENGTH zero bytes to be filled through secret_writable. */
int secret_new_empty(size_t length, struct secret **out);
int secret_copy(const struct secret *from, struct secret **out);
void secret_free(struct secret *secret); /* NULL is fine */
const char *secret_bytes(const struct secret *secret);
char *secret_writable(struct secret *secret);
size_t secret_length(const struct secret *secret);
/* In constant time for equal lengths. */
bool secret_equal(const struct secret *a, const struct secret *b);

static inline void secret_freep(struct secret **secret)
{
    secret_free(*secret);
}
#define SECRET_CLEANUP __attribute__((cleanup(secret_freep)))

#endif
