/*
 * How many lines users may have written into the log by what is refused them at user.sock. Whoever asks without end would
 * fill the disk, or have the journal drop what others did. All zero is a new one.
 */
#ifndef IPC_USER_LINES_H
#define IPC_USER_LINES_H

#include <stdbool.h>
#include <stdint.h>

enum { USER_LINES_MAX = 100, USER_LINES_WINDOW_MS = 10 * 1000, USER_LINES_USERS = 32 };

struct user_share {
    int64_t until_ms; /* on the boot clock; past: nobody's */
    uint32_t uid;
    unsigned count;
};

struct user_lines {
    struct user_share shares[USER_LINES_USERS];
    struct user_share others; /* who find no room there share one */
};

/* Is one more of that uid to be written? The first that is not, a sentence says so instead. */
bool user_lines_take(struct user_lines *lines, uint32_t uid);

#endif
