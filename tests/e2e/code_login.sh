#!/usr/bin/env bash
# A one-time code logs in once: sudo and `c2mctl token` work in its session, and at logout every token that it bought is dead.
. "$(dirname "$0")/../lib/test.sh"

c2m_start 'login.accept=short long code' 'service sudo.accept=short long code'
login_code=$(code alice)
session_open a alice "$login_code"
assert_match '^\(alice@[^)]*\) C2M token or code: $' "$(session_prompts a | head -n 1)"
assert_equal 1 "$(api_requests long)"
assert_equal 1 "$(api_requests short)"
assert_equal 2 "$(live_tokens alice)"
assert_match 'alice sshd .* active' "$(session_run a 'c2mctl sessions')"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
# what the long one may: no more than this login needs
assert_no_match 'tokens:write|bulk' "$(ask 'live client=c2m_alice')"

# spent; and a wrong one
assert_status 255 login alice "$login_code"
assert_status 255 login alice 000000
assert_match 'event=login .*reason=api_refused' "$(cat "$WORLD_LOG/authd.log")"

session_close a
none_lives() { [ "$(live_tokens alice)" = 0 ]; }
assert_within 5 none_lives
assert_equal 401 "$(api_status "$delivered")"
# the long one last: with it the others are revoked
revoked=$(ask 'requests endpoint=revoke' | grep -o 'tok_[ls]t_[0-9a-zA-Z]*/revoke')
assert_match '^(tok_st_[^/]*/revoke.){2}tok_lt_[^/]*/revoke$' "$(tr '\n' ' ' <<<"$revoked" | sed 's/ $//')"
assert_no_match "$login_code" "$(cat "$WORLD_LOG/authd.log" "$WORLD_LOG/syslog")"
