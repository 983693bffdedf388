/* The commands of the control socket: each takes a line apart and answers with one JSON object. */
#ifndef STANDIN_COMMAND_H
#define STANDIN_COMMAND_H

#include "line.h"
#include "server.h"
#include "service.h"

struct standin {
    struct service *service;
    struct server *server;
    bool quit; /* set by the command of that name */
};

/* Carries out one line; a new JSON object with "ok", and "error" if that is false. */
json_object *command_run(struct standin *standin, const char *text);

/* {"ok":true} */
json_object *command_ok(void);

/* {"ok":false,"error":...} */
json_object *command_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An argument that is a number; `otherwise` where it is absent. 0, or -1 if it is no number from lowest up. */
int command_number(struct line *line, const char *name, long lowest, long otherwise, long *out);

/* An argument that is yes or no, on or off; `otherwise` where it is absent. 0, or -1 if it is neither. */
int command_flag(struct line *line, const char *name, bool otherwise, bool *out);

/* An argument that is a JSON object; *out is NULL where it is absent, and the caller puts it back. 0, or -1. */
int command_object(struct line *line, const char *name, json_object **out);

/* The client of argument client=, or NULL with *error an answer. */
struct client *command_client(struct standin *standin, struct line *line, json_object **error);

/* The token of argument id= or hash=, or NULL with *error an answer. */
struct token *command_token(struct standin *standin, struct line *line, json_object **error);

/* The commands, one line each in the table of command.c. */
json_object *command_mint(struct standin *standin, struct line *line);
json_object *command_code(struct standin *standin, struct line *line);
json_object *command_revoke(struct standin *standin, struct line *line);
json_object *command_expire(struct standin *standin, struct line *line);
json_object *command_live(struct standin *standin, struct line *line);
json_object *command_show(struct standin *standin, struct line *line);
json_object *command_fault(struct standin *standin, struct line *line);
json_object *command_clear(struct standin *standin, struct line *line);
json_object *command_down(struct standin *standin, struct line *line);
json_object *command_up(struct standin *standin, struct line *line);
json_object *command_suspend(struct standin *standin, struct line *line);
json_object *command_resume(struct standin *standin, struct line *line);
json_object *command_rotate(struct standin *standin, struct line *line);
json_object *command_cascade(struct standin *standin, struct line *line);
json_object *command_limit(struct standin *standin, struct line *line);
json_object *command_success(struct standin *standin, struct line *line);
json_object *command_omit(struct standin *standin, struct line *line);
json_object *command_claims(struct standin *standin, struct line *line);
json_object *command_ttl(struct standin *standin, struct line *line);
json_object *command_requests(struct standin *standin, struct line *line);
json_object *command_reset_requests(struct standin *standin, struct line *line);
json_object *command_serve_time(struct standin *standin, struct line *line);

#endif
