/*
 * Logins and logouts of alice in the login_world, and what the helper acknowledged of each: the promise that no fault of
 * the disk may break. Every third login is with a long token, which the API exchanges.
 * Needs what login_world.h needs; world.folder may change between login_world_stop and login_world_start.
 */
#ifndef TESTS_DEEDS_H
#define TESTS_DEEDS_H

#include "login_world.h"

enum { DEEDS_MAX = 1024, DEEDS_NEVER = -1 };

struct deed {
    char reference[9], token_id[24];
    struct process_facts opener, authenticator;
    struct login *login;
    bool is_long, obtained, lives, opening, ended;
    enum reason refused; /* NONE while nothing was said */
    long granted, opened, closed; /* when that was acknowledged, by deeds_now */
    long ending; /* when the close was asked for */
};

extern long deeds_now; /* the caller's clock */
extern struct deed deeds[DEEDS_MAX];
extern unsigned deeds_count;

void deeds_end_processes(void); /* of those that live */
void deeds_forget(void); /* and their processes */

/* Each asks, and is answered in a later turn. NULL: nobody more fits. */
struct deed *deed_log_in(void);
/* The API answers the exchanges that wait. */
void deeds_exchange(void);
void deed_open(struct deed *deed);
void deed_close(struct deed *deed);
/* What was told of it is taken note of; its processes go when it is closed or refused. */
void deed_settle(struct deed *deed);

/*
 * After a start on what is left of the state, and before sessions_resume: true when the rows keep what was acknowledged
 * until the moment WHEN. Else WHY says what is lost.
 */
bool deed_on_disk(const struct deed *deed, long when, const char **why);
/* After sessions_resume, all openers being gone: the same of the memory. */
bool deed_dead(const struct deed *deed, long when, const char **why);
/* The revocations that are known, for deed_dead. */
void deeds_learn_revocations(void);
bool deed_ordered(const struct deed *deed); /* its token's is one of them */

#endif
