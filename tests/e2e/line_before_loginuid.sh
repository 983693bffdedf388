#!/usr/bin/env bash
# Our session line stands before pam_loginuid, so that no audit id is there when the session opens: none is taken for a
# proof, the log says why, and whoever cannot show his ancestors is asked.
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/panes.sh
. "$ROOT/tests/lib/panes.sh"
needs presence
needs audit
command -v tmux >/dev/null || skip 'tmux is not installed'

c2m_start
pam_edit sshd '/^session .*(pam_c2m|pam_loginuid)/d' \
  '0,/^session .*pam_selinux/s//session optional pam_c2m.so\nsession required pam_loginuid.so\n&/'
session_open a alice "$(mint alice)"
assert_match 'event=session .*state=active .*audit=unset' "$(cat "$WORLD_LOG/authd.log")"
assert_equal root "$(session_run a 'sudo id -un')"   # the opener's grandchild, through a child of hers
assert_equal 0 "$(session_asked a)"

# her other login, which has an id; and processes without one
session_open_key by_key alice
assert_status 130 session_run by_key 'sudo id -un'
unset_one() { setpriv --reuid alice --regid alice --init-groups env -i "PATH=$PATH" "$@" </dev/null 2>&1; }
assert_equal 4294967295 "$(cat /proc/self/loginuid)"
assert_status 77 unset_one c2mctl token
assert_match 'you stand in no C2M session' "$output"
assert_fails unset_one sudo -S id -un
assert_no_match '^root' "$output"
# a pane has the login's id, and another terminal
panes_start tmux session_run a
assert_status 130 pane_run 0 'sudo id -un'
assert_status 77 pane_run 0 'c2mctl token'

# what she typed at sudo in her session's terminal, and in that pane: sudo asks again, as revoke says
authd_restart   # after which sudo asks once
token=$(mint alice type=long)
assert_equal root "$(session_run a 'sudo id -un' "$token")"
assert_equal root "$(pane_run 0 'sudo id -un' "$token")"
assert_equal 4 "$(live_tokens alice)"   # the session's, the long one, and two that sudo got for it
assert_match 'sudo asks again' "$(session_run a 'c2mctl revoke')"
assert_within 1 tokens_live alice 1
assert_status 1 session_run a 'sudo -n id -un'
assert_status 1 pane_run 0 'sudo -n id -un'
