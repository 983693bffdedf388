/* The tables of state.db: one text, one version. What each column means stands beside it. */
#ifndef SESSION_SCHEMA_H
#define SESSION_SCHEMA_H

enum { SCHEMA_VERSION = 1 };
extern const char schema_sql[];

#endif
