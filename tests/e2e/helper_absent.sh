#!/usr/bin/env bash
# Break-glass: with nobody to judge a token, the local password lets in, at ssh and at sudo; and still does when the
# module itself is gone.
. "$(dirname "$0")/../lib/test.sh"
needs sudo

module=$(ls /usr/lib/*/security/pam_c2m.so)
examples_install
sshd_start

session_open one alice "alice-$WORLD_PASSWORD"
assert_match 'Password: $' "$(login_prompts)"
assert_equal root "$(session_run one 'sudo id -un' "alice-$WORLD_PASSWORD" | tail -n 1)"
assert_match 'password for alice: $' "$(session_prompts one)"
session_close one
assert_equal alice "$(login_password alice "alice-$WORLD_PASSWORD" -- id -un)"

rm "$module"
assert_equal alice "$(login alice "alice-$WORLD_PASSWORD" -- id -un)"
assert_equal alice "$(login_key alice -- id -un)"
