/* What the kernel said since boot. */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

typedef void kernel_log_see(void *data, const char *line);

/*
 * Calls SEE with each line that PATTERN matches: a regular expression of small letters, which finds capitals too. Lines
 * that it does not match may come as well. From the journal where systemd keeps one, which remembers more, else from
 * /dev/kmsg; neither waits for more. 0, or a negative errno: neither can be read, -ENODATA where it says nothing.
 */
int kernel_log_each(const char *pattern, kernel_log_see *see, void *data);

#endif
