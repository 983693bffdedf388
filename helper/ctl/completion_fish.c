/* fish: a line for each word that may stand somewhere. */
#include "commands.h"
#include "completion.h"

#include <stdio.h>
#include <string.h>

static const char *const arguments[VALUE_COUNT] = {[VALUE_NONE] = "",
    [VALUE_TEXT] = " -x",
    [VALUE_FILE] = " -r -F",
    [VALUE_DIRECTORY] = " -x -a '(__fish_complete_directories)'",
    [VALUE_USER] = " -x -a '(__fish_complete_users)'",
    [VALUE_SERVICE] = " -x -a '(path basename /etc/pam.d/*)'",
    [VALUE_COMMAND] = " -x -a '(__fish_complete_subcommand --fcs-skip=2)'"};

static bool is_common(const char *name)
{
    struct option_known option;

    for (size_t i = 0; option_of(NULL, i, &option); i++)
        if (strcmp(option.name, name) == 0)
            return true;
    return false;
}

static void print_command(const struct command *command)
{
    enum option_value behind = completion_behind(command);
    struct option_known option;

    printf("complete -c c2mctl -n __fish_use_subcommand -a %s -d '", command->name);
    completion_quoted(command->summary, "\\'", "");
    printf("'\n");
    for (size_t i = 0; option_of(command, i, &option); i++)
        if (!is_common(option.name))
            printf("complete -c c2mctl -n '__fish_seen_subcommand_from %s' -l %s%s\n", command->name,
                option.name, arguments[option.value]);
    if (behind != VALUE_NONE)
        printf(
            "complete -c c2mctl -n '__fish_seen_subcommand_from %s'%s\n", command->name, arguments[behind]);
    else if (command->completes[0] != '\0')
        printf("complete -c c2mctl -n '__fish_seen_subcommand_from %s' -a '%s'\n", command->name,
            command->completes);
}

void completion_fish(void)
{
    struct option_known option;

    printf("# fish completion for c2mctl(1), by: c2mctl completion fish\n"
           "complete -c c2mctl -f\n");
    for (size_t i = 0; option_of(NULL, i, &option); i++)
        printf("complete -c c2mctl -l %s%s\n", option.name, arguments[option.value]);
    for (const struct command *command = commands; command->name != NULL; command++)
        print_command(command);
}
