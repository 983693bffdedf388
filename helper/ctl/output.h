/*
 * What goes to standard output: JSON by json-c, which no other file of the program names. Every text passes the
 * printable filter, a token excepted.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON object, its members in the order in which they were added. Memory that is missing ends the program. */
struct output;

struct output *output_new(void); /* with "schema": 1 */
void output_free(struct output *output);
void output_drop(struct output **output); /* at the end of a scope: __attribute__((cleanup)) */

void output_text(struct output *output, const char *key, const char *bytes, size_t length);
/* The same for a line of any length: filtered in pieces. */
void output_line(struct output *output, const char *key, const char *line);
void output_word(struct output *output, const char *key, const char *word); /* NULL: null */
void output_number(struct output *output, const char *key, int64_t number);
void output_bool(struct output *output, const char *key, bool value);
void output_null(struct output *output, const char *key);
/* A time, seconds since 1970; 0 is null. */
void output_time(struct output *output, const char *key, int64_t time);
/* The token of c2mctl token; its alphabet was checked by the caller. */
void output_secret(struct output *output, const char *key, const char *bytes, size_t length);

/* An object below another; it belongs to its parent. */
struct output *output_object(struct output *output, const char *key);
/* A list, and an object at its end; the list belongs to its parent, the item to the list. */
struct output *output_list(struct output *output, const char *key);
struct output *output_item(struct output *list);

/* Prints it in one line. That it could not be written is main's to see. */
void output_print(const struct output *output);

/* {"schema":1,"ok":false,"error":{"code":…,"message":…}} */
void output_error(const char *code, const char *message);

#endif
