/*
 * Words and brackets.
 */
#include "control.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const results[CONTROL_RESULTS] = {"success", "open_err", "symbol_err", "service_err",
    "system_err", "buf_err", "perm_denied", "auth_err", "cred_insufficient", "authinfo_unavail",
    "user_unknown", "maxtries", "new_authtok_reqd", "acct_expired", "session_err", "cred_unavail",
    "cred_expired", "cred_err", "no_module_data", "conv_err", "authtok_err", "authtok_recover_err",
    "authtok_lock_busy", "authtok_disable_aging", "try_again", "ignore", "abort", "authtok_expired",
    "module_unknown", "bad_item", "conv_again", "incomplete"};

static const struct {
    const char *name;
    const char *brackets;
} words[] = {
    {"required", "[success=ok new_authtok_reqd=ok ignore=ignore default=bad]"},
    {"requisite", "[success=ok new_authtok_reqd=ok ignore=ignore default=die]"},
    {"optional", "[success=ok new_authtok_reqd=ok default=ignore]"},
    {"sufficient", "[success=done new_authtok_reqd=done default=ignore]"},
};

static const struct {
    const char *name;
    int action;
} actions_known[] = {{"ignore", CONTROL_IGNORE}, {"ok", CONTROL_OK}, {"done", CONTROL_DONE},
    {"bad", CONTROL_BAD}, {"die", CONTROL_DIE}, {"reset", CONTROL_RESET}};

enum { UNSET = -10 };

const char *control_result_name(int result)
{
    return result >= 0 && result < CONTROL_RESULTS ? results[result] : "unknown";
}

int control_result(const char *name)
{
    for (int i = 0; i < CONTROL_RESULTS; i++)
        if (strcmp(name, results[i]) == 0)
            return i;
    return -1;
}

static bool read_action(const char *word, int *action)
{
    for (size_t i = 0; i < sizeof actions_known / sizeof actions_known[0]; i++)
        if (strcmp(word, actions_known[i].name) == 0) {
            *action = actions_known[i].action;
            return true;
        }
    *action = atoi(word);
    return word[0] != '\0' && word[strspn(word, "0123456789")] == '\0' && strlen(word) < 4 && *action > 0;
}

/* NAME=ACTION */
static bool read_pair(int *actions, char *pair, int *otherwise)
{
    char *equals = strchr(pair, '=');
    int action;

    if (equals == NULL || !read_action(equals + 1, &action))
        return false;
    *equals = '\0';
    if (strcmp(pair, "default") == 0) {
        *otherwise = action;
        return true;
    }
    int result = control_result(pair);
    if (result >= 0)
        actions[result] = action;
    return result >= 0;
}

static void set_all(int *actions, int from, int to)
{
    for (int i = 0; i < CONTROL_RESULTS; i++)
        if (from == to || actions[i] == from)
            actions[i] = to;
}

static void read_brackets(int *actions, const char *control)
{
    char text[1024], *rest = text;
    int otherwise = CONTROL_BAD;
    size_t length = strlen(control);
    bool sound = length > 2 && length < sizeof text && control[0] == '[' && control[length - 1] == ']';

    set_all(actions, UNSET, UNSET);
    if (sound) {
        memcpy(text, control + 1, length - 2);
        text[length - 2] = '\0';
        for (char *pair; sound && (pair = strsep(&rest, " \t")) != NULL;)
            sound = pair[0] == '\0' || read_pair(actions, pair, &otherwise);
    }
    if (!sound)
        set_all(actions, CONTROL_BAD, CONTROL_BAD);
    set_all(actions, UNSET, otherwise);
}

void control_read(int actions[static CONTROL_RESULTS], const char *control)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(control, words[i].name) == 0) {
            read_brackets(actions, words[i].brackets);
            return;
        }
    read_brackets(actions, control);
}
