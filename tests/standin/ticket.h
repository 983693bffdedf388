/* TLS session tickets, which libmicrohttpd leaves switched off: with them a client resumes its session. */
#ifndef STANDIN_TICKET_H
#define STANDIN_TICKET_H

struct MHD_Connection;
struct ticket;

/* A key for tickets, good for the program's life. */
struct ticket *ticket_new(void);
void ticket_free(struct ticket *ticket);

/* Lets a new connection, before its handshake, hand out and take tickets. */
void ticket_offer(const struct ticket *ticket, struct MHD_Connection *connection);

#endif
