#!/usr/bin/env bash
# One token pasted into two sessions is dead with the last logout, not with the first.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
session_open one alice "$token"
session_open two alice "$token"

session_close one
sleep 0.5
assert_equal live "$(token_state "$token")"
assert_equal 0 "$(api_requests revoke)"
if can presence; then assert_equal root "$(session_run two 'sudo id -un')"; fi

session_close two
assert_within 5 token_is revoked "$token"
assert_status 255 login alice "$token"
