#!/usr/bin/env bash
# max_session: the longest life of a session, however often its token is renewed. Then its tokens are dead and what it
# left behind is refused; with on_expiry = hangup it is hung up besides.
# long: a session grows old
. "$(dirname "$0")/../lib/test.sh"

c2m_start session.max_session=8s
long=$(mint alice type=long)
session_open a alice "$long"
begun=$EPOCHREALTIME
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
delivered=$(session_run a 'c2mctl token')
while [ $((${EPOCHREALTIME/[.,]/} - ${begun/[.,]/})) -lt 6000000 ]; do sleep 0.1; done
authd_kill   # counted on over a restart
authd_start
over() { grep -q 'event=session .*state=closed .*reason=max_session user=alice' "$WORLD_LOG/authd.log"; }
assert_within 15 over
age=$((${EPOCHREALTIME/[.,]/} - ${begun/[.,]/}))
((age >= 7000000 && age < 13500000)) || fail "it was over after $age us"
assert_within 5 token_is revoked "$delivered"
alone() { [ "$(live_tokens alice)" = 1 ]; }
assert_within 5 alone
# the shell is there, and nothing else
assert_status 77 session_run a 'c2mctl token'
if can sudo; then
  assert_status 130 session_run a 'sudo id -un'
  echo 'alice ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/c2m-nopasswd
  assert_status 1 session_run a 'sudo id -un'
  assert_match 'event=account .*reason=session_closed' "$(cat "$WORLD_LOG/authd.log")"
fi
session_close a

config_write session.max_session=4s session.on_expiry=hangup
authd_restart
session_open b alice "$long"
assert_within 15 session_ended b
assert_within 5 alone
