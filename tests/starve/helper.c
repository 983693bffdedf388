// link: tests/starve/trap.c
/*
 * Preloaded into the helper, or into the program that C2M_STARVE_IN names: its system calls and allocations fail when the
 * file that C2M_STARVE names says so, which holds a struct orders. The helper's own free and realloc stay what they are:
 * they call malloc and __libc_free, which are those below. So each block is counted when it comes and when it goes.
 */
#include "orders.h"
#include "trap.h"

#include <dlfcn.h>
#include <errno.h>
#include <event2/event.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static volatile struct orders *orders;
static void (*libc_free)(void *memory);

enum { PAGE = 4096, RESERVE = 16384 }; /* of SQLite's cache; MEMORY_RESERVE of its ledger */

/* SQLite's page cache grows to 2 MB, by what happened to be read and written. */
static bool is_page(void *memory)
{
    size_t size = malloc_usable_size(memory);
    return size > PAGE + 128 && size < PAGE + 512;
}

static void *counted(void *memory)
{
    if (memory && orders && !is_page(memory))
        __atomic_add_fetch(&orders->blocks, 1, __ATOMIC_RELAXED);
    return memory;
}

static void *reserve;
static size_t given_back;

/* The reserve that it gave back is there for it, though all else fails. */
static bool was_given_back(size_t size)
{
    if (given_back < size)
        return false;
    given_back -= size;
    return true;
}

/* libcurl has a thread that looks up names. */
static bool fails(size_t size)
{
    if (!orders)
        return false;
    long count = __atomic_add_fetch(&orders->allocations, 1, __ATOMIC_RELAXED), nth = orders->nth_allocation;
    if (nth == 0 || count < nth || count - nth >= orders->failing || was_given_back(size))
        return false;
    errno = ENOMEM;
    return true;
}

SHOWN void *malloc(size_t size)
{
    void *memory = fails(size) ? NULL : counted(__libc_malloc(size));
    if (size == RESERVE)
        reserve = memory;
    return memory;
}

SHOWN void *calloc(size_t items, size_t size)
{
    return fails(items * size) ? NULL : counted(__libc_calloc(items, size));
}

SHOWN void *realloc(void *memory, size_t size)
{
    return fails(size) ? NULL : __libc_realloc(memory, size);
}

SHOWN void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(size) ? NULL : counted(__libc_memalign(alignment, size));
}

SHOWN int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = fails(size) ? NULL : counted(__libc_memalign(alignment, size));
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}

/* Of what is freed before libc's is known nothing is given back: some blocks of the loader's. */
SHOWN void __libc_free(void *memory)
{
    if (memory && orders && !is_page(memory))
        __atomic_sub_fetch(&orders->blocks, 1, __ATOMIC_RELAXED);
    if (memory && memory == reserve) {
        reserve = NULL;
        given_back = RESERVE;
    }
    if (libc_free)
        libc_free(memory);
}

static void *tls_malloc(size_t size, const char *file, int line)
{
    void *memory = malloc(size);
    (void)file, (void)line;
    if (memory && orders && !is_page(memory))
        __atomic_add_fetch(&orders->of_openssl, 1, __ATOMIC_RELAXED);
    return memory;
}

static void tls_free(void *memory, const char *file, int line)
{
    (void)file, (void)line;
    if (memory && orders && !is_page(memory))
        __atomic_sub_fetch(&orders->of_openssl, 1, __ATOMIC_RELAXED);
    free(memory);
}

static void *tls_realloc(void *memory, size_t size, const char *file, int line)
{
    if (!memory)
        return tls_malloc(size, file, line);
    if (size > 0)
        return realloc(memory, size);
    tls_free(memory, file, line);
    return NULL;
}

/* What OpenSSL holds depends on how each connection came about, and is counted for itself too. */
static bool count_openssl(void)
{
    int (*set)(void *(*)(size_t, const char *, int), void *(*)(void *, size_t, const char *, int),
        void (*)(void *, const char *, int));
    *(void **)&set = dlsym(RTLD_DEFAULT, "CRYPTO_set_mem_functions");
    return set && set(tls_malloc, tls_realloc, tls_free) == 1;
}

