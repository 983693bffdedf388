#!/usr/bin/env bash
# A token typed at sudo proves presence for that terminal: not for another one, not past its bound; and it is dead when
# the bound or the terminal's leader ends.
. "$(dirname "$0")/../lib/test.sh"
needs sudo

c2m_start 'service sudo.reuse=3s'
session_open_key one alice
session_open_key two alice
token=$(mint alice type=long)
assert_equal root "$(session_run one 'sudo id -un' "$token")"
assert_equal root "$(session_run one 'sudo id -un')"
assert_equal 0 "$(session_asked one)"
assert_status 130 session_run two 'sudo id -un'
assert_equal 2 "$(live_tokens alice)"   # the long one, and the short one that the presence holds
alone() { [ "$(live_tokens alice)" = 1 ]; }
assert_within 6 alone
assert_status 130 session_run one 'sudo id -un'

assert_equal root "$(session_run one 'sudo id -un' "$token")"
assert_equal 2 "$(live_tokens alice)"
session_close one
assert_within 2 alone
assert_equal live "$(token_state "$token")"
