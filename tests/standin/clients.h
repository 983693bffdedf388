/* The clients of the service, who may have tokens. */
#ifndef STANDIN_CLIENTS_H
#define STANDIN_CLIENTS_H

#include "scopes.h"

#include <openssl/evp.h>
#include <stdbool.h>

struct client {
    struct client *next;
    char *id;
    char *secret;
    struct scopes scopes;
    EVP_PKEY *assertion_key; /* public; NULL: this client signs no assertions */
    bool suspended;
    bool needs_code; /* policy: the secret AND a one-time code */
};

struct clients {
    struct client *first;
};

/* Reads the clients from a file of JSON, or takes those of the demo for a NULL. Keys are looked for beside the
 * file. 0, or -1 with a message on standard error. */
int clients_load(struct clients *clients, const char *path);

void clients_deinit(struct clients *clients);

struct client *clients_find(const struct clients *clients, const char *id);

/* Whether that is the client's secret. */
bool client_secret_is(const struct client *client, const char *secret);

#endif
