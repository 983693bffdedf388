#!/usr/bin/env bash
# A public key passes by: nothing is asked, the API hears nothing, and it needs no helper.
. "$(dirname "$0")/../lib/test.sh"

c2m_start

assert_equal alice "$(login_key alice -- id -un)"
assert_equal '' "$(login_prompts)"
authd_stop
assert_equal alice "$(login_key alice -- id -un)"
assert_equal 0 "$(api_requests)"
