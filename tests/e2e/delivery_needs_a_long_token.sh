#!/usr/bin/env bash
# A session opened with a pasted short token delivers nothing: it cannot be narrowed. The command says so.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
session_open a alice "$(mint alice)"
assert_status 77 session_run a 'c2mctl token'
session_open b alice "$(mint alice type=long)"
config_write delivery.scopes=
authd_restart
assert_status 78 session_run b 'c2mctl token'
assert_match '\[delivery\]' "$output"
