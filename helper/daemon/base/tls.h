/* What libssl does with plaintext that it received, as little as it can; and what libcurl is told of sessions. */
#ifndef BASE_TLS_H
#define BASE_TLS_H

#include <stdbool.h>

struct ssl_st;
struct ssl_session_st;

/*
 * CONTEXT is an SSL_CTX of libcurl's (CURLOPT_SSL_CTX_FUNCTION), before it is used. Its connections clear each record when it has
 * been read, and give their buffers back: an idle one would keep the last answer, with the token in it.
 * SSL_CTX_set_options(3), SSL_CTX_set_mode(3).
 */
void tls_keeps_no_plaintext(void *context);

struct tls_sessions {
    int (*keep)(struct ssl_st *ssl, struct ssl_session_st *session); /* libcurl's */
    bool spoiled; /* it could not keep one */
};

/*
 * libcurl is told of the sessions of CONTEXT's connections until it cannot keep one, and of none after that, whichever
 * connection with these SESSIONS has it. Debian 12's libcurl frees the host's name where memory is too short to keep a
 * session, and once more when it puts the next one there (7.88, Curl_ssl_addsessionid). SESSIONS outlive CONTEXT. False: no
 * memory. SSL_CTX_sess_set_new_cb(3).
 */
bool tls_spoils_no_sessions(void *context, struct tls_sessions *sessions);

#endif
