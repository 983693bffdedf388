/*
 * In a login_world whose API is the fake one: what it answers, who was let in by it, and delivery.
 * Needs "fakes: api" and let_in.c beside what login_world.h needs.
 */
#ifndef TESTS_LET_IN_H
#define TESTS_LET_IN_H

#include "session/delivery.h"

#include "login_world.h"

/* The API answers the issue of that number, and the turn ends. */
void api_gives(unsigned index, const char *token, const char *token_id);
void api_refuses(unsigned index, enum api_outcome outcome, enum reason reason);
/* UID (ALICE, BOB) types that at SERVICE, and her session is opened; ID: of the token that the API gives, if it is asked. */
struct person let_in(const char *service, uint32_t uid, const char *typed, const char *id);
/* Of jobs:read; the caller frees it. */
int deliver_jobs(struct delivery **out);

#endif
