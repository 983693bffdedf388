#!/usr/bin/env bash
# Where sudo's stack has no session line of pam_c2m, as with pam-auth-update's profile, a token typed at sudo is revoked when
# sudo ends.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start 'service sudo.reuse='
pam_edit sudo '/^session.*pam_c2m/d'
session_open_key a alice
long=$(mint alice type=long)
the_long_one_lives_alone() { [ "$(live_tokens alice)" = 1 ]; }
assert_equal root "$(session_run a 'sudo id -un' "$long")"
assert_equal 1 "$(api_requests short)"
assert_within 10 the_long_one_lives_alone
