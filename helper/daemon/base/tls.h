/* What libssl does with plaintext that it received: as little as it can. */
#ifndef BASE_TLS_H
#define BASE_TLS_H

/*
 * CONTEXT is an SSL_CTX of libcurl's (CURLOPT_SSL_CTX_FUNCTION), before it is used. Its connections clear each record when it has
 * been read, and give their buffers back: an idle one would keep the last answer, with the token in it.
 * SSL_CTX_set_options(3), SSL_CTX_set_mode(3).
 */
void tls_keeps_no_plaintext(void *context);

#endif
