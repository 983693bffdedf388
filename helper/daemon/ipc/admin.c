/* A list is a snapshot, taken in one turn, so that it never shows a session twice or half. */
#include "ipc/admin.h"

#include "base/cleanup.h"
#include "base/log_memory.h"
#include "base/process.h"

#include "c2m/client.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { API_NOT_ASKED, API_ANSWERS, API_SILENT };

void admin_status(const struct admin *admin, struct peer *peer)
{
    struct api_health health;
    unsigned pending, unrevocable;
    api_health(admin->api, &health);
    revoker_counts(admin->revoker, &pending, &unrevocable);
    struct c2m_status status = {
        .started = admin->started,
        .last_answer = health.last_answer,
        .api_state = !health.asked      ? API_NOT_ASKED
                     : health.answering ? API_ANSWERS
                                        : API_SILENT,
        .api_rtt_us = health.rtt_us > UINT32_MAX ? UINT32_MAX : (uint32_t)health.rtt_us,
        .sessions = sessions_count(admin->sessions, C2M_SESSION_ACTIVE),
        .pending_logins = sessions_count(admin->sessions, C2M_SESSION_PENDING),
        .revocations_pending = pending,
        .revocations_unrevocable = unrevocable,
        .requests_sent = health.requests,
        .api_why = health.why,
        .api_status = (uint32_t)health.status,
    };
    status.helper_version.length = sizeof C2M_HELPER_VERSION - 1;
    memcpy(status.helper_version.bytes, C2M_HELPER_VERSION, sizeof C2M_HELPER_VERSION - 1);
    peer_send(peer, C2M_STATUS_IS, &status, sizeof status);
    peer_finish(peer);
}

static bool may_see(const struct peer *peer, const struct session *session)
{
    const struct caller *caller = peer_caller(peer);
    return peer_root_door(peer) || (caller->uid == session->uid && caller->facts.real_uid == session->uid);
}

void admin_sessions(const struct admin *admin, struct peer *peer)
{
    size_t room = sessions_count(admin->sessions, C2M_SESSION_ACTIVE) +
                  sessions_count(admin->sessions, C2M_SESSION_PENDING);
    struct c2m_session *records = calloc(room + 1, sizeof *records);
    size_t count = 0;
    for (struct session *s = sessions_first(admin->sessions); records && s && count < room;
        s = sessions_next(admin->sessions, s))
        if (may_see(peer, s))
            session_describe(admin->sessions, s, &records[count++]);
    peer_records(peer, C2M_SESSION_IS, records, count, sizeof *records);
}

struct collected {
    struct c2m_revocation *records;
    size_t count, room;
};

static int collect(void *argument, const struct c2m_revocation *revocation)
{
    struct collected *collected = argument;
    if (collected->count == collected->room) {
        size_t room = collected->room ? 2 * collected->room : 64;
        struct c2m_revocation *records = reallocarray(collected->records, room, sizeof *records);
        if (!records)
            return -ENOMEM;
        collected->records = records;
        collected->room = room;
    }
    collected->records[collected->count++] = *revocation;
    return 0;
}

void admin_revocations(const struct admin *admin, struct peer *peer)
{
    struct collected collected = {.records = calloc(1, sizeof *collected.records), .room = 1};
    if (!collected.records || revoker_each(admin->revoker, collect, &collected) < 0) {
        free(collected.records);
        peer_finish(peer); /* an incomplete list is no list: the client sees the connection end without END */
        return;
    }
    peer_records(peer, C2M_REVOCATION_IS, collected.records, collected.count, sizeof *collected.records);
}

struct story {
    char begins[C2M_REFERENCE_SIZE + 1];
    struct c2m_record *records; /* NULL: only counted */
    size_t count;
};

static void tell(void *argument, const struct log_memory_line *line)
{
    struct story *story = argument;
    if (!story->begins[0] || strncmp(line->reference, story->begins, strlen(story->begins)) != 0)
        return;
    size_t at = story->count++;
    if (!story->records)
        return;
    struct c2m_record *record = &story->records[at];
    *record = (struct c2m_record){.at = line->at, .level = (uint32_t)line->level};
    memcpy(record->reference, line->reference, sizeof record->reference);
    c2m_text_cut(&record->length, record->text, C2M_RECORD_MAX, line->text);
}

void admin_explain(struct peer *peer, const void *body)
{
    struct story story = {.count = 1}; /* the first says how far the memory reaches back */
    memcpy(story.begins, body, C2M_REFERENCE_SIZE);
    log_memory_each(tell, &story);
    struct c2m_record *records = calloc(story.count, sizeof *records);
    if (!records) {
        peer_finish(peer);
        return;
    }
    records[0].at = log_memory_since();
    story.records = records;
    story.count = 1;
    log_memory_each(tell, &story);
    peer_records(peer, C2M_RECORD_IS, records, story.count, sizeof *records);
}

void admin_mismatches(const struct admin *admin, struct peer *peer)
{
    struct c2m_mismatch *records = calloc(C2M_MISMATCH_KINDS, sizeof *records);
    size_t count = 0;
    for (uint32_t kind = 0; records && kind < C2M_MISMATCH_KINDS; kind++) {
        const char *last = mismatches_last(admin->mismatches, kind);
        if (!last)
            continue;
        records[count].kind = kind;
        c2m_text_cut(&records[count].text.length, records[count].text.bytes, C2M_ID_MAX, last);
        count++;
    }
    peer_records(peer, C2M_MISMATCH_IS, records, count, sizeof *records);
}
