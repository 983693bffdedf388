/*
 * The story for people and for programs. Both say the same; a word of the log stands beside its meaning.
 */
#include "format.h"
#include "story.h"

#include "c2m/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 1024, KEY_SIZE = 32 };

/* "alice at sshd from 192.0.2.7" */
static void print_who(const char *line)
{
    static const struct {
        const char *key, *before;
    } parts[] = {{"user", " "}, {"service", " at "}, {"rhost", " from "}, {"ruser", " by "}, {"tty", " on "},
        {"uid", ", uid "}, {"pid", ", process "}, {"audit", ", audit session "}};
    char value[VALUE_SIZE];

    printf("    who     ");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *found = c2m_record_get(line, parts[i].key, value, sizeof value);
        if (found[0] != '\0' && strcmp(found, "-1") != 0)
            printf("%s%s", i == 0 ? "" : parts[i].before, found);
    }
    printf("\n");
}

static void print_with(const char *line)
{
    char form[VALUE_SIZE], token[VALUE_SIZE];

    c2m_record_get(line, "form", form, sizeof form);
    c2m_record_get(line, "token", token, sizeof token);
    if (form[0] != '\0' || token[0] != '\0')
        printf("    with    %s%s%s\n", form[0] != '\0' ? form : "a token", token[0] != '\0' ? ", token " : "",
            token);
}

static void print_checks(const char *line)
{
    enum story_result results[CHECK_COUNT];

    if (!story_checks(line, results))
        return;
    printf("    checks ");
    for (enum check check = CHECK_ASKED; check < CHECK_COUNT; check++) {
        static const char *const words[] = {[STORY_PASSED] = "passed",
            [STORY_FAILED] = "FAILED",
            [STORY_NOT_NEEDED] = "not needed",
            [STORY_NOT_REACHED] = "not reached"};
        printf("%s %s %s", check == CHECK_ASKED ? "" : ",", explain_check(check), words[results[check]]);
    }
    printf("\n");
}

static void print_times(const char *line)
{
    struct story_time times[STORY_TIMES];
    int64_t whole;
    const char *before = ":";

    if (!story_times(line, &whole, times))
        return;
    printf("    time    %" PRId64 ".%03" PRId64 " ms", whole / 1000, whole % 1000);
    for (size_t i = 0; i < STORY_TIMES; i++) {
        if (times[i].us == 0)
            continue;
        printf("%s %" PRId64 ".%03" PRId64 " %s", before, times[i].us / 1000, times[i].us % 1000,
            times[i].where);
        before = ",";
    }
    printf("\n");
}

static void print_record(const struct c2m_record *record)
{
    char when[FORMAT_SIZE], event[VALUE_SIZE], state[VALUE_SIZE], word[VALUE_SIZE];
    const char *line = record->text;

    format_second(when, record->at);
    if (c2m_record_get(line, "event", event, sizeof event)[0] == '\0') {
        printf("%s  %s\n", when, line);
        return;
    }
    if (c2m_record_get(line, "verdict", state, sizeof state)[0] == '\0')
        c2m_record_get(line, "state", state, sizeof state);
    const struct explain_word *why = explain_word(c2m_record_get(line, "reason", word, sizeof word));
    printf("%s  %s %s%s%s", when, event, state, word[0] != '\0' ? ", " : "", word);
    printf("%s%s\n", why != NULL ? ": " : "", why != NULL ? why->text : "");
    if (strcmp(event, "login") == 0 || strcmp(event, "account") == 0 || strcmp(event, "open") == 0) {
        print_who(line);
        print_with(line);
        print_checks(line);
        print_times(line);
    }
}

