/*
 * What was written on the command line, once understood.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The exit codes of sysexits.h that scripts may rely on. */
enum {
    EXIT_OK = 0,
    EXIT_USAGE = 64,
    EXIT_UNAVAILABLE = 69, /* no helper, or no API behind it */
    EXIT_SOFTWARE = 70,
    EXIT_RETRY = 75,
    EXIT_NOT_YOURS = 77,
    EXIT_CONFIGURATION = 78,
};

/* Behind a command: so many words at most, or any number of them, which are another program's. */
enum { WORDS_MAX = 16, WORDS_ANY = 1000 };

struct options {
    bool help, json, quiet, no_color, pending, all, outage, list, fix, yes;
    bool code, secret, assertion, remove; /* enroll */
    const char *words[WORDS_MAX]; /* behind the command */
    unsigned word_count;
    char **rest; /* WORDS_ANY: all of them, and a NULL */
    const char *user; /* sessions end, enroll, rotate */
    const char *client; /* enroll */
    const char *runtime_dir;
    const char *config; /* config-check: NULL is the default file */
    const char *authd; /* config-check: NULL looks for it */
    const char *textfile; /* metrics: NULL is standard output */
    const char *service; /* auth-test: NULL is sshd */
    const char *env; /* exec: NULL is a file */
    const char *pam_dir; /* rehearse: NULL is libpam's own */
    int timeout_ms; /* 0: the command's own */
    uint32_t min_ttl; /* token: seconds */
    int64_t since; /* revocations: seconds since 1970; 0: all of them */
};

/* A command: its name, the options that it takes besides the common ones, what it does. */
struct command {
    const char *name;
    const char *own; /* names of options, each followed by a blank */
    const char *summary;
    const char *usage; /* the lines of --help below the first */
    int (*run)(const struct options *options);
    unsigned words; /* how many may stand behind it */
    const char
        *completes; /* what they can be, for a shell: words, or "<services>", "<users>", "<commands>" */
};

/* What an option's value is, for a shell that completes it. */
enum option_value {
    VALUE_NONE,
    VALUE_TEXT,
    VALUE_FILE,
    VALUE_DIRECTORY,
    VALUE_USER,
    VALUE_SERVICE,
    VALUE_COMMAND, /* no option's, but what stands behind exec */
    VALUE_COUNT,
};

struct option_known {
    const char *name;
    enum option_value value;
};

/* The option of that number, of all. False: no more. */
bool option_at(size_t number, struct option_known *out);
/* The option of that number that COMMAND takes, the common ones among them; NULL: those alone. False: no more. */
bool option_of(const struct command *command, size_t number, struct option_known *out);

/*
 * Reads argv; options may stand before and behind the command. Returns an exit code; *command is NULL when the
 * command is missing (a usage error unless --help was given). Problems are told on standard error.
 */
int options_read(struct options *options, const struct command **command, const struct command *commands,
    int argc, char **argv);

#endif
