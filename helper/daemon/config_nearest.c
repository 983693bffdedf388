/* "issuser": issuer? A typing error is one or two letters; three is the limit of a useful guess. */
#include "config_keys.h"

#include <string.h>

enum { NAME_SIZE = 32, FAR = 4 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein's distance of two short names; FAR when one is too long. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[NAME_SIZE + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > NAME_SIZE || m > NAME_SIZE)
        return FAR;
    for (unsigned j = 0; j <= m; j++)
        row[j] = j;
    for (unsigned i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= m; j++) {
            unsigned above = row[j];
            row[j] = least(row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[m];
}

/* "sevice sudo" is [service NAME] mistyped. */
static const char *first_word(const char *name, char *out)
{
    size_t length = strcspn(name, " ");
    if (length > NAME_SIZE)
        return name;
    memcpy(out, name, length);
    out[length] = '\0';
    return out;
}

const char *config_nearest(const char *section, const char *name)
{
    const char *nearest = NULL;
    unsigned best = FAR;
    char word[NAME_SIZE + 1];
    for (size_t i = 0; i < config_key_count; i++) {
        if (section && strcmp(config_keys[i].section, section) != 0)
            continue;
        const char *known = section ? config_keys[i].name : config_keys[i].section;
        unsigned d = section ? distance(name, known) : distance(first_word(name, word), known);
        if (d < best && d < strlen(known)) {
            best = d;
            nearest = known;
        }
    }
    return nearest;
}
