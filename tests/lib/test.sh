# shellcheck shell=bash
# The first line of each test in tests/integration and tests/e2e:
#   . "$(dirname "$0")/../lib/test.sh"
# puts it into a private world of its own (world.sh) with the functions of services.sh, tokens.sh, clients.sh,
# session.sh and assert.sh. A command that fails ends the test, as a failure; so does an assertion that does not hold.

set -Eeuo pipefail
shopt -s inherit_errexit

# shellcheck source=tests/lib/world.sh
. "$(dirname "${BASH_SOURCE[0]}")/world.sh"
world_entered || world_enter bash "$(realpath "$0")" "$@"

# shellcheck source=tests/lib/assert.sh
. "$ROOT/tests/lib/assert.sh"
# shellcheck source=tests/lib/services.sh
. "$ROOT/tests/lib/services.sh"
# shellcheck source=tests/lib/tokens.sh
. "$ROOT/tests/lib/tokens.sh"
# shellcheck source=tests/lib/clients.sh
. "$ROOT/tests/lib/clients.sh"
# shellcheck source=tests/lib/session.sh
. "$ROOT/tests/lib/session.sh"
client_config

test_ended() {
  local rc=$? log
  # what it counted is written when it ends well (tests/coverage)
  if [ -d "$BUILD/counters" ]; then authd_stop >/dev/null 2>&1 || :; fi
  case $rc in 0 | 77) return ;; esac
  for log in "$WORLD_LOG"/{standin.log,authd.log,sshd.log,syslog}; do
    [ ! -s "$log" ] || { echo "--- the end of ${log##*/}"; tail -n 15 "$log"; } >&2
  done
}
trap 'fail "status $?: $BASH_COMMAND"' ERR
trap test_ended EXIT
