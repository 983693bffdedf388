#!/usr/bin/env bash
# usage: tests/mutants/run.sh BUILD [--all] [--slow SECONDS] [--only FUNCTION|OPERATOR] [FILE ...]
# `make mutants`; mutants.py says what it does. FILE: a part of a name in path.txt.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PYTHONDONTWRITEBYTECODE=1
exec nice -n 19 python3 tests/mutants/mutants.py "$@"
