#!/usr/bin/env bash
# At user.sock a user authenticates as himself only: mallory cannot ask for alice, not even with her token.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
printf '%s\n' 'auth required pam_c2m.so' >/etc/pam.d/c2m-locker
token=$(mint alice)
login alice "$token" -- true   # root's module has spoken of alice
token=$(mint alice)
pamtest() { printf '%s\n' "$2" | timeout 20 setpriv --reuid "$1" --regid "$1" --clear-groups pamtester c2m-locker alice authenticate 2>&1; }
assert_match 'successfully authenticated' "$(pamtest alice "$token")"
assert_fails pamtest mallory "$token"
assert_match 'verdict=denied reason=not_allowed user=alice .*door=user' "$(cat "$WORLD_LOG/authd.log")"
assert_equal live "$(token_state "$token")"   # pasted at a locker it stays the user's own
