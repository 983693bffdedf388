#!/usr/bin/env bash
# Some of `make starve-test`: hosts of the module in odd states, and points at which an allocation or a system call fails.
# long: make starve-test
. "$(dirname "$0")/../lib/test.sh"

rc=0
"$BUILD/tests/starve/host" "$BUILD/pam_c2m.so" "${EVERY:-61}" || rc=$?
exit $rc
