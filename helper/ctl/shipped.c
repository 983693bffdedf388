#include "shipped.h"

#include <unistd.h>

const char *shipped_examples(void)
{
    return access(SHIPPED_DATA, F_OK) == 0 ? SHIPPED_DATA : "examples";
}
