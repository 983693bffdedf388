#!/usr/bin/env bash
# A short-term token opens the door. It lives as long as the session, and is dead after it: at the API and at this host.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)

session_open one alice "$token"
assert_match 'C2M token: $' "$(login_prompts)"
assert_equal alice "$(session_run one 'id -un')"
assert_equal 200 "$(api_status "$token")" 'the API, during the session'
assert_equal 0 "$(api_requests short)" 'requests that the login took'

session_close one
assert_within 2 token_is revoked "$token"
assert_equal 401 "$(api_status "$token")" 'the API, after logout'
assert_status 255 login alice "$token"
