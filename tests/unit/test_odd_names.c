// fakes: clock api
// link: -Wl,--wrap=getpwnam_r -Wl,--wrap=peer_caller -Wl,--wrap=peer_root_door -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/odd_names.c tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/*
 * Names made to confuse, through all that looks at one: the module's user_resolve (with a name service that finds
 * whatever it is asked for, or says that everybody is alice), the wire, the map, the login and the gate.
 */
#include "login_world.h"

#include "ipc/request_body.h"
#include "login/gate.h"
#include "odd_names.h"
#include "user.h"

#include <errno.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { GENERATED = 1000000, SEED = 7, WHOLE_LOGIN_EACH = 5000 };

static bool everybody_is_alice;

int __wrap_getpwnam_r(
    const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found);
int __wrap_getpwnam_r(
    const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found)
{
    snprintf(buffer, size, "%s", everybody_is_alice ? "alice" : name);
    *entry = (struct passwd){.pw_name = buffer, .pw_uid = ALICE};
    *found = entry;
    return 0;
}

static const struct caller *at_the_door;
const struct caller *__wrap_peer_caller(const struct peer *peer);
bool __wrap_peer_root_door(const struct peer *peer);
const struct caller *__wrap_peer_caller(const struct peer *peer)
{
    (void)peer;
    return at_the_door;
}
bool __wrap_peer_root_door(const struct peer *peer)
{
    (void)peer;
    return true;
}

static struct caller sshd;
static struct person person;
static struct claims alices, bobs;

static struct claims made_claims(const char *client)
{
    struct claims claims = {.token_id = "tok1", .issued = NOW - 10, .expires = NOW + LIFE};
    snprintf(claims.subject, sizeof claims.subject, "%s", client);
    assert_int_equal(scopes_add(&claims.scopes, "login:web1", 10), 0);
    return claims;
}

static int set_up(void **state)
{
    login_world_set_up(state);
    person = arrives();
    sshd = (struct caller){.facts = person.authenticator};
    at_the_door = &sshd;
    alices = made_claims("c2m_alice");
    bobs = made_claims("c2m_bob");
    names_learn(world.parts.names, "alice", ALICE);
    names_learn(world.parts.names, "bob", BOB);
    return 0;
}

static bool is(const char *bytes, size_t length, const char *name)
{
    return length == strlen(name) && memcmp(bytes, name, length) == 0;
}

/* What the module makes of it; PAM's names have no NUL inside. */
static int resolved(const char *name, bool alias)
{
    uint32_t uid;
    everybody_is_alice = alias;
    return user_resolve(name, &uid);
}

/* What the helper reads of it, if it is a text at all. */
static bool read_from_the_wire(const char *bytes, size_t length, struct login_request *out)
{
    struct c2m_request wire = {.uid = ALICE, .deadline_ms = 10000, .flags = C2M_CAN_ASK};
    if (length > sizeof wire.user.bytes)
        return false;
    wire.service.length = 4;
    memcpy(wire.service.bytes, "sshd", 4);
    wire.user.length = (uint16_t)length;
    memcpy(wire.user.bytes, bytes, length);
    if (!request_body_read(&wire, NULL, out))
        return false;
    out->parent = person.monitor;
    return true;
}

static bool passes(const struct login_request *request, const struct claims *claims)
{
    static const uint8_t hash[VAULT_HASH_SIZE] = {7};
    const struct gate_token token = {.claims = claims, .hash = hash, .form = C2M_FORM_SHORT};
    bool mine;
    return gate_judge(&world.parts, request, &token, &mine) == REASON_NONE;
}

/* The verdict on TYPED, or on nothing when no prompt comes. */
static enum c2m_verdict_code whole_login(const struct login_request *request, const char *typed)
{
    struct asked asked;
    begin(&asked, request);
    if (asked.verdicts == 0)
        type(&asked, typed);
    assert_int_equal(asked.verdicts, 1);
    enum c2m_verdict_code verdict = asked.outcome.verdict;
    finished(&asked);
    forget_log();
    return verdict;
}

/* As root may configure it: who is not mapped is left to others, or refused like somebody who is. */
static bool whole_logins_grant(const struct login_request *request, const char *typed)
{
    world.options.unmapped_deny = false;
    bool granted = whole_login(request, typed) == C2M_GRANTED;
    world.options.unmapped_deny = true;
    return whole_login(request, typed) == C2M_GRANTED || granted;
}

