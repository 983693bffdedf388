#!/usr/bin/env bash
# Panes of tmux: each is asked once, although it stands in its login's session, and what was typed is dead with it. Panes
# outlive their login, and prove nothing any more then.
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/panes.sh
. "$ROOT/tests/lib/panes.sh"
program=${1:-tmux}
needs presence
needs audit
command -v "$program" >/dev/null || skip "$program is not installed"

c2m_start
long=$(mint alice type=long)

session_open one alice "$long"
panes_start "$program" session_run one
# they stand in the session by their audit id, which is enough for a token of it and not for sudo
assert_match ' active,' "$(pane_run 0 'c2mctl sessions')"
assert_equal "$(session_run one 'c2mctl token')" "$(pane_run 0 'c2mctl token')"
assert_within 2 tokens_live alice 3   # the long one, the session's, the delivered one
assert_equal root "$(session_run one 'sudo id -un')"
assert_equal 0 "$(session_asked one)"

assert_status 130 pane_run 0 'sudo id -un'
# why it is asked again stands in the pane, in the next prompt
assert_status 130 pane_run 0 'sudo id -un' nonsense
assert_match 'C2M: not accepted \(ref [0-9a-f]{8}\)\. C2M token: *$' "$(pane_shows 0 | grep 'C2M token' | tail -n 1)"
# -p takes the place of the prompt, and the reason has a line of its own
assert_status 130 pane_run 0 'sudo -p "become, by C2M token: " id -un' nonsense
assert_match '^C2M: not accepted \(ref [0-9a-f]{8}\)\. *$' "$(pane_shows 0 | grep 'not accepted' | tail -n 1)"
assert_equal root "$(pane_run 0 'sudo id -un' "$long")"
assert_equal 1 "$(pane_asked)"
assert_equal root "$(pane_run 0 'sudo id -un')"
assert_equal 0 "$(pane_asked)"
assert_status 130 pane_run 1 'sudo id -un'   # another pane, another prompt
assert_equal root "$(pane_run 1 'sudo id -un' "$long")"
assert_within 2 tokens_live alice 5

# attached or not, a pane is the same terminal, and its client's is another
panes_attach one
assert_equal root "$(pane_run 0 'sudo id -un')"
panes_detach
assert_equal root "$(pane_run 0 'sudo id -un')"
assert_equal 0 "$(pane_asked)"
assert_equal root "$(session_run one 'sudo id -un')"
assert_equal 0 "$(session_asked one)"
assert_equal 5 "$(live_tokens alice)"

# a pane ends, and what was typed in it
pane_close 1
assert_within 5 tokens_live alice 4
assert_equal root "$(pane_run 0 'sudo id -un')"

# logout: the pane lives on, and is asked each time
session_close one
assert_within 5 tokens_live alice 2   # the long one, and what the pane's presence holds
assert_status 130 pane_run 0 'sudo id -un'
assert_equal root "$(pane_run 0 'sudo id -un' "$long")"
assert_status 130 pane_run 0 'sudo id -un'
# also beside a new session, whose pane it is not
session_open two alice "$long"
assert_equal root "$(session_run two 'sudo id -un')"
assert_equal 0 "$(session_asked two)"
assert_status 130 pane_run 0 'sudo id -un'
assert_status 77 pane_run 0 'c2mctl token'
pane_close 0
assert_within 5 tokens_live alice 2
session_close two
assert_within 5 tokens_live alice 1
