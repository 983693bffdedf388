// link: -lm
/*
 * How long refusals take that are decided on this host, and whether the reason shows in it. Each worker asks for one
 * kind of refusal after the other, in an order drawn anew each round; then the samples of each two kinds are compared
 * (Kolmogorov and Smirnov's test, Bonferroni's correction), and their medians.
 *
 * usage: refusals RUNTIME_DIR SAMPLES WORKERS    run as root; standard input: a line "NAME UID USER TOKEN" for each kind
 * Prints a line for each pair of kinds. Exit status 0: none can be told from another; 1: some can; 2: nothing was measured.
 */
#include "c2m/client.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 10000, KINDS = 8, LINE = 9000, NEAR_US = 1000 };
static const double significance = 0.01;

struct kind {
    char name[40], user[64], token[LINE];
    uint32_t uid;
    float *us; /* shared by the workers */
};

static const char *runtime_dir;
static struct kind kinds[KINDS];
static size_t kind_count;

static void die(const char *what)
{
    fprintf(stderr, "refusals: %s\n", what);
    exit(2);
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void read_kinds(size_t samples)
{
    static char line[LINE];
    while (kind_count < KINDS && fgets(line, sizeof line, stdin)) {
        struct kind *kind = &kinds[kind_count++];
        if (sscanf(line, "%39s %u %63s %8999s", kind->name, &kind->uid, kind->user, kind->token) != 4)
            die("a line is no kind");
        kind->us =
            mmap(NULL, samples * sizeof *kind->us, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (kind->us == MAP_FAILED)
            die("no memory");
    }
    if (kind_count < 2)
        die("fewer than two kinds");
}

/* Each from an address of its own, or the guesser would have to wait, and that is another refusal. */
static void fill(struct c2m_request *request, const struct kind *kind)
{
    char address[20];
    snprintf(address, sizeof address, "10.%d.%d.%d", rand() % 256, rand() % 256, rand() % 256);
    *request = (struct c2m_request){.flags = C2M_CAN_ASK, .uid = kind->uid, .deadline_ms = WAIT_MS};
    if (c2m_text_set(&request->service.length, request->service.bytes, C2M_NAME_MAX, "sshd") < 0 ||
        c2m_text_set(&request->user.length, request->user.bytes, C2M_NAME_MAX, kind->user) < 0 ||
        c2m_text_set(&request->rhost.length, request->rhost.bytes, C2M_HOST_MAX, address) < 0)
        die("texts");
}

/* From the answer to the verdict. */
static float refuse(const struct kind *kind)
{
    struct c2m_client client;
    struct c2m_request request;
    struct c2m_answer answer = {.typed.length = (uint16_t)strlen(kind->token)};
    union {
        struct c2m_prompt prompt;
        struct c2m_verdict verdict;
    } body;
    uint16_t got = 0;
    size_t length;
    fill(&request, kind);
    memcpy(answer.typed.bytes, kind->token, answer.typed.length);
    int r = c2m_connect(&client, runtime_dir, C2M_PAM_SOCKET, WAIT_MS);
    if (r == 0)
        r = c2m_send(&client, C2M_AUTHENTICATE, &request, sizeof request, WAIT_MS);
    if (r == 0)
        r = c2m_receive(&client, &got, &body, sizeof body, &length, WAIT_MS);
    if (r < 0 || got != C2M_PROMPT)
        die("nobody is asked");
    double from = now_us();
    r = c2m_send(&client, C2M_ANSWER, &answer, sizeof answer, WAIT_MS);
    if (r == 0)
        r = c2m_receive(&client, &got, &body, sizeof body, &length, WAIT_MS);
    double took = now_us() - from;
    c2m_disconnect(&client);
    if (r < 0 || got != C2M_VERDICT || body.verdict.verdict != C2M_DENIED)
        die("not a refusal");
    return (float)took;
}

static void work(unsigned worker, size_t from, size_t to)
{
    size_t order[KINDS];
    srand(worker * 7919 + 1);
    for (size_t i = from; i < to; i++) {
        for (size_t k = 0; k < kind_count; k++) {
            size_t other = (size_t)rand() % (k + 1);
            order[k] = order[other];
            order[other] = k;
        }
        for (size_t k = 0; k < kind_count; k++)
            kinds[order[k]].us[i] = refuse(&kinds[order[k]]);
    }
}

static void measure(size_t samples, unsigned workers)
{
    int failed = 0, status;
    for (unsigned worker = 0; worker < workers; worker++) {
        pid_t pid = fork();
        if (pid < 0)
            die("fork");
        if (pid == 0) {
            work(worker, samples * worker / workers, samples * (worker + 1) / workers);
            _exit(0);
        }
    }
    while (wait(&status) > 0)
        failed |= status;
    if (failed)
        die("a worker failed");
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The greatest distance of two samples' distribution functions; both are sorted and of the same size. */
static double distance(const float *a, const float *b, size_t samples)
{
    double greatest = 0;
    for (size_t i = 0, j = 0; i < samples && j < samples;) {
        float at = a[i] < b[j] ? a[i] : b[j];
        while (i < samples && a[i] <= at)
            i++;
        while (j < samples && b[j] <= at)
            j++;
        double apart = fabs((double)i - (double)j) / (double)samples;
        greatest = apart > greatest ? apart : greatest;
    }
    return greatest;
}

/* Kolmogorov's distribution, with Stephens' correction for what is no infinite sample (Numerical Recipes, 14.3). */
static double probability(double apart, size_t samples)
{
    double root = sqrt((double)samples / 2), lambda = (root + 0.12 + 0.11 / root) * apart, sum = 0;
    if (lambda < 0.2)
        return 1;
    for (int k = 1; k <= 100; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * lambda * lambda);
    return sum < 0 ? 0 : sum > 1 ? 1 : sum;
}

static bool told_apart(size_t samples)
{
    bool any = false;
    size_t pairs = kind_count * (kind_count - 1) / 2;
    for (size_t i = 0; i < kind_count; i++)
        qsort(kinds[i].us, samples, sizeof *kinds[i].us, by_size);
    for (size_t i = 0; i < kind_count; i++)
        for (size_t j = i + 1; j < kind_count; j++) {
            double p = probability(distance(kinds[i].us, kinds[j].us, samples), samples);
            double a = kinds[i].us[samples / 2], b = kinds[j].us[samples / 2];
            bool apart = p <= significance / (double)pairs || fabs(a - b) > (double)NEAR_US;
            printf("%-10s %-10s medians %.0f and %.0f us, p %.4f%s\n", kinds[i].name, kinds[j].name, a, b, p,
                apart ? "   TOLD APART" : "");
            any |= apart;
        }
    return any;
}

int main(int argc, char **argv)
{
    size_t samples = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
    unsigned workers = argc == 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    if (samples == 0 || workers == 0)
        return 64;
    runtime_dir = argv[1];
    read_kinds(samples);
    measure(samples, workers);
    return told_apart(samples) ? 1 : 0;
}
