#!/usr/bin/env bash
# Some of `make starve-test`: allocations of the running helper fail, one a login, at tokens that may not be. It forgets none
# of what it allocated.
# long: make starve-test
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/starve/helper.sh" "${EVERY:-3}" refused
