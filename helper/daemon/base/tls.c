#include "base/tls.h"

#include <openssl/ssl.h>

void tls_keeps_no_plaintext(void *context)
{
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

/* Returns whether SESSION is kept: else libssl frees it. */
static int on_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls_sessions *sessions = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    int kept = !sessions->spoiled && sessions->keep(ssl, session);
    if (!kept)
        sessions->spoiled = true;
    return kept;
}

bool tls_spoils_no_sessions(void *context, struct tls_sessions *sessions)
{
    if (!SSL_CTX_sess_get_new_cb(context))
        return true; /* it keeps none */
    if (!SSL_CTX_set_app_data(context, sessions))
        return false;
    sessions->keep = SSL_CTX_sess_get_new_cb(context);
    SSL_CTX_sess_set_new_cb(context, on_session);
    return true;
}
