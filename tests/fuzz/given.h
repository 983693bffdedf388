/*
 * What every target of this folder has: its bytes taken apart, the same bytes as a file, and the word for a property
 * that does not hold. A target is a file fuzz_NOUN.c with LLVMFuzzerTestOneInput; with seeds in seeds/NOUN, and words
 * that the fuzzer would not guess in NOUN.dict.
 */
#ifndef TESTS_FUZZ_GIVEN_H
#define TESTS_FUZZ_GIVEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says WHAT and ends the program, which the fuzzer takes for a finding. */
void must(bool holds, const char *what);

/* What is left of the input. */
struct given {
    const uint8_t *at;
    size_t left;
};

uint8_t given_byte(struct given *given); /* 0 at the end */
/* Up to SIZE bytes, zeros behind them. How many there were. */
size_t given_bytes(struct given *given, void *out, size_t size);
/* Up to the next newline, which is passed over; *length does not count it. */
const char *given_line(struct given *given, size_t *length);

enum { GIVEN_FILE_MAX = 16 * 1024 - 1 };

/* The bytes in a file of this process, 0600; the name lives for ever, the contents until the next call. */
const char *given_file(const void *bytes, size_t length);
/* A folder for such files, in memory where there is one; the caller's to free. */
char *given_folder(void);

/* RFC 4648, section 5, without padding. OUT holds 4 * (length + 2) / 3 bytes; the length is returned. */
size_t given_base64url(char *out, const void *bytes, size_t length);

/* 0x20 to 0x7e only. */
bool given_printable(const char *text);
/* JSON with a letter that json-c cannot read: the first half of its pair is d836 or d837, or a multiple of 64 more. */
bool given_beyond_json_c(const void *json, size_t length);
/* Zeros only. */
bool given_empty(const void *bytes, size_t length);

#endif
