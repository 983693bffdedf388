/* See lived.h. A row of the table `host`. */
#include "session/lived.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>

enum { WRITE_EVERY_MS = 10 * 60 * 1000 };

static const int64_t LONGEST_MS = INT64_C(1) << 50;

int lived_init(struct lived *lived, struct store *store)
{
    struct store_statement *select;
    *lived = (struct lived){.begun_boot_ms = clock_boot_ms()};
    int r = store_prepare(store, "SELECT CAST(value AS INTEGER) FROM host WHERE name = 'lived'", &select);
    if (r < 0)
        return r;
    r = store_row(select);
    int64_t before_ms = r > 0 ? store_integer(select, 0) : 0;
    if (before_ms > 0 && before_ms < LONGEST_MS) /* else it is no row of ours, and forgets nothing early */
        lived->before_ms = lived->written_ms = before_ms;
    store_finish(select);
    return r < 0 ? r
                 : store_prepare(
                       store, "INSERT OR REPLACE INTO host (name, value) VALUES ('lived', ?)", &lived->put);
}

void lived_deinit(struct lived *lived)
{
    store_finish(lived->put);
}

int64_t lived_ms(const struct lived *lived)
{
    return lived->before_ms + clock_boot_ms() - lived->begun_boot_ms;
}

void lived_write(struct lived *lived)
{
    char text[24];
    int64_t now = lived_ms(lived);
    if (now < lived->written_ms + WRITE_EVERY_MS)
        return;
    snprintf(text, sizeof text, "%" PRId64, now);
    store_bind_text(lived->put, 1, text);
    if (store_write(lived->put) == 0)
        lived->written_ms = now;
}
