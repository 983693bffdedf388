/*
 * One message, one answer. An answer lives in the application's memory and in the caller's; the first is wiped
 * before it is freed, whatever becomes of it.
 */
#include "conversation.h"

#include <stdlib.h>
#include <string.h>

const struct pam_conv *conversation_of(const pam_handle_t *pamh)
{
    const void *item = NULL;

    if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || item == NULL)
        return NULL;
    const struct pam_conv *conversation = item;
    return conversation->conv == NULL ? NULL : conversation;
}

static void discard(struct pam_response **response)
{
    if (*response == NULL)
        return;
    if ((*response)->resp != NULL) {
        explicit_bzero((*response)->resp, strlen((*response)->resp));
        free((*response)->resp);
    }
    free(*response);
    *response = NULL;
}

static int converse(
    const struct pam_conv *conversation, int style, const char *text, struct pam_response **response)
{
    struct pam_message message = {.msg_style = style, .msg = text};
    const struct pam_message *messages[] = {&message};

    int code = conversation->conv(1, messages, response, conversation->appdata_ptr);
    if (code != PAM_SUCCESS)
        *response = NULL; /* undefined then: some applications have freed what they leave here */
    return code;
}

/* auth-pam.c of OpenSSH: what was typed is replaced by this, repeated to the same length. */
static bool is_fake(const char *answer)
{
    static const char pattern[] = "\b\n\r\177INCORRECT";
    size_t i = 0;

    while (answer[i] != '\0' && answer[i] == pattern[i % (sizeof pattern - 1)])
        i++;
    return i > 0 && answer[i] == '\0';
}

/* A paste brings a newline or blanks along; no credential has any at its ends. */
static enum conversation_result take(const char *answer, struct c2m_secret *typed)
{
    static const char blanks[] = " \t\r\n\v\f";

    answer += strspn(answer, blanks);
    size_t length = strlen(answer);
    while (length > 0 && strchr(blanks, answer[length - 1]) != NULL)
        length--;
    if (length > sizeof typed->bytes)
        return CONVERSATION_TOO_LONG;
    memcpy(typed->bytes, answer, length);
    typed->length = (uint16_t)length;
    return CONVERSATION_ANSWERED;
}

/*
 * libc copies through the processor's vector registers, and the dynamic linker saves what stands in them on the
 * application's stack when it next resolves a function. So the same copy once more, of zeros, which takes the same way
 * through the same registers. By libc, whatever a compiler knows to do instead.
 */
static void wash_registers(size_t length)
{
    void *(*volatile libc_copy)(void *, const void *, size_t) = memcpy;
    struct c2m_secret zeros = {0}, copy;

    libc_copy(copy.bytes, zeros.bytes, length < sizeof copy.bytes ? length : sizeof copy.bytes);
}

enum conversation_result conversation_ask(
    const struct pam_conv *conversation, const char *text, struct c2m_secret *typed)
{
    struct pam_response *response __attribute__((cleanup(discard))) = NULL;

    explicit_bzero(typed, sizeof *typed);
    if (conversation == NULL || converse(conversation, PAM_PROMPT_ECHO_OFF, text, &response) != PAM_SUCCESS)
        return CONVERSATION_FAILED;
    if (response == NULL || response->resp == NULL)
        return CONVERSATION_FAILED;
    if (is_fake(response->resp))
        return CONVERSATION_FAKE;
    enum conversation_result result = take(response->resp, typed);
    wash_registers(strlen(response->resp));
    return result;
}

void conversation_say(const struct pam_conv *conversation, const char *text)
{
    struct pam_response *response __attribute__((cleanup(discard))) = NULL;

    if (conversation != NULL)
        converse(conversation, PAM_ERROR_MSG, text, &response);
}
