/* The certificate authority of the stand-in, and the server's certificate. */
#ifndef STANDIN_AUTHORITY_H
#define STANDIN_AUTHORITY_H

/* A name that no resolver answers by itself, as it does localhost: whoever uses it puts it into /etc/hosts. */
#define AUTHORITY_NAME "c2m-standin.test"

struct authority {
    char *server_certificate; /* PEM */
    char *server_key; /* PEM */
};

/* Reads ca.pem and the private keys from the directory, or makes them. The server's certificate is written
 * anew at each start, for localhost, AUTHORITY_NAME, 127.0.0.1 and `address`. 0, or -1 with a message on standard error. */
int authority_open(struct authority *authority, const char *directory, const char *address);

void authority_deinit(struct authority *authority);

#endif
