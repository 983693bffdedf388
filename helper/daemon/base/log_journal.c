/*
 * systemd's JOURNAL_NATIVE_PROTOCOL: "KEY=value\n", or, where a value holds a line end, "KEY\n", its length in 64 bits,
 * little endian, the value, "\n". What is ours holds none, and yet no value can ever make a field.
 */
#include "base/log_journal.h"

#include "c2m/record.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

enum { KEY_SIZE = 64 };

/* The events of the log: one MESSAGE_ID each, for ever. Those are random: systemd-id128 new. */
static const struct {
    const char *event, *id;
} events[] = {
    /* A table, a row a line. */
    /* clang-format off */
    {"login", "b931435abcb44fce86888e635722b625"},
    {"account", "699e82ad27924d40b5ea99f0a49abe3c"},
    {"open", "23b8a4d6dde24d13a5159393d4fb4599"},
    {"close", "ef76c3e33fe844e4abf545f8abcc5eb3"},
    {"end", "ff7e43c031e9497c97f2c1be7a7d7e66"},
    {"token", "0e23bf8d58704808bd32b6ecf643a356"},
    {"enroll", "731974184d9c48849f59d13801fdfbfb"},
    {"rotate", "722c690f0a264ecaa8a9a157065665c4"},
    {"unenroll", "0bb8423bd27b418c903ec96399ca2f2c"},
    {"adopt", "a9d1f7f04be94b3a8c5c1e7702f4d6b8"},
    {"session", "0b31d9582bc94013a0c5abf95dbd761e"},
    {"renewal", "d57311506e874655a94f92f5614df536"},
    {"rotation", "82990b490f1f4658b539e393a7eee937"},
    {"issue", "b4927d8e42ab4c21b98d56eacdcc1fff"},
    {"presence", "df9abb7feb734ce29c7f8cfce5e1efe4"},
    {"hangup", "d0cc4f5a041e41549e5b0cda19b2fc99"},
    {"request", "e9aa6e268772481d98d3a5d963ee2502"},
    {"revocation", "54b349dcf9ed478490826dce00842ef1"},
    {"log", "5ce30ae2f8f04c2e9d4fb8b3a2c96f17"},
    /* clang-format on */
};

struct entry {
    char *out;
    size_t length;
};

static void put(struct entry *entry, const char *bytes, size_t length)
{
    memcpy(entry->out + entry->length, bytes, length);
    entry->length += length;
}

static void put_field(struct entry *entry, const char *key, const char *value, size_t length)
{
    uint8_t size[8];
    bool binary = memchr(value, '\n', length) != NULL;
    if (entry->length + strlen(key) + sizeof size + length + 2 > LOG_JOURNAL_SIZE)
        return;
    put(entry, key, strlen(key));
    put(entry, binary ? "\n" : "=", 1);
    for (size_t i = 0; i < sizeof size; i++)
        size[i] = (uint8_t)((uint64_t)length >> 8 * i);
    if (binary)
        put(entry, (const char *)size, sizeof size);
    put(entry, value, length);
    put(entry, "\n", 1);
}

static void put_text(struct entry *entry, const char *key, const char *text)
{
    put_field(entry, key, text, strlen(text));
}

static void put_message_id(struct entry *entry, const struct c2m_record_field *event)
{
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if (strlen(events[i].event) == event->value_length &&
            memcmp(events[i].event, event->value, event->value_length) == 0)
            put_text(entry, "MESSAGE_ID", events[i].id);
}

/* C2M_ and the key in capitals; a few are known to administrators by a longer name. */
static void name_of(const struct c2m_record_field *field, char out[KEY_SIZE])
{
    static const char *const names[][2] = {
        {"audit", "C2M_AUDIT_SESSION"}, {"token", "C2M_TOKEN_HASH"}, {"duration_us", "C2M_DURATION_USEC"}};
    snprintf(out, KEY_SIZE, "C2M_%.*s", (int)field->key_length, field->key);
    for (char *c = out; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i][0]) == field->key_length &&
            memcmp(names[i][0], field->key, field->key_length) == 0)
            snprintf(out, KEY_SIZE, "%s", names[i][1]);
}

static void put_fields(struct entry *entry, const char *text)
{
    struct c2m_record_field field;
    char name[KEY_SIZE];
    bool first = true;
    while (c2m_record_next(&text, &field)) {
        if (first && field.key_length == 5 && memcmp(field.key, "event", 5) == 0)
            put_message_id(entry, &field);
        first = false;
        name_of(&field, name);
        put_field(entry, name, field.value, field.value_length);
        if (strcmp(name, "C2M_REF") == 0)
            put_field(entry, "C2M_LOGIN_ID", field.value, field.value_length);
    }
}

size_t log_journal_entry(enum log_level level, const char *text, char out[LOG_JOURNAL_SIZE])
{
    struct entry entry = {.out = out};
    char number[16];
    put_text(&entry, "MESSAGE", text);
    snprintf(number, sizeof number, "%d", (int)level);
    put_text(&entry, "PRIORITY", number);
    snprintf(number, sizeof number, "%d", LOG_AUTHPRIV >> 3);
    put_text(&entry, "SYSLOG_FACILITY", number);
    put_text(&entry, "SYSLOG_IDENTIFIER", "c2m-authd");
    if (strncmp(text, "event=", 6) == 0)
        put_fields(&entry, text);
    else if (strncmp(text, "ref=", 4) == 0 && strcspn(text, ":") == 12) {
        put_field(&entry, "C2M_REF", text + 4, 8);
        put_field(&entry, "C2M_LOGIN_ID", text + 4, 8);
    }
    return entry.length;
}
