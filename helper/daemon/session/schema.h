/* The tables of state.db, as the steps from version to version. What each column means stands beside it. */
#ifndef SESSION_SCHEMA_H
#define SESSION_SCHEMA_H

enum { SCHEMA_VERSION = 4 };
extern const char *const schema_sql[SCHEMA_VERSION];

#endif
