#include "login_play.h"

#include "login_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PART = 100, GIVEN_MAX = 16, TYPED_MAX = 255 };

static const char *const users[] = {"alice", "bob", "mallory"};
static const uint32_t uids[] = {ALICE, BOB, MALLORY};
static const char *const services[] = {"sshd", "sudo", "off", "young", "short", "long", "aud", "ops"};

static struct play {
    struct asked asked;
    const char *user, *service;
    char last[2 * C2M_TOKEN_MAX]; /* what was typed last */
    char parts[4096]; /* the token that comes in parts */
    char given[GIVEN_MAX][32]; /* ids of tokens that the API gave */
    unsigned given_count, part;
    bool proof; /* a genuine token of the user was typed or given */
    bool in_parts, disk_failed, over, heard;
} play;

static unsigned minted; /* in this world */
static struct person person;
static bool there;

static void settle(void)
{
    for (int i = 0; i < 4; i++)
        must(loop_turn(world.loop, 0) == 0, "the loop turns");
}

void login_play_world(void)
{
    void *state = NULL;
    if (there)
        login_world_tear_down(&state);
    disk_is_lazy = true;
    login_world_set_up(&state);
    struct policy_rule *sudo = &world.policy.services[0].rule; /* and a code or a secret as well */
    sudo->accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE | 1u << C2M_FORM_SECRET;
    person = arrives();
    minted = 0;
    there = true;
}

/* Not login_world's: it keeps every token to its end, and there are thousands here. */
static void mint(
    const struct token_key *key, const char *client, int64_t expires, char *id, char *out, size_t size)
{
    snprintf(id, 32, "tok%u", minted++);
    char *payload = token_payload(client, id, fake_wall - 10, expires, GOOD);
    char *token = token_mint(key, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload);
    snprintf(out, size, "%s", token);
    free(payload);
    free(token);
}

static bool is_alice(void)
{
    return strcmp(play.user, "alice") == 0;
}

static void prompted(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument;
    must(!play.asked.verdicts, "after the verdict nobody is asked");
    play.asked.prompts++;
    play.asked.prompt = *prompt;
}

static void judged(void *argument, const struct outcome *outcome)
{
    (void)argument;
    play.asked.verdicts++;
    play.asked.outcome = *outcome;
}

void login_play_begin(struct given *given)
{
    static const struct login_peer peer = {.prompt = prompted, .verdict = judged};
    unsigned service = given_byte(given) % 8u, user = given_byte(given) % 3u;
    fake_api_reset();
    forget_log();
    play = (struct play){.user = users[user], .service = services[service], .heard = true};
    struct login_request request =
        request_of(play.service, play.user, uids[user], &person.authenticator, &person.monitor);
    must(login_new(&world.parts, &request, &peer, &play.asked.login) == 0, "a login begins");
    settle();
}

static void type_bytes(const char *bytes, size_t length)
{
    unsigned before = play.asked.prompts;
    if (play.over)
        return;
    bool taken = login_answer(play.asked.login, bytes, length);
    must(!taken || before > 0, "nobody answers who was not asked");
    if (!taken && !play.asked.verdicts)
        login_abandon(play.asked.login, REASON_PROTOCOL); /* as ipc/requests.c does */
    settle();
}

static void type_token(const struct token_key *key, const char *client, int64_t expires, bool genuine)
{
    char id[32];
    mint(key, client, expires, id, play.last, sizeof play.last);
    play.proof |= genuine;
    type_bytes(play.last, strlen(play.last));
}

static void type_forged(void)
{
    struct token_key *other = token_key_ed25519();
    type_token(other, "c2m_alice", fake_wall + LIFE, false);
    token_key_free(other);
}

/* One byte is another one: it is no token any more, nor a proof. */
static void type_mutated(struct given *given)
{
    char id[32];
    mint(world.key, "c2m_alice", fake_wall + LIFE, id, play.last, sizeof play.last);
    size_t length = strlen(play.last), at = given_byte(given) * (size_t)256 + given_byte(given);
    uint8_t change = given_byte(given);
    play.last[at % length] = (char)((uint8_t)play.last[at % length] ^ (change ? change : 1));
    type_bytes(play.last, length);
}

