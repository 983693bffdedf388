/* See made_vfs.h. Methods of version 1: what is locked exclusively needs no shared memory, and nothing is mapped. */
#include "made_vfs.h"

#include <sqlite3.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct made_file {
    sqlite3_file base;
    enum made_vfs_file name;
    sqlite3_file *real; /* lies behind this */
};

static sqlite3_vfs vfs, *real_vfs;
static made_vfs_fn told;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct made_file *)file)->real;
}

static int error_of(enum made_vfs_kind kind, int error)
{
    static const int codes[] = {[MADE_READ] = SQLITE_IOERR_READ,
        [MADE_WRITE] = SQLITE_IOERR_WRITE,
        [MADE_TRUNCATE] = SQLITE_IOERR_TRUNCATE,
        [MADE_SYNC] = SQLITE_IOERR_FSYNC,
        [MADE_DELETE] = SQLITE_IOERR_DELETE};
    errno = error;
    return error == ENOSPC && kind == MADE_WRITE ? SQLITE_FULL : codes[kind];
}

static int tell(const struct made_vfs_event *event)
{
    int error = told ? told(event) : 0;
    return error ? error_of(event->kind, error) : SQLITE_OK;
}

static int close_file(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int read_file(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    const struct made_vfs_event event = {
        MADE_READ, ((struct made_file *)file)->name, offset, (size_t)length, NULL};
    int code = tell(&event);
    return code ? code : real_of(file)->pMethods->xRead(real_of(file), bytes, length, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    const struct made_vfs_event event = {
        MADE_WRITE, ((struct made_file *)file)->name, offset, (size_t)length, bytes};
    int code = tell(&event);
    return code ? code : real_of(file)->pMethods->xWrite(real_of(file), bytes, length, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    const struct made_vfs_event event = {MADE_TRUNCATE, ((struct made_file *)file)->name, size, 0, NULL};
    int code = tell(&event);
    return code ? code : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    const struct made_vfs_event event = {MADE_SYNC, ((struct made_file *)file)->name, 0, 0, NULL};
    (void)flags;
    return tell(&event);
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int lock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int is_reserved(sqlite3_file *file, int *result)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}

static int control_file(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static enum made_vfs_file name_of(const char *path)
{
    static const char *const ends[] = {"state.db", "state.db-wal", "state.db-journal"};
    const char *name = path ? strrchr(path, '/') : NULL;
    for (unsigned i = 0; name && i < sizeof ends / sizeof ends[0]; i++)
        if (strcmp(name + 1, ends[i]) == 0)
            return (enum made_vfs_file)i;
    return MADE_OTHER;
}

static int open_file(sqlite3_vfs *self, sqlite3_filename path, sqlite3_file *file, int flags, int *out_flags)
{
    static const sqlite3_io_methods methods = {
        .iVersion = 1,
        .xClose = close_file,
        .xRead = read_file,
        .xWrite = write_file,
        .xTruncate = truncate_file,
        .xSync = sync_file,
        .xFileSize = size_of_file,
        .xLock = lock_file,
        .xUnlock = unlock_file,
        .xCheckReservedLock = is_reserved,
        .xFileControl = control_file,
        .xSectorSize = sector_size,
        .xDeviceCharacteristics = characteristics,
    };
    struct made_file *made = (struct made_file *)file;
    (void)self;
    made->name = name_of(path);
    made->real = (sqlite3_file *)(made + 1);
    int code = real_vfs->xOpen(real_vfs, path, made->real, flags, out_flags);
    file->pMethods = made->real->pMethods ? &methods : NULL;
    return code;
}

static int delete_file(sqlite3_vfs *self, const char *path, int sync_directory)
{
    const struct made_vfs_event event = {MADE_DELETE, name_of(path), 0, 0, NULL};
    (void)self;
    int code = tell(&event);
    return code ? code : real_vfs->xDelete(real_vfs, path, sync_directory);
}

void made_vfs_install(made_vfs_fn fn)
{
    told = fn;
    if (real_vfs)
        return;
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "made";
    vfs.szOsFile = (int)sizeof(struct made_file) + real_vfs->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}

void made_vfs_tell(made_vfs_fn fn)
{
    told = fn;
}