/* How the name fares: at the module, at the helper. */
enum fate {
    MAPPED, /* alice or bob */
    OTHER, /* sound, and nobody's in the map */
    ODD, /* refused by the module unasked; the helper, told of it all the same, finds nobody */
    NO_TEXT, /* the helper does not even read it */
};

#define ROW(text, fate) {text, sizeof(text) - 1, fate}
#define A8 "aaaaaaaa"

static const struct row {
    const char *name;
    size_t length;
    enum fate fate;
} rows[] = {
    ROW("alice", MAPPED),
    ROW("bob", MAPPED),
    ROW("root", OTHER),
    ROW("ROOT", OTHER),
    ROW("Alice", OTHER),
    ROW("ALICE", OTHER),
    ROW("alicE", OTHER),
    ROW("alic", OTHER),
    ROW("alicee", OTHER),
    ROW("alicealice", OTHER),
    ROW("a1ice", OTHER),
    ROW("aIice", OTHER),
    ROW("b0b", OTHER),
    ROW("alice@c2m", OTHER),
    ROW("alice@c2m.example", OTHER),
    ROW("C2M\\alice", OTHER),
    ROW("c2m_alice", OTHER),
    ROW("alice.", OTHER),
    ROW("alice$", OTHER),
    ROW("alice\\", OTHER),
    ROW("alice,bob", OTHER),
    ROW("alice=c2m_bob", OTHER),
    ROW("alice;id", OTHER),
    ROW("$(id)", OTHER),
    ROW("~alice", OTHER),
    ROW("#alice", OTHER),
    ROW("\"alice\"", OTHER),
    ROW("*", OTHER),
    ROW("alic?", OTHER),
    ROW("..", OTHER),
    ROW("%s", OTHER),
    ROW("%n%n%n%n", OTHER),
    ROW("%61lice", OTHER),
    ROW("alice%00", OTHER),
    ROW("0x3e9", OTHER),
    ROW("+1001", OTHER),
    ROW(A8 A8 A8 A8 "a", OTHER),
    ROW(A8 A8 A8 A8 A8 A8 A8 "aaaaaa", OTHER),
    ROW("", ODD),
    ROW(" root", ODD),
    ROW("root ", ODD),
    ROW(" alice", ODD),
    ROW("alice ", ODD),
    ROW("alice bob", ODD),
    ROW("alice\t", ODD),
    ROW("alice\n", ODD),
    ROW("\nalice", ODD),
    ROW("mallory\nalice", ODD),
    ROW("alice\r\n", ODD),
    ROW("alice\x01", ODD),
    ROW("alice\x7f", ODD),
    ROW("alice\b\b\b\b\bbob", ODD),
    ROW("\x1b[2Jalice", ODD),
    ROW("alice/../bob", ODD),
    ROW("/alice", ODD),
    ROW("alice/", ODD),
    ROW("alice:x", ODD),
    ROW("-alice", ODD),
    ROW("--", ODD),
    ROW("-1", ODD),
    ROW("0", ODD),
    ROW("1001", ODD),
    ROW("4294968297", ODD), /* 1001 in 32 bits */
    ROW("\xd0\xb0lice", ODD), /* a Cyrillic a */
    ROW("b\xce\xbf"
        "b",
        ODD), /* a Greek o */
    ROW("al\xc3\xad"
        "ce",
        ODD),
    ROW("\xef\xbd\x81lice", ODD), /* a full-width a, which compatibility folds */
    ROW("alice\xcc\x81", ODD), /* an accent of its own */
    ROW("alice\xe2\x80\xae", ODD), /* right to left from here */
    ROW("al\xe2\x80\x8bice", ODD), /* a space without width */
    ROW("\xef\xbb\xbf"
        "alice",
        ODD), /* a byte order mark */
    ROW("alice\xc2\xa0", ODD),
    ROW("alice\xa0", ODD),
    ROW("\xc1\xa1lice", ODD), /* an a in two bytes, where one would do */
    ROW("alice\xff", ODD),
    ROW("alice\0", NO_TEXT),
    ROW("alice\0bob", NO_TEXT),
    ROW("mallory\0alice", NO_TEXT),
    ROW("\0alice", NO_TEXT),
    ROW(A8 A8 A8 A8 A8 A8 A8 "aaaaaaa", NO_TEXT),
};

