/*
 * c2mctl version: of this program, and of the wire that it speaks.
 */
#include "commands.h"
#include "output.h"

#include "c2m/wire.h"

#include <stdio.h>
#include <string.h>

int command_version(const struct options *options)
{
    if (!options->json) {
        printf("c2mctl %s\n", C2M_HELPER_VERSION);
        return EXIT_OK;
    }
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    output_bool(output, "ok", true);
    output_word(output, "version", C2M_HELPER_VERSION);
    output_number(output, "wire", C2M_VERSION);
    output_print(output);
    return EXIT_OK;
}
