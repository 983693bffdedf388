/*
 * Words of a line, and whose line it is.
 */
#include "stack.h"

#include <string.h>

char *stack_word(char **text)
{
    char *word = *text + strspn(*text, " \t\n");
    char *end = word;

    if (*word == '\0')
        return NULL;
    if (*word == '[') {
        while (*end != '\0' && (*end != ']' || end[-1] == '\\'))
            end++;
        end += *end == ']';
    } else {
        end += strcspn(word, " \t\n");
    }
    *text = end + (*end != '\0');
    *end = '\0';
    return word;
}

bool stack_line_is(const struct stack_line *line, const char *module)
{
    const char *slash = strrchr(line->module, '/');

    return !line->opens && strcmp(slash == NULL ? line->module : slash + 1, module) == 0;
}

bool stack_names_c2m(const struct stack *stack, enum stack_type type)
{
    for (size_t i = 0; i < stack->count; i++)
        if ((type == STACK_TYPES || stack->lines[i].type == type) &&
            stack_line_is(&stack->lines[i], "pam_c2m.so"))
            return true;
    return false;
}
