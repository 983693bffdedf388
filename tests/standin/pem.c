/* Keys as PEM text: see pem.h. */
#include "pem.h"

#include "memory.h"

#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

char *pem_take(BIO *bio)
{
    char *bytes = NULL;
    long length = BIO_get_mem_data(bio, &bytes);
    char *text = memory_copy_bytes(bytes, (size_t)length);
    BIO_free(bio);
    return text;
}

char *pem_private(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1)
        abort();
    return pem_take(bio);
}

char *pem_public(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (PEM_write_bio_PUBKEY(bio, key) != 1)
        abort();
    return pem_take(bio);
}

/* Without it OpenSSL asks on the terminal for the passphrase of an encrypted key. */
static int no_passphrase(char *out, int room, int writing, void *unused)
{
    (void)out, (void)room, (void)writing, (void)unused;
    return -1;
}

EVP_PKEY *pem_next_private(const char **text)
{
    static const char end[] = "-----END PRIVATE KEY-----";
    const char *last = strstr(*text, end);
    if (last == NULL)
        return NULL;
    last += strlen(end);
    BIO *bio = BIO_new_mem_buf(*text, (int)(last - *text));
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    *text = last;
    return key;
}

EVP_PKEY *pem_read_public(const char *text)
{
    BIO *bio = BIO_new_mem_buf(text, -1);
    EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    return key;
}
