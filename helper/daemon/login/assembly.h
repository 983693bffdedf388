/*
 * A token that is longer than a prompt passes on, put together from the answers to several prompts:
 *
 *   c2m K/N TAG:PART        part K of N, both decimal; TAG: the first 8 hex digits of the whole token's SHA-256
 *
 * The parts must come in order, each once, all with the same N and TAG, and what they make must have that hash. The
 * form is c2m-askpass's, which cuts tokens in the same way.
 */
#ifndef LOGIN_ASSEMBLY_H
#define LOGIN_ASSEMBLY_H

#include "base/reason.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ASSEMBLY_PARTS_MAX = 32, /* the module shows no more prompts in one call */
    ASSEMBLY_ANSWER_MAX = 500, /* bytes of one answer: sudo passes 511 on */
};

struct assembly;

/* True when what was typed means to be a part: no token begins like that, and no other answer is one. */
bool assembly_begins(const char *typed, size_t length);

/* -ENOMEM. What was put together so far is wiped when it is freed; NULL is fine. */
int assembly_new(struct assembly **out);
void assembly_free(struct assembly *assembly);

/*
 * Adds one answer. REASON_NONE: it fits; *token is the whole token, the caller's to free, or NULL while parts are
 * missing. Otherwise nothing more is to be added: PART_AGAIN (the first part came twice), TOO_LONG (beyond
 * C2M_TOKEN_MAX in all), INTERNAL (no memory), PARTS (anything else).
 */
enum reason assembly_add(struct assembly *assembly, const char *typed, size_t length, struct secret **token);

/* The part to ask for next, and how many there are; meaningful after a part that fitted. */
unsigned assembly_next(const struct assembly *assembly);
unsigned assembly_count(const struct assembly *assembly);

#endif
