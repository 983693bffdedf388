#include "typed.h"

#include "askpass_terminal.h"
#include "refusal.h"

#include "c2m/deadline.h"

#include <string.h>
#include <unistd.h>

enum { READ_MS = 10 * 60 * 1000 };

int typed_read(const struct options *options, const char *question, struct c2m_secret *out)
{
    struct askpass_token token __attribute__((cleanup(askpass_token_wipe))) = {.length = 0};
    bool read = isatty(STDIN_FILENO) ? askpass_terminal_read(question, &token)
                                     : askpass_token_fill(&token, STDIN_FILENO, c2m_deadline_in(READ_MS));
    const char *wrong = read ? askpass_token_trim(&token) : "it cannot be read from standard input";

    if (wrong != NULL) {
        refusal_tell(options, "credential", wrong);
        return EXIT_USAGE;
    }
    out->length = (uint16_t)token.length;
    memcpy(out->bytes, token.bytes, token.length);
    return EXIT_OK;
}
