/*
 * pam_succeed_if(8), as far as it can be known.
 */
#include "condition.h"

#include <security/_pam_types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 4, ORDINARY_UID = 1000 };

/* The words of the test, without the module's flags. How many there are, up to WORDS. */
static size_t test_of(const struct stack_line *line, char *text, size_t size, const char *words[WORDS])
{
    static const char flags[] = " debug quiet quiet_fail quiet_success use_uid audit ";
    size_t count = 0;
    char *rest = text;

    snprintf(text, size, "%s", line->arguments);
    for (char *word; count < WORDS && (word = stack_word(&rest)) != NULL;) {
        char padded[64];
        snprintf(padded, sizeof padded, " %s ", word);
        if (strstr(flags, padded) == NULL)
            words[count++] = word;
    }
    return count;
}

static bool compare(long left, const char *relation, long right, bool *holds)
{
    static const char *const relations[] = {"<", "<=", ">", ">=", "eq", "ne", "=", "!="};
    const bool values[] = {left<right, left <= right, left> right, left >= right, left == right,
        left != right, left == right, left != right};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(relation, relations[i]) == 0) {
            *holds = values[i];
            return true;
        }
    return false;
}

static bool judge(const struct stack_line *line, enum who who, bool *holds)
{
    char text[256];
    const char *words[WORDS];

    if (!stack_line_is(line, "pam_succeed_if.so") || test_of(line, text, sizeof text, words) != 3)
        return false;
    if (strcmp(words[0], "uid") == 0)
        return compare(who == WHO_ROOT ? 0 : ORDINARY_UID, words[1], atol(words[2]), holds);
    if (strcmp(words[0], "user") != 0 || strcmp(words[2], "root") != 0)
        return false;
    *holds = (strcmp(words[1], "=") == 0) == (who == WHO_ROOT);
    return strcmp(words[1], "=") == 0 || strcmp(words[1], "!=") == 0;
}

bool condition_is_told(const struct stack_line *line, const struct assumed_case *which)
{
    bool holds;

    return judge(line, which->who, &holds);
}

size_t condition_index(const struct stack_line *line, const struct conditions *conditions)
{
    size_t i = 0;

    while (i < conditions->count && (strcmp(line->module, conditions->lines[i]->module) != 0 ||
                                        strcmp(line->arguments, conditions->lines[i]->arguments) != 0))
        i++;
    return i;
}

int condition_answer(
    const struct stack_line *line, const struct conditions *conditions, const struct assumed_case *which)
{
    bool holds = true;

    if (!judge(line, which->who, &holds)) {
        size_t i = condition_index(line, conditions);
        holds = i == conditions->count || (which->conditions & 1U << i) != 0;
    }
    return holds ? PAM_SUCCESS : PAM_AUTH_ERR;
}

void condition_words(char *out, size_t size, const struct stack_line *line)
{
    char text[256];
    const char *words[WORDS];

    if (!stack_line_is(line, "pam_succeed_if.so")) {
        snprintf(out, size, "%s says yes", line->module);
        return;
    }
    size_t count = test_of(line, text, sizeof text, words);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s%s", i == 0 ? "" : " ", words[i]);
}
