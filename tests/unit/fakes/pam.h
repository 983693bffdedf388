/*
 * libpam as an application would set it up: items, a conversation that is told its answers, and a log that can
 * be read. Stands before libpam's own functions of these names.
 */
#ifndef FAKES_PAM_H
#define FAKES_PAM_H

#include <security/pam_appl.h>
#include <stdbool.h>

enum { FAKE_MESSAGES = 40 };

struct pam_handle {
    const char *user, *service, *ruser, *rhost, *tty;
    bool deaf; /* no conversation */
    const char *answers[FAKE_MESSAGES]; /* to the prompts, in order; NULL: the conversation fails */
    bool no_response; /* the conversation succeeds and gives nothing */
    bool no_text; /* ... or a response without an answer in it */
    int failing; /* what every item and the name answer instead, when it is not 0 */
    int prompts;
    char asked[FAKE_MESSAGES][320]; /* the prompts */
    int style; /* of the last prompt */
    int messages;
    char told[FAKE_MESSAGES][320]; /* the error messages */
    char log[2048]; /* every line, each ended by a newline */
    int level; /* of the last line */
};

const struct pam_conv *fake_conversation(struct pam_handle *pamh);

#endif
