/*
 * In the order in which sshd reads: an Include is its files, in the order of their names.
 */
#include "sshd_config.h"

#include <ctype.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 8 };

struct search {
    const char *word;
    bool in_match;
    struct sshd_place match; /* the block that is being read; line 0: none */
    struct sshd_place found;
    bool past_drop_in; /* it has been read, or would have been */
};

static void search_file(struct search *search, const char *file, int depth);

/* One word has an old name. */
static bool is_word(const char *word, const char *searched)
{
    return strcasecmp(word, searched) == 0 || (strcmp(searched, "kbdinteractiveauthentication") == 0 &&
                                                  strcasecmp(word, "ChallengeResponseAuthentication") == 0);
}

static void search_files(struct search *search, const char *pattern, int depth)
{
    bool ours = search->match.line == 0 && fnmatch(pattern, SSHD_DROP_IN, FNM_PATHNAME | FNM_PERIOD) == 0;
    glob_t files;

    if (glob(pattern, 0, NULL, &files) == 0) {
        for (size_t i = 0; i < files.gl_pathc; i++) {
            if (ours && strcmp(files.gl_pathv[i], SSHD_DROP_IN) > 0)
                search->past_drop_in = true;
            search_file(search, files.gl_pathv[i], depth + 1);
        }
        globfree(&files);
    }
    if (ours)
        search->past_drop_in = true;
}

static void search_included(struct search *search, char *patterns, int depth)
{
    for (char *pattern; search->found.line == 0 && (pattern = strsep(&patterns, " \t\"")) != NULL;) {
        char path[300];
        if (pattern[0] == '\0')
            continue;
        snprintf(path, sizeof path, "%s%s", pattern[0] == '/' ? "" : "/etc/ssh/", pattern);
        search_files(search, path, depth);
    }
}

static void search_line(struct search *search, const struct sshd_place *here, char *line, int depth)
{
    char *word = line + strspn(line, " \t");
    char *rest = word + strcspn(word, " \t=\"\n");

    if (*rest != '\0')
        *rest++ = '\0';
    rest[strcspn(rest, "\n#")] = '\0';
    bool all = strcasecmp(rest + strspn(rest, " \t"), "all") == 0;
    static const struct sshd_place nowhere = {.line = 0};
    if (strcasecmp(word, "Match") == 0)
        search->match = all ? nowhere : *here;
    else if (strcasecmp(word, "Include") == 0)
        search_included(search, rest, depth);
    else if (is_word(word, search->word) && (search->match.line != 0) == search->in_match) {
        search->found = search->in_match ? search->match : *here;
        search->found.behind_drop_in = search->past_drop_in;
    }
}

static void search_file(struct search *search, const char *file, int depth)
{
    struct sshd_place outside = search->match, here = {.line = 0};
    FILE *lines = depth > DEPTH_MAX || search->found.line != 0 ? NULL : fopen(file, "re");
    char line[2048];

    snprintf(here.file, sizeof here.file, "%s", file);
    while (lines != NULL && search->found.line == 0 && fgets(line, sizeof line, lines) != NULL) {
        here.line++;
        search_line(search, &here, line, depth);
    }
    if (lines != NULL)
        fclose(lines);
    if (depth > 0)
        search->match = outside; /* a Match ends with its file */
}

struct sshd_place sshd_config_find(const char *file, const char *word, bool in_match)
{
    struct search search = {.word = word, .in_match = in_match};

    search_file(&search, file, 0);
    if (search.found.line == 0)
        search.found.behind_drop_in = search.past_drop_in;
    return search.found;
}