static void print_now(const struct story *story)
{
    const struct c2m_session *session = &story->session;
    const struct explain_word *end = story_ended(story);
    char when[FORMAT_SIZE], since[FORMAT_SIZE];
    struct format_text id, word;

    if (story->open)
        printf("now: %s since %s, %u tokens, the current one expires %s, sudo by it %u times\n",
            session->state == C2M_SESSION_PENDING ? "granted" : "open", format_second(since, session->opened),
            session->tokens, format_second(when, session->expires), session->sudo_uses);
    else if (end != NULL)
        printf("ended: %s, %s\n", end->word, end->text);
    for (size_t i = 0; i < story->revocation_count; i++) {
        const struct c2m_revocation *one = &story->revocations[i];
        printf("token %s: %s after %u %s", format_bytes(&id, one->token_id.bytes, one->token_id.length),
            format_bytes(&word, one->word.bytes, one->word.length), one->tries,
            one->tries == 1 ? "try" : "tries");
        printf(", %s %s\n", one->settled != 0 ? "settled" : "next try",
            format_second(when, one->settled != 0 ? one->settled : one->next_try));
    }
}

void story_print(const struct story *story)
{
    char when[FORMAT_SIZE];

    printf("login %s\n", story->reference);
    for (size_t i = 0; i < story->count; i++)
        print_record(&story->records[i]);
    print_now(story);
    if (!story_whole(story))
        printf("What was before %s is not known to c2m-authd any more: journalctl -t c2m-authd -g ref=%s\n",
            format_second(when, story->since), story->reference);
}

static bool is_number(const char *text)
{
    size_t sign = text[0] == '-';

    return text[sign] != '\0' && strlen(text) < 19 &&
           strspn(text + sign, "0123456789") + sign == strlen(text);
}

static bool counts(const char *key)
{
    static const char *const keys[] = {"uid", "pid", "audit", "leader", "status", "tries"};
    size_t length = strlen(key);

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return length > 3 && strcmp(key + length - 3, "_us") == 0;
}

static void add_fields(struct output *item, const char *line)
{
    struct c2m_record_field field;
    char key[KEY_SIZE], value[VALUE_SIZE];

    while (c2m_record_next(&line, &field)) {
        if (field.key_length >= sizeof key || field.value_length >= sizeof value)
            continue;
        snprintf(key, sizeof key, "%.*s", (int)field.key_length, field.key);
        snprintf(value, sizeof value, "%.*s", (int)field.value_length, field.value);
        if (counts(key) && is_number(value))
            output_number(item, key, strtoll(value, NULL, 10));
        else
            output_word(item, key, value);
    }
}

static void add_record(struct output *list, const struct c2m_record *record)
{
    enum story_result results[CHECK_COUNT];
    struct output *item = output_item(list);

    output_time(item, "at", record->at);
    output_number(item, "level", record->level);
    add_fields(item, record->text);
    output_word(item, "line", record->text);
    if (!story_checks(record->text, results))
        return;
    struct output *checks = output_object(item, "checks");
    for (enum check check = CHECK_ASKED; check < CHECK_COUNT; check++)
        output_word(checks, explain_check(check), story_result_word(results[check]));
}

void story_json(const struct story *story, struct output *output)
{
    const struct explain_word *end = story_ended(story);

    output_word(output, "ref", story->reference);
    output_time(output, "known_since", story->since);
    output_bool(output, "whole", story_whole(story));
    struct output *list = output_list(output, "records");
    for (size_t i = 0; i < story->count; i++)
        add_record(list, &story->records[i]);
    output_bool(output, "open", story->open);
    output_word(output, "ended", end != NULL && !story->open ? end->word : NULL);
    output_word(output, "says", end != NULL && !story->open ? end->text : NULL);
    list = output_list(output, "revocations");
    for (size_t i = 0; i < story->revocation_count; i++) {
        const struct c2m_revocation *one = &story->revocations[i];
        struct output *item = output_item(list);
        output_text(item, "token_id", one->token_id.bytes, one->token_id.length);
        output_text(item, "word", one->word.bytes, one->word.length);
        output_time(item, "settled", one->settled);
        output_number(item, "tries", one->tries);
    }
}
