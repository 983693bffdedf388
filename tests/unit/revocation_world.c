/* See revocation_world.h. */
#include "revocation_world.h"

#include "session/schema.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct revocation_world world;

static void commit(void *store)
{
    store_turn(store);
}

void world_start(void)
{
    assert_int_equal(loop_new(&world.loop), 0);
    assert_int_equal(store_open(world.folder, schema_sql, SCHEMA_VERSION, &world.store), 0);
    loop_set_turn_hook(world.loop, commit, world.store);
    assert_int_equal(vault_new(world.key, &world.vault), 0);
    assert_int_equal(api_new(world.loop, NULL, NULL, "", &world.api), 0);
    assert_int_equal(deny_list_new(world.store, &world.deny_list), 0);
    assert_int_equal(revoker_new(world.loop, world.store, world.vault, world.api, &world.revoker), 0);
    assert_int_equal(
        ledger_new(world.store, world.vault, world.deny_list, world.revoker, &world.options, &world.ledger),
        0);
}

void world_stop(void)
{
    ledger_free(world.ledger);
    revoker_free(world.revoker);
    deny_list_free(world.deny_list);
    api_free(world.api);
    vault_free(world.vault);
    store_close(world.store);
    loop_free(world.loop);
}

void world_restart(void)
{
    world_stop();
    world_start();
}

void world_turn(void)
{
    fake_loop_settle(world.loop);
}

static void make_key(void)
{
    char key[32];
    vault_random(key, sizeof key);
    snprintf(world.key, sizeof world.key, "%s/seal.key", world.key_folder);
    int fd = open(world.key, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_int_equal(write(fd, key, sizeof key), sizeof key);
    close(fd);
}

int revocation_world_set_up(void **state)
{
    (void)state;
    disk_fails_from = disk_fails_at = 0;
    fake_wall = NOW;
    fake_boot_ms = 3600 * 1000;
    fake_api_reset();
    forget_log();
    world.options = (struct ledger_options){.revoke_pasted_long = false};
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    snprintf(world.key_folder, sizeof world.key_folder, "%s", disk_folder());
    make_key();
    world_start();
    return 0;
}

int revocation_world_tear_down(void **state)
{
    (void)state;
    disk_fails_from = disk_fails_at = 0;
    world_stop();
    fake_api_reset();
    disk_remove(world.folder);
    disk_remove(world.key_folder);
    return 0;
}

void hash_of(const char *text, uint8_t hash[VAULT_HASH_SIZE])
{
    vault_hash(text, strlen(text), hash);
}

enum deny_kind denied(const char *token_id, const char *text)
{
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(text ? text : "", hash);
    return deny_list_find(world.deny_list, token_id, text ? hash : NULL);
}

int64_t rows_of(const char *table)
{
    struct store_statement *count;
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    assert_int_equal(store_prepare(world.store, sql, &count), 0);
    assert_int_equal(store_row(count), 1);
    int64_t rows = store_integer(count, 0);
    store_finish(count);
    return rows;
}

static bool file_holds(const char *path, const char *text)
{
    static char bytes[16 * 1024 * 1024];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, length, text, strlen(text)) != NULL;
}

bool disk_holds(const char *text)
{
    DIR *folder = opendir(world.folder);
    struct dirent *entry;
    bool found = false;
    while (folder && (entry = readdir(folder))) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", world.folder, entry->d_name);
        found |= entry->d_name[0] != '.' && file_holds(path, text);
    }
    closedir(folder);
    return found;
}

static struct secret *secret_of(const char *text)
{
    struct secret *secret = NULL;
    if (text)
        assert_int_equal(secret_new(text, strlen(text), &secret), 0);
    return secret;
}

int ask_for(struct order order)
{
    struct secret *self SECRET_CLEANUP = secret_of(order.self),
                        *parent SECRET_CLEANUP = secret_of(order.parent);
    uint8_t hash[VAULT_HASH_SIZE];
    char text[160];
    snprintf(text, sizeof text, "text of %s", order.id);
    hash_of(text, hash);
    const struct revoker_order told = {
        .reference = order.reference ? order.reference : "7f3a91c2",
        .user = "alice",
        .client = "c2m_alice",
        .token_id = order.id,
        .hash = hash,
        .is_long = order.is_long,
        .expires = order.expires ? order.expires : fake_wall + SHORT_LIFE,
        .bearer_long = parent,
        .bearer_self = self,
    };
    return revoker_ask(world.revoker, &told);
}

int hold_token(const char *holder, const struct ledger_token *token, const char *text)
{
    struct secret *bearer SECRET_CLEANUP = secret_of(text);
    struct ledger_token with_hash = *token;
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(text, hash);
    with_hash.hash = hash;
    return ledger_hold(world.ledger, holder, &with_hash, bearer);
}

static int hold_with(const char *holder, enum ledger_kind kind, const char *text, bool may_revoke)
{
    bool is_long = kind == LEDGER_PASTED_LONG || kind == LEDGER_ISSUED_LONG;
    char id[128];
    snprintf(id, sizeof id, "tok_%s", text);
    const struct ledger_token token = {.kind = kind,
        .user = "alice",
        .client = "c2m_alice",
        .token_id = id,
        .expires = fake_wall + (is_long ? LONG_LIFE : SHORT_LIFE),
        .may_revoke = may_revoke};
    return hold_token(holder, &token, text);
}

int hold(const char *holder, enum ledger_kind kind, const char *text)
{
    return hold_with(holder, kind, text, true);
}

int hold_powerless(const char *holder, enum ledger_kind kind, const char *text)
{
    return hold_with(holder, kind, text, false);
}

void world_full(bool full)
{
    struct store_statement *limit;
    const char *sql =
        full ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 1000000"; /* never below what is used */
    assert_int_equal(store_prepare(world.store, sql, &limit), 0);
    assert_int_equal(store_row(limit), 1);
    store_finish(limit);
}
