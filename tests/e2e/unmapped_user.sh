#!/usr/bin/env bash
# Who is not mapped enters with the local password as ever; the API hears of neither him nor a user who does not exist.
. "$(dirname "$0")/../lib/test.sh"

c2m_start

assert_equal mallory "$(login mallory "mallory-$WORLD_PASSWORD" -- id -un)"
assert_match 'Password: $' "$(login_prompts)"
assert_no_match 'C2M' "$(login_prompts)"
assert_status 255 login nobody-of-that-name anything
assert_equal 0 "$(api_requests)"
