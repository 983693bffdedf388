/* What a database of ours is: whose files, which settings, which version of the tables. */
#include "base/store_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x43324d41 /* "C2MA" */, SYNCHRONOUS_FULL = 2 };

static const char file_name[] = "state.db";

/*
 * EXCLUSIVE, set before WAL is first used: no shared memory file, no lock to take at each commit, and nobody
 * with an SQLite of his own can block a commit or a checkpoint. The write-ahead log is emptied by the daemon's
 * timer, and begins again at its start when a turn has filled its room.
 */
static const char settings[] =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
    "secure_delete=ON;"
    "PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA cell_size_check=ON;";

/* What could silently not hold is read back. */
static const struct {
    const char *sql;
    int64_t value;
    int error;
} held[] = {
    {"SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1, -EIO},
    {"SELECT locking_mode = 'exclusive' FROM pragma_locking_mode", 1, -EIO},
    {"PRAGMA synchronous", SYNCHRONOUS_FULL, -EIO},
    {"PRAGMA secure_delete", 1, -EIO},
    {"SELECT quick_check = 'ok' FROM pragma_quick_check LIMIT 1", 1, -EUCLEAN},
};

static int set_up(struct store *store)
{
    int error = store_run(store, settings);
    for (size_t i = 0; error == 0 && i < sizeof held / sizeof held[0]; i++) {
        int64_t value = 0;
        error = store_query(store, held[i].sql, &value);
        if (error == 0 && value != held[i].value)
            error = held[i].error;
    }
    return error;
}

/* All steps to VERSION, or none. */
static int update(struct store *store, const char *const *steps, int from, int version)
{
    char stamp[96];
    snprintf(stamp, sizeof stamp, "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;", APPLICATION_ID,
        version);
    int error = store_run(store, "BEGIN IMMEDIATE");
    for (int i = from; error == 0 && i < version; i++)
        error = store_run(store, steps[i]);
    if (error == 0)
        error = store_run(store, stamp);
    if (error != 0)
        store_run(store, "ROLLBACK");
    return error;
}

/* A newer program's state is not ours to touch. */
static int check_version(struct store *store, const char *const *steps, int version)
{
    int64_t application = 0, found = 0, tables = 0;
    int error = store_query(store, "PRAGMA application_id", &application);
    if (error == 0)
        error = store_query(store, "PRAGMA user_version", &found);
    if (error == 0)
        error = store_query(store, "SELECT count(*) FROM sqlite_master", &tables);
    if (error != 0)
        return error;
    bool new = application == 0 && found == 0 && tables == 0;
    if (!new && (application != APPLICATION_ID || found < 1))
        return -EUCLEAN;
    if (found > version)
        return -EPROTO;
    return found == version ? 0 : update(store, steps, (int)found, version);
}

/* The write-ahead log holds committed rows: another's would be read as ours. */
static int check_files(const struct state_dir *directory)
{
    static const char *const beside[] = {"state.db-wal", "state.db-shm", "state.db-journal"};
    int error = state_dir_file(directory, file_name, true);
    for (size_t i = 0; error == 0 && i < sizeof beside / sizeof beside[0]; i++) {
        error = state_dir_file(directory, beside[i], false);
        if (error == -ENOENT)
            error = 0;
    }
    return error;
}

int store_set_aside(const char *directory, const char *why, char out[64])
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    CLEANUP(state_dir_close) struct state_dir state = {-1, -1};
    char from[32], to[80];
    int error = state_dir_open(directory, &state);
    if (error != 0)
        return error;
    snprintf(out, 64, "%s.%s-%lld", file_name, why, (long long)clock_wall());
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(from, sizeof from, "%s%s", file_name, endings[i]);
        snprintf(to, sizeof to, "%s%s", out, endings[i]);
        if (renameat(state.fd, from, state.fd, to) != 0 && errno != ENOENT)
            return -errno;
    }
    return fsync(state.fd) != 0 ? -errno : 0;
}

static void close_store(struct store **store)
{
    store_close(*store);
}

/*
 * A damaged first page makes SQLite say anything, that the file cannot be written or not be opened: so what never changes
 * of it is looked at before. While a journal is there the page may be half made, and SQLite takes it back.
 */
static int check_header(const struct state_dir *directory)
{
    static const char magic[16] = "SQLite format 3";
    uint8_t header[100];
    CLEANUP_CLOSE int fd = state_dir_open_file(directory, file_name, false);
    ssize_t length = fd < 0 ? 0 : pread(fd, header, sizeof header, 0);
    if (length <= 0 || faccessat(directory->fd, "state.db-journal", F_OK, 0) == 0)
        return 0;
    bool sound = length == sizeof header && memcmp(header, magic, sizeof magic) == 0 && header[16] == 0x10 &&
                 header[17] == 0 && header[18] == header[19] && (header[18] == 1 || header[18] == 2) &&
                 header[20] == 0 && header[21] == 64 && header[22] == 32 && header[23] == 32;
    return sound ? 0 : -EUCLEAN;
}

static int new_store(const char *directory, const char *name, struct store **out, char **file)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return -ENOMEM;
    store->directory = (struct state_dir){-1, -1};
    STAILQ_INIT(&store->waiting);
    STAILQ_INIT(&store->telling);
    STAILQ_INIT(&store->next_turn);
    *out = store;
    if (asprintf(file, "%s/%s", directory, name) < 0) {
        *file = NULL; /* asprintf(3): undefined */
        return -ENOMEM;
    }
    return 0;
}

int store_open_aside(const struct store *beside, const char *directory, const char *name, struct store **out)
{
    CLEANUP(close_store) struct store *store = NULL;
    CLEANUP_FREE char *file = NULL;
    int error = new_store(directory, name, &store, &file);
    if (error == 0)
        error = state_dir_file(&beside->directory, name, false);
    if (error == 0)
        error = store_connect(store, file);
    if (error == 0) /* exclusive: else its log needs shared memory */
        error =
            store_run(store, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA query_only=ON; PRAGMA cell_size_check=ON;"
                             "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048");
    if (error == 0)
        *out = STEAL(store);
    return error;
}

int store_open(const char *directory, const char *const *steps, int version, struct store **out)
{
    CLEANUP(close_store) struct store *store = NULL;
    CLEANUP_FREE char *file = NULL;
    int error = new_store(directory, file_name, &store, &file);
    if (error == 0)
        error = state_dir_open(directory, &store->directory);
    if (error == 0)
        error = check_files(&store->directory);
    if (error == 0)
        error = check_header(&store->directory);
    if (error == 0)
        error = store_connect(store, file);
    if (error == 0)
        error = set_up(store);
    if (error == 0)
        error = check_version(store, steps, version);
    if (error == 0)
        error = store_learn_words(store);
    if (error == 0)
        store_room(store); /* without it nothing is granted; what is there goes on */
    if (error == 0)
        store->log_empty = store_disk_lay_out_log(store);
    if (error == 0)
        *out = STEAL(store);
    return error;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    store_forget_all(store);
    if (store->open)
        store_run(store, "ROLLBACK");
    store_disconnect(store);
    state_dir_close(&store->directory); /* last: the next process may come now */
    free(store);
}
