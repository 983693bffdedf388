/* By write(2), and without the ends of stdio, which would ask for memory. */
#include "memory.h"

#include "options.h"

#include <unistd.h>

void memory_short(void)
{
    static const char said[] = "c2mctl: memory is short\n";

    if (write(STDERR_FILENO, said, sizeof said - 1) < 0)
        _exit(EXIT_SOFTWARE);
    _exit(EXIT_SOFTWARE);
}
