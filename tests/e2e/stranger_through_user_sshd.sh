#!/usr/bin/env bash
# alice runs an sshd of her own inside her session; a stranger who enters through it inherits her audit id, and is asked.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
session_open a alice "$(mint alice)"
port=$((SSH_PORT + 2180))
cat >"$WORLD/other_config" <<CONFIG
ListenAddress 127.0.0.1:$port
HostKey $WORLD/host_key
UsePAM yes
PidFile none
CONFIG
sshd_program "$WORLD/other_config"
assert_equal 0 "$(session_run a "sudo $SSHD_PROGRAM -f $WORLD/other_config -E $WORLD_LOG/other.log; echo \$?")"
wait_until 5 listens_tcp "$port"
session_open_key stranger alice -p "$port"
assert_equal "$(session_audit a)" "$(session_audit stranger)"   # the trap: pam_loginuid keeps a set id
assert_status 130 session_run stranger 'sudo id -un'
assert_equal 1 "$(session_asked stranger)"
