#!/usr/bin/env bash
# Whatever the API answers, and however slowly: the login's verdict and the log's word are those of the table, in time;
# no byte of it reaches a terminal or the log, what was handed out in vain is revoked, and nothing is left in the helper.
. "$(dirname "$0")/../lib/test.sh"

[ -x "$BUILD/tests/answers/type" ] || fail 'make harnesses builds what logs in'
"$ROOT/tests/answers/run.sh"
