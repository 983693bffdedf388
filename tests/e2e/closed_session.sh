#!/usr/bin/env bash
# What outlives its session proves nothing: sudo asks, and where sudo itself asks nobody (its timestamp, NOPASSWD)
# `account` refuses.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
session_open a alice "$(mint alice)"
session_open b alice "$(mint alice)"
assert_equal root "$(session_run a 'sudo id -un')"
sed -i 's/timestamp_timeout=0/timestamp_timeout=15/' "$WORLD_SUDOERS" /etc/sudoers.d/c2m
assert_equal root "$(session_run b 'sudo id -un')"   # sudo remembers this one

kill -KILL "$(session_monitor a)" "$(session_monitor b)"   # the shells live on, their sessions do not
none_active() { [[ $(c2mctl sessions) != *' active'* ]]; }
assert_within 2 none_active

assert_status 130 session_run a 'sudo id -un'
assert_equal 1 "$(session_asked a)"

can audit || exit 0   # by which a closed session's processes are told
assert_status 1 session_run b 'sudo id -un'
assert_equal 0 "$(session_asked b)" 'the timestamp asks nobody'
assert_match 'event=account .*verdict=ended reason=session_closed' "$(cat "$WORLD_LOG/authd.log")"

echo 'alice ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/c2m-nopasswd
assert_status 1 session_run a 'sudo id -un'
assert_equal 2 "$(grep -c 'event=account .*service=sudo .*reason=session_closed\|event=account .*reason=session_closed .*service=sudo' "$WORLD_LOG/authd.log")"
