#include "complain.h"

#include "c2m/printable.h"

#include <stdio.h>
#include <string.h>

void complain(const char *message, const char *subject)
{
    char shown[C2M_PRINTABLE_SIZE];

    if (subject == NULL) {
        fprintf(stderr, "c2m-askpass: %s\n", message);
        return;
    }
    c2m_printable(shown, sizeof shown, subject, strlen(subject));
    fprintf(stderr, "c2m-askpass: %s: \"%s\"\n", message, shown);
}

void complain_line(const char *file, unsigned line, const char *message)
{
    char shown[C2M_PRINTABLE_SIZE];

    c2m_printable(shown, sizeof shown, file, strlen(file));
    fprintf(stderr, "c2m-askpass: %s:%u: %s\n", shown, line, message);
}
