#!/usr/bin/env bash
# Some of `make starve-test`: each system call and each allocation of c2m-askpass fails once, with the token in a file and
# pasted at a terminal: it answers with all of it, or says why not, and the terminal is as it was.
# long: make starve-test
. "$(dirname "$0")/../lib/test.sh"

exec bash "$ROOT/tests/starve/helper.sh" "${EVERY:-1}" 'askpass file' 'askpass terminal'
