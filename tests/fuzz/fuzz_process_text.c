/*
 * The kernel's texts, with a name in them that the process chose. An input is a stat file; or, when it begins with
 * 'n', such a name, around which a stat is made here: whatever the name, what is read is what the kernel wrote.
 */
#include "given.h"

#include "base/process_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PID = 4711 };

static void stat_of_a_stranger(const char *text, size_t length)
{
    struct process_facts facts = {.parent = -1};
    if (process_text_stat(text, length, PID, &facts) != 0)
        return;
    must(facts.process.pid == PID && strncmp(text, "4711 (", 6) == 0, "the text is of that process");
    must(!memchr(text, '\0', length), "a text has no NUL");
    must(facts.state != ' ' && facts.state != '\0', "a state is a letter");
    must((int64_t)facts.process.start >= INT64_MIN, "a start is a number");
}

static void name_is_no_matter(struct given *given)
{
    char name[64] = "", text[512];
    struct process_facts facts = {.parent = 0};
    size_t length = given_bytes(given, name, 15); /* TASK_COMM_LEN - 1 */
    for (size_t i = 0; i < length; i++)
        if (name[i] == '\0')
            name[i] = ')';
    int written = snprintf(text, sizeof text,
        "4711 (%s) S 4242 4711 4700 34819 4711 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654321 1 2 3\n", name);
    must(process_text_stat(text, (size_t)written, PID, &facts) == 0, "the kernel's text is read");
    must(facts.parent == 4242 && facts.leader == 4700 && facts.tty == 34819 && facts.state == 'S' &&
             facts.process.start == 987654321 && facts.group == 4711 && facts.foreground == 4711,
        "whatever the name says");
}

static void lines_of_status(char *text)
{
    struct process_status status = {.namespaces = 0};
    bool uids = false;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        process_text_status_line(&status, line);
        uids |= strncmp(line, "Uid:\t", 5) == 0;
    }
    must(!status.has_uids || uids, "uids come from their line");
    must(status.namespaces <= 4096, "namespaces are counted");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct given given = {data, size};
    char *text = malloc(size + 1);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    stat_of_a_stranger(text, size);
    uint32_t number = process_text_number(text, 7);
    char again[16];
    snprintf(again, sizeof again, "%u", number);
    must(number == 7 || strspn(text, "-0123456789") > 0, "a number is digits");
    must(process_text_number(again, number + 1) == number, "a number is read back");
    lines_of_status(text);
    free(text);
    if (given_byte(&given) == 'n')
        name_is_no_matter(&given);
    return 0;
}
