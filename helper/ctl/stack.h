/*
 * A service's PAM stack as libpam reads it: includes resolved, each line with the file and number where it stands.
 */
#ifndef STACK_H
#define STACK_H

#include <stdbool.h>
#include <stddef.h>

enum stack_type { STACK_AUTH, STACK_ACCOUNT, STACK_SESSION, STACK_PASSWORD, STACK_TYPES };

enum { STACK_LINES_MAX = 200, STACK_DIRS_MAX = 3, STACK_PATH_SIZE = 512 };

struct stack_line {
    enum stack_type type;
    unsigned number; /* its first one, where it is continued */
    unsigned level; /* of substacks: 0 is the service's own */
    bool opens; /* a substack: the lines that follow with a greater level; it has no module */
    char *file;
    char *control; /* "required", "[success=1 default=ignore]" */
    char *module; /* as written, which may be a path */
    char *arguments; /* the rest of the line, "" when there is none */
};

struct stack {
    struct stack_line lines[STACK_LINES_MAX];
    size_t count;
};

/* Why a stack cannot be read: libpam would refuse everybody. */
struct stack_problem {
    char file[STACK_PATH_SIZE];
    unsigned line; /* 0: none */
    const char *what;
};

/* Where services and what they include are looked for, the first one first. */
struct stack_dirs {
    const char *dirs[STACK_DIRS_MAX];
    size_t count;
};

/* libpam's own; BEFORE them the administrator's choice, unless it is NULL. */
struct stack_dirs stack_dirs_of(const char *before);

/* False when no directory has it; PATH is its file. */
bool stack_find(const struct stack_dirs *dirs, const char *service, char path[static STACK_PATH_SIZE]);

/*
 * Reads the stack of SERVICE; a type of which it has no line comes from `other`, as in libpam. 0 or a negative errno:
 * -ENOENT when there is no such service, -EINVAL and *problem when it cannot be read as libpam must. stack_free() in
 * either case. Memory that is missing ends the program.
 */
int stack_read(
    struct stack *stack, const struct stack_dirs *dirs, const char *service, struct stack_problem *problem);
void stack_free(struct stack *stack);

/* Is it a line of this module (by its file's name)? */
bool stack_line_is(const struct stack_line *line, const char *module);
/* Does any line of TYPE name pam_c2m.so; STACK_TYPES: of any type. */
bool stack_names_c2m(const struct stack *stack, enum stack_type type);

/* Cuts the next word off *TEXT as libpam does: blanks separate, [brackets] hold together. NULL at the end. */
char *stack_word(char **text);

#endif
