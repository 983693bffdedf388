#!/usr/bin/env bash
# Some of `make timing-test`: refusals that are decided on this host cannot be told apart by their time.
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/timing/run.sh" "${PAIRS:-400}"
