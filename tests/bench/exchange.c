// link: tests/bench/measure/measure.c
/*
 * What the server costs: one exchange of a long token (POST /auth/tokens/short) as a client sees it that does nothing
 * else, over a connection that is kept alive. The helper's own time is a long login less this, in the same run; the
 * stand-in's own count leaves out its TLS, and the way there and back.
 *
 * usage: exchange URL CA_FILE LONG_TOKEN_FILE        as name=value lines, in µs
 */
#include "measure/measure.h"

#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_UP = 5, ROUNDS = 200 };

static size_t ignore(char *bytes, size_t size, size_t count, void *argument)
{
    (void)bytes;
    (void)argument;
    return size * count;
}

static double exchange(CURL *curl)
{
    long status = 0;
    double begun = measure_now();
    CURLcode r = curl_easy_perform(curl);
    double spent = measure_now() - begun;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (r == CURLE_OK && status / 100 == 2)
        return spent;
    fprintf(stderr, "bench: exchange: %s, status %ld\n", curl_easy_strerror(r), status);
    exit(1);
}

int main(int argc, char **argv)
{
    char token[MEASURE_TOKEN_SIZE], header[MEASURE_TOKEN_SIZE + 100], url[300];
    double times[ROUNDS];
    if (argc != 4)
        return 64;
    measure_read_token(argv[3], token);
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    snprintf(url, sizeof url, "%s/auth/tokens/short", argv[1]);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    for (int i = 0; i < WARM_UP; i++)
        exchange(curl);
    for (int i = 0; i < ROUNDS; i++)
        times[i] = exchange(curl);
    measure_report("exchange", times, ROUNDS);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return 0;
}
