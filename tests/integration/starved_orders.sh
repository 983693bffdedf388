#!/usr/bin/env bash
# Some of `make starve-test`: system calls and allocations of `c2mctl enroll` and `c2mctl revoke` fail: what they say was
# done was done.
# long: make starve-test
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/starve/helper.sh" "${EVERY:-5}" enroll revoke
