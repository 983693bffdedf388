/* How the service misbehaves, on order: see faults.h. */
#include "faults.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

static const char firewall[] = "<!DOCTYPE html><html><head><title>Request blocked</title></head>"
                               "<body><h1>403</h1><p>Request blocked.</p></body></html>\n";
static const char garbage[] = "{\"token_type\":\"Bearer\",\"access_token\":\"eyJ\xff\xfe\x01";

void faults_add(struct faults *faults, struct fault *fault)
{
    struct fault **end = &faults->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = fault;
}

static struct fault *copy(const struct fault *fault)
{
    struct fault *twin = memory_zeroed(1, sizeof *twin);
    *twin = *fault;
    twin->next = NULL;
    twin->body = memory_copy(fault->body);
    twin->type = memory_copy(fault->type);
    twin->location = memory_copy(fault->location);
    return twin;
}

static bool meets(const struct fault *fault, enum endpoint endpoint, enum fault_bearer bearer)
{
    if (fault->bearer != FAULT_ANY_BEARER && fault->bearer != bearer)
        return false;
    return fault->endpoint == endpoint || (fault->endpoint == ENDPOINT_ANY && endpoint != ENDPOINT_HEALTHZ);
}

struct fault *faults_meet(struct faults *faults, enum endpoint endpoint, enum fault_bearer bearer)
{
    for (struct fault **place = &faults->first; *place != NULL; place = &(*place)->next) {
        struct fault *fault = *place;
        if (!meets(fault, endpoint, bearer))
            continue;
        struct fault *met = copy(fault);
        if (fault->left > 0 && --fault->left == 0) {
            *place = fault->next;
            fault_free(fault);
        }
        return met;
    }
    return NULL;
}

bool fault_answers(const struct fault *fault)
{
    return fault->status != 0 || fault->garbage || fault->html || fault->body != NULL ||
           fault->location != NULL || fault->size > 0;
}

static void fill_up(struct reply *reply, long size)
{
    if (size <= (long)reply->length)
        return;
    reply->body = memory_resize(reply->body, (size_t)size + 1, 1);
    memset(reply->body + reply->length, ' ', (size_t)size - reply->length);
    reply->body[size] = '\0';
    reply->length = (size_t)size;
}

void fault_answer(const struct fault *fault, enum endpoint endpoint, struct reply *reply)
{
    unsigned usual = endpoint == ENDPOINT_LONG || endpoint == ENDPOINT_SHORT ? 201 : 200;
    unsigned status = fault->status != 0 ? fault->status : usual;
    if (fault->html)
        reply_text(reply, fault->status != 0 ? status : 403, "text/html; charset=utf-8", firewall);
    else if (fault->garbage)
        reply_text(reply, status, "application/json", garbage);
    else if (fault->body != NULL)
        reply_text(reply, status, "application/json", fault->body);
    else if (fault->location != NULL)
        reply_empty(reply, fault->status != 0 ? status : 307);
    else
        reply_status(reply, status);
    if (fault->type != NULL) {
        free(reply->type);
        reply->type = memory_copy(fault->type);
    }
    reply->location = memory_copy(fault->location);
    reply->retry_after = fault->retry_after;
    fill_up(reply, fault->size);
}

void fault_free(struct fault *fault)
{
    if (fault == NULL)
        return;
    free(fault->body);
    free(fault->type);
    free(fault->location);
    free(fault);
}

void faults_clear(struct faults *faults)
{
    while (faults->first != NULL) {
        struct fault *fault = faults->first;
        faults->first = fault->next;
        fault_free(fault);
    }
}
