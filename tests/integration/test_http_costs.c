// link: tests/integration/tls_server.c tests/integration/wire_world.c
/* What a request must not cost: the loop held by a name server, a bundle parsed again, a handshake in full. */
#include "wire_world.h"

#include "base/clock.h"

#include <dlfcn.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define VISIBLE __attribute__((visibility("default")))

/* The executable's own are the ones that libcurl and OpenSSL find. */
static volatile bool names_are_slow;
static int reads_of_ca;

VISIBLE int getaddrinfo(const char *restrict node, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!real) {
        void *found = dlsym(RTLD_NEXT, "getaddrinfo");
        memcpy(&real, &found, sizeof real);
    }
    if (names_are_slow)
        sleep(3);
    return real(node, service, hints, result);
}

VISIBLE FILE *fopen64(const char *restrict path, const char *restrict mode)
{
    static FILE *(*real)(const char *, const char *);
    if (!real) {
        void *found = dlsym(RTLD_NEXT, "fopen64");
        memcpy(&real, &found, sizeof real);
    }
    reads_of_ca += strcmp(path, server.ca) == 0;
    return real(path, mode);
}

VISIBLE FILE *fopen(const char *restrict path, const char *restrict mode)
{
    return fopen64(path, mode);
}

static void answer(struct tls_peer *peer)
{
    while (tls_hear(peer) && tls_say(peer, "HTTP/1.1 204 No Content\r\n\r\n"))
        ;
}

static void a_silent_name_server_does_not_hold_the_loop(void **state)
{
    (void)state;
    begin(answer, false);
    names_are_slow = true;
    int64_t begun = clock_boot_ms();
    assert_int_equal(ask("https://no-such-host.invalid/", 300, false), HTTP_TIMEOUT);
    end();
    assert_in_range(clock_boot_ms() - begun, 290, 1500);
    names_are_slow = false;
    assert_false(heard.answer.sent);
}

static void the_authorities_are_read_once_for_all_connections(void **state)
{
    (void)state;
    begin(answer, false);
    reads_of_ca = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(ask(NULL, 3000, true), HTTP_OK);
    assert_int_equal(server.seen->connections, 4);
    assert_int_equal(reads_of_ca, 1);
    end();
}

static void a_new_connection_resumes_the_last_session(void **state)
{
    (void)state;
    begin(answer, false);
    for (int i = 0; i < 4; i++)
        assert_int_equal(ask(NULL, 3000, true), HTTP_OK);
    assert_int_equal(server.seen->connections, 4);
    assert_in_range(server.seen->resumed, 2, 3);
    end();
}

static void a_thousand_requests_need_one_connection(void **state)
{
    (void)state;
    begin(answer, false);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(ask(NULL, 3000, false), HTTP_OK);
    assert_int_equal(server.seen->connections, 1);
    assert_int_equal(server.seen->requests, 1000);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_name_server_does_not_hold_the_loop),
        cmocka_unit_test(the_authorities_are_read_once_for_all_connections),
        cmocka_unit_test(a_new_connection_resumes_the_last_session),
        cmocka_unit_test(a_thousand_requests_need_one_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