static void type_part(unsigned number)
{
    char typed[512], tag[9], id[32];
    uint8_t hash[VAULT_HASH_SIZE];
    if (number == 0 || !play.in_parts)
        mint(world.key, "c2m_alice", fake_wall + LIFE, id, play.parts, sizeof play.parts);
    play.part = number == 0 ? 1 : play.part + 1;
    play.in_parts = true;
    size_t length = strlen(play.parts), from = (size_t)(play.part - 1) * PART;
    unsigned count = (unsigned)((length + PART - 1) / PART);
    vault_hash(play.parts, length, hash);
    vault_hash_text(hash, tag);
    snprintf(typed, sizeof typed, "c2m %u/%u %s:%.*s", play.part, count, tag, PART,
        from < length ? play.parts + from : "");
    play.proof |= is_alice() && play.part == count;
    type_bytes(typed, strlen(typed));
}

static void type_given_bytes(struct given *given)
{
    char typed[TYPED_MAX + 1];
    size_t length = given_bytes(given, typed, given_byte(given));
    if (play.last[0] && length == strlen(play.last) && memcmp(typed, play.last, length) == 0)
        return; /* a fuzzer's luck is no proof */
    type_bytes(typed, length);
}

static const struct api_token failures[] = {
    {.outcome = API_REFUSED, .reason = REASON_API_REFUSED, .retry_after = -1},
    {.outcome = API_UNAVAILABLE, .reason = REASON_API_TIMEOUT, .retry_after = -1},
};

static bool waits(unsigned *index, enum fake_api_kind *kind)
{
    int waiting = fake_api_waiting();
    if (waiting < 0)
        return false;
    *index = (unsigned)waiting;
    *kind = fake_api_request(*index)->kind;
    return true;
}

static void settle_revocation(unsigned index)
{
    const struct api_revocation done = {.status = 204, .retry_after = -1, .reason = REASON_DONE};
    fake_api_answer(index, &done);
}

static void api_gives(const char *client)
{
    unsigned index;
    enum fake_api_kind kind;
    char token[4096], id[32];
    if (!waits(&index, &kind))
        return;
    if (kind == FAKE_REVOKE) {
        settle_revocation(index);
        return;
    }
    mint(world.key, client, fake_wall + LIFE, id, token, sizeof token);
    if (kind == FAKE_ISSUE)
        snprintf(token, sizeof token, "lt_%s", id);
    if (play.given_count < GIVEN_MAX)
        memcpy(play.given[play.given_count++], id, sizeof id);
    play.proof |= kind == FAKE_EXCHANGE && !play.over && strcmp(client + 4, play.user) == 0;
    struct api_token answer = {.expires = fake_wall + LIFE, .retry_after = -1, .status = 200};
    snprintf(answer.token_id, sizeof answer.token_id, "%s", id);
    fake_api_issue(index, token, &answer);
    settle();
}

static void api_fails(unsigned number)
{
    unsigned index;
    enum fake_api_kind kind;
    if (!waits(&index, &kind))
        return;
    if (kind == FAKE_REVOKE)
        settle_revocation(index);
    else
        fake_api_issue(index, NULL, &failures[number]);
    settle();
}

static void api_gives_nonsense(void)
{
    unsigned index;
    enum fake_api_kind kind;
    struct api_token answer = {.retry_after = -1, .status = 200};
    if (waits(&index, &kind) && kind != FAKE_REVOKE)
        fake_api_issue(index, "no.token.atall", &answer);
    settle();
}

static void leave(void)
{
    if (!play.over)
        login_free(play.asked.login);
    play.over = true;
    settle();
}

static void time_goes(int64_t seconds)
{
    fake_wall += seconds;
    fake_boot_ms += seconds * 1000;
    settle();
}

static void unheard(void)
{
    if (play.over || !play.asked.verdicts)
        return;
    login_unheard(play.asked.login);
    play.heard = false;
    leave();
}

