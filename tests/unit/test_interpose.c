/* free and realloc of the executable: whatever a library frees holds nothing afterwards, and allocating still works. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/interpose.c" /* the archive does not hold it: the executable alone does */

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static const char needle[] = "a token that must not stay in memory";

/* The compiler may not know that memory is looked at which is no longer ours, as a core dump would. */
static uintptr_t address_of(void *block)
{
    static void *volatile forgotten;
    forgotten = block;
    return (uintptr_t)forgotten;
}

static bool holds_needle(uintptr_t address, size_t size)
{
    return memmem((const void *)address, size, needle + 16, sizeof needle - 17) !=
           NULL; /* the allocator writes the first 16 */
}

static void fill(char *block, size_t size)
{
    for (size_t i = 0; i + sizeof needle <= size; i += sizeof needle)
        memcpy(block + i, needle, sizeof needle);
}

static void check_cleared(void *block, size_t size)
{
    assert_non_null(block);
    fill(block, size);
    uintptr_t address = address_of(block);
    assert_true(holds_needle(address, size));
    free(block);
    assert_false(holds_needle(address, size));
}

static void what_is_freed_is_cleared_whoever_allocated_it(void **state)
{
    void *aligned = NULL;
    (void)state;
    check_cleared(malloc(64), 64);
    check_cleared(malloc(1000), 1000);
    check_cleared(malloc(50000), 50000);
    check_cleared(calloc(10, 100), 1000);
    check_cleared(aligned_alloc(4096, 8192), 8192);
    check_cleared(memalign(64, 640), 640);
    assert_int_equal(posix_memalign(&aligned, 256, 512), 0);
    check_cleared(aligned, 512);
    free(NULL);
}

static void a_library_frees_through_it_too(void **state)
{
    char *line = NULL, text[400];
    size_t size = 0;
    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text + 100, needle, sizeof needle - 1);
    FILE *file = fmemopen(text, sizeof text, "re");
    assert_true(getline(&line, &size, file) > 0);
    uintptr_t address = address_of(line);
    assert_true(holds_needle(address, size));
    free(line);
    assert_false(holds_needle(address, size));
    line = malloc(64); /* fits not: glibc's getdelim reallocates, and leaves nothing where it was */
    size = 64;
    fill(line, 64);
    address = address_of(line);
    rewind(file);
    assert_true(getline(&line, &size, file) > 0);
    assert_true((uintptr_t)line != address);
    assert_false(holds_needle(address, 64));
    free(line);
    fclose(file);
}

static void a_grown_block_keeps_its_bytes_and_leaves_none_behind(void **state)
{
    (void)state;
    char *block = malloc(200);
    fill(block, 200);
    uintptr_t address = address_of(block);
    char *keeper = malloc(16); /* so that it cannot grow in place */
    block = realloc(block, 5000);
    assert_memory_equal(block, needle, sizeof needle);
    assert_false(holds_needle(address, 200));
    free(block);
    free(keeper);
}

static void a_shrunk_block_keeps_its_beginning_only(void **state)
{
    (void)state;
    for (size_t size = 40; size < 1000; size += 40) {
        char *block = malloc(1000);
        memset(block, 'b', size);
        fill(block + size, 1000 - size);
        uintptr_t address = address_of(block);
        block = realloc(block, size);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], 'b');
        if ((uintptr_t)block == address)
            assert_false(holds_needle(address + size - 16, 1000 - size + 16));
        else
            assert_false(holds_needle(address, 1000));
        free(block);
    }
}

static void the_edges_of_realloc_are_glibcs(void **state)
{
    (void)state;
    char *block = realloc(NULL, 10);
    assert_non_null(block);
    assert_null(realloc(block, 0));
    block = malloc(10);
    memcpy(block, "123456789", 10);
    const char *unchanged = (const char *)address_of(block);
    errno = 0;
    volatile size_t too_much = (size_t)PTRDIFF_MAX + 1;
    assert_null(realloc(block, too_much));
    assert_int_equal(errno, ENOMEM);
    assert_string_equal(unchanged, "123456789"); /* a failure changes nothing */
    free((void *)(uintptr_t)unchanged);
}

static void free_keeps_errno(void **state)
{
    (void)state;
    errno = EXDEV;
    free(malloc(1 << 20)); /* munmap(2) */
    assert_int_equal(errno, EXDEV);
}

static void *allocate_much(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;
    char *blocks[64] = {NULL};
    for (int i = 0; i < 100000; i++) {
        size_t slot = (size_t)rand_r(&seed) % 64, size = (size_t)rand_r(&seed) % 3000 + 1;
        if (blocks[slot] && blocks[slot][0] != (char)slot)
            return argument;
        if (i % 3 == 0) {
            free(blocks[slot]);
            blocks[slot] = i % 2 ? malloc(size) : calloc(1, size);
            if (i % 2 == 0 && blocks[slot][size - 1] != 0)
                return argument;
        } else {
            blocks[slot] = realloc(blocks[slot], size);
        }
        blocks[slot][0] = (char)slot;
    }
    for (size_t i = 0; i < 64; i++)
        free(blocks[i]);
    return NULL;
}

static void threads_may_allocate_at_once(void **state)
{
    pthread_t threads[4];
    (void)state;
    for (uintptr_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, allocate_much, (void *)(i + 1)), 0);
    for (int i = 0; i < 4; i++) {
        void *broken;
        pthread_join(threads[i], &broken);
        assert_null(broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_freed_is_cleared_whoever_allocated_it),
        cmocka_unit_test(a_library_frees_through_it_too),
        cmocka_unit_test(a_grown_block_keeps_its_bytes_and_leaves_none_behind),
        cmocka_unit_test(a_shrunk_block_keeps_its_beginning_only),
        cmocka_unit_test(the_edges_of_realloc_are_glibcs),
        cmocka_unit_test(free_keeps_errno),
        cmocka_unit_test(threads_may_allocate_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
