/*
 * c2mctl: what the helper knows, for administrators and users. Under its other name the program is
 * c2m-askpass.
 */
#include "askpass.h"
#include "commands.h"

#include <stdio.h>

static void print_usage(FILE *out, const struct command *command)
{
    if (command != NULL) {
        fprintf(out, "usage: c2mctl %s [options]: %s\n%s", command->name, command->summary, command->usage);
    } else {
        fprintf(out, "usage: c2mctl COMMAND [options]\n");
        for (const struct command *c = commands; c->name != NULL; c++)
            fprintf(out, "  %-14s  %s\n", c->name, c->summary);
    }
    fprintf(out, "options:\n"
                 "  --json          print JSON\n"
                 "  --quiet         print no explanations\n"
                 "  --no-color      accepted; there is none\n"
                 "  --timeout N     seconds to wait for the helper\n"
                 "  --runtime-dir DIR\n"
                 "                  where the helper's sockets are (/run/c2m)\n"
                 "  --help\n");
}

int main(int argc, char **argv)
{
    struct options options;
    const struct command *command;

    if (argc > 0 && askpass_called(argv[0]))
        return askpass_main(argc, argv);
    int code = options_read(&options, &command, commands, argc, argv);
    if (options.help && code == EXIT_OK) {
        print_usage(stdout, command);
    } else if (code == EXIT_USAGE && command == NULL && argc == 1) {
        print_usage(stderr, NULL);
    } else if (code == EXIT_OK) {
        code = command->run(&options);
    }
    /* a piece that could not be written before is lost, though the rest could */
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_OK)
        code = EXIT_SOFTWARE;
    return code;
}
