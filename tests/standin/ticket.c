/* TLS session tickets: see ticket.h. */
#include "ticket.h"

#include "memory.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdlib.h>

struct ticket {
    gnutls_datum_t key;
};

struct ticket *ticket_new(void)
{
    struct ticket *ticket = memory_zeroed(1, sizeof *ticket);
    if (gnutls_session_ticket_key_generate(&ticket->key) != GNUTLS_E_SUCCESS)
        abort();
    return ticket;
}

void ticket_free(struct ticket *ticket)
{
    gnutls_free(ticket->key.data);
    free(ticket);
}

void ticket_offer(const struct ticket *ticket, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info != NULL)
        gnutls_session_ticket_enable_server((gnutls_session_t)info->tls_session, &ticket->key);
}
