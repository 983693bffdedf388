// link: helper/ctl/askpass_prompt.c
/* A prompt that c2m-askpass is to answer: what is taken is a prompt of the module's, whole; a stranger's never is. */
#include "given.h"

#include "askpass_prompt.h"
#include "texts.h"

#include <stdlib.h>
#include <string.h>

static void taken(const char *text, const struct askpass_prompt *prompt)
{
    size_t length = strlen(text);
    must(given_printable(text), "a prompt is printable");
    must(length > 6 && strcmp(text + length - 2, ": ") == 0, "a prompt ends as the module's do");
    must(strstr(text, "C2M token") != NULL, "a prompt asks for a token");
    must(prompt->part >= 1 && prompt->parts <= 32 && (prompt->parts == 0 || prompt->part <= prompt->parts),
        "a part is one of those that there are");
    must((prompt->part == 1) == (prompt->parts == 0), "the first part is asked for by the plain prompt");
    must((prompt->host[0] != '\0') == (text[0] == '('), "a host stands in brackets");
    must(!prompt->host[0] || strstr(text, prompt->host) != NULL, "a host stands in the prompt");
    must(!strpbrk(prompt->host, "@ ()"), "a host is one word");
}

/* Whatever the words, the numbers and the reference: the module's own prompt is known. */
static void modules_own_is_known(struct given given)
{
    char text[TEXT_SIZE], reference[C2M_REFERENCE_SIZE];
    struct askpass_prompt prompt;
    uint32_t arguments[2];
    uint32_t number = C2M_TEXT_ASK_TOKEN + given_byte(&given) % 4u;
    given_bytes(&given, arguments, sizeof arguments);
    given_bytes(&given, reference, sizeof reference);
    if (!text_write(text, TEXT_PROMPT, number, arguments, reference))
        return;
    bool token = number != C2M_TEXT_ASK_CODE;
    bool part = number == C2M_TEXT_ASK_PART;
    bool fits = !part || (arguments[0] >= 2 && arguments[0] <= arguments[1] && arguments[1] <= 32);
    must(askpass_prompt_read(text, &prompt) == (token && fits), "the module's own prompt is known");
    must(!token || !fits || !part || (prompt.part == arguments[0] && prompt.parts == arguments[1]),
        "with its numbers");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct askpass_prompt prompt;
    char *text = malloc(size + 1);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    if (askpass_prompt_read(text, &prompt))
        taken(text, &prompt);
    free(text);
    modules_own_is_known((struct given){data, size});
    return 0;
}
