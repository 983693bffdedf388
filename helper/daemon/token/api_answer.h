/*
 * What an HTTP answer means: the status decides, the code refines, no text of the server's goes further. Pure.
 *
 * Errors come in several shapes: {code, message}, {errorCode, errorType, errorMessage}, {error}, problem+json, a
 * gateway's {message}, a firewall's HTML. What is not application/json is read by its status only.
 */
#ifndef TOKEN_API_ANSWER_H
#define TOKEN_API_ANSWER_H

#include "token/api.h"

/*
 * OUT is filled as a whole. A token that could be read is handed out also when the rest of the answer is
 * nonsense (outcome not API_OK): it was issued, and somebody has to end it. NOW: the wall clock.
 */
void api_answer_token(const struct http_answer *answer, int64_t now, struct api_token *out);
void api_answer_revocation(const struct http_answer *answer, struct api_revocation *out);
/* True for 204, and for 200 with a JSON object that carries no error. */
bool api_answer_revoked(const struct api_revocation *answer);

#endif
