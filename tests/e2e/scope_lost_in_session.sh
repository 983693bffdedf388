#!/usr/bin/env bash
# The scope that logs in is taken away during a session: with the next renewal sudo asks and nothing is delivered. What was
# delivered before has its minutes, and is revoked at logout at the latest.
# long: a token is renewed
. "$(dirname "$0")/../lib/test.sh"

standin_start --short-ttl 12
keys_copy; seal_key_write; users_write; config_write
authd_start; examples_install; sshd_start
session_open a alice "$(mint alice type=long)"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"

ask 'claims {"scopes":["jobs:submit","tokens:revoke"]}' >/dev/null
renewed() { grep -q 'event=renewal .*verdict=denied reason=scope user=alice' "$WORLD_LOG/authd.log"; }
assert_within 25 renewed
if world_can presence; then
  assert_status 130 session_run a 'sudo id -un'
  assert_equal 1 "$(session_asked a)"
fi
run session_run a 'c2mctl token --min-ttl 1'
assert_no_match eyJ "$output"
assert_equal here "$(session_run a 'echo here')"
session_close a
dead() { [ "$(api_status "$delivered")" = 401 ]; }
assert_within 5 dead
