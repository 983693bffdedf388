#!/usr/bin/env bash
# Some of `make leak-test`: after logins by every credential no token, code or secret stands in the memory of the helper or
# of a host of the module, in a log, a file, an argument or an environment.
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/leaks/run.sh" "${ROUNDS:-2}"
