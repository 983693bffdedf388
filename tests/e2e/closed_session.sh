#!/usr/bin/env bash
# What outlives its session proves nothing: sudo asks, and under sudo's own timestamp `account` refuses.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
session_open a alice "$(mint alice)"
monitor=$(session_monitor a)
assert_equal root "$(session_run a 'sudo id -un')"

kill -KILL "$monitor"   # the shell lives on, its session does not
assert_within 2 test -z "$(c2mctl sessions 2>/dev/null | grep ' active' || :)"
assert_status 130 session_run a 'sudo id -un'
assert_equal 1 "$(session_asked a)"

# a NOPASSWD rule asks nobody: only `account` stands there
echo 'alice ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/nopasswd
assert_status 1 session_run a 'sudo id -un'
assert_match 'event=account .*verdict=ended reason=session_closed' "$(cat /var/log/authd.log)"
