/*
 * inih: sections, keys and values of a file, with line numbers, in the order of the file.
 * Comments start with '#' or ';' at the start of a line or after a blank; values are trimmed; no multi-line
 * values; "key = value" only, a ':' in a key is an error. A line is at most 1,000 bytes, a section's name 49, a file
 * 256 KiB; a control byte (but for the tab), a NUL or a byte order mark is an error.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

/*
 * Called for each section's header with KEY and VALUE NULL, and for each key. SECTION is "" before the first one and for a key before any. Returning non-zero stops the reading.
 * The strings live for the call only.
 */
typedef int (*ini_fn)(void *argument, const char *section, const char *key, const char *value, int line);

/*
 * Reads FILE (opened O_NOFOLLOW|O_CLOEXEC, a regular file). Returns 0; a negative errno when it cannot be read; the
 * (positive) number of the first line that is no INI. *stopped is what FN returned when that was non-zero (the
 * result is 0 then), else 0. -ELOOP: a symbolic link; -EINVAL: no regular file; -EFBIG; -EPERM: group or others may
 * write it, or it belongs to neither root nor us.
 */
int ini_read(const char *file, ini_fn fn, void *argument, int *stopped);

#endif
