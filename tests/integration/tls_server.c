/* See tls_server.h. */
#include "tls_server.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct tls_peer {
    SSL *ssl;
    struct tls_seen *seen;
};

static void insist(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "tls_server: %s\n", what);
    abort();
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"tls_server", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_set_pubkey(certificate, key);
    insist(X509_sign(certificate, key, EVP_sha256()) > 0, "sign");
    return certificate;
}

static SSL_CTX *make_context(struct tls_server *server, bool too_old)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key);
    snprintf(server->ca, sizeof server->ca, "/tmp/c2m-tls.XXXXXX");
    int fd = mkstemp(server->ca);
    FILE *file = fdopen(fd, "w");
    insist(PEM_write_X509(file, certificate) == 1 && fclose(file) == 0, "write the certificate");
    insist(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1,
        "use");
    if (too_old) {
        SSL_CTX_set_security_level(context, 0); /* Debian's own policy would not speak it */
        SSL_CTX_set_min_proto_version(context, TLS1_1_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

static void serve_one(int fd, SSL_CTX *context, tls_serve serve, struct tls_seen *seen)
{
    struct tls_peer peer = {.ssl = SSL_new(context), .seen = seen};
    SSL_set_fd(peer.ssl, fd);
    if (SSL_accept(peer.ssl) == 1) {
        seen->connections++;
        seen->resumed += SSL_session_reused(peer.ssl);
        serve(&peer);
    }
    _exit(0);
}

/* A child for each connection; all of them end with the test, however it ends. */
static void serve_for_ever(int listener, SSL_CTX *context, tls_serve serve, struct tls_seen *seen)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            serve_one(fd, context, serve, seen);
        }
        close(fd);
    }
}

void tls_server_start(struct tls_server *server, tls_serve serve, bool too_old)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t length = sizeof address;
    SSL_CTX *context = make_context(server, too_old);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    insist(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 16) == 0,
        "listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    snprintf(server->url, sizeof server->url, "https://127.0.0.1:%d/", ntohs(address.sin_port));
    server->seen =
        mmap(NULL, sizeof *server->seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    insist(server->seen != MAP_FAILED, "mmap");
    server->pid = fork();
    if (server->pid == 0)
        serve_for_ever(listener, context, serve, server->seen);
    close(listener);
    SSL_CTX_free(context);
}

void tls_server_stop(struct tls_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    munmap(server->seen, sizeof *server->seen);
    unlink(server->ca);
}

bool tls_hear(struct tls_peer *peer)
{
    char head[32768];
    int length = 0, body = 0;
    char *end = NULL;
    while (!end) {
        int got = SSL_read(peer->ssl, head + length, (int)sizeof head - 1 - length);
        if (got <= 0)
            return false;
        length += got;
        head[length] = '\0';
        end = strstr(head, "\r\n\r\n");
    }
    const char *said = strcasestr(head, "\r\nContent-Length:");
    if (said)
        body = atoi(said + 17);
    for (int left = body - (int)(head + length - end - 4); left > 0;) {
        int got = SSL_read(peer->ssl, head, left < (int)sizeof head ? left : (int)sizeof head);
        if (got <= 0)
            return false;
        left -= got;
    }
    peer->seen->requests++;
    return true;
}

bool tls_say_bytes(struct tls_peer *peer, const void *bytes, size_t length)
{
    return SSL_write(peer->ssl, bytes, (int)length) > 0;
}

bool tls_say(struct tls_peer *peer, const char *text)
{
    return tls_say_bytes(peer, text, strlen(text));
}
