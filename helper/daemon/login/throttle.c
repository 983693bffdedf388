/* Five tables of what happened lately, and three questions to them: who must wait, for what, and who goes first. */
#include "login/throttle.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "login/failures.h"
#include "login/origin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    MINUTE_MS = 60 * 1000,
    REPEAT_MS = 30 * 1000,
    EXCHANGES = 2,
    SUSPECT_MS = 15 * MINUTE_MS,
    KNOWN_MS = 7 * 24 * 60 * MINUTE_MS,
};

struct refusal {
    enum reason reason;
    bool mine;
    uint32_t argument;
};

/* A uid's last ones at user.sock, the older one first. */
struct exchanges {
    int64_t at_ms[EXCHANGES];
};

struct throttle {
    struct recent *failures, *refusals, *exchanges;
    struct recent *suspects; /* origins, and users: something was refused there, or to them */
    struct recent *known; /* pairs that logged in */
};

static void throttle_freep(struct throttle **throttle)
{
    throttle_free(*throttle);
}

int throttle_new(struct throttle **out)
{
    struct throttle *throttle CLEANUP(throttle_freep) = calloc(1, sizeof *throttle);
    if (!throttle || recent_new(4096, sizeof(struct failures), FAILURES_KEEP_MS, &throttle->failures) < 0 ||
        recent_new(1024, sizeof(struct refusal), REPEAT_MS, &throttle->refusals) < 0 ||
        recent_new(1024, sizeof(struct exchanges), MINUTE_MS, &throttle->exchanges) < 0 ||
        recent_new(8192, 0, SUSPECT_MS, &throttle->suspects) < 0 ||
        recent_new(4096, 0, KNOWN_MS, &throttle->known) < 0)
        return -ENOMEM;
    *out = STEAL(throttle);
    return 0;
}

void throttle_free(struct throttle *throttle)
{
    if (!throttle)
        return;
    recent_free(throttle->failures);
    recent_free(throttle->refusals);
    recent_free(throttle->exchanges);
    recent_free(throttle->suspects);
    recent_free(throttle->known);
    free(throttle);
}

/* Of two texts, and the NULs that end them: no two pairs of texts are the same bytes. */
static void hash_texts(const char *first, const char *second, struct recent_key *key)
{
    char bytes[sizeof(struct origin) + C2M_NAME_MAX + 2];
    size_t first_size = strlen(first) + 1, second_size = strlen(second) + 1;
    memcpy(bytes, first, first_size);
    memcpy(bytes + first_size, second, second_size);
    vault_hash(bytes, first_size + second_size, key->hash);
}

static void hash_credential(
    const struct login_request *request, const struct secret *typed, struct recent_key *key)
{
    struct recent_key both[2]; /* whose it is, and what was typed */
    hash_texts(request->user, request->service, &both[0]);
    vault_hash(secret_bytes(typed), secret_length(typed), both[1].hash);
    vault_hash(both, sizeof both, key->hash);
}

static void pair_key(const struct login_request *request, const struct origin *origin, struct recent_key *key)
{
    hash_texts(request->user, origin->text, key);
}

static void identify(const struct login_request *request, enum c2m_credential_form form,
    const struct secret *typed, struct throttle_trial *trial)
{
    struct origin origin;
    *trial = (struct throttle_trial){.form = form};
    origin_tell(request, &origin);
    pair_key(request, &origin, &trial->pair);
    hash_texts("", origin.text, &trial->origin); /* no user has an empty name */
    hash_texts(request->user, "", &trial->user);
    if (form != C2M_FORM_SHORT)
        hash_credential(request, typed, &trial->credential);
}

static int64_t wait_of(
    struct throttle *throttle, const struct recent_key *pair, enum c2m_credential_form form)
{
    const struct failures *failures = recent_find(throttle->failures, pair);
    return failures ? failures_wait(failures, form == C2M_FORM_CODE, clock_boot_ms()) : 0;
}

/* Counts one more, or says how long that uid must wait for it. */
static int64_t take_exchange(struct throttle *throttle, uint32_t uid)
{
    struct recent_key key;
    vault_hash(&uid, sizeof uid, key.hash);
    const struct exchanges *last = recent_find(throttle->exchanges, &key);
    int64_t now = clock_boot_ms();
    if (last && last->at_ms[0] > 0 && now - last->at_ms[0] < MINUTE_MS)
        return last->at_ms[0] + MINUTE_MS - now;
    struct exchanges *counted = recent_touch(throttle->exchanges, &key);
    counted->at_ms[0] = counted->at_ms[1];
    counted->at_ms[1] = now;
    return 0;
}

