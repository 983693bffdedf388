/* Where an attempt comes from: what is one place, and what is two. */
#include "login/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *origin_of(bool root_door, const char *rhost, uint32_t uid)
{
    static struct origin origin;
    struct login_request request = {.root_door = root_door, .caller = {.real_uid = uid, .effective_uid = 0}};
    snprintf(request.rhost, sizeof request.rhost, "%s", rhost);
    snprintf(origin.text, sizeof origin.text, "none"); /* nothing of the last one */
    origin_tell(&request, &origin);
    return origin.text;
}

static void an_ipv4_address_is_one_however_it_is_written(void **state)
{
    (void)state;
    assert_string_equal(origin_of(true, "192.0.2.7", 0), "v4 192.0.2.7");
    assert_string_equal(origin_of(true, "::ffff:192.0.2.7", 0), "v4 192.0.2.7");
    assert_string_equal(origin_of(true, "::ffff:c000:207", 0), "v4 192.0.2.7");
    assert_string_equal(origin_of(true, "192.0.2.8", 0), "v4 192.0.2.8");
}

static void of_an_ipv6_address_the_first_half_counts(void **state)
{
    (void)state;
    assert_string_equal(origin_of(true, "2001:db8:0:1::7", 0), "v6 2001:db8:0:1::");
    assert_string_equal(origin_of(true, "2001:db8:0:1:ffff:ffff:ffff:ffff", 0), "v6 2001:db8:0:1::");
    assert_string_equal(origin_of(true, "2001:DB8::1:0:0:0:9", 0), "v6 2001:db8:0:1::");
    assert_string_equal(origin_of(true, "2001:db8:0:2::7", 0), "v6 2001:db8:0:2::");
    assert_string_equal(
        origin_of(true, "::1:0:192.0.2.7", 0), "v6 ::"); /* not the prefix of an IPv4 address */
    assert_string_equal(origin_of(true, "::1:0:ffff:c000:207", 0), "v6 0:0:0:1::");
    assert_string_equal(origin_of(true, "0:0:1::ffff:c000:207", 0), "v6 0:0:1::");
    assert_string_equal(origin_of(true, "fe80::1%eth0", 0), "v6 fe80::");
    assert_string_equal(origin_of(true, "fe80::2%eth1", 0), "v6 fe80::");
}

static void a_host_name_is_taken_as_it_is(void **state)
{
    char longest[C2M_HOST_MAX + 1];
    (void)state;
    assert_string_equal(origin_of(true, "laptop.example.org", 0), "host laptop.example.org");
    assert_string_equal(origin_of(true, "UNKNOWN", 0), "host UNKNOWN");
    assert_string_equal(origin_of(true, "uid 1001", 0), "host uid 1001"); /* nobody names himself another */
    assert_string_equal(origin_of(true, "192.0.2.7%x", 0), "host 192.0.2.7%x");
    memset(longest, 'h', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(strlen(origin_of(true, longest, 0)), C2M_HOST_MAX + 5);
}

static enum policy_origin side_of(bool root_door, const char *rhost)
{
    struct login_request request = {.root_door = root_door};
    snprintf(request.rhost, sizeof request.rhost, "%s", rhost);
    return origin_side(&request);
}

static void whoever_names_a_host_is_remote_whatever_host_it_is(void **state)
{
    static const char *const hosts[] = {"192.0.2.7", "127.0.0.1", "::1", "localhost", "laptop", " "};
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        assert_int_equal(side_of(true, hosts[i]), POLICY_REMOTE);
        assert_int_equal(side_of(false, hosts[i]), POLICY_LOCAL); /* there the user himself wrote it */
    }
    assert_int_equal(side_of(true, ""), POLICY_LOCAL);
}

static void without_a_host_it_is_the_real_uid(void **state)
{
    (void)state;
    assert_string_equal(origin_of(true, "", 1002), "uid 1002");
    assert_string_equal(origin_of(true, "", 0), "uid 0");
}

static void at_user_sock_nobody_chooses_his_origin(void **state)
{
    (void)state;
    assert_string_equal(origin_of(false, "192.0.2.7", 1001), "uid 1001");
    assert_string_equal(origin_of(false, "", 1001), "uid 1001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ipv4_address_is_one_however_it_is_written),
        cmocka_unit_test(of_an_ipv6_address_the_first_half_counts),
        cmocka_unit_test(a_host_name_is_taken_as_it_is),
        cmocka_unit_test(whoever_names_a_host_is_remote_whatever_host_it_is),
        cmocka_unit_test(without_a_host_it_is_the_real_uid),
        cmocka_unit_test(at_user_sock_nobody_chooses_his_origin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
