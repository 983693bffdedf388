/* The command line: see options.h. */
#include "options.h"

#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: c2m-standin --listen 127.0.0.1:PORT --dir DIR [option ...]\n"
    "       c2m-standin --ask DIR 'LINE' [--field NAME]\n"
    "\n"
    "A C2M API server for tests and the demo: HTTPS, stateful, able to misbehave on demand.\n"
    "It says `listening on https://...` when it is ready; port 0 lets the kernel choose.\n"
    "\n"
    "  --listen 127.0.0.1:PORT   where to listen\n"
    "  --dir DIR            holds ca.pem, verify-key.pem or hs256.secret, jwks.json, url, control\n"
    "  --clients FILE       the clients, as JSON; alice, bob, carol and host without it\n"
    "  --alg ALG            signs short tokens: RS256 (default), ES256 or HS256\n"
    "  --success STATUS     answers to an issued token: 201 (default) or 200\n"
    "  --short-ttl SECONDS  life of a short token (default 900)\n"
    "  --issuer NAME        claim iss (default c2m-api)\n"
    "\n"
    "  --ask DIR LINE       sends one line to DIR/control, prints the answer; exit 0 if it says ok\n"
    "  --field NAME         prints only this member: a dotted path, an array's index as a number\n";

static const struct option long_options[] = {
    {"listen", required_argument, NULL, 'l'},
    {"dir", required_argument, NULL, 'd'},
    {"clients", required_argument, NULL, 'c'},
    {"alg", required_argument, NULL, 'a'},
    {"success", required_argument, NULL, 's'},
    {"short-ttl", required_argument, NULL, 't'},
    {"issuer", required_argument, NULL, 'i'},
    {"ask", required_argument, NULL, 'q'},
    {"field", required_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int read_number(const char *text, long lowest, long highest, long *out)
{
    char *end = NULL;
    *out = strtol(text, &end, 10);
    return end == text || *end != '\0' || *out < lowest || *out > highest ? -1 : 0;
}

static int read_address(struct options *options, const char *text)
{
    const char *colon = strrchr(text, ':');
    long port = 0;
    struct in_addr loopback;
    if (options->address[0] != '\0' || colon == NULL || (size_t)(colon - text) >= sizeof options->address ||
        read_number(colon + 1, 0, 65535, &port) != 0)
        return -1;
    memcpy(options->address, text, (size_t)(colon - text));
    options->address[colon - text] = '\0';
    options->port = (uint16_t)port;
    /* a stand-in mints tokens for whoever reaches it */
    return inet_pton(AF_INET, options->address, &loopback) == 1 && ntohl(loopback.s_addr) >> 24 == 127 ? 0
                                                                                                       : -1;
}

static int read_option(struct options *options, int letter, char *value)
{
    long number = 0;
    switch (letter) {
    case 'l':
        return read_address(options, value);
    case 'd':
    case 'q':
        options->directory = value;
        options->ask = letter == 'q' ? "" : options->ask;
        return 0;
    case 'c':
        options->clients = value;
        return 0;
    case 'a':
        options->algorithm = value;
        return strcmp(value, "RS256") != 0 && strcmp(value, "ES256") != 0 && strcmp(value, "HS256") != 0;
    case 's':
        options->success = strcmp(value, "200") == 0 ? 200 : 201;
        return strcmp(value, "200") != 0 && strcmp(value, "201") != 0;
    case 't':
        if (read_number(value, 1, INT32_MAX, &number) != 0)
            return -1;
        options->short_ttl = number;
        return 0;
    case 'i':
        options->issuer = value;
        return 0;
    case 'f':
        options->field = value;
        return 0;
    default:
        return -1;
    }
}

static int complete(const struct options *options, int words_left)
{
    if (options->ask != NULL)
        return words_left == 1 ? 0 : -1;
    return options->directory != NULL && options->address[0] != '\0' && words_left == 0 ? 0 : -1;
}

int options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.algorithm = "RS256", .issuer = "c2m-api", .success = 201, .short_ttl = 900};
    int letter = 0, at = -1;
    while ((letter = getopt_long(argc, argv, "h", long_options, &at)) != -1) {
        if (letter == 'h') {
            fputs(usage, stdout);
            return 1;
        }
        if (letter == '?')
            return -1;
        if (read_option(options, letter, optarg) != 0) {
            warnx("--%s: %s is not a value for it", long_options[at].name, optarg);
            return -1;
        }
    }
    if (complete(options, argc - optind) != 0) {
        fputs(usage, stderr);
        return -1;
    }
    if (options->ask != NULL)
        options->ask = argv[optind];
    return 0;
}
