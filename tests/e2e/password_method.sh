#!/usr/bin/env bash
# sshd's `password` method carries a token as well, and refuses a wrong one.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
assert_equal alice "$(login_password alice "$token" -- id -un)"
assert_within 5 token_is revoked "$token"
assert_status 255 login_password alice wrong-password
assert_status 255 login_password alice "alice-$WORLD_PASSWORD"
