#!/usr/bin/env bash
# `sudo -n` is served by the session's presence, and asks nobody when that does not serve.
. "$(dirname "$0")/../lib/test.sh"

needs presence
c2m_start 'service sudo.reuse=6s'
session_open a alice "$(mint alice)"
assert_equal root "$(session_run a 'sudo -n id -un')"
sleep 6.1
run session_run a 'sudo -n id -un'
assert_match 'a password is required' "$output"
assert_equal 0 "$(session_asked a)"
session_close a
run login_key alice -- sudo -n id -un
assert_match 'a password is required' "$output"
