#include "unrevoked.h"

#include "listing.h"
#include "users_file.h"

#include "c2m/client.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct search {
    char client[C2M_ID_MAX + 3]; /* the host's, between blanks; "": no token is kept for it */
    char users[65536]; /* of that client, between blanks */
    struct unrevoked found;
};

static void see_kept(void *data, const void *item)
{
    const struct c2m_enrolled *kept = item;
    struct search *search = data;

    if (kept->user.length == 0 && c2m_text_ok(kept->client.length, kept->client.bytes, C2M_ID_MAX))
        snprintf(
            search->client, sizeof search->client, " %.*s ", (int)kept->client.length, kept->client.bytes);
}

static void see_user(void *data, const struct users_file_entry *entry)
{
    struct search *search = data;
    size_t used = strlen(search->users);

    if (strstr(entry->clients, search->client) != NULL)
        snprintf(search->users + used, sizeof search->users - used, "%s ", entry->user);
}

static bool is_of_client(const struct search *search, const struct c2m_name *user)
{
    char name[C2M_NAME_MAX + 3];

    snprintf(name, sizeof name, " %.*s ", (int)user->length, user->bytes);
    return search->client[0] != '\0' && (user->length == 0 || strstr(search->users, name) != NULL);
}

/* Could another token of the host revoke it? */
static bool is_hopeless(const struct search *search, const struct c2m_revocation *revocation)
{
    static const char word[] = "insufficient_scope";

    return revocation->state == C2M_REVOCATION_UNREVOCABLE && revocation->expires > time(NULL) &&
           revocation->word.length == strlen(word) &&
           memcmp(revocation->word.bytes, word, revocation->word.length) == 0 &&
           c2m_text_ok(revocation->user.length, revocation->user.bytes, C2M_NAME_MAX) &&
           is_of_client(search, &revocation->user);
}

static void see_revocation(void *data, const void *item)
{
    const struct c2m_revocation *revocation = item;
    struct search *search = data;
    bool waits = revocation->state == C2M_REVOCATION_PENDING;

    search->found.unauthorised += waits && revocation->last_status == 401;
    search->found.forbidden += (waits && revocation->last_status == 403) || is_hopeless(search, revocation);
}

int unrevoked_count(const struct options *options, const char *config, struct unrevoked *out)
{
    static const struct listing kept = {C2M_ENROLLED, NULL, 0, C2M_ENROLLED_IS, sizeof(struct c2m_enrolled)};
    static const struct listing revocations = {
        C2M_REVOCATIONS, NULL, 0, C2M_REVOCATION_IS, sizeof(struct c2m_revocation)};
    struct search search = {.client = "", .users = " "};
    char path[300];

    int rc = listing_each_quietly(options, &kept, see_kept, &search);
    users_file_path(config, path, sizeof path);
    if (rc == 0 && search.client[0] != '\0')
        rc = users_file_read(path, see_user, &search);
    if (rc == 0)
        rc = listing_each_quietly(options, &revocations, see_revocation, &search);
    *out = search.found;
    return rc;
}
