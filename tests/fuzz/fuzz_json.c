/*
 * The two readers of JSON: what jansson takes for strict, json-c reads whole (json_weight agrees), and what is printed
 * of it is the same object again.
 */
#include "given.h"

#include "base/json.h"
#include "base/json_strict.h"

#include <string.h>

static void a_text_has_no_nul_and_one_kind(const struct json *json, const char *key)
{
    enum json_kind kind = json_kind(json, key);
    const char *text;
    size_t length;
    int64_t number;
    int r = json_text(json, key, &text, &length);
    must(r == 0 ? kind == JSON_STRING && strlen(text) == length : kind != JSON_STRING, "a text is a text");
    must(json_integer(json, key, &number) != 0 || kind == JSON_INTEGER, "an integer is an integer");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    bool strict = json_strict_object(bytes, size);
    JSON_CLEANUP struct json *json = NULL, *again = NULL;
    int r = json_parse(bytes, size, &json);
    must(r != 0 || strict, "json-c reads nothing that jansson does not pass");
    must(r == 0 || !strict || given_beyond_json_c(bytes, size), "and whole what jansson passed");
    if (r != 0)
        return 0;
    must(memchr(bytes, '\0', size) == NULL, "no NUL is passed");
    static const char *const keys[] = {"a", "b", "iss", "error"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        a_text_has_no_nul_and_one_kind(json, keys[i]);
    SECRET_CLEANUP struct secret *printed = NULL, *twice = NULL;
    if (json_print(json, &printed) != 0)
        return 0;
    must(json_parse(secret_bytes(printed), secret_length(printed), &again) == 0,
        "what is printed can be read");
    must(json_print(again, &twice) == 0 && secret_equal(printed, twice), "and printed again the same");
    return 0;
}
