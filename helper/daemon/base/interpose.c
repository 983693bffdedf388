/*
 * free and realloc for the whole process: what curl, json-c, jansson and OpenSSL leave behind of a token is cleared
 * before glibc takes the memory back. Linked into c2m-authd only, and not with a sanitizer, which has its own.
 *
 * The memory stays glibc's own from malloc to free, so blocks of calloc, aligned_alloc or posix_memalign, and those
 * that were handed out before the program began, are cleared by their usable size like any other. No state, no lock,
 * no call that allocates: safe in any thread and before any constructor.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/*
 * Exported, or the libraries would keep glibc's. Never inlined: a caller's compiler knows the size that was asked for,
 * and would take the clearing of the usable size, which is at least as large, for an overflow.
 */
#define EXPORTED __attribute__((visibility("default"), noinline))

extern void __libc_free(void *block); /* NOLINT(bugprone-reserved-identifier): glibc's own name */

EXPORTED void free(void *block)
{
    if (!block)
        return;
    explicit_bzero(block, malloc_usable_size(block));
    __libc_free(block);
}

/*
 * Never glibc's: it may move a block, or cut off its end, and leave what stood there. A block that is large enough
 * stays as it is, so that a growing buffer is not copied each time; otherwise a new one, the old one cleared.
 */
EXPORTED void *realloc(void *block, size_t size)
{
    if (!block)
        return malloc(size);
    if (size == 0) {
        free(block);
        return NULL;
    }
    size_t usable = malloc_usable_size(block);
    if (size <= usable && size >= usable / 2) {
        explicit_bzero((char *)block + size, usable - size);
        return block;
    }
    void *larger = malloc(size);
    if (!larger)
        return NULL;
    memcpy(larger, block, usable < size ? usable : size);
    free(block);
    return larger;
}
