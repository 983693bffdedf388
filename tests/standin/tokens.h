/* What the service knows of the tokens that it issued. Texts of tokens are not kept, only their hashes. */
#ifndef STANDIN_TOKENS_H
#define STANDIN_TOKENS_H

#include "bytes.h"
#include "scopes.h"

#include <stdint.h>

enum { TOKEN_ID = 128 };

enum token_type { TOKEN_SHORT, TOKEN_LONG };
enum token_state { TOKEN_LIVE, TOKEN_REVOKED, TOKEN_EXPIRED };

struct token {
    struct token *next; /* issued later */
    char id[TOKEN_ID];
    char parent[TOKEN_ID]; /* the long token it was exchanged from; "" if there is none */
    char hash[BYTES_HASH_TEXT];
    enum token_type type;
    char *client;
    struct scopes scopes;
    int64_t issued, expires; /* seconds */
    int64_t revoked_at_ms; /* 0: it was not */
};

struct tokens {
    struct token *first, *last;
    void *by_id, *by_hash; /* search trees of glibc */
};

/* A new record, issued now; the caller adds scopes and parent before it calls tokens_enter, or frees it. */
struct token *token_new(enum token_type type, const char *client, const char *id, int64_t lifetime);
void token_free(struct token *token);

/* Remembers a record by its id and the hash of its token's text; owns it from then on. A record of that id
 * that is there already stays the one that is found. */
void tokens_enter(struct tokens *tokens, struct token *token, const char *text);

/* The same for a record whose hash is known already (after a restart). */
void tokens_enter_hashed(struct tokens *tokens, struct token *token);

struct token *tokens_find(const struct tokens *tokens, const char *id);
struct token *tokens_find_text(const struct tokens *tokens, const char *text);

/* By at least 8 hexadecimal digits of the hash. */
struct token *tokens_find_hash(const struct tokens *tokens, const char *prefix);

enum token_state token_state(const struct token *token);

/* Revokes a token, and with `cascade` those exchanged from it. Again is no error and keeps the first time. */
void tokens_revoke(struct tokens *tokens, struct token *token, bool cascade);

/* {"token_id","type","client","expires","scopes"} */
json_object *token_describe(const struct token *token);

const char *token_type_name(enum token_type type);
const char *token_state_name(enum token_state state);

void tokens_deinit(struct tokens *tokens);

#endif