/*
 * The first lane is for who was here before, so that no flood from elsewhere takes it. A stranger to a user whom
 * somebody is guessing at comes behind, with one try for each origin: of those that the budget put off nothing is
 * known, and they would ask there for ever. Where something was refused, there is only what nobody else wants.
 */
static enum budget_lane lane_of(
    struct throttle *throttle, const struct login_request *request, const struct throttle_trial *trial)
{
    if (!request->root_door)
        return BUDGET_USER;
    if (recent_find(throttle->known, &trial->pair))
        return BUDGET_LOGIN;
    if (recent_find(throttle->suspects, &trial->origin) || recent_full(throttle->suspects))
        return BUDGET_SUSPECT;
    if (!recent_find(throttle->suspects, &trial->user))
        return BUDGET_LOGIN;
    recent_touch(throttle->suspects, &trial->origin);
    return BUDGET_STRANGER;
}

static uint32_t seconds_of(int64_t milliseconds)
{
    return milliseconds > 0 ? (uint32_t)((milliseconds + 999) / 1000) : 0;
}

enum reason throttle_ask(struct throttle *throttle, const struct login_request *request,
    enum c2m_credential_form form, const struct secret *typed, struct throttle_trial *trial)
{
    bool sent = form != C2M_FORM_SHORT;
    identify(request, form, typed, trial);
    int64_t wait = wait_of(throttle, &trial->pair, form);
    const struct refusal *refusal = sent ? recent_find(throttle->refusals, &trial->credential) : NULL;
    if (wait <= 0 && refusal) {
        trial->mine = refusal->mine;
        trial->argument = refusal->argument;
        return refusal->reason;
    }
    if (wait <= 0 && sent && !request->root_door)
        wait = take_exchange(throttle, request->caller.real_uid);
    trial->argument = seconds_of(wait);
    if (wait > 0)
        return REASON_THROTTLED;
    if (sent)
        trial->lane = lane_of(throttle, request, trial);
    trial->open = true;
    return REASON_NONE;
}

static void failed(struct throttle *throttle, const struct throttle_trial *trial)
{
    struct failures *failures = recent_touch(throttle->failures, &trial->pair);
    failures_add(failures, trial->form == C2M_FORM_CODE, clock_boot_ms());
    recent_touch(throttle->suspects, &trial->origin);
    recent_touch(throttle->suspects, &trial->user);
}

static void refused(
    struct throttle *throttle, const struct throttle_trial *trial, const struct outcome *outcome, bool mine)
{
    if (trial->form != C2M_FORM_SHORT) {
        struct refusal *refusal = recent_touch(throttle->refusals, &trial->credential);
        *refusal = (struct refusal){outcome->reason, mine, outcome->text_argument[0]};
    }
    if (!mine)
        failed(throttle, trial);
}

static void granted(struct throttle *throttle, const struct throttle_trial *trial)
{
    struct failures *failures = recent_find(throttle->failures, &trial->pair);
    recent_touch(throttle->known, &trial->pair);
    if (failures)
        failures_forgive(failures);
}

void throttle_tell(
    struct throttle *throttle, struct throttle_trial *trial, const struct outcome *outcome, bool mine)
{
    if (!trial->open)
        return;
    trial->open = false;
    if (outcome->verdict == C2M_GRANTED)
        granted(throttle, trial);
    else if (outcome->verdict == C2M_DENIED || outcome->verdict == C2M_FORBIDDEN)
        refused(throttle, trial, outcome, mine);
}

void throttle_left(struct throttle *throttle, struct throttle_trial *trial)
{
    if (!trial->open)
        return;
    trial->open = false;
    failed(throttle, trial);
}

uint32_t throttle_codes_off(struct throttle *throttle, const struct login_request *request)
{
    struct recent_key key;
    struct origin origin;
    origin_tell(request, &origin);
    pair_key(request, &origin, &key);
    return seconds_of(wait_of(throttle, &key, C2M_FORM_CODE));
}

void throttle_forget(struct throttle *throttle)
{
    recent_clear(throttle->failures);
    recent_clear(throttle->refusals);
    recent_clear(throttle->suspects);
}
