/*
 * The commands, one a file. Each returns the program's exit code and prints everything itself.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

/* All of them; a row without a name is the end. */
extern const struct command commands[];

int command_status(const struct options *options);
int command_sessions(const struct options *options);
int command_sessions_end(const struct options *options); /* command_sessions calls it */
int command_revoke(const struct options *options);
int command_enroll(const struct options *options);
int command_rotate(const struct options *options);
int command_exec(const struct options *options);
int command_token(const struct options *options);
int command_revocations(const struct options *options);
int command_explain(const struct options *options);
int command_metrics(const struct options *options);
int command_adopt(const struct options *options);
int command_auth_test(const struct options *options);
int command_report(const struct options *options);
int command_config_check(const struct options *options);
int command_rehearse(const struct options *options);
int command_doctor(const struct options *options);
int command_completion(const struct options *options);
int command_version(const struct options *options);

#endif
