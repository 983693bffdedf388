#!/usr/bin/env bash
# A session opened with a key proves nothing to sudo, even beside one that a token opened.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
token=$(mint alice)
session_open by_token alice "$token"
session_open_key by_key alice
assert_status 130 session_run by_key 'sudo id -un'
assert_equal 1 "$(session_asked by_key)"
# a token typed at sudo (a long one: sudo passes 511 bytes on) is a proof, for this sudo and for its terminal
assert_equal root "$(session_run by_key 'sudo id -un' "$(mint alice type=long)")"
assert_equal root "$(session_run by_key 'sudo id -un')"
assert_equal 0 "$(session_asked by_key)"
