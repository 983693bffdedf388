/* What was asked of the service, in order: see journal.h. */
#include "journal.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void journal_init(struct journal *journal)
{
    journal->entries = memory_zeroed(JOURNAL_KEEPS, sizeof *journal->entries);
}

static void forget(struct journal_entry *entry)
{
    free(entry->method);
    free(entry->path);
    *entry = (struct journal_entry){0};
}

void journal_reset(struct journal *journal)
{
    for (size_t i = 0; i < JOURNAL_KEEPS; i++)
        forget(&journal->entries[i]);
    journal->count = 0;
    journal->busy_us = 0;
    journal->connections = 0;
}

void journal_deinit(struct journal *journal)
{
    journal_reset(journal);
    free(journal->entries);
    journal->entries = NULL;
}

uint64_t journal_connect(struct journal *journal)
{
    journal->connections++;
    return ++journal->connections_ever;
}

void journal_enter(
    struct journal *journal, const struct request *request, unsigned status, int64_t duration_us)
{
    struct journal_entry *entry = &journal->entries[journal->count % JOURNAL_KEEPS];
    forget(entry);
    entry->number = ++journal->count;
    entry->at_ms = request->arrived_ms;
    entry->endpoint = request->endpoint;
    entry->method = memory_copy(request->method);
    entry->path = memory_copy(request->path);
    entry->status = status;
    entry->duration_us = duration_us;
    entry->connection = request->connection;
    memcpy(entry->client, request->client, sizeof entry->client);
    memcpy(entry->token_id, request->token_id, sizeof entry->token_id);
    memcpy(entry->bearer_hash, request->bearer_hash, sizeof entry->bearer_hash);
    journal->busy_us += duration_us;
}

static void put_unless_empty(json_object *object, const char *name, const char *text)
{
    value_put_string(object, name, text[0] == '\0' ? NULL : text);
}

static json_object *to_json(const struct journal_entry *entry)
{
    json_object *object = json_object_new_object();
    value_put_integer(object, "n", (int64_t)entry->number);
    value_put_integer(object, "at_ms", entry->at_ms);
    value_put_string(object, "endpoint", endpoint_name(entry->endpoint));
    value_put_string(object, "method", entry->method);
    value_put_string(object, "path", entry->path);
    value_put_integer(object, "status", entry->status);
    put_unless_empty(object, "client", entry->client);
    put_unless_empty(object, "token_id", entry->token_id);
    put_unless_empty(object, "bearer_hash", entry->bearer_hash);
    value_put_integer(object, "duration_us", entry->duration_us);
    value_put_integer(object, "connection", (int64_t)entry->connection);
    return object;
}

json_object *journal_list(const struct journal *journal, uint64_t since, enum endpoint endpoint)
{
    json_object *array = json_object_new_array();
    uint64_t oldest = journal->count > JOURNAL_KEEPS ? journal->count - JOURNAL_KEEPS : 0;
    for (uint64_t at = since > oldest ? since : oldest; at < journal->count; at++) {
        const struct journal_entry *entry = &journal->entries[at % JOURNAL_KEEPS];
        if (endpoint == ENDPOINT_ANY || entry->endpoint == endpoint)
            json_object_array_add(array, to_json(entry));
    }
    return array;
}
