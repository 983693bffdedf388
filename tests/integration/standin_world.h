/* A stand-in for the API of a test's own, and the daemon's loop, HTTP and API against it. */
#ifndef TESTS_STANDIN_WORLD_H
#define TESTS_STANDIN_WORLD_H

#include "token/api.h"

extern struct standin_world {
    char directory[128], ca[160], url[64]; /* https://127.0.0.1:PORT */
    int port;
    struct loop *loop;
    struct http *http;
    struct budget *budget;
    struct api *api;
} world;

/* For a group: the program starts once. */
int standin_start(void **state);
int standin_stop(void **state);
/* For a test: no faults, an empty journal, new parts with a budget of 60. */
int set_up(void **state);
int tear_down(void **state);
void with_budget(unsigned requests_per_minute); /* a new budget and API */

/* Asks the stand-in; the test fails when it does not agree. The member's text lives until the next call. */
const char *ask(const char *line, const char *field);
long ask_number(const char *line, const char *field);
struct secret *long_token_of(const char *client); /* the caller's */

/* Turns until *FLAG is positive; the test fails after half a minute. */
void turn_until(const int *flag);
/* Turns for so long, for what must not happen. */
void turn_for(int milliseconds);

/* What came back, for http_start: body and token are of static memory. */
struct heard {
    int count;
    struct http_answer answer;
    char body[128];
};
void hear(void *heard, const struct http_answer *answer);

#endif
