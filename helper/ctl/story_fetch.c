/*
 * What the helper remembers of a login and of the terminal's presence that it proved, which session is open of it, and
 * the receipts: each a question, so that after a restart at least what is on disk is told.
 */
#include "listing.h"
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

/* What is fetched, and for whom. */
struct fetching {
    const struct options *options;
    struct story *story;
};

static int see_record(struct helper *helper, const void *item, void *data)
{
    const struct fetching *fetching = data;
    const struct c2m_record *record = item;

    if (!is_sound(record))
        return helper_confused(helper);
    if (record->length > 0)
        return confused_or(helper, fetching->options, story_take_record(fetching->story, record));
    fetching->story->since = record->at;
    return EXIT_OK;
}

static int see_session(struct helper *helper, const void *item, void *data)
{
    const struct fetching *fetching = data;
    const struct c2m_session *session = item;
    struct story *story = fetching->story;

    if (!sessions_sound(session))
        return helper_confused(helper);
    if (!story_is_of(story, session->reference))
        return EXIT_OK;
    return confused_or(
        helper, fetching->options, story->open ? STORY_ANOTHER : story_take_session(story, session));
}

static int see_revocation(struct helper *helper, const void *item, void *data)
{
    const struct fetching *fetching = data;
    const struct c2m_revocation *revocation = item;

    if (!c2m_text_ok(revocation->word.length, revocation->word.bytes, C2M_NAME_MAX) ||
        !c2m_text_ok(revocation->token_id.length, revocation->token_id.bytes, C2M_ID_MAX))
        return helper_confused(helper);
    if (!story_is_of(fetching->story, revocation->reference))
        return EXIT_OK;
    return confused_or(helper, fetching->options, story_take_revocation(fetching->story, revocation));
}

static int fetch_records(struct fetching *fetching, const char *reference)
{
    struct c2m_explain wanted = {.reference = ""};
    const struct listing records = {
        C2M_EXPLAIN, &wanted, sizeof wanted, C2M_RECORD_IS, sizeof(struct c2m_record)};

    memcpy(wanted.reference, reference, strlen(reference));
    return listing_each(fetching->options, &records, see_record, fetching);
}

int story_fetch(const struct options *options, struct story *story)
{
    struct fetching fetching = {.options = options, .story = story};
    const struct listing sessions = {C2M_SESSIONS, NULL, 0, C2M_SESSION_IS, sizeof(struct c2m_session)};
    const struct listing revocations = {
        C2M_REVOCATIONS, NULL, 0, C2M_REVOCATION_IS, sizeof(struct c2m_revocation)};

    int code = fetch_records(&fetching, story->reference);
    if (code == EXIT_OK && story->holder[0] != '\0')
        code = fetch_records(&fetching, story->holder);
    if (code == EXIT_OK)
        code = listing_each(options, &sessions, see_session, &fetching);
    return code == EXIT_OK ? listing_each(options, &revocations, see_revocation, &fetching) : code;
}
