#!/usr/bin/env bash
# Who logged in with a token is not asked again by sudo; who logged in with a key is.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
token=$(mint alice)
session_open by_token alice "$token"
session_open_key by_key alice

assert_equal root "$(session_run by_token 'sudo id -un')"
assert_equal 0 "$(session_asked by_token)"

assert_status 130 session_run by_key 'sudo id -un'
assert_equal 1 "$(session_asked by_key)"
assert_match 'C2M token: $' "$(session_prompts by_key)"
