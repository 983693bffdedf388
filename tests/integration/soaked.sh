#!/usr/bin/env bash
# Some of `make soak`, in small rounds: at rest memory, descriptors and threads are what they were after the first.
# long: make soak
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/soak/run.sh" "${LOGINS:-2000}" "${ROUND:-100}"
