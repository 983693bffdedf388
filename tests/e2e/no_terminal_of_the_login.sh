#!/usr/bin/env bash
# In the session, and not in front of its terminal: setsid, a job in the background. sudo there is asked like a stranger.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
session_open a alice "$(mint alice)"
assert_equal root "$(session_run a 'sudo id -un')"

refused() { # COMMAND
  session_run a "rm -f out; $1; echo \"status \$?\" >>out"
  assert_within 10 grep -q '^status' /home/alice/out
  assert_no_match '(^|'$'\n'')root' "$(cat /home/alice/out)" "$1"
}
refused 'setsid -w sudo -n id -un >out 2>&1 </dev/null'
refused 'setsid -w sudo -S id -un >out 2>&1 </dev/null'
assert_match 'C2M token: ' "$(cat /home/alice/out)"
refused 'setsid -w sh -c "setsid -w sudo -n id -un" >out 2>&1 </dev/null'

# A job in the background: the terminal is not its own, and nobody sees what it would ask.
session_run a "set -m; sudo -n id -un >out 2>&1 </dev/null & wait \$!; echo \"status \$?\" >>out; set +m"
assert_within 10 grep -q '^status' /home/alice/out
assert_no_match '(^|'$'\n'')root' "$(cat /home/alice/out)"
# in front it is the login's
assert_equal root "$(session_run a 'sudo -n id -un')"
# shellcheck disable=SC2016  # for that shell to expand
assert_equal root "$(session_run a 'echo $(sudo -n id -un)')"
assert_equal root "$(session_run a 'sudo id -un | cat')"
assert_equal root "$(session_run a 'sh -c "sudo id -un; :"')"
