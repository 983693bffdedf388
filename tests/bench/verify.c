/*
 * How long a check takes: by the verifier for the first time and remembered, by OpenSSL alone with a key that is
 * parsed already, by libjwt. In one run, because only ratios travel between machines. --values: one line.
 */
#include "token/verifier.h"

#include "tests/unit/tokens.c" /* a bench is one file */

#include <jwt.h>

#include <openssl/evp.h>

#include <time.h>
#include <unistd.h>

enum { TOKENS = 300, ROUNDS = 10 * TOKENS };

struct bench {
    const char *algorithm;
    struct token_key *key;
    struct verifier *verifier;
    char *pem;
    struct secret *tokens[TOKENS]; /* in turn, so that each is new when the memory is emptied at the first */
    unsigned next;
    uint8_t *signature; /* of the first, as OpenSSL wants it */
    size_t signature_length;
    size_t signed_length;
};

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct keyset *keyset_of(const struct bench *bench)
{
    char file[] = "/tmp/c2m-bench-XXXXXX";
    struct keyset *keyset = NULL;
    const char *why = "";
    int fd = mkstemp(file);
    must(fd >= 0 && write(fd, bench->pem, strlen(bench->pem)) == (ssize_t)strlen(bench->pem), "a key file");
    close(fd);
    must(keyset_from_file(file, bench->algorithm, &keyset, &why) == 0, why);
    unlink(file);
    return keyset;
}

static char *mint(const struct bench *bench, unsigned number)
{
    char header[100], id[40];
    int64_t now = time(NULL);
    snprintf(id, sizeof id, "tok_st_%016x", number);
    char *payload = token_payload("c2m_abc123", id, now, now + 900,
        ",\"aud\":\"c2m-api-clients\",\"scopes\":[\"jobs:submit\",\"jobs:read\",\"account:read\",\"login:"
        "web1\"]");
    snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"2024-02\"}", bench->algorithm);
    char *token = token_mint(bench->key, bench->algorithm, header, payload);
    free(payload);
    return token;
}

static void begin(struct bench *bench, const char *algorithm, struct token_key *key)
{
    const struct verifier_options options = {.issuer = "c2m-api", .tolerance = 30, .max_lifetime = 3600};
    bench->algorithm = algorithm;
    bench->key = key;
    bench->pem = token_public_pem(key);
    must(verifier_new(&options, keyset_of(bench), &bench->verifier) == 0, "verifier_new");
    for (unsigned i = 0; i < TOKENS; i++) {
        char *token = mint(bench, i);
        must(secret_new(token, strlen(token), &bench->tokens[i]) == 0, "secret_new");
        free(token);
    }
    const char *first = secret_bytes(bench->tokens[0]);
    bench->next = 0;
    bench->signed_length = (size_t)(strrchr(first, '.') - first);
    bench->signature = sign(key, algorithm, first, bench->signed_length, &bench->signature_length);
}

static void end(struct bench *bench)
{
    verifier_free(bench->verifier);
    for (unsigned i = 0; i < TOKENS; i++)
        secret_free(bench->tokens[i]);
    token_key_free(bench->key);
    free(bench->pem);
    free(bench->signature);
}

static void check(struct bench *bench)
{
    struct verified verified;
    must(verifier_check(bench->verifier, bench->tokens[bench->next], &verified) == REASON_NONE,
        "verifier_check");
}

static void forget(struct bench *bench)
{
    bench->next = (bench->next + 1) % TOKENS;
    if (bench->next == 0)
        verifier_forget(bench->verifier);
}

static void nothing(struct bench *bench)
{
    (void)bench;
}

static void openssl(struct bench *bench)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *padding;
    bool hashed = strcmp(bench->algorithm, "EdDSA") != 0;
    must(EVP_DigestVerifyInit(context, &padding, hashed ? EVP_sha256() : NULL, NULL, bench->key->pair) == 1,
        "EVP_DigestVerifyInit");
    if (strcmp(bench->algorithm, "PS256") == 0)
        must(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1,
            "padding");
    must(EVP_DigestVerify(context, bench->signature, bench->signature_length,
             (const uint8_t *)secret_bytes(bench->tokens[0]), bench->signed_length) == 1,
        "EVP_DigestVerify");
    EVP_MD_CTX_free(context);
}

/* It knows neither PS256 nor EdDSA. */
static bool known_to_libjwt(const struct bench *bench)
{
    return jwt_str_alg(bench->algorithm) != JWT_ALG_INVAL && strcmp(bench->algorithm, "PS256") != 0;
}

static void libjwt(struct bench *bench)
{
    jwt_t *jwt = NULL;
    must(jwt_decode(&jwt, secret_bytes(bench->tokens[0]), (const unsigned char *)bench->pem,
             (int)strlen(bench->pem)) == 0,
        "jwt_decode");
    jwt_free(jwt);
}

static const struct row {
    const char *name, *word;
    void (*before)(struct bench *bench); /* not counted */
    void (*run)(struct bench *bench);
} rows[] = {
    {"verifier, first time", "first", forget, check},
    {"verifier, remembered", "remembered", nothing, check},
    {"OpenSSL alone", "openssl", nothing, openssl},
    {"libjwt", "libjwt", nothing, libjwt},
};
enum { ROWS = sizeof rows / sizeof rows[0], ALGORITHMS = 4 };

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(const struct row *row, struct bench *bench)
{
    static double taken[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        row->before(bench);
        double from = microseconds();
        row->run(bench);
        taken[i] = microseconds() - from;
    }
    qsort(taken, ROUNDS, sizeof taken[0], compare);
    return taken[ROUNDS / 2];
}

static void print_table(const struct bench *benches, double taken[ROWS][ALGORITHMS])
{
    printf("%-24s", "check a token, us");
    for (int a = 0; a < ALGORITHMS; a++)
        printf("%10s", benches[a].algorithm);
    printf("   (median of %d)\n", ROUNDS);
    for (int i = 0; i < ROWS; i++) {
        printf("%-24s", rows[i].name);
        for (int a = 0; a < ALGORITHMS; a++)
            if (taken[i][a] > 0)
                printf("%10.1f", taken[i][a]);
            else
                printf("%10s", "-");
        printf("\n");
    }
}

/* As the other benches print what they measured. */
static void print_values(const struct bench *benches, double taken[ROWS][ALGORITHMS])
{
    for (int a = 0; a < ALGORITHMS; a++)
        for (int i = 0; i < ROWS; i++)
            if (taken[i][a] > 0)
                printf("%s_%s=%.1f\n", benches[a].algorithm, rows[i].word, taken[i][a]);
}

int main(int argc, char **argv)
{
    struct bench benches[ALGORITHMS];
    double taken[ROWS][ALGORITHMS];
    begin(&benches[0], "RS256", token_key_rsa(2048));
    begin(&benches[1], "PS256", token_key_rsa(2048));
    begin(&benches[2], "ES256", token_key_ec("P-256"));
    begin(&benches[3], "EdDSA", token_key_ed25519());
    for (int i = 0; i < ROWS; i++)
        for (int a = 0; a < ALGORITHMS; a++)
            taken[i][a] =
                rows[i].run == libjwt && !known_to_libjwt(&benches[a]) ? 0 : median(&rows[i], &benches[a]);
    if (argc > 1 && strcmp(argv[1], "--values") == 0)
        print_values(benches, taken);
    else
        print_table(benches, taken);
    for (int a = 0; a < ALGORITHMS; a++)
        end(&benches[a]);
    return 0;
}
