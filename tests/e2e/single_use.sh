#!/usr/bin/env bash
# single_use: a pasted short token is worth one login. Its session lives by it; nobody else does, not even after a restart.
# long: tokens run out
. "$(dirname "$0")/../lib/test.sh"

c2m_start login.single_use=yes
token=$(mint alice)
session_open a alice "$token"
assert_status 255 login alice "$token"
assert_match 'event=login .*verdict=denied reason=ours user=alice' "$(cat "$WORLD_LOG/authd.log")"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
authd_kill
authd_start
assert_status 255 login alice "$token"
assert_match 'alice sshd .*active' "$(c2mctl sessions)"
session_close a
assert_within 5 token_is revoked "$token"
assert_status 255 login alice "$token"

# one that is not the first token's fault: each is worth its own login, and a long one as many as one likes
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
long=$(mint alice type=long)
for _ in 1 2; do assert_equal alice "$(login alice "$long" -- id -un)"; done
