/*
 * A list in memory, bounded: where it is full the oldest presence ends, and whoever sits there is asked again.
 * Every end gives the presence's hold on its token back to the ledger.
 */
#include "session/presence.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "session/process_watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum { PRESENCES_MAX = 1024 };

struct presence_entry {
    struct presence presence;
    struct verified token; /* presence.token */
    struct presences *owner;
    struct process_watch leader;
    int64_t end_boot_ms;
    TAILQ_ENTRY(presence_entry) link;
};

struct presences {
    struct loop *loop;
    struct ledger *ledger;
    struct loop_timer *timer; /* of the soonest end */
    TAILQ_HEAD(presence_list, presence_entry) list; /* newest first */
    unsigned count;
};

static void entry_free(struct presence_entry *entry)
{
    process_watch_stop(&entry->leader);
    free(entry);
}

static void entry_freep(struct presence_entry **entry)
{
    if (*entry)
        entry_free(*entry);
}

static void say(const struct presence *presence, const char *state, enum reason why)
{
    struct log_line line;
    char tty[32];
    log_begin(&line, "presence");
    log_text(&line, "ref", presence->login);
    log_text(&line, "holder", presence->reference);
    log_text(&line, "state", state);
    log_text(&line, "reason", reason_word(why));
    log_number(&line, "uid", presence->uid);
    log_text(&line, "tty", process_tty_name(presence->tty, tty));
    log_number(&line, "leader", presence->leader.pid);
    log_send(&line, LOG_LEVEL_INFO);
}

static void end(struct presence_entry *entry, enum reason why)
{
    struct presences *presences = entry->owner;
    say(&entry->presence, "ended", why);
    TAILQ_REMOVE(&presences->list, entry, link);
    presences->count--;
    int r = ledger_release(presences->ledger, entry->presence.reference);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "ref=%s: giving up its tokens is not written down yet: %s",
            entry->presence.reference, log_errno(r));
    entry_free(entry);
}

static void leader_ended(void *argument)
{
    end(argument, REASON_NO_TERMINAL);
}

static void end_overdue(void *argument)
{
    struct presences *presences = argument;
    struct presence_entry *entry, *next;
    int64_t now = clock_boot_ms(), soonest = INT64_MAX;
    for (entry = TAILQ_FIRST(&presences->list); entry; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (entry->end_boot_ms <= now)
            end(entry, REASON_STALE_PROOF);
        else if (entry->end_boot_ms < soonest)
            soonest = entry->end_boot_ms;
    }
    if (soonest != INT64_MAX)
        loop_timer_set(presences->timer, soonest - now);
    else
        loop_timer_clear(presences->timer);
}

int presences_new(struct loop *loop, struct ledger *ledger, struct presences **out)
{
    struct presences *presences CLEANUP_FREE = calloc(1, sizeof *presences);
    if (!presences)
        return -ENOMEM;
    presences->loop = loop;
    presences->ledger = ledger;
    TAILQ_INIT(&presences->list);
    int r = loop_timer_new(loop, end_overdue, presences, &presences->timer);
    if (r < 0)
        return r;
    *out = STEAL(presences);
    return 0;
}

/* Releases nothing: the next start finds holders without a session. */
void presences_free(struct presences *presences)
{
    struct presence_entry *entry;
    if (!presences)
        return;
    while ((entry = TAILQ_FIRST(&presences->list))) {
        TAILQ_REMOVE(&presences->list, entry, link);
        entry_free(entry);
    }
    loop_timer_free(presences->timer);
    free(presences);
}

static struct presence_entry *find(
    struct presences *presences, uint32_t uid, uint32_t tty, struct process leader)
{
    struct presence_entry *entry;
    for (entry = TAILQ_FIRST(&presences->list); entry; entry = TAILQ_NEXT(entry, link))
        if (entry->presence.uid == uid && entry->presence.tty == tty &&
            process_same(entry->presence.leader, leader))
            return entry;
    return NULL;
}

static struct presence_entry *entry_new(
    struct presences *presences, const char *login, const struct verified *token)
{
    struct presence_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->owner = presences;
    entry->token = *token;
    entry->presence.token = &entry->token;
    entry->presence.proved_boot_ms = clock_boot_ms();
    entry->presence.token_expires_boot_ms = clock_boot_ms() + (token->claims.expires - clock_wall()) * 1000;
    vault_reference(entry->presence.reference);
    snprintf(entry->presence.login, sizeof entry->presence.login, "%s", login);
    return entry;
}

/* Nothing can fail any more; what it replaces is given up last. */
static void add(struct presences *presences, struct presence_entry *entry)
{
    const struct presence *presence = &entry->presence;
    struct presence_entry *older = find(presences, presence->uid, presence->tty, presence->leader);
    TAILQ_INSERT_HEAD(&presences->list, entry, link);
    presences->count++;
    say(presence, "proved", REASON_CREDENTIAL);
    if (older)
        end(older, REASON_CREDENTIAL);
    else if (presences->count > PRESENCES_MAX)
        end(TAILQ_LAST(&presences->list, presence_list), REASON_FULL);
    end_overdue(presences);
}

int presences_prove(struct presences *presences, const char *login, uint32_t uid, uint32_t tty,
    struct process leader, enum c2m_credential_form form, const struct verified *token, int64_t reuse_ms)
{
    if (reuse_ms <= 0 || uid == 0 || tty == 0)
        return 0;
    struct presence_entry *entry CLEANUP(entry_freep) = entry_new(presences, login, token);
    if (!entry)
        return -ENOMEM;
    entry->presence.uid = uid;
    entry->presence.tty = tty;
    entry->presence.leader = leader;
    entry->presence.form = form;
    entry->end_boot_ms = entry->presence.proved_boot_ms + reuse_ms;
    int r = process_watch_start(&entry->leader, presences->loop, leader, leader_ended, entry);
    if (r < 0)
        return r == -ESRCH ? 0 : r;
    r = ledger_share(presences->ledger, login, entry->presence.reference);
    if (r < 0) {
        ledger_release(presences->ledger, entry->presence.reference); /* what it may have of it already */
        return r;
    }
    add(presences, STEAL(entry));
    return 0;
}

bool presence_token_over(const struct presence *presence)
{
    return clock_wall() >= presence->token->claims.expires ||
           clock_boot_ms() >= presence->token_expires_boot_ms;
}

const struct presence *presences_find(
    struct presences *presences, uint32_t uid, uint32_t tty, struct process leader)
{
    const struct presence_entry *entry = find(presences, uid, tty, leader);
    if (!entry || clock_boot_ms() >= entry->end_boot_ms || clock_boot_ms() < entry->presence.proved_boot_ms ||
        !process_alive(leader))
        return NULL;
    return &entry->presence;
}

unsigned presences_end(
    struct presences *presences, presence_wanted *wanted, const void *argument, enum reason why)
{
    struct presence_entry *entry, *next;
    unsigned ended = 0;
    for (entry = TAILQ_FIRST(&presences->list); entry; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (!wanted(&entry->presence, argument))
            continue;
        end(entry, why);
        ended++;
    }
    return ended;
}

static bool proved_by(const struct presence *presence, const void *login)
{
    return strcmp(presence->login, login) == 0;
}

void presences_drop(struct presences *presences, const char *login, enum reason why)
{
    presences_end(presences, proved_by, login, why);
}

void presences_suspend(struct presences *presences, const char *client, bool suspended)
{
    struct presence_entry *entry;
    TAILQ_FOREACH(entry, &presences->list, link)
    {
        if (strcmp(entry->token.claims.subject, client) == 0)
            entry->presence.suspended = suspended;
    }
}
