/*
 * A table of modules, and the few whose answer depends on the user.
 */
#include "assume.h"

#include "condition.h"
#include "pam_module/arguments.h"

#include <security/_pam_types.h>
#include <stdio.h>
#include <string.h>

enum { PASSWORD = -1, BY_USER = -2 };

static const struct {
    const char *module;
    int auth, account;
    const char *words;
} table[] = {
    {"pam_unix.so", PASSWORD, PAM_SUCCESS, "the account is neither expired nor locked"},
    {"pam_deny.so", PAM_AUTH_ERR, PAM_AUTH_ERR, NULL},
    {"pam_permit.so", PAM_SUCCESS, PAM_SUCCESS, NULL},
    {"pam_nologin.so", PAM_IGNORE, PAM_IGNORE, "there is no /etc/nologin"},
    {"pam_rootok.so", PAM_AUTH_ERR, PAM_SUCCESS, "the caller is not root"},
    {"pam_access.so", PAM_SUCCESS, PAM_SUCCESS, "access.conf admits the user"},
    {"pam_time.so", PAM_SUCCESS, PAM_SUCCESS, "time.conf admits the user"},
    {"pam_listfile.so", PAM_SUCCESS, PAM_SUCCESS, "its list admits the user"},
    {"pam_securetty.so", PAM_SUCCESS, PAM_SUCCESS, "the terminal is in securetty"},
    {"pam_shells.so", PAM_SUCCESS, PAM_SUCCESS, "the user's shell is in /etc/shells"},
    {"pam_faillock.so", BY_USER, PAM_SUCCESS, "the user is not locked"},
    {"pam_localuser.so", PAM_SUCCESS, PAM_SUCCESS, "the user is in /etc/passwd"},
    {"pam_usertype.so", BY_USER, BY_USER, NULL},
    {"pam_sss.so", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, "it does not know the user"},
    {"pam_ldap.so", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, "it does not know the user"},
    {"pam_krb5.so", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, "it does not know the user"},
    {"pam_winbind.so", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, "it does not know the user"},
    {"pam_systemd_home.so", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, "it does not know the user"},
    {"pam_faildelay.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_env.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_group.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_cap.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_issue.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_echo.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_warn.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_mail.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_gnome_keyring.so", PAM_IGNORE, PAM_IGNORE, NULL},
    {"pam_kwallet5.so", PAM_IGNORE, PAM_IGNORE, NULL},
};
enum { MODULES = sizeof table / sizeof table[0] };

static size_t find(const struct stack_line *line)
{
    size_t i = 0;

    while (i < MODULES && !stack_line_is(line, table[i].module))
        i++;
    return i;
}

static bool has_word(const struct stack_line *line, const char *word)
{
    const char *found = strstr(line->arguments, word);

    return found != NULL && (found == line->arguments || found[-1] == ' ') &&
           strchr(" \t", found[strlen(word)]) != NULL;
}

static int by_user(const struct stack_line *line, enum who who)
{
    if (stack_line_is(line, "pam_faillock.so"))
        return has_word(line, "authfail") ? PAM_AUTH_ERR : PAM_SUCCESS;
    return has_word(line, "issystem") == (who == WHO_ROOT) ? PAM_SUCCESS : PAM_AUTH_ERR;
}

/* argv of a copy, as libpam makes it. */
static bool read_arguments(
    const struct stack_line *line, struct arguments *arguments, char *wrong, size_t size)
{
    char text[1024], *rest = text;
    const char *argv[64];
    int argc = 0;

    snprintf(text, sizeof text, "%s", line->arguments);
    for (char *word; argc < 64 && (word = stack_word(&rest)) != NULL;) {
        size_t length = strlen(word);
        if (word[0] == '[' && word[length - 1] == ']') {
            word[length - 1] = '\0';
            word++;
        }
        argv[argc++] = word;
    }
    const char *bad = arguments_read(arguments, argc, argv);
    if (bad != NULL)
        snprintf(wrong, size, "%s", bad);
    return bad == NULL;
}

const char *assume_wrong_argument(const struct stack_line *line, char *out, size_t size)
{
    struct arguments arguments;

    return read_arguments(line, &arguments, out, size) ? NULL : out;
}

/* Root's limits hold before the helper is asked; the file may be missing before anything. */
static int c2m(const struct stack_line *line, const struct assumed_case *which)
{
    int told = which->c2m[line->type];
    struct arguments arguments;
    char wrong[64];

    if (told == PAM_MODULE_UNKNOWN)
        return told;
    if (!read_arguments(line, &arguments, wrong, sizeof wrong))
        return PAM_SERVICE_ERR;
    return which->who == WHO_ROOT && !arguments.allow_root ? PAM_IGNORE : told;
}

static int assume(
    const struct stack_line *line, const struct conditions *conditions, const struct assumed_case *which)
{
    if (stack_line_is(line, "pam_c2m.so"))
        return c2m(line, which);
    size_t i = find(line);
    if (i == MODULES)
        return condition_answer(line, conditions, which);
    int answer = line->type == STACK_AUTH ? table[i].auth : table[i].account;
    if (answer == PASSWORD)
        return which->password ? PAM_SUCCESS : PAM_AUTH_ERR;
    return answer == BY_USER ? by_user(line, which->who) : answer;
}

void assume_all(int *results, const struct stack *stack, const struct conditions *conditions,
    const struct assumed_case *which)
{
    for (size_t i = 0; i < stack->count; i++) {
        const struct stack_line *line = &stack->lines[i];
        results[i] = line->opens || line->type > STACK_ACCOUNT ? PAM_IGNORE : assume(line, conditions, which);
    }
}

const char *assume_words(const struct stack_line *line)
{
    size_t i = find(line);

    return i == MODULES ? NULL : table[i].words;
}

static bool is_open(const struct stack_line *line)
{
    struct assumed_case root = {.who = WHO_ROOT};

    return line->type <= STACK_ACCOUNT && !line->opens && find(line) == MODULES &&
           !stack_line_is(line, "pam_c2m.so") && !condition_is_told(line, &root);
}

void conditions_find(struct conditions *conditions, const struct stack *stack)
{
    *conditions = (struct conditions){.count = 0};
    for (size_t i = 0; i < stack->count; i++) {
        const struct stack_line *line = &stack->lines[i];
        if (!is_open(line) || condition_index(line, conditions) < conditions->count)
            continue;
        if (conditions->count == CONDITIONS_MAX)
            conditions->more = true;
        else
            conditions->lines[conditions->count++] = line;
    }
}
