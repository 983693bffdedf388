#!/usr/bin/env bash
# Tokens by PyJWT, jwcrypto, libjwt and openssl: forged ones are refused, each for the reason that its row names, honest
# ones granted. Then some thousand mutated ones: the verifier takes none that OpenSSL, PyJWT or libjwt refuses.
. "$(dirname "$0")/../lib/test.sh"

[ -x "$BUILD/tests/forge/verify" ] || fail 'make harnesses builds what types the tokens'
"$ROOT/tests/forge/run.sh"
"$ROOT/tests/forge/run.sh" --differential 3000
