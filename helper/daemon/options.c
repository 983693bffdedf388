#include "options.h"

#include "c2m/wire.h"

#include <getopt.h>
#include <stdio.h>

enum { EXIT_USAGE = 64 };

static const char usage[] =
    "usage: c2m-authd [--config FILE] [--state-dir DIR] [--runtime-dir DIR] [--user NAME]\n"
    "                 [--foreground] [--adopt] [--check] [--debug] [--help] [--version]\n"
    "  --config FILE      the configuration             /etc/c2m/authd.conf\n"
    "  --state-dir DIR    sessions and revocations      /var/lib/c2m\n"
    "  --runtime-dir DIR  the sockets                   " C2M_RUNTIME_DIR "\n"
    "  --user NAME        whom to become, from root     c2m-authd\n"
    "  --foreground       stay here, and log to standard error instead of syslog\n"
    "  --adopt            take the state over though it is another machine's\n"
    "  --check            read the configuration and what it names, say what is wrong, exit 0 or 78\n"
    "  --debug            log also what is not ours to judge\n";

int options_read(int argc, char **argv, struct options *out)
{
    static const struct option names[] = {
        {"config", required_argument, NULL, 'c'},
        {"state-dir", required_argument, NULL, 's'},
        {"runtime-dir", required_argument, NULL, 'r'},
        {"user", required_argument, NULL, 'u'},
        {"foreground", no_argument, NULL, 'f'},
        {"adopt", no_argument, NULL, 'a'},
        {"check", no_argument, NULL, 'k'},
        {"debug", no_argument, NULL, 'd'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };
    *out = (struct options){.config = "/etc/c2m/authd.conf",
        .state_dir = "/var/lib/c2m",
        .runtime_dir = C2M_RUNTIME_DIR,
        .user = "c2m-authd"};
    for (int letter; (letter = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (letter) {
        case 'c':
            out->config = optarg;
            break;
        case 's':
            out->state_dir = optarg;
            break;
        case 'r':
            out->runtime_dir = optarg;
            break;
        case 'u':
            out->user = optarg;
            break;
        case 'f':
            out->foreground = true;
            break;
        case 'a':
            out->adopt = true;
            break;
        case 'k':
            out->check = true;
            break;
        case 'd':
            out->debug = true;
            break;
        case 'h':
            fputs(usage, stdout);
            return 0;
        case 'v':
            puts("c2m-authd " C2M_HELPER_VERSION);
            return 0;
        default:
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    if (optind == argc)
        return -1;
    fputs(usage, stderr);
    return EXIT_USAGE;
}
