/* What an administrator sees: pending ones first, then receipts, each once, wherever it is kept at the moment. */
#include "session/revoker_internal.h"

struct each {
    const struct revoker *revoker;
    int (*fn)(void *argument, const struct c2m_revocation *revocation);
    void *argument;
};

static int tell(const struct each *each, const struct revocation *revocation)
{
    struct c2m_revocation described;
    revocation_describe(revocation, &described);
    return each->fn(each->argument, &described);
}

static int tell_receipt(void *argument, const struct revocation *revocation)
{
    const struct each *each = argument;
    return revoker_find(each->revoker, revocation->hash) ? 0 : tell(each, revocation); /* told already */
}

static int tell_known(const struct each *each, bool pending)
{
    const struct revocation *revocation;
    int r = 0;
    TAILQ_FOREACH(revocation, &each->revoker->all, entry)
    {
        if (r == 0 && (revocation->state == C2M_REVOCATION_PENDING) == pending)
            r = tell(each, revocation);
    }
    return r;
}

int revoker_each(struct revoker *revoker, int (*fn)(void *argument, const struct c2m_revocation *revocation),
    void *argument)
{
    struct each each = {.revoker = revoker, .fn = fn, .argument = argument};
    int r = tell_known(&each, true);
    if (r == 0)
        r = tell_known(&each, false);
    return r == 0 ? revocation_rows_receipts(&revoker->rows, tell_receipt, &each) : r;
}

void revoker_counts(const struct revoker *revoker, unsigned *pending, unsigned *unrevocable)
{
    const struct revocation *revocation;
    *pending = revoker->pending;
    if (!unrevocable)
        return;
    *unrevocable = revocation_rows_unrevocable(&revoker->rows);
    TAILQ_FOREACH(revocation, &revoker->all, entry)
    {
        if (revocation->state == C2M_REVOCATION_UNREVOCABLE && revocation->saving.dirty)
            ++*unrevocable; /* its receipt is in memory only */
    }
}

int64_t revoker_oldest(const struct revoker *revoker)
{
    const struct revocation *revocation;
    int64_t oldest = 0;
    TAILQ_FOREACH(revocation, &revoker->all, entry)
    {
        if (revocation->state == C2M_REVOCATION_PENDING && (oldest == 0 || revocation->asked < oldest))
            oldest = revocation->asked;
    }
    return oldest;
}
