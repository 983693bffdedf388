/*
 * A start prepares some seventy statements, which SQLite parses each time: half of the time of a target that starts
 * again for each input. Here a store prepares each text once, and it is handed out again, empty, when who had it is
 * done with it. For stores that are never closed. Needs -Wl,--wrap=store_prepare,--wrap=store_finish.
 */
#ifndef TESTS_FUZZ_KEPT_STATEMENTS_H
#define TESTS_FUZZ_KEPT_STATEMENTS_H

/* Before the first store: SQLite without its locks for threads, of which there are none, and without its statistics. */
void kept_statements_alone(void);

#endif
