#!/usr/bin/env bash
# An upgrade puts a helper of the next version of the contract under programs that have loaded the module before: what they
# opened they close. All else is an outage, never a refusal, and the log says what to do. Two versions on the close is not
# heard either, and the end of the process closes the session.
. "$(dirname "$0")/../lib/test.sh"
[ -x "$BUILD/tests/newer/2/c2m-authd" ] || fail 'make newer builds the helpers of later versions'

c2m_start
token=$(mint alice)
closed() { grep -qE 'event=close .*verdict=granted reason=logout user=alice service=sshd' "$WORLD_LOG/authd.log"; }
upgrade() { # VERSIONS
  authd_stop
  : >"$WORLD_LOG/authd.log"
  AUTHD_PROGRAM=$BUILD/tests/newer/$1/c2m-authd authd_start
}

session_open a alice "$token"
upgrade 1
# nobody is asked for a token; the local password is the way in meanwhile
assert_equal alice "$(login alice "alice-$WORLD_PASSWORD" -- id -un)"
assert_match 'Password: $' "$(login_prompts)"
assert_match 'pid [0-9]+ has loaded a pam_c2m of another version \(1, this c2m-authd is 2\): restart that program' "$(cat "$WORLD_LOG/authd.log")"
assert_no_match 'event=(login|open|account)' "$(cat "$WORLD_LOG/authd.log")"
assert_fails c2mctl status
assert_equal live "$(token_state "$token")"
assert_fails closed
session_close a
assert_within 5 token_is revoked "$token"
assert_within 2 closed

authd_stop
authd_start
token=$(mint alice)
session_open b alice "$token"
upgrade 2
session_close b
assert_within 5 token_is revoked "$token"
assert_fails closed
assert_match '\(1, this c2m-authd is 3\)' "$(cat "$WORLD_LOG/authd.log")"
