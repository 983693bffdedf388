/* One-time codes: six to ten digits, worth one use. */
#ifndef STANDIN_CODES_H
#define STANDIN_CODES_H

#include <stdbool.h>
#include <stdint.h>

enum { CODES_DIGITS = 6, CODES_TEXT = 11 };

struct code;

struct codes {
    struct code *first;
};

/* A fresh code of so many digits for the client, good until `expires`. */
void codes_issue(struct codes *codes, const char *client, int digits, int64_t expires, char out[CODES_TEXT]);

/* Whether that is a code of this client; a code that was good is gone afterwards. */
bool codes_spend(struct codes *codes, const char *client, const char *text);

void codes_deinit(struct codes *codes);

#endif
