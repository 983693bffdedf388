// link: helper/ctl/askpass_answer.c helper/ctl/askpass_token.c helper/ctl/sha256.c helper/ctl/complain.c
/*
 * A token in parts. An input is the answers, one a line: what comes out of them has the hash of its tag. And the whole
 * input as a token: what c2m-askpass cuts, the helper puts together again.
 */
#include "given.h"

#include "askpass_answer.h"
#include "base/vault.h"
#include "login/assembly.h"

#include <string.h>

static void is_whole(const struct secret *token, const char *last, unsigned added, unsigned count)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char tag[9];
    const char *colon = strchr(last, ':');
    must(added == count && count <= ASSEMBLY_PARTS_MAX, "a token is whole after its last part");
    must(secret_length(token) > 0 && secret_length(token) <= C2M_TOKEN_MAX, "a token is bounded");
    vault_hash(secret_bytes(token), secret_length(token), hash);
    vault_hash_text(hash, tag);
    must(colon && memcmp(colon - 8, tag, 8) == 0, "a token has the hash of its tag");
    for (size_t i = 0; i < secret_length(token); i++)
        must(secret_bytes(token)[i] > ' ' && secret_bytes(token)[i] <= '~', "a token is visible");
}

static void answers(struct given given)
{
    struct assembly *assembly = NULL;
    enum reason reason = REASON_NONE;
    bool done = false;
    must(assembly_new(&assembly) == 0, "memory for a token");
    for (unsigned added = 1; given.left > 0 && reason == REASON_NONE && !done; added++) {
        SECRET_CLEANUP struct secret *token = NULL;
        size_t length;
        char copy[ASSEMBLY_ANSWER_MAX + 1] = "";
        const char *typed = given_line(&given, &length);
        reason = assembly_add(assembly, typed, length, &token);
        must(reason == REASON_NONE || !token, "what is refused yields nothing");
        must(reason != REASON_NONE || (length <= ASSEMBLY_ANSWER_MAX && assembly_begins(typed, length)),
            "an answer that fits is a part");
        must(reason != REASON_NONE || assembly_next(assembly) == added + 1, "each part is counted once");
        must(reason != REASON_NONE || token || assembly_next(assembly) <= assembly_count(assembly),
            "there is a next part to ask for");
        done = token != NULL;
        if (!done)
            continue;
        memcpy(copy, typed, length);
        is_whole(token, copy, added, assembly_count(assembly));
    }
    assembly_free(assembly);
}

/* As helper and askpass talk over sudo's prompt. */
static void through_the_helper(struct askpass_token *token)
{
    struct assembly *assembly = NULL;
    SECRET_CLEANUP struct secret *whole = NULL;
    struct askpass_answer answer;
    struct askpass_prompt prompt = {.part = 1};
    if (askpass_token_trim(token) || token->length <= ASKPASS_SUDO_MAX)
        return;
    must(assembly_new(&assembly) == 0, "memory for a token");
    while (!whole) {
        must(askpass_answer_make(&prompt, token, &answer), "askpass has the part that it is asked for");
        must(answer.length <= ASSEMBLY_ANSWER_MAX + 1 && answer.bytes[answer.length - 1] == '\n',
            "an answer is one bounded line");
        must(assembly_add(assembly, answer.bytes, answer.length - 1, &whole) == REASON_NONE,
            "the helper takes askpass's part");
        prompt = (struct askpass_prompt){.part = assembly_next(assembly), .parts = assembly_count(assembly)};
    }
    must(secret_length(whole) == token->length &&
             memcmp(secret_bytes(whole), token->bytes, token->length) == 0,
        "the token is the same");
    assembly_free(assembly);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct askpass_token token;
    struct given given = {data, size};
    answers(given);
    token.length = given_bytes(&given, token.bytes, sizeof token.bytes - 1);
    if (given.left == 0)
        through_the_helper(&token);
    return 0;
}
