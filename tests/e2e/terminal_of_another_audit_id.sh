#!/usr/bin/env bash
# A terminal whose audit id is no login's of ours, as one under `systemd --user` is, stands in no session: c2mctl token
# refuses and says why, sudo asks once a terminal, and no login's end touches that.
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/panes.sh
. "$ROOT/tests/lib/panes.sh"
needs presence
command -v tmux >/dev/null || skip 'tmux is not installed'
alice=$(id -u alice)
needs audit

as_systemd_does() {   # COMMAND: with an audit id of its own, as pam_loginuid in the stack of systemd-user gives it
  # shellcheck disable=SC2016  # for that shell to expand
  bash -c 'echo "$1" >/proc/self/loginuid && cd /home/alice && exec setpriv --reuid alice --regid alice --init-groups \
    env -i HOME=/home/alice PATH="$PATH" SHELL=/bin/bash TERM=vt100 LANG=C.UTF-8 bash -c "$2"' _ "$alice" "$1" </dev/null
}

c2m_start
long=$(mint alice type=long)
session_open one alice "$long"
panes_start tmux as_systemd_does
audit=$(pane_run 0 'cat /proc/self/sessionid /proc/self/loginuid')
[ "$audit" != "$(session_run one 'cat /proc/self/sessionid /proc/self/loginuid')" ] || fail 'it is the audit id of the login'
assert_match "$alice\$" "$audit"

assert_status 77 pane_run 0 'c2mctl token 2>&1'
assert_match 'you stand in no C2M session' "$output"
assert_status 130 pane_run 0 'sudo id -un'
assert_equal root "$(pane_run 0 'sudo id -un' "$long")"
assert_equal root "$(pane_run 0 'sudo id -un')"
assert_equal 0 "$(pane_asked)"
assert_status 130 pane_run 1 'sudo id -un'
assert_status 77 pane_run 0 'c2mctl token'   # sudo's proof is none for that

session_close one
assert_within 5 tokens_live alice 2
assert_equal root "$(pane_run 0 'sudo id -un')"
assert_equal 0 "$(pane_asked)"
pane_close 0
assert_within 5 tokens_live alice 1
