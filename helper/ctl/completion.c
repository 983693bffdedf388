/*
 * c2mctl completion: what a shell can complete, written from the table of commands and that of the options, so that it is
 * never of another version than the program.
 */
#include "commands.h"
#include "completion.h"
#include "refusal.h"

#include <stdio.h>
#include <string.h>

enum option_value completion_behind(const struct command *command)
{
    static const struct {
        const char *word;
        enum option_value value;
    } kinds[] = {{"<services>", VALUE_SERVICE}, {"<users>", VALUE_USER}, {"<commands>", VALUE_COMMAND}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(command->completes, kinds[i].word) == 0)
            return kinds[i].value;
    return VALUE_NONE;
}

void completion_quoted(const char *text, const char *quote, const char *escaped)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs(quote, stdout);
        else if (strchr(escaped, *text) != NULL)
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

int command_completion(const struct options *options)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};

    for (size_t i = 0; options->word_count > 0 && i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(options->words[0], shells[i].name) != 0)
            continue;
        shells[i].print();
        return EXIT_OK;
    }
    refusal_tell(options, "usage", "completion takes the name of a shell: bash, zsh or fish");
    return EXIT_USAGE;
}
