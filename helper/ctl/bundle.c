/*
 * c2mctl report: a support bundle, one text. It begins with what is in it, so that whoever sends it can look.
 */
#include "bundle.h"
#include "capture.h"
#include "commands.h"
#include "memory.h"
#include "output.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A section: by a function, or what this program prints as that command. */
static const struct section {
    const char *name, *what;
    bundle_section *write;
    const char *command;
} sections[] = {
    {"about", "versions of system, kernel, packages", bundle_about, NULL},
    {"status", "the helper and the API behind it", NULL, "status"},
    {"doctor", "what is wrong here", NULL, "doctor"},
    {"config", "authd.conf: keys, and values that are no secrets", bundle_config, NULL},
    {"users", "how many users are mapped", bundle_users, NULL},
    {"stacks", "PAM stacks; no arguments but pam_c2m's", bundle_stacks, NULL},
    {"rehearse", "what libpam makes of them", NULL, "rehearse"},
    {"sshd", "sshd's settings about logins", bundle_sshd, NULL},
    {"units", "states of systemd's units", bundle_units, NULL},
    {"metrics", "the helper's counters", NULL, "metrics"},
    {"log", "the last lines of helper and module: names of users, addresses", bundle_log, NULL},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

static const char left_out[] =
    "Left out: tokens, codes, keys, passwords; the files that hold them; environments; comments; what "
    "looks like a secret elsewhere.";

struct text {
    char *bytes;
    size_t length;
};

static void text_drop(struct text *text)
{
    free(text->bytes);
}

static void run_command(const struct options *options, const char *command, FILE *out)
{
    struct capture *capture = &(struct capture){.status = 0};
    bool reads = strcmp(command, "doctor") == 0;
    const char *words[9] = {NULL};
    char self[PATH_MAX];
    size_t n = 0;

    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        return;
    self[length] = '\0';
    words[n++] = self;
    words[n++] = command;
    words[n++] = "--runtime-dir";
    words[n++] = options->runtime_dir;
    if (reads && options->config != NULL) {
        words[n++] = "--config";
        words[n++] = options->config;
    }
    if (reads && options->authd != NULL) {
        words[n++] = "--authd";
        words[n++] = options->authd;
    }
    capture_run(capture, words);
    fprintf(out, "%s", capture->text);
    if (strlen(capture->text) + 1 >= CAPTURE_SIZE)
        fprintf(out, "\n(cut here)");
    fprintf(out, "\n(exit status %d)\n", capture->status);
}

/* SECTION's text through the filter, line by line. */
static void write_section(const struct options *options, const struct section *section, struct text *text)
{
    struct text raw __attribute__((cleanup(text_drop))) = {.bytes = NULL};
    struct bundle_filter filter = {.in_key = false};
    FILE *out = open_memstream(&raw.bytes, &raw.length);

    if (out == NULL)
        memory_short();
    if (section->write != NULL)
        section->write(options, out);
    else
        run_command(options, section->command, out);
    if (fclose(out) != 0)
        memory_short();
    out = open_memstream(&text->bytes, &text->length);
    if (out == NULL)
        memory_short();
    char *rest = raw.bytes;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (line[0] != '\0')
            bundle_filter_line(&filter, line, out);
    if (fclose(out) != 0)
        memory_short();
}

static size_t count_lines(const struct text *text)
{
    size_t lines = 0;

    for (size_t i = 0; i < text->length; i++)
        lines += text->bytes[i] == '\n';
    return lines;
}

static void print_text(const struct text *texts)
{
    printf("c2mctl report: read it before you send it. In it:\n");
    for (size_t i = 0; i < SECTIONS; i++)
        printf("  %-9s %4zu lines  %s\n", sections[i].name, count_lines(&texts[i]), sections[i].what);
    printf("%s\n", left_out);
    for (size_t i = 0; i < SECTIONS; i++)
        printf("\n=== %s: %s\n%s", sections[i].name, sections[i].what, texts[i].bytes);
}

static void print_json(const struct text *texts)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();

    output_bool(output, "ok", true);
    struct output *list = output_list(output, "sections");
    output_word(output, "left_out", left_out);
    for (size_t i = 0; i < SECTIONS; i++) {
        struct output *item = output_item(list);
        output_word(item, "name", sections[i].name);
        output_word(item, "what", sections[i].what);
        output_word(item, "text", texts[i].bytes); /* the filter prints printable text only */
    }
    output_print(output);
}

int command_report(const struct options *options)
{
    struct text texts[SECTIONS] = {{.bytes = NULL}};

    for (size_t i = 0; i < SECTIONS; i++)
        write_section(options, &sections[i], &texts[i]);
    if (options->json)
        print_json(texts);
    else
        print_text(texts);
    for (size_t i = 0; i < SECTIONS; i++)
        text_drop(&texts[i]);
    return EXIT_OK;
}