static void happen(char letter, struct given *given)
{
    switch (letter) {
    case 'p':
        time_goes(given_byte(given));
        break;
    case 'd':
        disk_fails_from = disk_calls + 1;
        play.disk_failed = true;
        break;
    case 'e':
        disk_fails_from = 0;
        break;
    case 'x':
        if (!play.over)
            login_abandon(play.asked.login, REASON_DEADLINE);
        settle();
        break;
    case 'h':
        unheard();
        break;
    case 'q':
        leave();
        break;
    default:
        break;
    }
}

static void api_says(char letter, struct given *given)
{
    switch (letter) {
    case 'A':
        api_gives("c2m_alice");
        break;
    case 'B':
        api_gives("c2m_bob");
        break;
    case 'R':
    case 'U':
        api_fails(letter == 'U');
        break;
    case 'N':
        api_gives_nonsense();
        break;
    default:
        happen(letter, given);
    }
}

void login_play_step(struct given *given)
{
    static const char code[] = "123456", long_token[] = "lt_0123456789abcdef";
    char letter = (char)given_byte(given);
    switch (letter) {
    case 'g':
        type_token(world.key, "c2m_alice", fake_wall + LIFE, is_alice());
        break;
    case 'b':
        type_token(world.key, "c2m_bob", fake_wall + LIFE, strcmp(play.user, "bob") == 0);
        break;
    case 'o':
        type_token(world.key, "c2m_alice", fake_wall - 60, false);
        break;
    case 'f':
        type_forged();
        break;
    case 'r':
        type_bytes(play.last, strlen(play.last));
        break;
    case 'L':
        type_bytes(long_token, sizeof long_token - 1);
        break;
    case 'C':
        type_bytes(code, sizeof code - 1);
        break;
    case 't':
        type_given_bytes(given);
        break;
    case 'm':
        type_mutated(given);
        break;
    default:
        if (letter >= '0' && letter <= '9')
            type_part((unsigned)(letter - '0'));
        else
            api_says(letter, given);
    }
}

static bool never(const char *service)
{
    static const char *const closed[] = {"off", "aud", "ops"}; /* for every token of these */
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        if (strcmp(closed[i], service) == 0)
            return true;
    return false;
}

static void grant_holds(const struct outcome *outcome)
{
    must(play.proof, "a grant follows a genuine token of that user");
    must(strcmp(play.user, "mallory") != 0, "who is not mapped is never granted");
    must(!never(play.service), "what a service refuses is never granted");
    must(play.asked.prompts > 0, "nobody is let in unasked");
    must(outcome->token_hash[0] != '\0', "a grant names its token");
}

/* What was obtained for nothing is ordered to be revoked. */
static void in_vain_is_revoked(void)
{
    for (unsigned i = 0; i < play.given_count; i++)
        must(denied(play.given[i]) == DENY_REVOKED, "what the API gave in vain is revoked");
}

void login_play_end(void)
{
    bool granted, left = play.over;
    while (fake_api_waiting() >= 0)
        api_fails(1);
    if (!play.over && !play.asked.verdicts)
        login_abandon(play.asked.login, REASON_DEADLINE);
    settle();
    const struct outcome *outcome = &play.asked.outcome;
    must(play.asked.verdicts <= 1 && (left || play.asked.verdicts == 1), "there is one verdict");
    granted = play.asked.verdicts == 1 && outcome->verdict == C2M_GRANTED;
    must(play.asked.verdicts == 0 || outcome_word(outcome->verdict) != NULL, "a verdict is one");
    if (granted)
        grant_holds(outcome);
    leave();
    disk_fails_from = 0;
    time_goes(3); /* what could not be written is */
    while (fake_api_waiting() >= 0)
        api_fails(1);
    if (!(granted && play.heard) && !play.disk_failed)
        in_vain_is_revoked();
    time_goes(180); /* a pending login is dropped */
    while (fake_api_waiting() >= 0)
        api_fails(1);
}
