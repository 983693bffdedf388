#include "base/tls.h"

#include <openssl/ssl.h>

void tls_keeps_no_plaintext(void *context)
{
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}
