#!/usr/bin/env bash
# The API is out of reach at logout: the revocation is on disk, waits, and is done when the API is back.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
session_open a alice "$token"
ask down >/dev/null
session_close a
assert_within 5 grep -q 'pending' <(c2mctl revocations)
assert_status 255 login alice "$token"   # dead on this host all the same

authd_restart
ask up >/dev/null
assert_equal live "$(token_state "$token")"
assert_within 30 token_is revoked "$token"
assert_match 'by 204 \(done\), after [0-9]+ tries' "$(c2mctl revocations)"
