/* zsh: _arguments for each command. */
#include "commands.h"
#include "completion.h"

#include <stdio.h>

static const char *const actions[VALUE_COUNT] = {[VALUE_TEXT] = ":value: ",
    [VALUE_FILE] = ":file:_files",
    [VALUE_DIRECTORY] = ":directory:_files -/",
    [VALUE_USER] = ":user:_users",
    [VALUE_SERVICE] = ":PAM service:_files -W /etc/pam.d",
    [VALUE_COMMAND] = ":command: _command_names -e"};

/* Not into a variable `commands`: that is zsh's own table of programs. What is in single quotes: `_describe` and `_arguments` end a word at a colon. */
static void print_commands(void)
{
    printf("  known=(\n");
    for (const struct command *command = commands; command->name != NULL; command++) {
        printf("    '%s:", command->name);
        completion_quoted(command->summary, "'\\''", ":");
        printf("'\n");
    }
    printf("  )\n");
}

static void print_options(const struct command *command)
{
    struct option_known option;

    for (size_t i = 0; option_of(command, i, &option); i++)
        printf(option.value == VALUE_NONE ? " --%s" : " '--%s=%s'", option.name,
            option.value == VALUE_NONE ? "" : actions[option.value]);
}

static void print_command(const struct command *command)
{
    enum option_value behind = completion_behind(command);

    printf("    %s) _arguments -S", command->name);
    print_options(command);
    if (behind == VALUE_COMMAND)
        printf(" '*:::command:_normal'");
    else if (behind != VALUE_NONE)
        printf(" '*%s'", actions[behind]);
    else if (command->completes[0] != '\0')
        printf(" '1:word:(%s)'", command->completes);
    printf(" ;;\n");
}

void completion_zsh(void)
{
    printf("#compdef c2mctl\n"
           "# zsh completion for c2mctl(1), by: c2mctl completion zsh\n"
           "_c2mctl() {\n"
           "  local curcontext=$curcontext state line\n"
           "  local -a known\n");
    print_commands();
    printf("  _arguments -C");
    print_options(NULL);
    printf(" '1:command:->command' '*::argument:->argument' && return\n"
           "  case $state in\n"
           "  command) _describe command known ;;\n"
           "  argument)\n"
           "    case $line[1] in\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        print_command(command);
    printf("    esac ;;\n"
           "  esac\n"
           "}\n"
           "_c2mctl \"$@\"\n");
}
