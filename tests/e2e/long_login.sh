#!/usr/bin/env bash
# A long-term token is exchanged for a short one with one request; logout kills the short one, the long one is the user's.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
long=$(mint alice type=long)
session_open a alice "$long"
assert_equal 1 "$(api_requests short)"
assert_equal 2 "$(live_tokens alice)"

session_close a
wait_until 5 test "$(live_tokens alice)" = 1 || :
assert_equal 1 "$(live_tokens alice)"
assert_equal live "$(token_state "$long")"
assert_equal 1 "$(api_requests revoke)"

# whatever an exchange asks for, the token can revoke itself
config_write login.request_scopes=login:web1
authd_restart
session_open b alice "$(mint alice type=long)"
assert_match 'login:web1' "$(ask 'live client=c2m_alice')"
assert_match 'short.*tokens:revoke' "$(ask 'live client=c2m_alice')"
session_close b
