#!/usr/bin/env bash
# As in a container that inherits an audit id and may not change it: sshd and every login share one. It proves nothing
# then: a login's own shell is recognised by its ancestors, and a second, key-only login of hers is asked.
. "$(dirname "$0")/../lib/test.sh"
needs sudo
needs mount   # in place the container decides itself

c2m_start
sshd_stop
pam_edit sshd 's/required( +pam_loginuid)/optional\1/'
alice=$(id -u alice)
{ bash -c "echo $alice >/proc/self/loginuid"; } 2>/dev/null || skip 'this process has an audit id already, and may not change it'
# shellcheck disable=SC2016  # for that shell to expand
"${DAEMON[@]}" bash -c 'echo "$1" >/proc/self/loginuid && shift && exec "$@"' _ "$alice" \
  setpriv --bounding-set -audit_control --inh-caps -audit_control /usr/sbin/sshd -D -f "$SSH_DIR/sshd_config" -E "$WORLD_LOG/sshd.log" </dev/null &
service_ready sshd $! listens_tcp "$SSH_PORT"

session_open a alice "$(mint alice)"
session_open_key by_key alice
assert_equal "$(session_audit a)" "$(session_audit by_key)"   # the trap
assert_equal "$alice" "$(session_run by_key 'cat /proc/self/loginuid')"
assert_match 'state=active .*audit=(unchanged|inherited)' "$(cat "$WORLD_LOG/authd.log")"

assert_equal root "$(session_run a 'sudo id -un')"
assert_equal 0 "$(session_asked a)"
assert_status 130 session_run by_key 'sudo id -un'
assert_equal 1 "$(session_asked by_key)"
assert_status 77 session_run by_key 'c2mctl token'
# two sessions of hers do not stand in each other
session_open b alice "$(mint alice)"
assert_equal root "$(session_run a 'sudo id -un')"
assert_equal root "$(session_run b 'sudo id -un')"
session_run b 'c2mctl revoke' >/dev/null
assert_equal root "$(session_run a 'sudo id -un')"
assert_status 130 session_run b 'sudo id -un'
