/* What another program says. */
#ifndef CAPTURE_H
#define CAPTURE_H

enum { CAPTURE_SIZE = 65536 };

struct capture {
    int status; /* its exit status; a negative errno when it did not run to its end: -ENOENT, -ETIMEDOUT, ... */
    char text[CAPTURE_SIZE]; /* standard output and error, as much as fits */
};

/* ARGV[0] is its absolute path, and a NULL the end. Half a minute at most. */
void capture_run(struct capture *capture, const char *const *argv);

/* Copies the rest of the first line that begins with WORD and a blank ("usepam yes": "yes"). NULL: there is none. */
const char *capture_value(const struct capture *capture, const char *word, char *out, unsigned size);

#endif
