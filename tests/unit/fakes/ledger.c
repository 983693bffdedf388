/* All of session/ledger.c's functions, or the linker would take the real ones as well. */
#include "fakes/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct fake_ledger fake_ledger;

static struct fake_holder *holder_of(const char *reference)
{
    for (unsigned i = fake_ledger.count; i-- > 0;)
        if (strcmp(fake_ledger.holders[i].reference, reference) == 0)
            return &fake_ledger.holders[i];
    if (fake_ledger.count == FAKE_LEDGER_HOLDERS)
        fake_ledger.count = 0;
    struct fake_holder *holder = &fake_ledger.holders[fake_ledger.count++];
    *holder = (struct fake_holder){.tokens = 0};
    snprintf(holder->reference, sizeof holder->reference, "%s", reference);
    return holder;
}

void fake_ledger_reset(void)
{
    fake_ledger.count = fake_ledger.releases = 0;
    fake_ledger.error = 0;
}

void fake_ledger_give(const char *reference, unsigned tokens)
{
    holder_of(reference)->tokens += tokens;
}

unsigned fake_ledger_releases(const char *reference)
{
    return holder_of(reference)->releases;
}

int ledger_new(struct store *store, struct vault *vault, struct deny_list *deny_list, struct revoker *revoker,
    const struct ledger_options *options, struct ledger **out)
{
    (void)store;
    (void)vault;
    (void)deny_list;
    (void)revoker;
    (void)options;
    *out = NULL;
    return 0;
}

void ledger_free(struct ledger *ledger)
{
    (void)ledger;
}

int ledger_ready(struct ledger *ledger)
{
    (void)ledger;
    return 0;
}

int ledger_hold(
    struct ledger *ledger, const char *holder, const struct ledger_token *token, const struct secret *bearer)
{
    (void)ledger;
    (void)token;
    (void)bearer;
    if (fake_ledger.error == 0)
        fake_ledger_give(holder, 1);
    return fake_ledger.error;
}

int ledger_share(struct ledger *ledger, const char *from, const char *to)
{
    (void)ledger;
    if (fake_ledger.error == 0)
        fake_ledger_give(to, holder_of(from)->tokens);
    return fake_ledger.error;
}

int ledger_release(struct ledger *ledger, const char *holder)
{
    struct fake_holder *released = holder_of(holder);
    (void)ledger;
    released->tokens = 0;
    released->releases++;
    fake_ledger.releases++;
    return fake_ledger.error;
}

int ledger_long(struct ledger *ledger, const char *holder, struct secret **out)
{
    (void)ledger;
    (void)holder;
    *out = NULL;
    return -ENOENT;
}

unsigned ledger_count(const struct ledger *ledger, const char *holder)
{
    (void)ledger;
    return holder_of(holder)->tokens;
}

int ledger_holders(
    struct ledger *ledger, bool enrolled, int (*fn)(void *argument, const char *holder), void *argument)
{
    (void)enrolled;
    (void)ledger;
    for (unsigned i = 0; i < fake_ledger.count; i++) {
        int r = fake_ledger.holders[i].tokens > 0 ? fn(argument, fake_ledger.holders[i].reference) : 0;
        if (r != 0)
            return r;
    }
    return 0;
}
