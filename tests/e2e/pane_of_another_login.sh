#!/usr/bin/env bash
# A tmux that was started in alice's session, driven from her key-only login: the pane is asked, and what is typed in it
# serves it and no other.
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/panes.sh
. "$ROOT/tests/lib/panes.sh"
needs presence
command -v tmux >/dev/null || skip 'tmux is not installed'

c2m_start
long=$(mint alice type=long)
session_open a alice "$long"
session_open_key by_key alice
panes_start tmux session_run a
panes_attach by_key
assert_equal "$(session_audit a)" "$(pane_run 0 'cat /proc/self/sessionid')"   # the trap
assert_status 130 pane_run 0 'sudo id -un'
assert_equal root "$(pane_run 0 'sudo id -un' "$long")"
assert_equal root "$(pane_run 0 'sudo id -un')"
assert_equal 0 "$(pane_asked)"
panes_detach
assert_status 130 session_run by_key 'sudo id -un'
assert_equal root "$(session_run a 'sudo id -un')"
assert_equal 0 "$(session_asked a)"
