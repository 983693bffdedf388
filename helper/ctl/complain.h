/* What c2m-askpass has to say, on standard error: ssh and sudo pass it on to the user. */
#ifndef COMPLAIN_H
#define COMPLAIN_H

/* One line: MESSAGE, and behind it SUBJECT (filtered, quoted) unless it is NULL. */
void complain(const char *message, const char *subject);
/* The same about a line of a file. */
void complain_line(const char *file, unsigned line, const char *message);

#endif
