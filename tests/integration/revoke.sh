#!/usr/bin/env bash
# However the API lies about a revocation: no token lives that need not, no request is made too often, and the receipt says how it ended.
# long: ninety ways; make revoke-test
. "$(dirname "$0")/../lib/test.sh"

[ -x "$BUILD/tests/revoke/session" ] || fail 'make harnesses builds what logs in'
"$ROOT/tests/revoke/run.sh"
