/* The URLs of the API, from what the administrator wrote. */
#ifndef TOKEN_API_URL_H
#define TOKEN_API_URL_H

enum { API_URL_SIZE = 1024 };

/*
 * Reads BASE: https://HOST[:PORT][/PREFIX], with or without a slash at its end, with or without the "/auth"
 * that the paths begin with. -EINVAL: anything else (another scheme, a user, a query, a fragment, an empty or a
 * dot segment, a port out of range, an escape, the path of an endpoint, more than 512 characters).
 */
int api_url_base(const char *base, char out[API_URL_SIZE]);

/* BASE is api_url_base's. */
void api_url_issue(const char *base, char out[API_URL_SIZE]);
void api_url_exchange(const char *base, char out[API_URL_SIZE]);
/* -EINVAL: TOKEN_ID is not one segment of a path as it stands. */
int api_url_revoke(const char *base, const char *token_id, char out[API_URL_SIZE]);

#endif
