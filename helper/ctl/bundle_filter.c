/*
 * The filter behind all sections, for what nobody foresaw: a token that was typed at the prompt for a name, a password in
 * an URL. What it cannot know, a short password in a free text, must not come so far.
 */
#include "bundle.h"

#include "c2m/printable.h"

#include <ctype.h>
#include <pwd.h>
#include <string.h>
#include <strings.h>

enum { RUN_MIN = 16, WORD_SIZE = 1024 };

/* Between words; in a token and in base64 none of these stands. */
static const char separators[] = " \t\"'<>()[]{},;";

static int kind_of(char c)
{
    return isdigit((unsigned char)c) ? 1 : islower((unsigned char)c) ? 2 : isupper((unsigned char)c) ? 3 : 0;
}

/*
 * A run of base64's or a hexadecimal number's bytes in which the kind of byte changes often: a third of the places in
 * what is random, hardly any in a name such as c2m_login_duration_seconds_bucket.
 */
static bool looks_random(const char *run, size_t length)
{
    size_t changes = 0;

    for (size_t i = 1; i < length; i++)
        changes += kind_of(run[i]) != 0 && kind_of(run[i - 1]) != 0 && kind_of(run[i]) != kind_of(run[i - 1]);
    return length >= RUN_MIN && changes * 5 >= length;
}

/* "lt_…", "eyJ…": however regular they are. */
static bool has_form_of_token(const char *word)
{
    static const char *const beginnings[] = {"lt_", "ltk_", "eyJ", "eyI"};

    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        const char *found = strstr(word, beginnings[i]);
        if (found != NULL && (found == word || !isalnum((unsigned char)found[-1])) && strlen(found) >= 11)
            return true;
    }
    return false;
}

static bool is_secret(const char *word)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=";

    if (has_form_of_token(word))
        return true;
    while (*word != '\0') {
        size_t run = strspn(word, alphabet);
        if (looks_random(word, run))
            return true;
        word += run > 0 ? run : 1;
    }
    return false;
}

/* Is it the name of something that is secret, "PGPASSWORD", "client_secret"? What we call token is 8 digits of its hash. */
static bool names_secret(const char *name, size_t length)
{
    static const char *const parts[] = {"passw", "passphrase", "secret", "credential", "bearer",
        "authorization", "api_key", "apikey", "cookie"};
    char lower[WORD_SIZE];

    for (size_t i = 0; i < length && i + 1 < sizeof lower; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    lower[length < sizeof lower ? length : sizeof lower - 1] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(lower, parts[i]) != NULL)
            return true;
    return false;
}

/* Whoever types a password for a name is nobody here. */
static bool is_nobody(const char *key, size_t length, const char *value)
{
    bool user =
        (length == 4 && strncmp(key, "user", 4) == 0) || (length == 5 && strncmp(key, "ruser", 5) == 0);

    return user && value[0] != '\0' && getpwnam(value) == NULL;
}

static void print_word(const char *word, FILE *out)
{
    char text[C2M_PRINTABLE_SIZE];
    const char *equals = strchr(word, '='), *address = strstr(word, "://");
    size_t key = equals == NULL ? 0 : (size_t)(equals - word);

    if (key > 0 && (names_secret(word, key) || is_nobody(word, key, equals + 1) || is_secret(equals + 1)) &&
        equals[1] != '\0') {
        fprintf(out, "%s=" BUNDLE_LEFT_OUT, c2m_printable(text, sizeof text, word, key));
        return;
    }
    const char *at = address == NULL ? NULL : strchr(address, '@');
    if (is_secret(word) || (at != NULL && at < address + 3 + strcspn(address + 3, "/")))
        fputs(BUNDLE_LEFT_OUT, out);
    else
        fputs(c2m_printable(text, sizeof text, word, strlen(word)), out);
}

/* Behind "Bearer", or "password:", nothing of the line is printed. */
static bool announces_secret(const char *word)
{
    size_t length = strlen(word);

    return strcasecmp(word, "bearer") == 0 || strcasecmp(word, "basic") == 0 ||
           (length > 1 && word[length - 1] == ':' && names_secret(word, length - 1));
}

/* "secret = hunter2", as a message quotes it: BEFORE is the word before the "=". */
static bool assigns_secret(const char *before, const char *word)
{
    return strcmp(word, "=") == 0 && names_secret(before, strlen(before));
}

void bundle_filter_line(struct bundle_filter *filter, const char *line, FILE *out)
{
    bool begins = strstr(line, "-----BEGIN ") != NULL;

    if (begins)
        fprintf(out, BUNDLE_LEFT_OUT "\n");
    filter->in_key = (filter->in_key || begins) && strstr(line, "-----END ") == NULL;
    if (filter->in_key || begins || strstr(line, "-----END ") != NULL)
        return;
    char before[WORD_SIZE] = "", word[WORD_SIZE] = "";
    while (*line != '\0') {
        size_t gap = strspn(line, separators);
        size_t length = strcspn(line + gap, separators);
        for (size_t i = 0; i < gap; i++)
            fputc(line[i] == '\t' ? ' ' : line[i], out);
        line += gap;
        if (length >= sizeof word) {
            fputs(BUNDLE_LEFT_OUT, out);
        } else {
            snprintf(word, sizeof word, "%.*s", (int)length, line);
            print_word(word, out);
            if (announces_secret(word) || assigns_secret(before, word)) {
                fputs(" " BUNDLE_LEFT_OUT, out);
                break;
            }
            memcpy(before, word, sizeof before);
        }
        line += length;
    }
    fputc('\n', out);
}
