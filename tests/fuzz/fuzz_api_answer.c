/*
 * Answers of the API. An input is a status in decimal, a newline, the lines of a head, an empty line, and the body.
 * What is taken for a token has its alphabet; a status that is no success yields none, and no text of the server's
 * goes further.
 */
#include "given.h"

#include "base/http_headers.h"
#include "token/api_answer.h"

#include <stdlib.h>
#include <string.h>

enum { NOW = 1700000000 };

static const char token_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~+/=";

static void read_head(struct given *given, struct http_answer *answer)
{
    struct http_headers headers;
    size_t length;
    const char *line = given_line(given, &length);
    for (size_t i = 0; i < length && i < 4 && line[i] >= '0' && line[i] <= '9'; i++)
        answer->status = answer->status * 10 + (line[i] - '0');
    http_headers_init(&headers);
    while (given->left > 0 && !headers.ended) {
        line = given_line(given, &length);
        http_headers_line(&headers, line, length);
    }
    answer->json = headers.json;
    memcpy(answer->token_id, headers.token_id, sizeof answer->token_id);
    answer->retry_after = http_headers_retry_after(&headers, NOW);
}

static void token_holds(const struct http_answer *answer, const struct api_token *token)
{
    bool success = answer->error == HTTP_OK && (answer->status == 200 || answer->status == 201);
    must(token->outcome != API_OK || (success && token->token && answer->json),
        "only a success in JSON with a token is one");
    must(!token->token || success, "a token comes with a success only");
    must(success || token->outcome != API_OK, "another status is no success");
    must((token->outcome == API_OK) == (token->reason == REASON_NONE), "what is no success has a reason");
    must(token->outcome != API_REFUSED || answer->status == 401 || answer->status == 400,
        "a refusal is the API's word");
    must(token->outcome != API_FORBIDDEN || answer->status == 403, "so is a prohibition");
    size_t id = strnlen(token->token_id, sizeof token->token_id);
    must(id == 0 || http_safe_id(token->token_id, id), "an id is safe or none");
    must(token->expires == 0 || (token->expires > NOW && token->expires <= NOW + INT64_C(1000000000)),
        "a life is bounded");
    if (!token->token)
        return;
    size_t length = secret_length(token->token);
    must(length > 0 && length <= 8192 && strspn(secret_bytes(token->token), token_letters) == length,
        "a token has its alphabet and bound");
}

static void revocation_holds(const struct http_answer *answer, const struct api_revocation *revocation)
{
    bool done = answer->error == HTTP_OK && (answer->status == 204 || answer->status == 200);
    must(!api_answer_revoked(revocation) || done, "only 204 or 200 is done");
    must((revocation->reason == REASON_DONE) == (answer->error == HTTP_OK && api_answer_revoked(revocation)),
        "the word says the same");
    must(!api_answer_revoked(revocation) || answer->status == 204 || answer->json, "a 200 is JSON");
    must(strlen(revocation->code) < sizeof revocation->code &&
             strspn(revocation->code, token_letters) == strlen(revocation->code),
        "a code is a word");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct given given = {data, size};
    struct http_answer answer = {.error = HTTP_OK};
    struct api_token token;
    struct api_revocation revocation;
    read_head(&given, &answer);
    char *body = malloc(given.left + 1);
    answer.body_length = given_bytes(&given, body, given.left);
    body[answer.body_length] = '\0';
    answer.body = body;
    for (int error = HTTP_OK; error <= HTTP_INTERNAL; error++) {
        answer.error = (enum http_error)error;
        answer.sent = true;
        if (error != HTTP_OK)
            answer.status = 0;
        api_answer_token(&answer, NOW, &token);
        token_holds(&answer, &token);
        secret_free(token.token);
        api_answer_revocation(&answer, &revocation);
        revocation_holds(&answer, &revocation);
    }
    free(body);
    return 0;
}
