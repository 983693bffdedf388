/*
 * c2mctl explain: one login's story. What the helper remembers, which session is open of it, and the receipts: three
 * questions, so that after a restart at least what is on disk is told.
 */
#include "commands.h"
#include "format.h"
#include "helper.h"
#include "refusal.h"
#include "sessions.h"
#include "story.h"

#include <stdio.h>
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

static int fetch(const struct options *options, struct story *story)
{
    int code = fetch_records(options, story);
    if (code == EXIT_OK)
        code = fetch_session(options, story);
    return code == EXIT_OK ? fetch_revocations(options, story) : code;
}

static int tell_unknown(const struct options *options, const struct story *story)
{
    char when[FORMAT_SIZE], message[256];

    snprintf(message, sizeof message,
        "c2m-authd knows no login %s; its memory begins at %s: journalctl -t c2m-authd -g ref=%s",
        story->reference, format_second(when, story->since), story->reference);
    refusal_tell(options, "unknown_reference", message);
    return EXIT_NOT_YOURS;
}

int command_explain(const struct options *options)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    struct story story __attribute__((cleanup(story_free))) = {.reference = ""};
    const char *reference = options->word_count > 0 ? options->words[0] : "";
    size_t length = strlen(reference);

    if (length == 0 || length > C2M_REFERENCE_SIZE || strspn(reference, "0123456789abcdef") != length) {
        refusal_tell(options, "usage", "explain takes the reference of a login, such as 7f3a91c2");
        return EXIT_USAGE;
    }
    memcpy(story.reference, reference, length + 1);
    int code = fetch(options, &story);
    if (code != EXIT_OK)
        return code;
    if (story.count == 0 && !story.open && story.revocation_count == 0)
        return tell_unknown(options, &story);
    if (options->json) {
        story_json(&story, output);
        output_print(output);
    } else {
        story_print(&story);
    }
    return EXIT_OK;
}
