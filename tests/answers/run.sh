#!/usr/bin/env bash
# `make answer-test`: what the API should never answer, at the module and the helper that ship. In a world.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# shellcheck source=tests/lib/world.sh
. tests/lib/world.sh
if ! world_entered; then
  # shellcheck source=tests/lib/setup.sh
  . tests/lib/setup.sh
  setup_as_root "$PWD/tests/answers/run.sh"
  setup_packages --forge
  world_enter bash "$PWD/tests/answers/run.sh"
fi
export PYTHONDONTWRITEBYTECODE=1
# the distribution's, whose packages it needs
exec /usr/bin/python3 tests/answers/answer.py "$BUILD" "$WORLD/answers" "$WORLD_LOG/syslog"
