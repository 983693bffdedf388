#!/usr/bin/env bash
# Some of `make starve-test`: each system call and each allocation of c2mctl fails once, while it prints a token, a list,
# the same as JSON, and more than one write takes: all of it, or a status that says so.
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/starve/helper.sh" "${EVERY:-1}" token sessions 'sessions --json' 'completion fish'
