/*
 * One login's story: the lines of the helper's log that name it, the session that is open of it, its receipts. A
 * terminal's presence that it proved holds its token by a number of its own, and may hold it last: what bears that number
 * is taken as well, once the line that says so was.
 */
#ifndef STORY_H
#define STORY_H

#include "explain_words.h"
#include "options.h"
#include "output.h"

#include "c2m/wire.h"

struct story {
    char reference[C2M_REFERENCE_SIZE + 1]; /* whole, once something is known of it */
    char holder[C2M_REFERENCE_SIZE + 1]; /* that presence's; "" */
    int64_t since; /* since when the helper remembers every line */
    struct c2m_record *records;
    size_t count;
    struct c2m_session session;
    bool open; /* there is one */
    struct c2m_revocation *revocations;
    size_t revocation_count;
};

enum story_fits { STORY_TAKEN, STORY_ANOTHER, STORY_NO_MEMORY };

void story_free(struct story *story);
/* Is what bears REFERENCE of this story, or may it be, as long as only a beginning is known? */
bool story_is_of(const struct story *story, const char reference[C2M_REFERENCE_SIZE]);
/* A copy of what the helper sent; ANOTHER: the login meant is not the one that the story is of. */
enum story_fits story_take_record(struct story *story, const struct c2m_record *record);
enum story_fits story_take_session(struct story *story, const struct c2m_session *session);
enum story_fits story_take_revocation(struct story *story, const struct c2m_revocation *revocation);

/* Asks the helper for all that it knows of story->reference, or of the one that begins so. Returns an exit code, told. */
int story_fetch(const struct options *options, struct story *story);
bool story_known(const struct story *story); /* anything at all */

/* It begins with the login itself: nothing before is missing. */
bool story_whole(const struct story *story);
/* The words of why it ended: of the session's end, else of the login's refusal; NULL while it lives or when unknown. */
const struct explain_word *story_ended(const struct story *story);

enum story_result { STORY_PASSED, STORY_FAILED, STORY_NOT_NEEDED, STORY_NOT_REACHED };

/* What the checks of a login made of it, from the line that tells its outcome. False: the line tells of none. */
bool story_checks(const char *line, enum story_result results[CHECK_COUNT]);
const char *story_result_word(enum story_result result);

/* Where its time went, in microseconds: "here", "prompt", "api" ... False: the line does not say. */
struct story_time {
    const char *name, *where;
    int64_t us;
};
enum { STORY_TIMES = 6 };
bool story_times(const char *line, int64_t *whole, struct story_time times[STORY_TIMES]);

void story_print(const struct story *story);
void story_json(const struct story *story, struct output *output);

#endif
