#!/usr/bin/env bash
# The helper is killed between login and logout and started again: the session is known, logout revokes.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
session_open a alice "$token"
authd_kill
authd_start
assert_match ' alice .*active' "$(c2mctl sessions)"
session_close a
assert_within 5 token_is revoked "$token"

# and when the logout happens while it is dead
token=$(mint alice)
session_open b alice "$token"
authd_kill
session_close b
authd_start
assert_within 5 token_is revoked "$token"
