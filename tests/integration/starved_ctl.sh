#!/usr/bin/env bash
# Some of `make starve-test`: each system call and each allocation of `c2mctl token` and `c2mctl sessions` fails once.
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/starve/helper.sh" "${EVERY:-1}" token sessions
