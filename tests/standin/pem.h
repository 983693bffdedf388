/* Keys as PEM text. */
#ifndef STANDIN_PEM_H
#define STANDIN_PEM_H

#include <openssl/evp.h>

/* The caller frees the text. Never NULL. */
char *pem_private(EVP_PKEY *key);
char *pem_public(EVP_PKEY *key);

/* The next private key of *text, which is moved behind it; NULL when there is no other. The caller frees it. */
EVP_PKEY *pem_next_private(const char **text);

/* A public key, or NULL. The caller frees it. */
EVP_PKEY *pem_read_public(const char *text);

/* What was written to a memory BIO, which is freed. The caller frees the text. */
char *pem_take(BIO *bio);

#endif
