#!/usr/bin/env bash
# A session that a kept token serves: whoever asks for a token before the first one is there waits for it; when the kept
# one is rotated the session goes over to the next, and the former is dead at once, whatever dies with it at the API.
. "$(dirname "$0")/../lib/test.sh"

c2m_start session.stored=yes api.requests_per_minute=1000
former=$(mint alice type=long form=jwt)
c2mctl enroll --user alice <<<"$former" >/dev/null
long_tokens() { ask 'live client=c2m_alice' | grep -oE '"(kind|type)": ?"long"' | wc -l; }
assert_within 3 tokens_live alice 1

# the API takes its time
ask 'fault endpoint=short delay=2500 count=1' >/dev/null
session_open_key a alice
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
assert_no_match 'token=00000000' "$(cat "$WORLD_LOG/authd.log")"
assert_match 'event=open .*reason=opened .*form=stored uid=' "$(cat "$WORLD_LOG/authd.log")"

before=$delivered
for cascade in off on; do
  ask "cascade $cascade" >/dev/null
  assert_match '^alice rotated as c2m_alice, ' "$(c2mctl rotate --user alice)"
  assert_within 3 token_is revoked "$former"
  delivered=$(session_run a 'c2mctl token')
  assert_equal 200 "$(api_status "$delivered")" "cascade $cascade"
  assert_equal 1 "$(long_tokens)"
done
assert_fails test "$before" = "$delivered"

# enough to go on with, over a restart too
authd_restart
assert_equal 200 "$(api_status "$(session_run a 'c2mctl token')")"
session_close a
assert_within 5 tokens_live alice 1
assert_equal 401 "$(api_status "$delivered")"
