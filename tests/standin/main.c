/* c2m-standin: the order of starting and ending, and the loop between them.
 *
 * One thread: the network, the control socket and signals take turns, so that nothing is shared and a command
 * takes effect between two requests, never within one. */
#include "ask.h"
#include "control.h"
#include "options.h"
#include "server.h"
#include "service.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* The signals that end the program arrive as a readable descriptor. */
static int open_signals(void)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &ending, NULL) != 0)
        return -1;
    return signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Hundreds of connections at once need more descriptors than the usual soft limit. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int make_directory(const char *path)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST) {
        warn("cannot make %s", path);
        return -1;
    }
    return 0;
}

static void run(struct standin *standin, struct control *control, int signals)
{
    while (!standin->quit) {
        struct pollfd watched[] = {
            {.fd = signals, .events = POLLIN},
            {.fd = control_descriptor(control), .events = POLLIN},
            {.fd = server_descriptor(standin->server), .events = POLLIN},
        };
        if (poll(watched, 3, server_timeout_ms(standin->server)) < 0 && errno != EINTR)
            err(1, "poll");
        if (watched[0].revents != 0)
            return;
        if (watched[1].revents != 0)
            control_turn(control);
        server_turn(standin->server);
    }
}

static int serve(const struct options *options, struct service *service)
{
    int signals = open_signals();
    if (signals < 0) {
        warn("cannot wait for signals");
        return 1;
    }
    struct standin standin = {.service = service};
    struct control *control = control_new(&standin, options->directory);
    standin.server = control == NULL ? NULL : server_new(service, options);
    if (standin.server != NULL) {
        printf("listening on %s\n", service->url);
        fflush(stdout);
        run(&standin, control, signals);
        server_free(standin.server);
    }
    if (control != NULL)
        control_free(control);
    close(signals);
    return standin.server != NULL ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options options;
    struct service service;
    int read = options_read(&options, argc, argv);
    if (read != 0)
        return read > 0 ? 0 : 2;
    if (options.ask != NULL)
        return ask(options.directory, options.ask, options.field);
    raise_descriptors();
    if (make_directory(options.directory) != 0)
        return 1;
    int status = service_init(&service, &options) == 0 ? serve(&options, &service) : 1;
    service_deinit(&service);
    return status;
}
