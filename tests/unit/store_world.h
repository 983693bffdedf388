/* A store with one table in a folder of its own, and who is told what at the end of a turn. */
#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include "base/store.h"

extern const char *const store_world_schema[]; /* two versions, and a third that cannot be reached */

extern struct store_world {
    char folder[256];
    struct store *store;
    struct store_statement *insert, *count, *get;
} world;

extern struct told {
    char order[64]; /* the letters given to wait_for_it */
    int error; /* the last one */
    long rounds;
} told;

int set_up(void **state);
int tear_down(void **state);
int store_world_open(void);
void store_world_close(void);
void store_world_start_anew(void); /* an empty folder, no store */

int put_row(int64_t n);
int64_t count_rows(void);
int64_t count_rows_after_reopening(void);

void tell(void *letter, int error); /* a store_fn */
void wait_for_it(char letter); /* 'a' to 'z' */
void expect_told(const char *order, int error); /* and forgets it */

#endif
