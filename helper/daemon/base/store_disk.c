/*
 * What SQLite writes through: its default VFS, but that a write for which there is no room is tried again when the reserve
 * made some, so the commit of a logout does not fail at all. A file is the default's own, with its methods copied, of which
 * one is ours.
 */
#include "base/store_internal.h"

#include <sqlite3.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct store_disk {
    sqlite3_vfs vfs, *real;
    struct store *store;
    char name[32];
    struct disk_methods {
        sqlite3_io_methods methods; /* first: what a file points to */
        const sqlite3_io_methods *real;
        struct store_disk *disk;
    } kinds[4]; /* the database has others than its log */
};

static int write_file(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    const struct disk_methods *kind = (const struct disk_methods *)file->pMethods;
    int code;
    kind->disk->store->log_empty = false; /* also when it is rolled back, or the database that is written */
    do {
        errno = 0;
        code = kind->real->xWrite(file, bytes, length, offset);
    } while ((code == SQLITE_FULL || (code != SQLITE_OK && errno == EDQUOT)) &&
             store_make_room(kind->disk->store));
    return code;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct store_disk *disk = vfs->pAppData;
    int code = disk->real->xOpen(disk->real, name, file, flags, out_flags);
    for (size_t i = 0; file->pMethods && i < sizeof disk->kinds / sizeof disk->kinds[0]; i++) {
        struct disk_methods *kind = &disk->kinds[i];
        if (kind->real && kind->real != file->pMethods)
            continue;
        *kind = (struct disk_methods){.methods = *file->pMethods, .real = file->pMethods, .disk = disk};
        kind->methods.xWrite = write_file;
        file->pMethods = &kind->methods;
        break;
    }
    return code;
}

int store_disk_new(struct store *store)
{
    struct store_disk *disk = calloc(1, sizeof *disk);
    if (!disk)
        return -ENOMEM;
    store->disk = disk;
    disk->store = store;
    disk->real = sqlite3_vfs_find(NULL);
    disk->vfs = *disk->real;
    snprintf(disk->name, sizeof disk->name, "store-%p", (void *)store);
    disk->vfs.zName = disk->name;
    disk->vfs.pAppData = disk;
    disk->vfs.xOpen = open_file;
    return sqlite3_vfs_register(&disk->vfs, 0) == SQLITE_OK ? 0 : -ENOMEM;
}

void store_disk_free(struct store_disk *disk)
{
    if (disk)
        sqlite3_vfs_unregister(&disk->vfs);
    free(disk);
}

const char *store_disk_name(const struct store_disk *disk)
{
    return disk->name;
}

static const sqlite3_io_methods *real_methods(const struct store_disk *disk, const sqlite3_file *file)
{
    for (size_t i = 0; i < sizeof disk->kinds / sizeof disk->kinds[0]; i++)
        if (file->pMethods == &disk->kinds[i].methods)
            return disk->kinds[i].real;
    return file->pMethods;
}

/*
 * By the real methods: room that is only convenient does not take from the reserve. Synced before as well: zeros in a log
 * that a power cut brings back uncut would leave it an end amid frames that the database has long had, and go back to it.
 */
static int fill(const sqlite3_io_methods *real, sqlite3_file *file)
{
    static const char zeros[64 * 1024];
    int code = real->xSync(file, SQLITE_SYNC_FULL);
    for (sqlite3_int64 at = 0; code == SQLITE_OK && at < STORE_LOG_ROOM; at += (sqlite3_int64)sizeof zeros)
        code = real->xWrite(file, zeros, sizeof zeros, at);
    return code == SQLITE_OK ? real->xSync(file, SQLITE_SYNC_FULL) : code;
}

bool store_disk_lay_out_log(struct store *store)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 1;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (!file || !file->pMethods)
        return false;
    const sqlite3_io_methods *real = real_methods(store->disk, file);
    if (real->xFileSize(file, &size) != SQLITE_OK || size != 0)
        return false;
    if (fill(real, file) != SQLITE_OK)
        real->xTruncate(file, 0); /* slower, not wrong */
    return true;
}
