/*
 * One token in other words: what a deny list that knows it must not be walked around with. Most are no token at all;
 * which of them still are is what the test counts.
 */
#ifndef TESTS_RESPELLINGS_H
#define TESTS_RESPELLINGS_H

#include <stdbool.h>
#include <stddef.h>

struct respellings {
    char **texts;
    size_t count;
};

/*
 * COUNT of TOKEN, itself the first, no two alike: unused bits of each part's last character, padding, the other
 * alphabet, case, per cent, header and payload encoded anew, parts added, blanks and other bytes put in everywhere; of
 * an ES256 token the twin of its signature (r, n - s) and other forms of r and s. Aborts when there are not so many.
 */
void respellings_make(struct respellings *made, const char *token, bool es256, size_t count);
void respellings_free(struct respellings *made);

#endif
