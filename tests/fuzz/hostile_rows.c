#include "hostile_rows.h"

#include "login_world.h"

#include "base/clock.h"
#include "session/bearer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 16, LONG = 5000, NOW_AT = 1700000000 };

/*
 * PLAIN, a letter a column: n 0, 1 1, 2 2, u the uid, a "alice", w a word, A audiences, r a reference, H a hash, e an expiry to
 * come, t a time that has been, p and s the opener's pid and start, b the boot, B an empty blob, i an id,
 * S a sealed bearer of alice's token whose hash is that, W one that stands for its long token.
 */
static const struct table {
    char letter;
    const char *name, *plain;
} tables[] = {
    {'s', "sessions", "r2auwww1bnnnnnnpsn1tciHtewAn"},
    {'t', "tokens", "H1acie1S"},
    {'h', "holders", "rH"},
    {'d', "denied", "Hie2n"},
    {'v', "revocations", "Hracine1WStnnnnw"},
    {'e', "enrolled", "arci1teHB"},
    {'c', "closed_audits", "1ub"},
    {'n', "names", "au"},
    {'o', "host", "ww"},
};

static void bind_reference(struct store_statement *put, int index, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "7f3a91%02x", number & 0xff);
    store_bind_text(put, index, text);
}

static void bind_hash(struct store_statement *put, int index, int byte)
{
    uint8_t hash[32];
    memset(hash, byte, sizeof hash);
    store_bind_blob(put, index, hash, sizeof hash);
}

static void bind_word(struct store_statement *put, int index, char plain)
{
    store_bind_text(put, index,
        plain == 'a'   ? "alice"
        : plain == 'c' ? "c2m_alice"
        : plain == 'i' ? "tok1"
        : plain == 'A' ? "web1\n"
        : plain == 'b' ? clock_boot_id()
                       : "sshd");
}

static void bind_bearer(struct store_statement *put, int index, bool is_parent)
{
    uint8_t hash[VAULT_HASH_SIZE];
    memset(hash, 'H', sizeof hash);
    const struct bearer_owner owner = {.user = "alice", .hash = hash, .is_parent = is_parent};
    struct bearer bearer = {.length = 0};
    SECRET_CLEANUP struct secret *secret = NULL;
    must(secret_new("eyJ.a.b", 7, &secret) == 0 && bearer_seal(&bearer, world.vault, &owner, secret) == 0,
        "a bearer can be sealed");
    store_bind_blob(put, index, bearer.sealed, bearer.length);
    bearer_deinit(&bearer);
}

static void bind_plain(struct store_statement *put, int index, char plain, const struct process *opener)
{
    static const struct {
        char letter;
        int64_t value;
    } numbers[] = {{'n', 0}, {'1', 1}, {'2', 2}, {'u', 1001}, {'e', NOW_AT + 600}, {'t', NOW_AT - 60}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].letter == plain) {
            store_bind_integer(put, index, numbers[i].value);
            return;
        }
    if (plain == 'p')
        store_bind_integer(put, index, opener->pid);
    else if (plain == 's')
        store_bind_integer(put, index, (int64_t)opener->start);
    else if (plain == 'r')
        bind_reference(put, index, 0xc2);
    else if (plain == 'H')
        bind_hash(put, index, 'H');
    else if (plain == 'B')
        store_bind_blob(put, index, "", 0);
    else if (plain == 'S' || plain == 'W')
        bind_bearer(put, index, plain == 'W');
    else
        bind_word(put, index, plain);
}

static void bind_long(struct store_statement *put, int index)
{
    char *text = calloc(1, LONG + 1);
    memset(text, 'l', LONG);
    store_bind_text(put, index, text);
    free(text);
}

static void bind_bytes(struct store_statement *put, int index, struct given *given, bool blob)
{
    char bytes[256];
    size_t length = given_bytes(given, bytes, given_byte(given));
    bytes[length] = '\0';
    if (blob)
        store_bind_blob(put, index, bytes, length);
    else
        store_bind_text(put, index, bytes);
}

static void bind_number(struct store_statement *put, int index, struct given *given, char letter)
{
    int64_t number;
    if (letter == 'I')
        given_bytes(given, &number, sizeof number);
    else
        number = letter == 'm' ? -1 : letter == 'x' ? INT64_MAX : letter - '0';
    store_bind_integer(put, index, number);
}

static void bind(
    struct store_statement *put, int index, struct given *given, char plain, const struct process *opener)
{
    char letter = (char)given_byte(given);
    switch (letter) {
    case 'T':
    case 'B':
        bind_bytes(put, index, given, letter == 'B');
        break;
    case 'E':
        store_bind_text(put, index, "");
        break;
    case 'k':
        store_bind_text(put, index, "1.5"); /* which a column of integers keeps as a real */
        break;
    case 'l':
        bind_long(put, index);
        break;
    case 'S':
    case 'W':
        bind_bearer(put, index, letter == 'W');
        break;
    case 'H':
        bind_hash(put, index, given_byte(given));
        break;
    case 'r':
        bind_reference(put, index, given_byte(given));
        break;
    default:
        if (letter == 'I' || letter == 'm' || letter == 'x' || (letter >= '0' && letter <= '9'))
            bind_number(put, index, given, letter);
        else
            bind_plain(put, index, plain, opener);
    }
}

static void put_row(
    struct store *store, const struct table *table, struct given *given, const struct process *opener)
{
    struct store_statement *put;
    char sql[256];
    int columns = (int)strlen(table->plain);
    int used = snprintf(sql, sizeof sql, "INSERT OR IGNORE INTO %s VALUES (?", table->name);
    for (int i = 1; i < columns; i++)
        used += snprintf(sql + used, sizeof sql - (size_t)used, ", ?");
    snprintf(sql + used, sizeof sql - (size_t)used, ")");
    must(store_prepare(store, sql, &put) == 0, table->name);
    for (int i = 0; i < columns; i++)
        bind(put, i + 1, given, table->plain[i], opener);
    must(store_write(put) == 0, "a row is put or ignored");
    store_finish(put);
}

void hostile_rows_put(struct store *store, struct given *given, const struct process *opener)
{
    for (int rows = 0; rows < ROWS_MAX && given->left > 0;) {
        char letter = (char)given_byte(given);
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
            if (tables[i].letter == letter) {
                put_row(store, &tables[i], given, opener);
                rows++;
            }
    }
}

void hostile_rows_delete(struct store *store)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct store_statement *all;
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i].name);
        must(store_prepare(store, sql, &all) == 0 && store_write(all) == 0, tables[i].name);
        store_finish(all);
    }
}
