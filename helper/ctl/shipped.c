#include "shipped.h"

#include <unistd.h>

const char *shipped_examples(void)
{
    return access(SHIPPED_DIR "/examples", F_OK) == 0 ? SHIPPED_DIR "/examples" : "examples";
}
