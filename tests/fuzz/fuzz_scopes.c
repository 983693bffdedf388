/* Sets of scopes. An input is what is held, a newline, and what is wanted. */
#include "given.h"

#include "token/scopes.h"

#include <string.h>

static int covered(void *argument, const char *scope, size_t length)
{
    must(length >= 1 && length <= 128, "a scope is bounded");
    must(scopes_cover_one(argument, scope, length, NULL), "what is held is covered");
    return 0;
}

static int counted(void *argument, const char *scope, size_t length)
{
    (void)scope;
    (void)length;
    ++*(unsigned *)argument;
    return 0;
}

static void holds(struct scopes *scopes)
{
    struct scopes again = {.text = ""};
    unsigned count = 0;
    size_t length = strlen(scopes->text);
    must(length < SCOPES_SIZE && given_printable(scopes->text), "a set is bounded and printable");
    scopes_each(scopes, covered, scopes);
    scopes_each(scopes, counted, &count);
    must(count <= SCOPES_MAX && scopes_empty(scopes) == (count == 0), "a set is counted");
    must(scopes_parse(&again, scopes->text, length) == 0 && strcmp(again.text, scopes->text) == 0,
        "a set that is read has one spelling");
}

/* Of words without a '*' one covers another only when they are the same. */
static int is_in(void *argument, const char *scope, size_t length)
{
    const struct scopes *held = argument;
    char word[132] = " ", all[SCOPES_SIZE + 2] = " ";
    memcpy(word + 1, scope, length);
    memcpy(word + 1 + length, " ", 2);
    strcat(all, held->text);
    strcat(all, " ");
    must(strstr(all, word) != NULL, "what is covered without a star is held");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scopes held = {.text = ""}, wanted = {.text = ""};
    struct given given = {data, size};
    size_t length;
    const char *words = given_line(&given, &length);
    bool first = scopes_parse(&held, words, length) == 0;
    words = given_line(&given, &length);
    bool second = scopes_parse(&wanted, words, length) == 0;
    holds(&held);
    holds(&wanted);
    if (!first || !second)
        return 0;
    must(scopes_related(&held, &wanted) == scopes_related(&wanted, &held), "to be related is mutual");
    must(scopes_cover(&held, &held, NULL), "a set covers itself");
    if (scopes_cover(&held, &wanted, NULL) && !strchr(held.text, '*'))
        scopes_each(&wanted, is_in, &held);
    return 0;
}
