#!/usr/bin/env bash
# The world itself, before any module of ours is in it: real logins by key and by password, a terminal on which
# sudo asks, audit session ids that are fresh.
. "$(dirname "$0")/../lib/test.sh"
needs sudo
needs pty

sshd_start

assert_equal alice "$(login_key alice -- id -un)"
assert_equal alice "$(login alice "alice-$WORLD_PASSWORD" -- id -un)" 'keyboard-interactive'
assert_match 'Password: $' "$(login_prompts)"
assert_equal bob "$(login_password bob "bob-$WORLD_PASSWORD" -- id -un)" 'the password method'

# a wrong password, and then the right one at the second prompt
assert_equal alice "$(login alice $'wrong\n'"alice-$WORLD_PASSWORD" -- id -un)"
assert_equal 2 "$(login_prompts | wc -l)"

# a shell on a terminal, in which sudo asks
session_open one alice "alice-$WORLD_PASSWORD"
assert_equal alice "$(session_run one 'id -un')"
assert_status 3 session_run one 'echo first; echo second; (exit 3)'
assert_equal $'first\nsecond' "$output"
assert_equal root "$(session_run one 'sudo id -un' "alice-$WORLD_PASSWORD")"
assert_equal 1 "$(session_asked one)"
assert_match 'password for alice: $' "$(session_prompts one)"
assert_status 130 session_run one 'sudo id -un'   # interrupted at the prompt
assert_equal still "$(session_run one 'echo still')"

# the same by hand
session_type one 'sudo -k; sudo id -u; echo "status $?"'
session_expect one 'password for alice: ' >/dev/null
session_type one "alice-$WORLD_PASSWORD"
session_expect one $'\n0\r\nstatus 0' >/dev/null

# each login has an audit session id of its own, which sudo keeps
session_open_key two alice
assert_no_match '^4294967295$' "$(session_audit one)"
! can audit || [ "$(session_audit one)" != "$(session_audit two)" ] || fail 'two logins share an audit session id'
assert_equal "$(session_audit one)" "$(session_run one 'sudo cat /proc/self/sessionid' "alice-$WORLD_PASSWORD")"

# sshd's monitor ends with the session
monitor=$(session_monitor one)
assert_match 'sshd.*: alice \[priv\]' "$(ps -o args= "$monitor")"
session_close one
assert_status 0 session_ended one
session_drop two
assert_within 2 session_ended two

# many commands over one connection
mux_open many alice "alice-$WORLD_PASSWORD"
assert_equal "$(mux_run many cat /proc/self/sessionid)" "$(mux_run many cat /proc/self/sessionid)"
mux_close many

assert_match 'session opened for user root' "$(<"$WORLD_LOG/syslog")" 'syslog'
[ "$WORLD_WAY" = in-place ] || assert_equal web1 "$(uname -n)"
