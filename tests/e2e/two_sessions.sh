#!/usr/bin/env bash
# Two sessions of one user have tokens of their own: one logs out, the other lives on.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
one=$(mint alice) two=$(mint alice)
session_open one alice "$one"
session_open two alice "$two"
assert_equal 2 "$(c2mctl sessions --json | grep -o '"state": *"active"' | wc -l)"

session_close one
assert_within 5 token_is revoked "$one"
assert_equal live "$(token_state "$two")"
if can presence; then assert_equal root "$(session_run two 'sudo id -un')"; fi

session_close two
assert_within 5 token_is revoked "$two"
