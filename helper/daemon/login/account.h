/*
 * acct_mgmt: does the account's login still live? It judges life, not age. The login of the same process and
 * user, else the session that the caller stands in, else the terminal's presence; else [account] unknown.
 */
#ifndef LOGIN_ACCOUNT_H
#define LOGIN_ACCOUNT_H

#include "login/outcome.h"
#include "login/parts.h"

void account_judge(
    const struct login_parts *parts, const struct login_request *request, struct outcome *outcome);

#endif
