/* One request of libmicrohttpd, from its first header to the end of its answer. */
#ifndef STANDIN_EXCHANGE_H
#define STANDIN_EXCHANGE_H

#include "service.h"

#include <microhttpd.h>

struct exchange;

struct exchanges {
    struct service *service;
    struct exchange *delayed; /* those that are suspended */
};

/* The callbacks of libmicrohttpd; `data` is a struct exchanges. */
enum MHD_Result exchange_handle(void *data, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **context);
void exchange_completed(
    void *data, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why);

/* A connection's number as the pointer that libmicrohttpd keeps for a connection. */
void *exchange_number(uint64_t number);

/* Milliseconds until the first delayed request goes on; -1: there is none. */
int64_t exchanges_wait_ms(const struct exchanges *exchanges);

/* Lets those go on whose delay ends at `now_us` (clock_steady_us) or before. */
void exchanges_resume(struct exchanges *exchanges, int64_t now_us);

#endif
