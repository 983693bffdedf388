/*
 * c2mctl explain: one login's story.
 */
#include "commands.h"
#include "format.h"
#include "refusal.h"
#include "story.h"

#include <stdio.h>
#include <string.h>

static int tell_unknown(const struct options *options, const struct story *story)
{
    char when[FORMAT_SIZE], message[256];

    snprintf(message, sizeof message,
        "c2m-authd knows no login %s; its memory begins at %s: journalctl -t c2m-authd -g ref=%s",
        story->reference, format_second(when, story->since), story->reference);
    refusal_tell(options, "unknown_reference", message);
    return EXIT_NOT_YOURS;
}

int command_explain(const struct options *options)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    struct story story __attribute__((cleanup(story_free))) = {.reference = ""};
    const char *reference = options->word_count > 0 ? options->words[0] : "";
    size_t length = strlen(reference);

    if (length == 0 || length > C2M_REFERENCE_SIZE || strspn(reference, "0123456789abcdef") != length) {
        refusal_tell(options, "usage", "explain takes the reference of a login, such as 7f3a91c2");
        return EXIT_USAGE;
    }
    memcpy(story.reference, reference, length + 1);
    int code = story_fetch(options, &story);
    if (code != EXIT_OK)
        return code;
    if (!story_known(&story))
        return tell_unknown(options, &story);
    if (options->json) {
        story_json(&story, output);
        output_print(output);
    } else {
        story_print(&story);
    }
    return EXIT_OK;
}
