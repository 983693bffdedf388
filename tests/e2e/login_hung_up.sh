#!/usr/bin/env bash
# on_expiry = hangup: a login whose token has run out, with none to come after it, is over: its tokens are dead and its
# terminal is hung up. Who can be renewed stays, and what sudo runs is not interrupted for sudo's own token.
# long: tokens run out
. "$(dirname "$0")/../lib/test.sh"

c2m_start session.on_expiry=hangup
token=$(mint alice ttl=8)
session_open long alice "$(mint alice type=long)"
session_open short alice "$token"
session_open_key by_key alice
if can presence; then assert_equal root "$(session_run short 'sudo id -un')"; fi
assert_within 15 session_ended short
assert_match 'event=session .*state=closed .*reason=ran_out user=alice service=sshd' "$(cat "$WORLD_LOG/authd.log")"
assert_within 5 grep -q 'event=hangup ref=.* reason=hung_up user=alice pid='"$(session_monitor short)" "$WORLD_LOG/authd.log"
assert_equal here "$(session_run long 'echo here')"
assert_equal here "$(session_run by_key 'echo here')"

# the helper holds the one right that it needs
assert_match $'CapEff:\t0000000000000020' "$(cat "/proc/$AUTHD_PID/status")"
assert_match $'CapPrm:\t0000000000000020' "$(cat "/proc/$AUTHD_PID/status")"
assert_match $'Uid:(\t'"$(id -u c2m-authd)"'){4}' "$(cat "/proc/$AUTHD_PID/status")"

# an opener that does not hear SIGHUP gets SIGTERM: su, which says so, and needs about as long to end as it is given
if can su; then
  session_type long "(trap '' HUP; exec su bob -c 'echo =in=; exec sleep 100')"
  session_expect long "$SESSION_PROMPT" >/dev/null
  token=$(mint bob ttl=8)
  session_type long "$token"
  session_expect long '=in=' >/dev/null
  session_expect long 'Session terminated' >/dev/null
  assert_within 10 grep -qE 'event=hangup ref=.* reason=(still_there|hung_up) user=bob' "$WORLD_LOG/authd.log"
  bobs=$(grep -E 'event=hangup .*user=bob' "$WORLD_LOG/authd.log" | sed 's/.* pid=//')
  assert_within 5 service_gone "$bobs"
  assert_equal here "$(session_run long 'echo here')"
fi

# one that is stopped is told of, and ends when it goes on
session_open deaf alice "$(mint alice ttl=8)"
kill -STOP "$(session_monitor deaf)"
assert_within 20 grep -qE 'event=hangup ref=.* reason=still_there user=alice pid='"$(session_monitor deaf)" "$WORLD_LOG/authd.log"
kill -CONT "$(session_monitor deaf)"
assert_within 5 session_ended deaf

# over a restart, too
session_open late alice "$(mint alice ttl=8)"
authd_kill
sleep 8
authd_start
assert_within 10 session_ended late

# without the right it is refused by name, at the start and at a reload
config_write
authd_restart
assert_match $'CapEff:\t0000000000000000' "$(cat "/proc/$AUTHD_PID/status")"
config_write session.on_expiry=hangup
authd_reload
assert_within 5 grep -q 'authd.conf:[0-9]*: \[session\] on_expiry = hangup: c2m-authd has no CAP_KILL' "$WORLD_LOG/authd.log"
assert_within 5 grep -q 'the old configuration stays in force' "$WORLD_LOG/authd.log"
authd_stop
assert_status 78 setpriv --bounding-set -kill --inh-caps -kill "$BUILD/c2m-authd" --config /etc/c2m/authd.conf --foreground
assert_match 'hangup.conf' "$output"