static void expect_row(const struct row *row, const char *alices_token, const char *bobs_token)
{
    struct login_request request;
    bool is_alice = is(row->name, row->length, "alice"), is_bob = is(row->name, row->length, "bob");
    if (!memchr(row->name, '\0', row->length)) {
        int odd = row->fate == ODD || row->fate == NO_TEXT ? -EINVAL : 0;
        assert_int_equal(resolved(row->name, false), odd);
        assert_int_equal(resolved(row->name, true), odd ? odd : is_alice ? 0 : -ENOENT);
    }
    assert_int_equal(read_from_the_wire(row->name, row->length, &request), row->fate != NO_TEXT);
    if (row->fate == NO_TEXT)
        return;
    assert_int_equal(user_map_has(world.parts.user_map, request.user), row->fate == MAPPED);
    assert_int_equal(names_known(world.parts.names, request.user, ALICE), is_alice);
    assert_int_equal(passes(&request, &alices), is_alice);
    assert_int_equal(passes(&request, &bobs), is_bob);
    assert_int_equal(whole_logins_grant(&request, alices_token), is_alice);
    assert_int_equal(whole_logins_grant(&request, bobs_token), is_bob);
}

static void each_name_made_to_confuse_gets_what_the_table_says(void **state)
{
    (void)state;
    const char *alices_token = token_for("c2m_alice", "alices", GOOD),
               *bobs_token = token_for("c2m_bob", "bobs", GOOD);
    size_t count = sizeof rows / sizeof rows[0];
    assert_true(count >= 42); /* 40 and the two who are mapped */
    for (size_t i = 0; i < count; i++)
        expect_row(&rows[i], alices_token, bobs_token);
    print_message("%zu names\n", count);
}

struct tally {
    unsigned odd, other, alias, not_read, mapped, known, passed, granted, whole;
};

static void count_name(struct tally *tally, const struct odd_name *name, const char *token, bool whole)
{
    struct login_request request;
    bool nul = memchr(name->bytes, '\0', name->length) != NULL;
    if (!nul) {
        tally->odd += resolved(name->bytes, false) == -EINVAL;
        tally->other += resolved(name->bytes, false) == 0;
        tally->alias += resolved(name->bytes, true) == 0;
        /* however long it is, and whoever passed it on */
        tally->mapped += user_map_has(world.parts.user_map, name->bytes);
        tally->known += names_known(world.parts.names, name->bytes, ALICE);
    }
    if (!read_from_the_wire(name->bytes, name->length, &request)) {
        tally->not_read++;
        return;
    }
    tally->passed += passes(&request, &alices) || passes(&request, &bobs);
    tally->whole += whole;
    if (whole)
        tally->granted += whole_logins_grant(&request, token);
}

static void no_name_outside_the_map_of_a_million_gets_in(void **state)
{
    (void)state;
    struct tally tally = {0}, control = {0};
    const char *token = token_for("c2m_alice", "alices", GOOD);
    struct odd_names *names = odd_names_new(SEED, 2 * GENERATED);
    struct odd_name name = {.length = 5, .bytes = "alice"};
    count_name(&control, &name, token, true);
    for (unsigned i = 0; i < GENERATED;) {
        odd_names_next(names, &name);
        if (is(name.bytes, name.length, "alice") || is(name.bytes, name.length, "bob"))
            continue;
        count_name(&tally, &name, token, i % WHOLE_LOGIN_EACH == 0);
        i++;
    }
    odd_names_free(names);
    print_message(
        "%d names, no two alike: the module refuses %u by their form and would let pass %u, if accounts "
        "had them; %u are no text on the wire; whole logins %u\n",
        GENERATED, tally.odd, tally.other, tally.not_read, tally.whole);
    print_message("grants: %u by the gate, %u by whole logins; in the map: %u; as alice's alias: %u\n",
        tally.passed, tally.granted, tally.mapped, tally.alias);
    assert_int_equal(tally.passed + tally.granted + tally.mapped + tally.alias + tally.known, 0);
    assert_true(
        tally.odd > GENERATED / 10 && tally.other > GENERATED / 10 && tally.not_read > GENERATED / 100);
    assert_int_equal(control.passed + control.granted + control.mapped + control.alias + control.known, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_name_made_to_confuse_gets_what_the_table_says),
        TEST(no_name_outside_the_map_of_a_million_gets_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
