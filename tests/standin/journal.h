/* What was asked of the service, in order: for tests that count requests, and for benchmarks. */
#ifndef STANDIN_JOURNAL_H
#define STANDIN_JOURNAL_H

#include "request.h"

#include <stdint.h>

enum { JOURNAL_KEEPS = 20000 }; /* older entries are forgotten; the sums go on */

struct journal_entry {
    uint64_t number; /* from 1 */
    int64_t at_ms;
    enum endpoint endpoint;
    char *method;
    char *path;
    unsigned status; /* 0: closed without an answer */
    char client[64];
    char token_id[TOKEN_ID];
    char bearer_hash[9];
    int64_t duration_us; /* the service's own time, without any delay on order */
    uint64_t connection;
};

struct journal {
    struct journal_entry *entries; /* a ring */
    uint64_t count; /* of requests since the start or the last reset */
    int64_t busy_us; /* sum of the durations */
    uint64_t connections; /* accepted since the start or the last reset */
    uint64_t connections_ever; /* the last connection's number */
};

void journal_init(struct journal *journal);
void journal_deinit(struct journal *journal);

/* Enters a request that was handled. */
void journal_enter(
    struct journal *journal, const struct request *request, unsigned status, int64_t duration_us);

/* A new connection: its number, from 1. */
uint64_t journal_connect(struct journal *journal);

/* Forgets the requests and the sums; open connections keep their numbers. */
void journal_reset(struct journal *journal);

/* A new JSON array of the entries with a number above `since`, of one endpoint or of all (ENDPOINT_ANY). */
json_object *journal_list(const struct journal *journal, uint64_t since, enum endpoint endpoint);

#endif
