#!/usr/bin/env bash
# A token typed at sudo proves presence for that terminal: not for another one, not past its bound; and it is dead when
# the bound or the terminal's leader ends.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start 'service sudo.reuse=6s'
session_open_key one alice
session_open_key two alice
token=$(mint alice type=long)
assert_equal root "$(session_run one 'sudo id -un' "$token")"
assert_equal root "$(session_run one 'sudo id -un')"
assert_equal 0 "$(session_asked one)"
assert_status 130 session_run two 'sudo id -un'
assert_equal 2 "$(live_tokens alice)"   # the long one, and the short one that the presence holds
alone() { [ "$(live_tokens alice)" = 1 ]; }
assert_within 9 alone
assert_status 130 session_run one 'sudo id -un'

# using it does not renew it
assert_equal root "$(session_run one 'sudo id -un' "$token")"
begun=${EPOCHREALTIME/[.,]/}
while [ $((${EPOCHREALTIME/[.,]/} - begun)) -lt 2000000 ]; do
  assert_equal root "$(session_run one 'sudo id -un')"
  assert_equal 0 "$(session_asked one)"
done
sleep 4.5
assert_status 130 session_run one 'sudo id -un'
assert_within 9 alone

assert_equal root "$(session_run one 'sudo id -un' "$token")"
assert_equal 2 "$(live_tokens alice)"
session_close one
assert_within 2 alone
assert_equal live "$(token_state "$token")"

# the terminal's number goes to the next login, which is asked
session_open_key one alice
terminal=$(session_run one tty)
assert_equal root "$(session_run one 'sudo id -un' "$token")"
session_drop one
assert_within 5 session_ended one
session_open_key three alice
assert_equal "$terminal" "$(session_run three tty)"
assert_status 130 session_run three 'sudo id -un'
