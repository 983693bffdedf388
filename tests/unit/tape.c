/*
 * What is durable of a file is kept apart from what happened to it since its last sync. At a cut each of those writes, or
 * each sector of it, and each change of the size, came to the disk or did not. A name is durable with the first sync of the
 * file, and a file that was deleted may be back until the next of those.
 */
#include "tape.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512, WRITTEN_BACK = 64 };

struct tape {
    struct made_vfs_event *events;
    long length, room;
};

struct content {
    uint8_t *bytes;
    size_t size, room;
    bool exists;
};

struct platter {
    const struct tape *tape;
    bool syncs_ignored;
    long position;
    struct content durable[MADE_FILES], deleted[MADE_FILES];
    long since[MADE_FILES]; /* the first event that no sync followed */
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct tape *tape_new(void)
{
    return must(calloc(1, sizeof(struct tape)));
}

void tape_free(struct tape *tape)
{
    for (long i = 0; i < tape->length; i++) {
        void *bytes;
        memcpy(&bytes, &tape->events[i].bytes, sizeof bytes);
        free(bytes);
    }
    free(tape->events);
    free(tape);
}

void tape_add(struct tape *tape, const struct made_vfs_event *event)
{
    if (tape->length == tape->room) {
        tape->room = tape->room ? 2 * tape->room : 1024;
        tape->events = must(reallocarray(tape->events, (size_t)tape->room, sizeof *tape->events));
    }
    struct made_vfs_event *copy = &tape->events[tape->length++];
    *copy = *event;
    if (event->bytes)
        copy->bytes = memcpy(must(malloc(event->length)), event->bytes, event->length);
}

long tape_length(const struct tape *tape)
{
    return tape->length;
}

static void set_size(struct content *content, size_t size)
{
    if (size > content->room) {
        content->room = 2 * size;
        content->bytes = must(realloc(content->bytes, content->room));
    }
    if (size > content->size)
        memset(content->bytes + content->size, 0, size - content->size);
    content->size = size;
}

static void copy(struct content *to, const struct content *from)
{
    set_size(to, from->size);
    if (from->size > 0)
        memcpy(to->bytes, from->bytes, from->size);
    to->exists = from->exists;
}

static uint64_t next(uint64_t *random)
{
    uint64_t z = *random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* RANDOM NULL: all of it came to the disk. */
static bool came(uint64_t *random)
{
    return !random || next(random) & 1;
}

static void apply_write(struct content *content, const struct made_vfs_event *event, uint64_t *random)
{
    size_t begin = (size_t)event->offset, end = begin + event->length;
    const uint8_t *bytes = event->bytes;
    if (end > content->size && came(random))
        set_size(content, end);
    if (random && came(random)) { /* whole, or not at all: large ones as well */
        if (!came(random))
            return;
        random = NULL;
    }
    for (size_t at = begin, stop; at < end && at < content->size; at = stop) {
        stop = (at / SECTOR + 1) * SECTOR;
        stop = stop < end ? stop : end;
        stop = stop < content->size ? stop : content->size;
        if (came(random))
            memcpy(content->bytes + at, bytes + (at - begin), stop - at);
    }
}

static void apply(struct content *content, const struct made_vfs_event *event, uint64_t *random)
{
    content->exists |= came(random);
    if (event->kind == MADE_WRITE)
        apply_write(content, event, random);
    else if (event->kind == MADE_TRUNCATE && came(random))
        set_size(content, (size_t)event->offset);
}

/* What happened to FILE until END is on the disk. */
static void settle(struct platter *platter, enum made_vfs_file file, long end)
{
    for (long i = platter->since[file]; i < end; i++)
        if (platter->tape->events[i].file == file)
            apply(&platter->durable[file], &platter->tape->events[i], NULL);
    if (end > platter->since[file])
        platter->since[file] = end;
}

/* With the first sync of a new file its folder is synced: what was deleted there before is gone. */
static void sync_file(struct platter *platter, enum made_vfs_file file)
{
    bool new = !platter->durable[file].exists;
    settle(platter, file, platter->position);
    for (int other = 0; new && other < MADE_FILES; other++)
        platter->deleted[other].exists = false;
}

static void delete(struct platter *platter, enum made_vfs_file file)
{
    struct content *durable = &platter->durable[file];
    if (durable->exists)
        copy(&platter->deleted[file], durable);
    set_size(durable, 0);
    durable->exists = false;
    platter->since[file] = platter->position + 1;
}

static void play_one(struct platter *platter)
{
    const struct made_vfs_event *event = &platter->tape->events[platter->position];
    if (event->kind == MADE_DELETE)
        delete (platter, event->file);
    if (event->kind == MADE_SYNC && !platter->syncs_ignored)
        sync_file(platter, event->file);
    if (platter->syncs_ignored)
        settle(platter, event->file, platter->position - WRITTEN_BACK);
    platter->position++;
}

struct platter *platter_new(const struct tape *tape, bool syncs_ignored)
{
    struct platter *platter = must(calloc(1, sizeof *platter));
    platter->tape = tape;
    platter->syncs_ignored = syncs_ignored;
    return platter;
}

void platter_free(struct platter *platter)
{
    for (int file = 0; file < MADE_FILES; file++) {
        free(platter->durable[file].bytes);
        free(platter->deleted[file].bytes);
    }
    free(platter);
}

void platter_play(struct platter *platter, long when)
{
    while (platter->position < when)
        play_one(platter);
}

static void put(const struct content *content, const char *folder, const char *name)
{
    char path[320];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
    if (!content->exists)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, content->bytes, content->size) != (ssize_t)content->size)
        abort();
    close(fd);
}

void platter_cut(const struct platter *platter, const char *folder, uint64_t random)
{
    static const char *const names[] = {"state.db", "state.db-wal", "state.db-journal"};
    for (enum made_vfs_file file = MADE_DATABASE; file < MADE_OTHER; file++) {
        struct content content = {.bytes = NULL};
        bool back = platter->deleted[file].exists && came(&random);
        copy(&content, back ? &platter->deleted[file] : &platter->durable[file]);
        for (long i = platter->since[file]; !back && i < platter->position; i++)
            if (platter->tape->events[i].file == file)
                apply(&content, &platter->tape->events[i], &random);
        put(&content, folder, names[file]);
        free(content.bytes);
    }
}
