#!/usr/bin/env bash
# `make revoke-test`: an API that lies about revocations, at the module and the helper that ship. In a world.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# shellcheck source=tests/lib/world.sh
. tests/lib/world.sh
if ! world_entered; then
  # shellcheck source=tests/lib/setup.sh
  . tests/lib/setup.sh
  setup_as_root "$PWD/tests/revoke/run.sh" "$@"
  setup_packages
  world_enter bash "$PWD/tests/revoke/run.sh" "$@"
fi
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$PWD/tests/answers   # where the helper is started
exec /usr/bin/python3 tests/revoke/revoke.py "$BUILD" "$WORLD/revoke" "$@"
