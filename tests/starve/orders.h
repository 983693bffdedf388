/* What shall fail in a program that somebody else drives: a page that both have mapped. */
#ifndef TESTS_STARVE_ORDERS_H
#define TESTS_STARVE_ORDERS_H

enum { ORDERS_SIZE = 4096 };

struct orders {
    /* trap.h: which call from now on, by what error, how many there were, and the number of the one that failed */
    long nth_call, error, calls, failed;
    long nth_allocation, failing,
        allocations; /* which allocation, how many from there on, how many there were */
    /* The file, the program's own or a library, but libc, in which a signal ended it, and by which function it got there. */
    char crashed_in[64];
    long blocks, of_openssl; /* allocated since it began and not freed; those of them that OpenSSL has */
    long watched; /* as many of them libevent has for descriptors that it watched, open or not */
};

#endif
