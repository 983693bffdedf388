/* The certificate authority of the stand-in: see authority.h.
 *
 * Its certificates are valid from 1970 to 9999: tests move the clock, and TLS must not be what notices. */
#include "authority.h"

#include "bytes.h"
#include "file.h"
#include "memory.h"
#include "pem.h"

#include <err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

static EVP_PKEY *load_or_make_key(const char *directory, const char *name)
{
    OWN_TEXT char *path = file_path(directory, name);
    OWN_TEXT char *text = file_read(path, NULL);
    const char *rest = text;
    if (text != NULL)
        return pem_next_private(&rest);
    EVP_PKEY *key = EVP_EC_gen("prime256v1");
    OWN_TEXT char *pem = pem_private(key);
    if (file_write(path, pem, 0600) != 0) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

static void set_serial(X509 *certificate)
{
    OWN_TEXT char *hex = bytes_random_hex(15);
    BIGNUM *number = NULL;
    BN_hex2bn(&number, hex);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
}

static void extend(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    if (extension == NULL || X509_add_ext(certificate, extension, -1) != 1)
        abort();
    X509_EXTENSION_free(extension);
}

/* A certificate without extensions and signature; with `issuer` NULL it is its own. */
static X509 *certificate_new(EVP_PKEY *key, const char *name, X509 *issuer)
{
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    set_serial(certificate);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "19700101000000Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z");
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer == NULL ? certificate : issuer));
    X509_set_pubkey(certificate, key);
    extend(certificate, certificate, NID_subject_key_identifier, "hash");
    return certificate;
}

static X509 *make_ca(EVP_PKEY *key)
{
    X509 *ca = certificate_new(key, "C2M stand-in CA", NULL);
    extend(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(ca, key, EVP_sha256());
    return ca;
}

static X509 *make_server(EVP_PKEY *key, X509 *ca, EVP_PKEY *ca_key, const char *address)
{
    OWN_TEXT char *names = memory_format("DNS:localhost,DNS:" AUTHORITY_NAME ",IP:127.0.0.1,IP:%s", address);
    X509 *server = certificate_new(key, "localhost", ca);
    extend(server, ca, NID_authority_key_identifier, "keyid:always");
    extend(server, ca, NID_basic_constraints, "critical,CA:FALSE");
    extend(server, ca, NID_key_usage, "critical,digitalSignature");
    extend(server, ca, NID_ext_key_usage, "serverAuth");
    extend(server, ca, NID_subject_alt_name, names);
    X509_sign(server, ca_key, EVP_sha256());
    return server;
}

static char *certificate_pem(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (PEM_write_bio_X509(bio, certificate) != 1)
        abort();
    return pem_take(bio);
}

static X509 *load_or_make_ca(const char *directory, EVP_PKEY *key)
{
    OWN_TEXT char *path = file_path(directory, "ca.pem");
    OWN_TEXT char *text = file_read(path, NULL);
    if (text != NULL) {
        BIO *bio = BIO_new_mem_buf(text, -1);
        X509 *ca = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        BIO_free(bio);
        return ca;
    }
    X509 *ca = make_ca(key);
    OWN_TEXT char *pem = certificate_pem(ca);
    if (file_write(path, pem, 0644) != 0) {
        X509_free(ca);
        return NULL;
    }
    return ca;
}

int authority_open(struct authority *authority, const char *directory, const char *address)
{
    EVP_PKEY *ca_key = load_or_make_key(directory, "ca.key");
    EVP_PKEY *server_key = load_or_make_key(directory, "server.key");
    X509 *ca = ca_key == NULL ? NULL : load_or_make_ca(directory, ca_key);
    X509 *server = NULL;
    if (ca != NULL && server_key != NULL && X509_check_private_key(ca, ca_key) == 1) {
        server = make_server(server_key, ca, ca_key, address);
        authority->server_certificate = certificate_pem(server);
        authority->server_key = pem_private(server_key);
    } else {
        warnx("%s: ca.pem, ca.key and server.key do not belong together", directory);
    }
    int result = server == NULL ? -1 : 0;
    X509_free(server);
    X509_free(ca);
    EVP_PKEY_free(server_key);
    EVP_PKEY_free(ca_key);
    return result;
}

void authority_deinit(struct authority *authority)
{
    free(authority->server_certificate);
    free(authority->server_key);
    *authority = (struct authority){0};
}
