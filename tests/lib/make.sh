# shellcheck shell=bash
# Sourced by the tests of the Makefile itself.

fail() { echo "FAIL $*"; exit 1; }
# A make that knows nothing of the one that runs the tests.
quiet() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s "$@"; }
