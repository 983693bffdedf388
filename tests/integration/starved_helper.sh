#!/usr/bin/env bash
# Some of `make starve-test`: points at which a system call or an allocation of the helper or of c2mctl fails.
. "$(dirname "$0")/../lib/test.sh"

bash "$ROOT/tests/starve/helper.sh" 1 token sessions
bash "$ROOT/tests/starve/helper.sh" "${EVERY:-61}" 5 allocation
