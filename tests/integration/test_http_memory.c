// link: tests/integration/tls_server.c tests/integration/wire_world.c
/*
 * A string that libcurl has no memory to copy. Its allocator is ours here: it fails on order, never gives a block out
 * again, and sees what is freed twice, which glibc's may hand to somebody else in between.
 */
#include "wire_world.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <cmocka.h>

struct block {
    STAILQ_ENTRY(block) entry; /* of those that were freed */
    size_t size;
    bool freed;
    max_align_t memory[];
};

static STAILQ_HEAD(, block) dead = STAILQ_HEAD_INITIALIZER(dead);
static int freed_twice;
static long copies, failing_copy; /* since it was set; 0: none fails */

static struct block *block_of(void *memory)
{
    return (struct block *)((char *)memory - offsetof(struct block, memory));
}

static void *allocate(size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    assert_non_null(block);
    block->size = size;
    return block->memory;
}

static void *allocate_items(size_t count, size_t size)
{
    return allocate(count * size);
}

static void release(void *memory)
{
    if (!memory)
        return;
    struct block *block = block_of(memory);
    if (block->freed) {
        freed_twice++;
        return;
    }
    block->freed = true;
    STAILQ_INSERT_TAIL(&dead, block, entry);
}

static void *resize(void *memory, size_t size)
{
    void *other = allocate(size);
    if (memory)
        memcpy(other, memory, block_of(memory)->size < size ? block_of(memory)->size : size);
    release(memory);
    return other;
}

static char *copy(const char *text)
{
    copies++;
    return copies == failing_copy ? NULL : strcpy(allocate(strlen(text) + 1), text);
}

static void answer(struct tls_peer *peer)
{
    while (tls_hear(peer) && tls_say(peer, "HTTP/1.1 204 No Content\r\n\r\n"))
        ;
}

/* The first one, after whose handshake the server offers two sessions. */
static long copies_of_a_request(void)
{
    begin(answer, false);
    copies = 0;
    assert_int_equal(ask(NULL, 3000, true), HTTP_OK);
    long counted = copies;
    end();
    return counted;
}

static void what_cannot_be_copied_is_freed_once(void **state)
{
    (void)state;
    long all = copies_of_a_request();
    assert_true(all > 10);
    for (long nth = 1; nth <= all; nth++) {
        begin(answer, false);
        copies = 0;
        failing_copy = nth;
        ask(NULL, 500, true);
        failing_copy = 0;
        assert_int_equal(ask(NULL, 3000, true), HTTP_OK);
        int resumed = server.seen->resumed;
        assert_int_equal(ask(NULL, 3000, true), HTTP_OK);
        assert_int_equal(server.seen->resumed, resumed + 1); /* sessions are kept again */
        end();
        if (freed_twice > 0)
            print_error("copy %ld of %ld\n", nth, all);
        assert_int_equal(freed_twice, 0);
    }
}

static int set_up(void **state)
{
    (void)state;
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, release, resize, copy, allocate_items) !=
           CURLE_OK;
}

static int tear_down(void **state)
{
    (void)state;
    curl_global_cleanup();
    while (!STAILQ_EMPTY(&dead)) {
        struct block *block = STAILQ_FIRST(&dead);
        STAILQ_REMOVE_HEAD(&dead, entry);
        free(block);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_copied_is_freed_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