/*
 * libevent keeps a block for each number of a descriptor that it ever watched, until it ends. How many stood open at once
 * is chance: each login whose answer was lost is watched until it is given up, each revocation has a connection.
 */
SHOWN int event_add(struct event *event, const struct timeval *timeout)
{
    static bool watched[1024];
    int (*add)(struct event *, const struct timeval *);
    int (*get_fd)(const struct event *);
    short (*get_events)(const struct event *);
    *(void **)&add = dlsym(RTLD_NEXT, "event_add");
    *(void **)&get_fd = dlsym(RTLD_NEXT, "event_get_fd");
    *(void **)&get_events = dlsym(RTLD_NEXT, "event_get_events");
    int error = add(event, timeout), fd = get_fd(event);
    if (error == 0 && orders && get_events(event) & (EV_READ | EV_WRITE) && fd >= 0 && fd < 1024 &&
        !watched[fd]) {
        watched[fd] = true;
        orders->watched++;
    }
    return error;
}

/* libevent's handler lets no signal in between, and its own call would be trapped. */
SHOWN int sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    int (*libc_sigaction)(int, const struct sigaction *, struct sigaction *);
    *(void **)&libc_sigaction = dlsym(RTLD_NEXT, "sigaction");
    struct sigaction changed = action ? *action : (struct sigaction){.sa_flags = 0};
    sigdelset(&changed.sa_mask, SIGSYS);
    return libc_sigaction(number, action ? &changed : NULL, before);
}

static const char *file_of(const Dl_info *object)
{
    const char *slash = strrchr(object->dli_fname, '/');
    return slash ? slash + 1 : object->dli_fname;
}

/* In front of what is told already there is room for a blank. */
static void tell(const char *word)
{
    size_t end = 0;
    while (orders->crashed_in[end])
        end++;
    if (end > 0)
        orders->crashed_in[end++] = ' ';
    for (; end + 1 < sizeof orders->crashed_in && *word; word++)
        orders->crashed_in[end++] = *word;
}

/*
 * libc is where a library's mistake shows: whose it is says the first frame that is not its. By which function it was
 * entered says its last frame with a name before somebody else's.
 */
static void on_crash(int signal)
{
    void *frames[64];
    int count = backtrace(frames, 64);
    const char *file = NULL, *function = "?";
    (void)signal; /* which is the default's from here on, and comes again when this returns */
    if (orders->crashed_in[0])
        return;
    backtrace_symbols_fd(frames, count, STDERR_FILENO); /* into its log */
    for (int i = 0; i < count; i++) {
        Dl_info object;
        /* an address of return, which behind a call of abort is another function's */
        if (!dladdr((const char *)frames[i] - 1, &object))
            continue;
        const char *name = file_of(&object);
        if (!file && (strstr(name, "libc.so") || strcmp(name, "helper.so") == 0))
            continue;
        if (file && strcmp(file, name) != 0)
            break;
        file = name;
        function = object.dli_sname ? object.dli_sname : function;
    }
    tell(file ? file : "?");
    tell(function);
}

static void watch_crashes(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    void *frame;
    backtrace(&frame, 1); /* its first call loads a library */
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(
            signals[i], &(struct sigaction){.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND}, NULL);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("C2M_STARVE"), *wanted = getenv("C2M_STARVE_IN");
    if (!path || strcmp(program_invocation_short_name, wanted ? wanted : "c2m-authd") != 0)
        return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct orders *shared = mmap(NULL, ORDERS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    watch_crashes();
    if (shared == MAP_FAILED || (!wanted && !count_openssl()) || !(wanted ? trap_begin_here() : trap_begin()))
        _exit(77);
    *(void **)&libc_free = dlsym(RTLD_NEXT, "__libc_free");
    shared->blocks = shared->of_openssl = shared->watched = 0;
    orders = shared;
    trap_share((volatile long *)shared);
}
