/*
 * What the helper remembers of a login, which session is open of it, and the receipts: three questions, so that after a
 * restart at least what is on disk is told.
 */
#include "helper.h"
#include "refusal.h"
#include "sessions.h"
#include "story.h"

#include <string.h>

static int confused_or(struct helper *helper, const struct options *options, enum story_fits fits)
{
    if (fits == STORY_TAKEN)
        return EXIT_OK;
    if (fits == STORY_NO_MEMORY)
        return helper_confused(helper);
    refusal_tell(options, "ambiguous", "more than one login begins like this: give more of the reference");
    return EXIT_USAGE;
}

/* The helper's text is printable: it is printed as it is. */
static bool is_sound(const struct c2m_record *record)
{
    if (!c2m_text_ok(record->length, record->text, C2M_RECORD_MAX) || record->length == C2M_RECORD_MAX)
        return false;
    for (size_t i = 0; i < record->length; i++)
        if (record->text[i] < 0x20 || record->text[i] > 0x7e)
            return false;
    return true;
}

static int fetch_records(const struct options *options, struct story *story)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    struct c2m_explain wanted = {.reference = ""};
    struct c2m_record record;
    bool more = true;

    memcpy(wanted.reference, story->reference, strlen(story->reference));
    int code = helper_ask(&helper, options, C2M_EXPLAIN, &wanted, sizeof wanted, C2M_FIRST_ANSWER_MS);
    while (code == EXIT_OK) {
        code = helper_next(&helper, C2M_RECORD_IS, &record, sizeof record, &more);
        if (code != EXIT_OK || !more)
            return code;
        if (!is_sound(&record))
            return helper_confused(&helper);
        if (record.length == 0)
            story->since = record.at;
        else
            code = confused_or(&helper, options, story_take_record(story, &record));
    }
    return code;
}

static bool is_meant(const struct story *story, const char *reference)
{
    return strncmp(reference, story->reference, strlen(story->reference)) == 0;
}

static int fetch_session(const struct options *options, struct story *story)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    struct c2m_session session;
    bool more = true;

    int code = helper_ask(&helper, options, C2M_SESSIONS, NULL, 0, C2M_FIRST_ANSWER_MS);
    while (code == EXIT_OK) {
        code = helper_next(&helper, C2M_SESSION_IS, &session, sizeof session, &more);
        if (code != EXIT_OK || !more)
            return code;
        if (!sessions_sound(&session))
            return helper_confused(&helper);
        if (is_meant(story, session.reference))
            code = story->open ? confused_or(&helper, options, STORY_ANOTHER)
                               : confused_or(&helper, options, story_take_session(story, &session));
    }
    return code;
}

static int fetch_revocations(const struct options *options, struct story *story)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    struct c2m_revocation revocation;
    bool more = true;

    int code = helper_ask(&helper, options, C2M_REVOCATIONS, NULL, 0, C2M_FIRST_ANSWER_MS);
    while (code == EXIT_OK) {
        code = helper_next(&helper, C2M_REVOCATION_IS, &revocation, sizeof revocation, &more);
        if (code != EXIT_OK || !more)
            return code;
        if (!c2m_text_ok(revocation.word.length, revocation.word.bytes, C2M_NAME_MAX) ||
            !c2m_text_ok(revocation.token_id.length, revocation.token_id.bytes, C2M_ID_MAX))
            return helper_confused(&helper);
        if (is_meant(story, revocation.reference))
            code = confused_or(&helper, options, story_take_revocation(story, &revocation));
    }
    return code;
}

int story_fetch(const struct options *options, struct story *story)
{
    int code = fetch_records(options, story);
    if (code == EXIT_OK)
        code = fetch_session(options, story);
    return code == EXIT_OK ? fetch_revocations(options, story) : code;
}
