/* The clocks of a test: they stand still until the test moves them. */
#ifndef FAKES_CLOCK_H
#define FAKES_CLOCK_H

#include <stdint.h>

extern int64_t fake_wall; /* seconds since 1970 */
extern int64_t fake_boot_ms; /* milliseconds since boot */
extern const char *fake_boot_id; /* another text is another boot */

#endif
