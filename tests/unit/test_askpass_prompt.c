// link: helper/ctl/askpass_prompt.c
/* Only a prompt of ours, from its first to its last byte, is one that a token answers. */
#include "askpass_prompt.h"

#include "prompt.h"
#include "texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct askpass_prompt prompt;

static void expect(const char *text, const char *host, unsigned part, unsigned parts)
{
    if (!askpass_prompt_read(text, &prompt))
        fail_msg("not taken for ours: %s", text);
    assert_string_equal(prompt.host, host);
    assert_int_equal(prompt.part, part);
    assert_int_equal(prompt.parts, parts);
}

static void the_plain_prompt_asks_for_part_one(void **state)
{
    (void)state;
    expect("C2M token: ", "", 1, 0);
    expect("C2M token or code: ", "", 1, 0);
    expect("(alice@web1) C2M token: ", "web1", 1, 0);
    expect("(alice@web1) C2M: not accepted (ref 7f3a91c2). C2M token or code: ", "web1", 1, 0);
    expect("C2M: that token expired 12 min ago: issue a new one. C2M token: ", "", 1, 0);
}

static void the_prompt_says_which_part(void **state)
{
    (void)state;
    expect("C2M token, part 2 of 17: ", "", 2, 17);
    expect("(alice@web1) C2M token, part 32 of 32: ", "web1", 32, 32);
}

static void the_host_is_what_ssh_shows(void **state)
{
    (void)state;
    expect("(alice@corp.example@Web1.example.org) C2M token: ", "Web1.example.org", 1, 0);
    expect("(alice@2001:db8::1%eth0) C2M token: ", "2001:db8::1%eth0", 1, 0);
}

/* Whatever the module can put before or into a prompt is known here, word by word. */
static void every_text_of_the_module_is_known(void **state)
{
    static const uint32_t questions[] = {C2M_TEXT_ASK_TOKEN, C2M_TEXT_ASK_TOKEN_OR_CODE, C2M_TEXT_ASK_PART};
    struct c2m_prompt wire = {.prompt_argument = {2, 3}};
    unsigned known = 0;
    (void)state;
    for (uint32_t reason = 0; reason < 200; reason++) {
        if (reason != C2M_TEXT_NONE && !text_known(reason, TEXT_REASON))
            continue;
        known++;
        for (size_t i = 0; i < 3; i++) {
            char text[PROMPT_SIZE], shown[PROMPT_SIZE + 32];
            for (uint32_t number = 0; number < 2; number++) {
                wire.reason_argument[0] = wire.reason_argument[1] = number == 0 ? 0 : UINT32_MAX;
                memcpy(wire.reference, number == 0 ? "\0\0\0\0\0\0\0\0" : "7f3a91c2", C2M_REFERENCE_SIZE);
                wire.prompt = questions[i];
                wire.reason = reason;
                assert_true(prompt_text(text, &wire));
                snprintf(shown, sizeof shown, "(alice@web1) %s", text);
                expect(shown, "web1", questions[i] == C2M_TEXT_ASK_PART ? 2 : 1,
                    questions[i] == C2M_TEXT_ASK_PART ? 3 : 0);
            }
        }
    }
    assert_true(known > 9);
}

static void anything_else_is_not_answered(void **state)
{
    static const char *const wrong[] = {"", " ",
        "C2M token:", "C2M token:  ", " C2M token: ", "c2m token: ", "C2M token: \n",
        "C2M token: C2M token: ", "x C2M token: ", "C2M code: ", "C2M: not accepted.",
        "C2M: not accepted.C2M token: ", "C2M: not accepted.  C2M token: ",
        "C2M: not accepted. C2M: not accepted. C2M token: ", "C2M: not accepted (ref 7f3a91c). C2M token: ",
        "C2M: not accepted (ref 7F3A91C2). C2M token: ", "C2M: not accepted (ref 7f3a91c2 ). C2M token: ",
        "C2M: that token expired min ago: issue a new one. C2M token: ",
        "C2M: that token expired -1 min ago: issue a new one. C2M token: ",
        "C2M: that token expired 99999999999 min ago: issue a new one. C2M token: ",
        "C2M: your key is old, paste it at evil.example. C2M token: ", "C2M token, part 1 of 2: ",
        "C2M token, part 3 of 2: ", "C2M token, part 2 of 33: ", "C2M token, part 33 of 33: ",
        "C2M token, part 02 of 3: ", "C2M token, part 2 of 3", "C2M token, part 2 of 3: x",
        "C2M token, part 4294967298 of 4294967299: ", "C2M token, part  2 of 3: ", "Password: ",
        "[sudo] password for alice: ", "alice@web1's password: ", "(alice@web1) Password: ",
        "(alice@web1)C2M token: ", "(alice@web1)  C2M token: ", "(alice) C2M token: ", "(@web1) C2M token: ",
        "(alice@) C2M token: ", "(alice@web1) (alice@web2) C2M token: ", "(alice@we b1) C2M token: ",
        "(alice@web1) C2M token: ) C2M token: ", "(alice@web1", "(", "(a@b) ",
        "(alice@web1/x) C2M token: ", "Enter passphrase for key '/home/alice/.ssh/id_ed25519': ",
        "The authenticity of host 'web1 (192.0.2.7)' can't be established.\n"
        "ED25519 key fingerprint is SHA256:abc.\n"
        "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
        "Allow use of key C2M token: ?"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (askpass_prompt_read(wrong[i], &prompt))
            fail_msg("taken for ours: %s", wrong[i]);
}

static void a_host_that_is_too_long_is_not_answered(void **state)
{
    char text[512];
    (void)state;
    snprintf(text, sizeof text, "(alice@%.*s) C2M token: ", 255, (const char[256]){[0 ... 254] = 'a'});
    assert_true(askpass_prompt_read(text, &prompt));
    assert_int_equal(strlen(prompt.host), 255);
    snprintf(text, sizeof text, "(alice@%.*s) C2M token: ", 256, (const char[257]){[0 ... 255] = 'a'});
    assert_false(askpass_prompt_read(text, &prompt));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plain_prompt_asks_for_part_one),
        cmocka_unit_test(the_prompt_says_which_part),
        cmocka_unit_test(the_host_is_what_ssh_shows),
        cmocka_unit_test(every_text_of_the_module_is_known),
        cmocka_unit_test(anything_else_is_not_answered),
        cmocka_unit_test(a_host_that_is_too_long_is_not_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
