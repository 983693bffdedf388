/*
 * base/ini.c reads a file into 256 KiB, which AddressSanitizer maps anew each time: 400 executions a second. Inputs are
 * far smaller, and so is the buffer here, which finds what is read behind them sooner too. Needs -Wl,--wrap=malloc.
 */
#include <stddef.h>

enum { BUFFER = 256 * 1024 + 1, ENOUGH = 16 * 1024 };

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    return __real_malloc(size == BUFFER ? ENOUGH : size);
}
