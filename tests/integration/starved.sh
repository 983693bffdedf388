#!/usr/bin/env bash
# Some of `make starve-test`: hosts of the module in odd states, and points at which an allocation or a system call fails.
# long: make starve-test
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/starve/run.sh" "${EVERY:-61}"
