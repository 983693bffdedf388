#!/usr/bin/env bash
# As in a container that inherits an audit id and may not change it: sshd and every login share one. It proves nothing
# then: a login's own shell is recognised by its ancestors, and a second, key-only login of hers is asked.
. "$(dirname "$0")/../lib/test.sh"
needs presence
[ -r /proc/self/sessionid ] || skip 'this kernel has no audit ids'

c2m_start
! world_can audit || pam_edit sshd 's/required( +pam_loginuid)/optional\1/'
inherited=$(id -u alice)
if { bash -c "echo $inherited >/proc/self/loginuid"; } 2>/dev/null; then
  sshd_stop
  # shellcheck disable=SC2016  # for that shell to expand
  "${DAEMON[@]}" bash -c 'echo "$1" >/proc/self/loginuid && shift && exec "$@"' _ "$inherited" \
    setpriv --bounding-set -audit_control --inh-caps -audit_control "$SSHD_PROGRAM" -D -f "$SSH_DIR/sshd_config" -E "$WORLD_LOG/sshd.log" </dev/null &
  service_ready sshd $! listens_tcp "$SSH_PORT"
else
  inherited=$(cat /proc/self/loginuid)   # this very container has one, and may not change it
fi

session_open a alice "$(mint alice)"
session_open_key by_key alice
assert_equal "$(session_audit a)" "$(session_audit by_key)"   # the trap
assert_equal "$inherited" "$(session_run by_key 'cat /proc/self/loginuid')"
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
