/* The start-up order: read, listen as root, drop, open the state, close the sandbox, say READY, serve. */
#include "base/clock.h"
#include "base/http.h"
#include "base/log.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "background.h"
#include "daemon.h"
#include "options.h"
#include "ready.h"
#include "secret_groups.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_CONFIGURATION = 78, EXIT_UNAVAILABLE = 69, DESCRIPTORS = 65536 };

/*
 * A path that it names is the file's: no terminal gets more of it than printable ASCII. c2m_printable is for a value: it would
 * cut the sentence, and escape once more what config.c has escaped.
 */
static void print_error(const char *sentence)
{
    char shown[2 * CONFIG_PATH_SIZE + 512];
    snprintf(shown, sizeof shown, "%s", sentence);
    for (char *c = shown; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    fprintf(stderr, "%s\n", shown);
}

/* At a start by hand there is somebody who reads. */
static void report_error(void *argument, const char *sentence)
{
    const struct options *options = argument;
    if (options->check || !options->foreground)
        print_error(sentence);
    if (!options->check)
        log_message(
            strncmp(sentence, "warning: ", 9) == 0 ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "%s", sentence);
}

/* NULL when the configuration, or a file that it names, is wrong: every error was reported. */
static struct rules *read_rules(struct options *options)
{
    struct config *config = calloc(1, sizeof *config);
    struct rules *rules = NULL;
    int errors = config ? config_load(options->config, config, report_error, options) : -ENOMEM;
    if (errors >= 0)
        rules_new(config, report_error, options, &rules);
    if (errors >= 0 && options->check)
        secret_groups_check(config, options->user, report_error, options);
    free(config);
    if (errors == 0)
        return rules;
    rules_free(rules);
    return NULL;
}

/* Descriptors 0 to 2 must be something, or a database would get one of them. */
static int settle_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= 2);
    if (fd > 2)
        close(fd);
    struct rlimit limit = {.rlim_cur = 0};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < DESCRIPTORS) {
        limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    /* A peer that went and a file that may not grow are errors of one write, and not the helper's end. */
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR ? -errno : 0;
}

/* The state folder is the helper's own: made by root before the drop, never followed if it is a link. */
static int make_state_dir(const char *path, uid_t uid, gid_t gid)
{
    struct stat status;
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return -errno;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int r = fstat(fd, &status) < 0 ? -errno : 0;
    if (r == 0 && status.st_uid == 0 && (fchown(fd, uid, gid) < 0 || fchmod(fd, 0700) < 0))
        r = -errno;
    if (r == 0 && status.st_uid != 0 && status.st_uid != uid)
        r = -EPERM;
    close(fd);
    return r;
}

/* Everything that needs root. Not root: a service manager gave the sockets and the user. */
static int as_root(const struct options *options, bool keep_kill, struct server_sockets *sockets)
{
    int r = server_listen(options->runtime_dir, sockets);
    if (r < 0) {
        log_message(LOG_LEVEL_ERROR, "%s: %s", options->runtime_dir,
            r == -EADDRINUSE ? "another c2m-authd answers there"
            : r == -EPERM    ? "must be root's, and writable by root alone"
                             : log_errno(r));
        return r;
    }
    if (geteuid() != 0)
        return sandbox_drop(geteuid(), getegid(),
            keep_kill); /* a service manager's user: nothing to become, capabilities to lose */
    errno = 0;
    const struct passwd *user = getpwnam(options->user); /* the only question to NSS */
    if (!user || user->pw_uid == 0) {
        log_message(LOG_LEVEL_ERROR,
            "--user %s: %s: useradd --system --no-create-home --shell /usr/sbin/nologin %s", options->user,
            user ? "must not be root" : "no such user", options->user);
        return -EINVAL;
    }
    uid_t uid = user->pw_uid;
    gid_t gid = user->pw_gid;
    r = make_state_dir(options->state_dir, uid, gid);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "%s: %s", options->state_dir,
            r == -EPERM ? "belongs to another user" : log_errno(r));
    return r < 0 ? r : sandbox_drop(uid, gid, keep_kill);
}

/* A file is replaced by renaming another over it: what stays the same is its folder. */
static const char *folder_of(const char *file, char *out, size_t size)
{
    const char *slash = strrchr(file, '/');
    if (!slash || slash == file)
        return "/etc";
    snprintf(out, size, "%.*s", (int)(slash - file), file);
    return out;
}

