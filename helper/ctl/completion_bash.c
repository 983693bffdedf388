/* bash: one function that looks at the words so far. It needs nothing of the package bash-completion. */
#include "commands.h"
#include "completion.h"

#include <stdio.h>

static const char *const names[VALUE_COUNT] = {[VALUE_TEXT] = "text",
    [VALUE_FILE] = "files",
    [VALUE_DIRECTORY] = "directories",
    [VALUE_USER] = "users",
    [VALUE_SERVICE] = "services",
    [VALUE_COMMAND] = "commands"};

static const char head[] = //
    "# bash completion for c2mctl(1), by: c2mctl completion bash\n"
    "_c2mctl()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= kind= words= i\n"
    "\n"
    "    # bash takes --user=alice for three words\n"
    "    [[ $word != = ]] || word=\n"
    "    [[ $before != = ]] || before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n";

static const char middle[] = //
    "        esac\n"
    "    done\n"
    "    case $before in\n";

static const char tail[] = //
    "        esac\n"
    "    fi\n"
    "    case $kind in\n"
    "        text) ;;\n"
    "        files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
    "        directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
    "        users) mapfile -t COMPREPLY < <(compgen -u -- \"$word\") ;;\n"
    "        services) mapfile -t COMPREPLY < <(compgen -W \"$(cd /etc/pam.d && echo *)\" -- \"$word\") ;;\n"
    "        commands) mapfile -t COMPREPLY < <(compgen -c -- \"$word\") ;;\n"
    "        *) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\") ;;\n"
    "    esac\n"
    "}\n"
    "complete -F _c2mctl c2mctl\n";

/* "--user|--client": the options with a value of that kind, or of any (VALUE_NONE). */
static void print_pattern(enum option_value value)
{
    struct option_known option;
    const char *before = "        ";

    for (size_t i = 0; option_at(i, &option); i++) {
        if (option.value == VALUE_NONE || (value != VALUE_NONE && option.value != value))
            continue;
        printf("%s--%s", before, option.name);
        before = "|";
    }
}

/* Those that bring a value are passed over with it. */
static void print_search(void)
{
    const char *before = "            ";

    printf("    ");
    print_pattern(VALUE_NONE);
    printf(") ((i++)); [[ ${COMP_WORDS[i]} != = ]] || ((i++)) ;;\n");
    for (const struct command *command = commands; command->name != NULL; command++, before = "|")
        printf("%s%s", before, command->name);
    printf(") [[ -n $command ]] || command=${COMP_WORDS[i]} ;;\n");
}

static void print_words(const struct command *command)
{
    enum option_value behind = command == NULL ? VALUE_NONE : completion_behind(command);
    struct option_known option;

    printf("            '%s') words='", command == NULL ? "" : command->name);
    for (size_t i = 0; option_of(command, i, &option); i++)
        printf("%s--%s", i == 0 ? "" : " ", option.name);
    for (const struct command *one = commands; command == NULL && one->name != NULL; one++)
        printf(" %s", one->name);
    if (command != NULL && behind == VALUE_NONE && command->completes[0] != '\0')
        printf(" %s", command->completes);
    printf("'");
    if (behind != VALUE_NONE)
        printf("; [[ $word == -* ]] || kind=%s", names[behind]);
    printf(" ;;\n");
}

void completion_bash(void)
{
    fputs(head, stdout);
    print_search();
    fputs(middle, stdout);
    for (enum option_value value = VALUE_TEXT; value <= VALUE_SERVICE; value++) {
        print_pattern(value);
        printf(") kind=%s ;;\n", names[value]);
    }
    printf("    esac\n    if [[ -z $kind ]]; then\n        case $command in\n");
    print_words(NULL);
    for (const struct command *command = commands; command->name != NULL; command++)
        print_words(command);
    fputs(tail, stdout);
}
