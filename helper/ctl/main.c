/*
 * c2mctl: what the helper knows, for administrators and users. A table of commands, and no more than that. Under its
 * other name the program is c2m-askpass.
 */
#include "askpass.h"
#include "commands.h"

#include <stdio.h>

static const struct command commands[] = {
    {"status", "", "the helper, the API behind it, and what is open",
        "Exit status 69 when no helper answers, or the API does not.\n", command_status, 0},
    {"sessions", "user all ", "login sessions: root sees all, others their own",
        "  sessions end REF|--user NAME|--all   revoke the tokens of these and hang up (root)\n"
        "REF is a reference, or the beginning of one.\n",
        command_sessions, 2},
    {"revoke", "", "end the session you stand in: its tokens are revoked, its processes go on", "",
        command_revoke, 0},
    {"token", "min-ttl ", "print a short token for the API, for the session you stand in",
        "  --min-ttl N     seconds that the token should still live (one that is new is printed in any "
        "case)\n"
        "Standard output holds the token and a newline, nothing else.\n",
        command_token, 0},
    {"enroll", "user client code secret assertion list remove ",
        "keep a long-term token, for this host or a user (root)",
        "  --user NAME     for this user; else for the host itself\n"
        "  --client ID     the client of the API, where neither the map nor the configuration says it\n"
        "  --code          from a one-time code; --secret: the client's secret; both by standard input\n"
        "  --assertion     signed by the host's key, [host] key\n"
        "                  with none of these: a long-term token, by standard input\n"
        "  --list          what is kept; --remove: forget it, and revoke it\n",
        command_enroll, 0},
    {"rotate", "user ", "issue the next long-term token, try it, then revoke the one that was kept (root)",
        "  --user NAME     this user's; else the host's own. By itself it is done before the token runs "
        "out.\n",
        command_rotate, 0},
    {"revocations", "pending ", "which tokens are being revoked, and the receipts (root)",
        "  --pending       only those that the API has not confirmed yet\n", command_revocations, 0},
    {"explain", "", "one login's story: who, with what, which checks, how long, why it ended (root)",
        "  explain REF     REF is a reference, or the beginning of one\n", command_explain, 1},
    {"metrics", "textfile ", "counters and gauges for Prometheus (root)",
        "  --textfile PATH replace that file, for node_exporter's textfile collector; nothing is printed\n",
        command_metrics, 0},
    {"adopt", "yes ", "take over the state of another machine-id, which was set aside (root)",
        "  --yes           do it at the helper's next start; else only say what is in it\n", command_adopt,
        0},
    {"config-check", "config authd ", "read the helper's configuration and say what is wrong",
        "  --config FILE   instead of /etc/c2m/authd.conf\n"
        "  --authd PATH    the c2m-authd to ask\n"
        "Exit status 78 when something is wrong.\n",
        command_config_check, 0},
    {"doctor", "config authd list fix ", "what is wrong on this machine, and the cure",
        "  --list          the checks\n"
        "  --fix           print the commands that cure, and do nothing\n"
        "  --config FILE   the helper's configuration, instead of /etc/c2m/authd.conf\n"
        "  --authd PATH    the c2m-authd to ask about it\n"
        "Run it as root: others are told what they cannot know. Exit status 0 all is well, 1 warnings, 2 "
        "failures.\n",
        command_doctor, 0},
    {"rehearse", "outage pam-dir ", "what libpam makes of pam_c2m's answers in a PAM service",
        "  rehearse [SERVICE ...]   without a name: all that ask pam_c2m\n"
        "  --outage        only who still gets in while the API or the helper is down\n"
        "  --pam-dir DIR   look for stacks there first: try one before it is installed\n"
        "Nobody is asked, no module runs. Exit status 78 when a stack cannot be read.\n",
        command_rehearse, WORDS_MAX},
    {"version", "", "the version of this program", "", command_version, 0},
    {.name = NULL},
};

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
    if (fflush(stdout) != 0 && code == EXIT_OK)
        code = EXIT_SOFTWARE;
    return code;
}
