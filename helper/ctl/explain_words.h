/*
 * What the words of the helper's log mean to a person, and at which check of a login each stops it.
 */
#ifndef EXPLAIN_WORDS_H
#define EXPLAIN_WORDS_H

/* In the order in which a login meets them. */
enum check {
    CHECK_NONE,
    CHECK_ASKED, /* whether this service and user are ours, and somebody can be asked */
    CHECK_FORM, /* it looks like a credential, of a kind that is accepted here */
    CHECK_GUESSES, /* not too many failures before */
    CHECK_EXCHANGE, /* the API takes it */
    CHECK_GENUINE, /* signature and claims */
    CHECK_ALIVE, /* neither revoked nor one that this helper obtained */
    CHECK_USER, /* this user's */
    CHECK_POLICY, /* scopes, audience, age */
    CHECK_RECORDED, /* on disk */
    CHECK_COUNT,
};

struct explain_word {
    const char *word;
    enum check check; /* that it is the end of */
    const char *text; /* "the token has expired" */
};

/* NULL: no word of ours. */
const struct explain_word *explain_word(const char *word);
const char *explain_check(enum check check);

#endif
