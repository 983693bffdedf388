#!/usr/bin/env bash
# With pasted_long = revoke a pasted long-term token that says its id dies with the session that it opened.
. "$(dirname "$0")/../lib/test.sh"

c2m_start revocation.pasted_long=revoke
long=$(mint alice type=long form=jwt)
# ssh passes 1,023 bytes on
assert_fails test "${#long}" -gt 1022
session_open a alice "$long"
session_close a
assert_within 5 token_is revoked "$long"
assert_equal 0 "$(live_tokens alice)"
assert_status 255 login alice "$long"
assert_match 'reason=revoked' "$(cat "$WORLD_LOG/authd.log")"
