#!/usr/bin/env bash
# `make forge-test`: tokens that others made, at the verifier that ships. --differential N [SEED]: N mutated ones, held
# beside what OpenSSL, PyJWT and libjwt say of them.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
BUILD=${C2M_BUILD:-$PWD/build}
PYTHON=/usr/bin/python3   # the distribution's, whose packages these are

# shellcheck source=tests/lib/setup.sh
. tests/lib/setup.sh
setup_packages --forge

export PYTHONDONTWRITEBYTECODE=1
if [ "${1:-}" = --differential ]; then
  exec "$PYTHON" tests/forge/differential.py "$BUILD/tests/forge/differ" "${@:2}"
fi
exec "$PYTHON" tests/forge/forge.py "$BUILD/tests/forge/verify"
