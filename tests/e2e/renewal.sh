#!/usr/bin/env bash
# A session that a long-term token opened outlives its first short one: sudo and `c2mctl token` go on, and at logout all
# of its tokens are dead, also after a restart of the helper in between.
# long: tokens run out
. "$(dirname "$0")/../lib/test.sh"

standin_start --short-ttl 12
keys_copy; seal_key_write; users_write; config_write
authd_start; examples_install; sshd_start
session_open a alice "$(mint alice type=long)"
first=$(c2mctl sessions --json | grep -o '"token_hash":"[^"]*"')
authd_restart
assert_within 30 grep -q 'event=renewal .*verdict=granted' "$WORLD_LOG/authd.log"
assert_no_match "$first" "$(c2mctl sessions --json)"
# the first one would be over by now
three() { [ "$(api_requests short)" -ge 3 ]; }
assert_within 30 three
assert_match '^eyJ' "$(session_run a 'c2mctl token')"
long_ones=1
if can sudo; then
  long_ones=2
  assert_equal root "$(session_run a 'sudo id -un' "$(mint alice type=long)")"
fi

session_close a
hers() { [ "$(live_tokens alice)" = "$long_ones" ]; }
assert_within 10 hers
