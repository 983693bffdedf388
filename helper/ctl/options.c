/*
 * One table of all options; which of them a command takes stands with the command.
 */
#include "options.h"

#include "moment.h"

#include "c2m/printable.h"
#include "c2m/wire.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef bool reader(void *place, const char *value);

static bool read_flag(void *place, const char *value)
{
    (void)value;
    *(bool *)place = true;
    return true;
}

static bool read_text(void *place, const char *value)
{
    *(const char **)place = value;
    return value[0] != '\0';
}

static bool read_number(const char *value, unsigned long max, unsigned long *out)
{
    errno = 0;
    *out = strtoul(value, NULL, 10);
    return value[0] != '\0' && value[strspn(value, "0123456789")] == '\0' && errno == 0 && *out <= max;
}

static bool read_timeout(void *place, const char *value)
{
    unsigned long seconds;
    if (!read_number(value, 3600, &seconds) || seconds == 0)
        return false;
    *(int *)place = (int)seconds * 1000;
    return true;
}

static bool read_seconds(void *place, const char *value)
{
    unsigned long seconds;
    if (!read_number(value, UINT32_MAX, &seconds))
        return false;
    *(uint32_t *)place = (uint32_t)seconds;
    return true;
}

static bool read_moment(void *place, const char *value)
{
    return moment_read(value, time(NULL), place);
}

static const struct {
    const char *name;
    reader *read;
    size_t offset;
    bool common;
    enum option_value value; /* of a text */
} table[] = {
    {"help", read_flag, offsetof(struct options, help), true, VALUE_NONE},
    {"json", read_flag, offsetof(struct options, json), true, VALUE_NONE},
    {"quiet", read_flag, offsetof(struct options, quiet), true, VALUE_NONE},
    {"no-color", read_flag, offsetof(struct options, no_color), true, VALUE_NONE},
    {"timeout", read_timeout, offsetof(struct options, timeout_ms), true, VALUE_TEXT},
    {"runtime-dir", read_text, offsetof(struct options, runtime_dir), true, VALUE_DIRECTORY},
    {"pending", read_flag, offsetof(struct options, pending), false, VALUE_NONE},
    {"since", read_moment, offsetof(struct options, since), false, VALUE_TEXT},
    {"all", read_flag, offsetof(struct options, all), false, VALUE_NONE},
    {"user", read_text, offsetof(struct options, user), false, VALUE_USER},
    {"client", read_text, offsetof(struct options, client), false, VALUE_TEXT},
    {"code", read_flag, offsetof(struct options, code), false, VALUE_NONE},
    {"secret", read_flag, offsetof(struct options, secret), false, VALUE_NONE},
    {"assertion", read_flag, offsetof(struct options, assertion), false, VALUE_NONE},
    {"remove", read_flag, offsetof(struct options, remove), false, VALUE_NONE},
    {"min-ttl", read_seconds, offsetof(struct options, min_ttl), false, VALUE_TEXT},
    {"config", read_text, offsetof(struct options, config), false, VALUE_FILE},
    {"authd", read_text, offsetof(struct options, authd), false, VALUE_FILE},
    {"outage", read_flag, offsetof(struct options, outage), false, VALUE_NONE},
    {"list", read_flag, offsetof(struct options, list), false, VALUE_NONE},
    {"fix", read_flag, offsetof(struct options, fix), false, VALUE_NONE},
    {"textfile", read_text, offsetof(struct options, textfile), false, VALUE_FILE},
    {"service", read_text, offsetof(struct options, service), false, VALUE_SERVICE},
    {"env", read_text, offsetof(struct options, env), false, VALUE_TEXT},
    {"yes", read_flag, offsetof(struct options, yes), false, VALUE_NONE},
    {"pam-dir", read_text, offsetof(struct options, pam_dir), false, VALUE_DIRECTORY},
};
enum { OPTIONS = sizeof table / sizeof table[0] };

static int usage_error(const char *problem, const char *what)
{
    char shown[C2M_PRINTABLE_SIZE];

    c2m_printable(shown, sizeof shown, what, strlen(what));
    fprintf(stderr, "c2mctl: %s \"%s\": see c2mctl --help\n", problem, shown);
    return EXIT_USAGE;
}

static bool belongs_to(const char *option, const struct command *command)
{
    const char *found = command->own;

    while ((found = strstr(found, option)) != NULL) {
        if (found[strlen(option)] == ' ' && (found == command->own || found[-1] == ' '))
            return true;
        found++;
    }
    return false;
}

bool option_at(size_t number, struct option_known *out)
{
    if (number >= OPTIONS)
        return false;
    *out = (struct option_known){.name = table[number].name, .value = table[number].value};
    return true;
}

bool option_of(const struct command *command, size_t number, struct option_known *out)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!(table[i].common || (command != NULL && belongs_to(table[i].name, command))))
            continue;
        if (number-- > 0)
            continue;
        return option_at(i, out);
    }
    return false;
}

static int check(const bool seen[OPTIONS], const struct command *command)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (seen[i] && !table[i].common && !belongs_to(table[i].name, command))
            return usage_error("this command does not take", table[i].name);
    return EXIT_OK;
}

static int read_options(struct options *options, bool seen[OPTIONS], int argc, char **argv)
{
    struct option known[OPTIONS + 1] = {0};

    for (size_t i = 0; i < OPTIONS; i++)
        known[i] = (struct option){.name = table[i].name,
            .has_arg = table[i].read == read_flag ? no_argument : required_argument,
            .val = (int)i};
    opterr = 0;
    for (;;) {
        int i = getopt_long(argc, argv, ":", known, NULL);
        if (i < 0)
            return EXIT_OK;
        if (i == ':')
            return usage_error("a value is missing behind", table[optopt].name);
        if (i >= OPTIONS)
            return usage_error("unknown option", argv[optind - 1]);
        if (!table[i].read((char *)options + table[i].offset, optarg))
            return usage_error("not a value for this option:", optarg);
        seen[i] = true;
    }
}

static const struct command *find(const struct command *commands, const char *name)
{
    for (; commands->name != NULL; commands++)
        if (strcmp(commands->name, name) == 0)
            return commands;
    return NULL;
}

int options_read(struct options *options, const struct command **command, const struct command *commands,
    int argc, char **argv)
{
    bool seen[OPTIONS] = {false};

    *options = (struct options){.runtime_dir = C2M_RUNTIME_DIR};
    *command = NULL;
    int code = read_options(options, seen, argc, argv);
    if (code != EXIT_OK)
        return code;
    if (optind == argc)
        return options->help ? EXIT_OK : EXIT_USAGE;
    *command = find(commands, argv[optind]);
    if (*command == NULL)
        return usage_error("unknown command", argv[optind]);
    options->rest = &argv[optind + 1];
    for (int i = optind + 1; i < argc && (*command)->words != WORDS_ANY; i++) {
        if (options->word_count == (*command)->words)
            return usage_error("one command a time, without", argv[i]);
        options->words[options->word_count++] = argv[i];
    }
    return check(seen, *command);
}
