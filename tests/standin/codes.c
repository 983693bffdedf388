/* One-time codes: see codes.h. */
#include "codes.h"

#include "bytes.h"
#include "clock.h"
#include "memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct code {
    struct code *next;
    char *client;
    char text[CODES_TEXT];
    int64_t expires;
};

static struct code **find(struct codes *codes, const char *client, const char *text)
{
    struct code **place = &codes->first;
    while (*place != NULL && (strcmp((*place)->text, text) != 0 || strcmp((*place)->client, client) != 0))
        place = &(*place)->next;
    return place;
}

static void drop(struct code **place)
{
    struct code *gone = *place;
    *place = gone->next;
    free(gone->client);
    free(gone);
}

void codes_issue(struct codes *codes, const char *client, int digits, int64_t expires, char out[CODES_TEXT])
{
    do {
        uint64_t number = 0;
        char text[24];
        bytes_random(&number, sizeof number);
        snprintf(text, sizeof text, "%020" PRIu64, number);
        snprintf(out, CODES_TEXT, "%s", text + strlen(text) - digits);
    } while (*find(codes, client, out) != NULL);
    struct code *code = memory_zeroed(1, sizeof *code);
    code->client = memory_copy(client);
    code->expires = expires;
    memcpy(code->text, out, CODES_TEXT);
    code->next = codes->first;
    codes->first = code;
}

bool codes_spend(struct codes *codes, const char *client, const char *text)
{
    struct code **place = find(codes, client, text);
    if (*place == NULL)
        return false;
    bool good = (*place)->expires > clock_now();
    drop(place);
    return good;
}

void codes_deinit(struct codes *codes)
{
    while (codes->first != NULL)
        drop(&codes->first);
}
