#include "mismatch.h"

#include "listing.h"

#include "c2m/client.h"

#include <stdbool.h>
#include <string.h>

struct wanted {
    enum c2m_mismatch_kind kind;
    bool found;
    char *out;
};

static void see(void *data, const void *item)
{
    const struct c2m_mismatch *mismatch = item;
    struct wanted *wanted = data;

    if (mismatch->kind != wanted->kind ||
        !c2m_text_ok(mismatch->text.length, mismatch->text.bytes, C2M_ID_MAX))
        return;
    memcpy(wanted->out, mismatch->text.bytes, mismatch->text.length);
    wanted->out[mismatch->text.length] = '\0';
    wanted->found = true;
}

int mismatch_last(const struct options *options, enum c2m_mismatch_kind kind, char *out)
{
    const struct listing mismatches = {C2M_MISMATCHES, NULL, 0, C2M_MISMATCH_IS, sizeof(struct c2m_mismatch)};
    struct wanted wanted = {.kind = kind, .out = out};

    int rc = listing_each_quietly(options, &mismatches, see, &wanted);
    return rc < 0 ? rc : wanted.found;
}
