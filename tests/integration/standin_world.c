/* See standin_world.h. */
#include "standin_world.h"

#include "base/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct standin_world world;

static char program[512];
static pid_t standin;

/* build/tests/integration/test_x → build/c2m-standin */
static void find_program(void)
{
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 32);
    assert_true(length > 0);
    program[length] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(program, '/') = '\0';
    strcat(program, "/c2m-standin");
}

int standin_start(void **state)
{
    (void)state;
    char line[256] = "";
    int ends[2];
    find_program();
    snprintf(world.directory, sizeof world.directory, "/tmp/c2m-standin.XXXXXX");
    assert_non_null(mkdtemp(world.directory));
    snprintf(world.ca, sizeof world.ca, "%s/ca.pem", world.directory);
    assert_int_equal(pipe(ends), 0);
    standin = fork();
    if (standin == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* however the test ends */
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(program, program, "--listen", "127.0.0.1:0", "--dir", world.directory, NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    assert_non_null(fgets(line, sizeof line, said));
    fclose(said);
    const char *port = strrchr(line, ':');
    assert_non_null(port);
    world.port = atoi(port + 1);
    snprintf(world.url, sizeof world.url, "https://127.0.0.1:%d", world.port);
    return 0;
}

int standin_stop(void **state)
{
    (void)state;
    char command[256];
    kill(standin, SIGTERM);
    waitpid(standin, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", world.directory);
    return system(command);
}

const char *ask(const char *line, const char *field)
{
    static char text[16384];
    int ends[2], status = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(program, program, "--ask", world.directory, line, field ? "--field" : NULL, field, NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got;
    while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(ends[0]);
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    waitpid(child, &status, 0);
    if (status != 0)
        fail_msg("%s: %s", line, text);
    return text;
}

long ask_number(const char *line, const char *field)
{
    return atol(ask(line, field));
}

struct secret *long_token_of(const char *client)
{
    char line[128];
    struct secret *token = NULL;
    snprintf(line, sizeof line, "mint client=%s type=long", client);
    const char *text = ask(line, "token");
    assert_int_equal(secret_new(text, strlen(text), &token), 0);
    return token;
}

static void make_parts(const char *ca)
{
    const struct http_options options = {.ca_file = ca, .connect_timeout_ms = 20000};
    assert_int_equal(loop_new(&world.loop), 0);
    assert_int_equal(http_new(world.loop, &options, &world.http), 0);
    with_budget(60);
}

void with_budget(unsigned requests_per_minute)
{
    api_free(world.api);
    budget_free(world.budget);
    assert_int_equal(budget_new(requests_per_minute, &world.budget), 0);
    assert_int_equal(api_new(world.loop, world.http, world.budget, world.url, &world.api), 0);
}

int set_up(void **state)
{
    (void)state;
    ask("clear", NULL);
    ask("omit none", NULL);
    make_parts(world.ca);
    ask("reset-requests", NULL);
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    api_free(world.api);
    budget_free(world.budget);
    http_free(world.http);
    loop_free(world.loop);
    world.api = NULL;
    world.budget = NULL;
    return 0;
}

void turn_until(const int *flag)
{
    int64_t end = clock_boot_ms() + 30000;
    while (*flag <= 0) {
        assert_true(clock_boot_ms() < end);
        assert_int_equal(loop_turn(world.loop, 1000), 0);
    }
}

void turn_for(int milliseconds)
{
    int64_t end = clock_boot_ms() + milliseconds, now;
    while ((now = clock_boot_ms()) < end)
        assert_int_equal(loop_turn(world.loop, (int)(end - now)), 0);
}

void hear(void *argument, const struct http_answer *answer)
{
    struct heard *heard = argument;
    heard->count++;
    heard->answer = *answer;
    assert_int_equal(answer->body[answer->body_length], '\0');
    snprintf(heard->body, sizeof heard->body, "%s", answer->body);
    heard->answer.body = heard->body;
}