/* The API's, its proxy's and the keys', and a name server's for what is too long for UDP. An empty URL has none. */
static void ports_of(const struct config *config, uint16_t ports[5])
{
    enum { DNS = 53, HTTPS = 443, PROXY = 1080 /* libcurl's */ };
    uint16_t proxy = strncmp(config->api_proxy, "https:", 6) == 0 ? HTTPS : PROXY;
    uint16_t found[] = {DNS, http_port(config->api_url, HTTPS), http_port(config->jwks, HTTPS),
        http_port(config->api_proxy, proxy)};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        if (found[i])
            *ports++ = found[i];
    }
    *ports = 0;
}

static int close_sandbox(const struct options *options, const struct config *config)
{
    const char *files[] = {config->file, config->users, config->key, config->secret, config->seal_key,
        config->api_ca, config->client_secrets, config->host_key};
    enum { FILES = sizeof files / sizeof files[0], FIXED = 9 };
    char folders[FILES][CONFIG_PATH_SIZE];
    const char *read_only[FIXED + FILES + 1] = {"/etc", "/usr/share", "/usr/lib", "/lib", "/proc",
        "/dev/null", "/dev/urandom", "/run/systemd/resolve", "/run/nscd"};
    for (size_t i = 0; i < FILES; i++)
        read_only[FIXED + i] = folder_of(files[i], folders[i], sizeof folders[i]);
    const char *read_write[] = {options->state_dir, NULL};
    uint16_t ports[5];
    ports_of(config, ports);
    const struct sandbox_paths paths = {.read_only = read_only,
        .read_write = read_write,
        .ports = ports,
        .signals = config->on_expiry_hangup != 0};
    int landlock = 0, r = sandbox_enter(&paths, &landlock);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "sandbox: %s", log_errno(r));
    else
        log_message(LOG_LEVEL_INFO, "sandbox: seccomp, Landlock ABI %d", landlock);
    return r;
}

static int serve(const struct options *options, struct rules *rules)
{
    struct server_sockets sockets;
    struct daemon *daemon = NULL;
    const struct config *config =
        &rules->config; /* the daemon's from daemon_new on; read before a reload only */
    int r = as_root(options, config->on_expiry_hangup != 0, &sockets);
    if (r == 0)
        r = sandbox_no_dump();
    if (r == 0)
        r = process_open("/proc");
    if (r < 0) {
        log_message(LOG_LEVEL_ERROR, "cannot start: %s", log_errno(r));
        rules_free(rules);
        return r;
    }
    r = daemon_new(rules, options->state_dir, options->adopt, &daemon);
    if (r == 0)
        r = daemon_open(daemon, &sockets);
    if (r == 0)
        r = close_sandbox(options, config);
    if (r == 0) {
        log_message(LOG_LEVEL_NOTICE, "c2m-authd %s is ready", C2M_HELPER_VERSION);
        ready_tell("READY=1");
        background_ready();
        r = daemon_run(daemon);
    }
    daemon_free(daemon);
    return r;
}

/* A service manager wants the process that it started. */
static bool goes_to_background(const struct options *options)
{
    return !options->foreground && !getenv("NOTIFY_SOCKET") && !getenv("LISTEN_PID");
}

int main(int argc, char **argv)
{
    struct options options;
    /* first: nothing that is opened later may be taken for a standard stream */
    if (settle_descriptors() < 0)
        return EXIT_UNAVAILABLE;
    int done = options_read(argc, argv, &options);
    if (done >= 0)
        return done;
    if (!options.check)
        log_open(options.foreground ? LOG_SINK_STDERR : LOG_SINK_SYSLOG, options.debug);
    struct rules *rules = read_rules(&options);
    if (!rules)
        return EXIT_CONFIGURATION;
    if (options.check) {
        printf("%s: ok\n", options.config);
        rules_free(rules);
        return 0;
    }
    if (goes_to_background(&options) && background_begin() < 0) {
        rules_free(rules);
        return EXIT_UNAVAILABLE;
    }
    return serve(&options, rules) < 0 ? EXIT_UNAVAILABLE : 0;
}
