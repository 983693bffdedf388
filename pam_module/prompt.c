/*
 * The reason stands before the question, in one text: sshd shows other texts too late, or never.
 */
#include "prompt.h"

#include <stdio.h>

static bool part_is_sound(const struct c2m_prompt *prompt)
{
    uint32_t part = prompt->prompt_argument[0];
    uint32_t parts = prompt->prompt_argument[1];

    return prompt->prompt != C2M_TEXT_ASK_PART || (part >= 1 && part <= parts && parts <= PROMPTS_MAX);
}

bool prompt_text(char *out, const struct c2m_prompt *prompt)
{
    char reason[TEXT_SIZE] = "";
    char question[TEXT_SIZE];

    if (!part_is_sound(prompt) ||
        !text_write(question, TEXT_PROMPT, prompt->prompt, prompt->prompt_argument, prompt->reference))
        return false;
    /* A reason that only a newer helper has is left out; the question is still worth asking. */
    if (text_known(prompt->reason, TEXT_REASON) &&
        !text_write(reason, TEXT_REASON, prompt->reason, prompt->reason_argument, prompt->reference))
        return false;
    snprintf(out, PROMPT_SIZE, "%s%s%s", reason, reason[0] == '\0' ? "" : " ", question);
    return true;
}
