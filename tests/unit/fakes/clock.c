/* Stands in for base/clock.c: all of its functions, or the linker would take the real ones as well. */
#include "fakes/clock.h"

#include "base/clock.h"

int64_t fake_wall = 1700000000;
int64_t fake_boot_ms = 3600 * 1000;
const char *fake_boot_id = "6a1f0c52-8b7e-4d3a-9c11-2f5e7d904b68";

int64_t clock_wall(void)
{
    return fake_wall;
}

int64_t clock_boot_ms(void)
{
    return fake_boot_ms;
}

int64_t clock_boot_us(void)
{
    return fake_boot_ms * 1000;
}

const char *clock_boot_id(void)
{
    return fake_boot_id;
}
