#include "complain.h"

#include "c2m/printable.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void complain(const char *message, const char *subject)
{
    char shown[C2M_PRINTABLE_SIZE];

    if (subject == NULL) {
        fprintf(stderr, "%s: %s\n", program_invocation_short_name, message);
        return;
    }
    c2m_printable(shown, sizeof shown, subject, strlen(subject));
    fprintf(stderr, "%s: %s: \"%s\"\n", program_invocation_short_name, message, shown);
}

void complain_line(const char *file, unsigned line, const char *message)
{
    char shown[C2M_PRINTABLE_SIZE];

    c2m_printable(shown, sizeof shown, file, strlen(file));
    fprintf(stderr, "%s: %s:%u: %s\n", program_invocation_short_name, shown, line, message);
}
