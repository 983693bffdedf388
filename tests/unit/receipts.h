/* What became of a revocation, which requests left, and what the API answers to them; in a revocation_world. */
#ifndef TESTS_RECEIPTS_H
#define TESTS_RECEIPTS_H

#include "fakes/api.h"
#include "c2m/wire.h"

/* A revocation as c2mctl would show it; of state 0 when there is none. */
struct c2m_revocation receipt(const char *token_id);
const char *word_of(const struct c2m_revocation *revocation);
void expect_receipt(const char *token_id, enum c2m_revocation_state state, const char *word);
void expect_request(unsigned index, const char *token_id, const char *bearer);

/* Answers the first waiting request. */
void answer_with(struct api_revocation answer);
#define ANSWER(...) answer_with((struct api_revocation){.retry_after = -1, __VA_ARGS__})
#define ANSWER_RETRY_AFTER(seconds, ...) \
    answer_with((struct api_revocation){.retry_after = (seconds), __VA_ARGS__})
#define JSON_ERROR .json = true, .error_member = true

#endif
