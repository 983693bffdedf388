/* Started by hand, the helper goes into the background when it serves, and not before: its exit status says whether. */
#ifndef BACKGROUND_H
#define BACKGROUND_H

/*
 * Forks. Returns 0 in the child, whose session is its own; the parent does not return: it exits with 0 when the child
 * says background_ready, or with the child's status. A negative errno without a child.
 */
int background_begin(void);
/* It serves: the parent may go, and the terminal is let go of. Nothing without background_begin. */
void background_ready(void);

#endif
