/* See listing.h. */
#include "listing.h"

#include <errno.h>

/* Room for any item, aligned as one. */
union room {
    struct c2m_session session;
    struct c2m_revocation revocation;
    struct c2m_enrolled enrolled;
    struct c2m_metric metric;
    struct c2m_mismatch mismatch;
    struct c2m_record record;
};

int listing_each(const struct options *options, const struct listing *listing, listing_seen *see, void *data)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    union room item;
    bool more = true;

    int code = helper_ask(
        &helper, options, listing->question, listing->body, listing->body_length, C2M_FIRST_ANSWER_MS);
    while (code == EXIT_OK) {
        code = helper_next(&helper, listing->item, &item, listing->item_size, &more);
        if (code != EXIT_OK || !more)
            return code;
        code = see(&helper, &item, data);
    }
    return code;
}

int listing_each_quietly(const struct options *options, const struct listing *listing,
    void (*see)(void *data, const void *item), void *data)
{
    struct c2m_client client = C2M_CLIENT_CLOSED;
    union room item;
    uint16_t operation = 0;
    size_t length;

    int rc = c2m_connect(&client, options->runtime_dir, C2M_PAM_SOCKET, C2M_FIRST_ANSWER_MS);
    if (rc == 0)
        rc = c2m_send(&client, listing->question, listing->body, listing->body_length, C2M_FIRST_ANSWER_MS);
    while (rc == 0) {
        rc = c2m_receive(&client, &operation, &item, sizeof item, &length, C2M_FIRST_ANSWER_MS);
        if (rc < 0 || operation == C2M_END)
            break;
        if (operation != listing->item || length != listing->item_size)
            rc = -EPROTO;
        else
            see(data, &item);
    }
    c2m_disconnect(&client);
    return rc;
}
