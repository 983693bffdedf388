/*
 * The table of commands: usage, --help and completion are made of it.
 */
#include "commands.h"

#include <stddef.h>

const struct command commands[] = {
    {"status", "", "the helper, the API behind it, and what is open",
        "Exit status 69 when no helper answers, or the API does not.\n", command_status, 0, ""},
    {"sessions", "user all ", "login sessions: root sees all, others their own",
        "  sessions end REF|--user NAME|--all   revoke the tokens of these and hang up (root)\n"
        "REF is a reference, or the beginning of one.\n",
        command_sessions, 2, "end"},
    {"revoke", "", "end the session you stand in: its tokens are revoked, its processes go on", "",
        command_revoke, 0, ""},
    {"token", "min-ttl ", "print a short token for the API, for the session you stand in",
        "  --min-ttl N     seconds that the token should still live (one that is new is printed in any "
        "case)\n"
        "Standard output holds the token and a newline, nothing else.\n",
        command_token, 0, ""},
    {"exec", "env min-ttl ", "run a command with a short token for the API, of the session you stand in",
        "  exec [options] -- COMMAND [ARGUMENT ...]\n"
        "  --env NAME      the token in that variable of its environment\n"
        "  --min-ttl N     seconds that the token should still live\n"
        "Without --env it is in a file, which C2M_TOKEN_FILE names; that one is renewed, and removed in the "
        "end.\n"
        "The exit status is the command's; 126 and 127: it cannot be run, or is not there.\n",
        command_exec, WORDS_ANY, "<commands>"},
    {"enroll", "user client code secret assertion list remove ",
        "keep a long-term token, for this host or a user (root)",
        "  --user NAME     for this user; else for the host itself\n"
        "  --client ID     the client of the API, where neither the map nor the configuration says it\n"
        "  --code          from a one-time code; --secret: the client's secret; both by standard input\n"
        "  --assertion     signed by the host's key, [host] key\n"
        "                  with none of these: a long-term token, by standard input\n"
        "  --list          what is kept; --remove: forget it, and revoke it\n",
        command_enroll, 0, ""},
    {"rotate", "user ", "issue the next long-term token, try it, then revoke the one that was kept (root)",
        "  --user NAME     this user's; else the host's own. By itself it is done before the token runs "
        "out.\n",
        command_rotate, 0, ""},
    {"revocations", "pending since ", "which tokens are being revoked, and the receipts (root)",
        "  --pending       only those that the API has not confirmed yet\n"
        "  --since WHEN    only those that were asked for, or settled, since: 30m, 2h, 7d, 2026-11-29, "
        "\"2026-11-29 10:00\"\n",
        command_revocations, 0, ""},
    {"explain", "", "one login's story: who, with what, which checks, how long, why it ended (root)",
        "  explain REF     REF is a reference, or the beginning of one\n", command_explain, 1, ""},
    {"metrics", "textfile ", "counters and gauges for Prometheus (root)",
        "  --textfile PATH replace that file, for node_exporter's textfile collector; nothing is printed\n",
        command_metrics, 0, ""},
    {"report", "config authd ", "what to send to who helps you: settings, checks and log, without secrets",
        "Standard output holds all of it as text, and says first what is in it. Run it as root.\n"
        "  --config FILE   the helper's configuration, instead of /etc/c2m/authd.conf\n"
        "  --authd PATH    the c2m-authd to ask about it\n",
        command_report, 0, ""},
    {"adopt", "yes ", "take over the state of another machine-id, which was set aside (root)",
        "  --yes           do it at the helper's next start; else only say what is in it\n", command_adopt, 0,
        ""},
    {"auth-test", "service ", "a login of a user, step by step, without a session (root)",
        "  auth-test USER  asks as a login would; what was obtained, and a short token that was typed, is "
        "revoked\n"
        "  --service NAME  the PAM service whose rules count (sshd)\n"
        "Exit status 0 granted, 69 outage, 75 too many attempts, 77 refused.\n",
        command_auth_test, 1, "<users>"},
    {"config-check", "config authd ", "read the helper's configuration and say what is wrong",
        "  --config FILE   instead of /etc/c2m/authd.conf\n"
        "  --authd PATH    the c2m-authd to ask\n"
        "Exit status 78 when something is wrong.\n",
        command_config_check, 0, ""},
    {"doctor", "config authd list fix ", "what is wrong on this machine, and the cure",
        "  --list          the checks\n"
        "  --fix           print the commands that cure, and do nothing\n"
        "  --config FILE   the helper's configuration, instead of /etc/c2m/authd.conf\n"
        "  --authd PATH    the c2m-authd to ask about it\n"
        "Run it as root: others are told what they cannot know. Exit status 0 all is well, 1 warnings, 2 "
        "failures.\n",
        command_doctor, 0, ""},
    {"rehearse", "outage pam-dir ", "what libpam makes of pam_c2m's answers in a PAM service",
        "  rehearse [SERVICE ...]   without a name: all that ask pam_c2m\n"
        "  --outage        only who still gets in while the API or the helper is down\n"
        "  --pam-dir DIR   look for stacks there first: try one before it is installed\n"
        "Nobody is asked, no module runs. Exit status 78 when a stack cannot be read.\n",
        command_rehearse, WORDS_MAX, "<services>"},
    {"completion", "", "the completion of bash, zsh or fish for this program", "  completion bash|zsh|fish\n",
        command_completion, 1, "bash zsh fish"},
    {"version", "", "the version of this program", "", command_version, 0, ""},
    {.name = NULL},
};
