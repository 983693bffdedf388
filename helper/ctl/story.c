/*
 * What the lines say, and what follows from them. A line says how a login ended; the checks before that one were passed.
 */
#include "story.h"

#include "c2m/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 64, ENTRIES_MAX = 8192 };

void story_free(struct story *story)
{
    free(story->records);
    free(story->revocations);
}

static bool is_holder(const struct story *story, const char reference[C2M_REFERENCE_SIZE])
{
    return story->holder[0] != '\0' && strncmp(story->holder, reference, C2M_REFERENCE_SIZE) == 0;
}

bool story_is_of(const struct story *story, const char reference[C2M_REFERENCE_SIZE])
{
    return strncmp(story->reference, reference, strlen(story->reference)) == 0 || is_holder(story, reference);
}

/* The first that is taken says whose story it is, where only its beginning was given. */
static bool name_by(struct story *story, const char reference[C2M_REFERENCE_SIZE])
{
    if (!story_is_of(story, reference))
        return false;
    if (!is_holder(story, reference))
        memcpy(story->reference, reference, C2M_REFERENCE_SIZE);
    return true;
}

static enum story_fits take(void **list, size_t *count, const void *entry, size_t size)
{
    void *grown = *count < ENTRIES_MAX ? reallocarray(*list, *count + 1, size) : NULL;

    if (grown == NULL)
        return STORY_NO_MEMORY;
    *list = grown;
    memcpy((char *)grown + (*count)++ * size, entry, size);
    return STORY_TAKEN;
}

static bool has(const char *line, const char *key, const char *value)
{
    char word[WORD_SIZE];

    return strcmp(c2m_record_get(line, key, word, sizeof word), value) == 0;
}

enum story_fits story_take_record(struct story *story, const struct c2m_record *record)
{
    void *list = story->records;

    if (!name_by(story, record->reference))
        return STORY_ANOTHER;
    enum story_fits fits = take(&list, &story->count, record, sizeof *record);
    story->records = list;
    if (has(record->text, "event", "presence"))
        c2m_record_get(record->text, "holder", story->holder, sizeof story->holder);
    return fits;
}

enum story_fits story_take_session(struct story *story, const struct c2m_session *session)
{
    if (!name_by(story, session->reference))
        return STORY_ANOTHER;
    story->session = *session;
    story->open = true;
    return STORY_TAKEN;
}

enum story_fits story_take_revocation(struct story *story, const struct c2m_revocation *revocation)
{
    void *list = story->revocations;

    if (!name_by(story, revocation->reference))
        return STORY_ANOTHER;
    enum story_fits fits = take(&list, &story->revocation_count, revocation, sizeof *revocation);
    story->revocations = list;
    return fits;
}

static const struct explain_word *reason_of(const char *line)
{
    char word[WORD_SIZE];

    return explain_word(c2m_record_get(line, "reason", word, sizeof word));
}

/* sudo, granted by the session, stands in its story too: that login has no beginning of its own. */
static bool begins(const char *line)
{
    return (has(line, "event", "login") && !has(line, "reason", "session") &&
               !has(line, "reason", "terminal")) ||
           (has(line, "event", "open") && has(line, "form", "stored"));
}

bool story_known(const struct story *story)
{
    return story->count > 0 || story->open || story->revocation_count > 0;
}

bool story_whole(const struct story *story)
{
    for (size_t i = 0; i < story->count; i++)
        if (begins(story->records[i].text))
            return true;
    return false;
}

const struct explain_word *story_ended(const struct story *story)
{
    const struct explain_word *refused = NULL;

    for (size_t i = story->count; i > 0; i--) {
        const char *line = story->records[i - 1].text;
        if (has(line, "event", "session") && has(line, "state", "closed"))
            return reason_of(line);
        if (has(line, "event", "login") && !has(line, "verdict", "granted"))
            refused = reason_of(line);
    }
    return story->open ? NULL : refused;
}

bool story_checks(const char *line, enum story_result results[CHECK_COUNT])
{
    char number[WORD_SIZE], token[WORD_SIZE];
    const struct explain_word *end = reason_of(line);

    if (!has(line, "event", "login") || end == NULL || end->check == CHECK_NONE)
        return false;
    bool exchanged = c2m_record_get(line, "api_us", number, sizeof number)[0] != '\0';
    bool judged = c2m_record_get(line, "token", token, sizeof token)[0] != '\0';
    for (enum check check = CHECK_ASKED; check < CHECK_COUNT; check++)
        results[check] = check < end->check    ? STORY_PASSED
                         : check == end->check ? STORY_FAILED
                                               : STORY_NOT_REACHED;
    /* A short token is exchanged by nobody, and what is known already is told before anybody is asked. */
    if (end->check > CHECK_EXCHANGE && !exchanged)
        results[CHECK_EXCHANGE] = has(line, "form", "short") ? STORY_NOT_NEEDED : STORY_NOT_REACHED;
    if (end->check > CHECK_GENUINE && !judged)
        results[CHECK_GENUINE] = STORY_NOT_REACHED;
    return true;
}

const char *story_result_word(enum story_result result)
{
    static const char *const words[] = {[STORY_PASSED] = "passed",
        [STORY_FAILED] = "failed",
        [STORY_NOT_NEEDED] = "not_needed",
        [STORY_NOT_REACHED] = "not_reached"};
    return words[result];
}

static int64_t number_of(const char *line, const char *key)
{
    char digits[WORD_SIZE];

    return strtoll(c2m_record_get(line, key, digits, sizeof digits), NULL, 10);
}

bool story_times(const char *line, int64_t *whole, struct story_time times[STORY_TIMES])
{
    static const struct story_time all[STORY_TIMES] = {{"prompt", "at the prompt", 0},
        {"api", "at the API", 0}, {"keys", "for the published keys", 0},
        {"commit", "until it was on disk", 0}, {"floor", "held back", 0}, {"here", "here", 0}};
    char key[WORD_SIZE];

    *whole = number_of(line, "duration_us");
    int64_t left = *whole;
    for (size_t i = 0; i < STORY_TIMES; i++) {
        times[i] = all[i];
        snprintf(key, sizeof key, "%s_us", all[i].name);
        times[i].us = i + 1 < STORY_TIMES ? number_of(line, key) : left;
        left -= times[i].us;
    }
    times[STORY_TIMES - 1].us = times[STORY_TIMES - 1].us > 0 ? times[STORY_TIMES - 1].us : 0;
    return *whole > 0;
}
