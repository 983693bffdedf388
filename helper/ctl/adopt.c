/*
 * c2mctl adopt: the state of another machine-id was set aside. Says what is in it; with --yes it is taken over at the
 * helper's next start, and what it holds is revoked.
 */
#include "commands.h"
#include "format.h"
#include "helper.h"
#include "output.h"
#include "refusal.h"

#include <stdio.h>

static int look(const struct options *options, struct c2m_adoptable *adoptable, bool *there)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};

    int code = helper_ask(&helper, options, C2M_ADOPTABLE, NULL, 0, C2M_FIRST_ANSWER_MS);
    if (code == EXIT_OK)
        code = helper_next(&helper, C2M_ADOPTABLE_IS, adoptable, sizeof *adoptable, there);
    if (code == EXIT_OK && *there &&
        !c2m_text_ok(adoptable->name.length, adoptable->name.bytes, C2M_NAME_MAX))
        return helper_confused(&helper);
    return code;
}

static void print_json(const struct c2m_adoptable *adoptable, bool there)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();

    output_bool(output, "set_aside", there);
    if (there) {
        output_text(output, "file", adoptable->name.bytes, adoptable->name.length);
        output_number(output, "sessions", adoptable->sessions);
        output_number(output, "tokens", adoptable->tokens);
        output_number(output, "revocations_pending", adoptable->revocations);
        output_number(output, "enrolled", adoptable->enrolled);
        output_number(output, "denied", adoptable->denied);
        output_bool(output, "ordered", adoptable->ordered != 0);
    }
    output_print(output);
}

static void print_text(const struct c2m_adoptable *adoptable)
{
    struct format_text name;

    printf("%s: %u sessions, %u tokens, %u revocations pending, %u long-term tokens kept, %u denied tokens\n",
        format_bytes(&name, adoptable->name.bytes, adoptable->name.length), adoptable->sessions,
        adoptable->tokens, adoptable->revocations, adoptable->enrolled, adoptable->denied);
    if (adoptable->ordered != 0)
        printf("It is taken over at the next start: systemctl restart c2m-authd\n");
    else
        printf("Taken over, its sessions are over and their tokens are revoked, what was kept is kept, and "
               "what\n"
               "waited goes on. Only if this machine is the one that wrote it, and not a copy: c2mctl adopt "
               "--yes\n");
}

int command_adopt(const struct options *options)
{
    struct c2m_adoptable adoptable;
    bool there = false;

    if (options->yes)
        return helper_order(options, C2M_ADOPT, NULL, 0,
            "It is taken over at the next start: systemctl restart c2m-authd (sessions go on)");
    int code = look(options, &adoptable, &there);
    if (code != EXIT_OK)
        return code;
    if (options->json)
        print_json(&adoptable, there);
    else if (there)
        print_text(&adoptable);
    else
        printf("No state of another machine was set aside: there is nothing to adopt.\n");
    return EXIT_OK;
}
