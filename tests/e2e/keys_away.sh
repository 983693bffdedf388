#!/usr/bin/env bash
# Nobody serves the keys: the last good set goes on, over restarts too; a key that it lacks is an outage, not a refusal.
# long: deadlines end
. "$(dirname "$0")/../lib/test.sh"

c2m_start verify.key= "verify.jwks=https://127.0.0.1:$STANDIN_PORT/.well-known/jwks.json"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
ask 'fault endpoint=jwks status=503' >/dev/null
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
authd_restart
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
authd_kill
authd_start
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_match 'the last good set serves' "$(cat "$WORLD_LOG/authd.log")"
assert_status 255 login alice "$(mint alice sign=foreign)"
assert_match 'verdict=denied reason=signature' "$(tail -n 2 "$WORLD_LOG/authd.log")"

# a rotation that it cannot hear of
ask 'rotate' >/dev/null
new=$(mint alice)
assert_status 255 login alice "$new"
assert_match 'verdict=unavailable reason=no_keys' "$(tail -n 2 "$WORLD_LOG/authd.log")"
long=$(mint alice type=long)
live=$(live_tokens alice)
assert_status 255 login alice "$long"
assert_match 'verdict=unavailable reason=no_keys' "$(tail -n 2 "$WORLD_LOG/authd.log")"
live_are() { [ "$(live_tokens alice)" = "$1" ]; }
assert_within 5 live_are "$live"   # what was obtained and could not be verified is revoked
ask clear >/dev/null
authd_restart
assert_equal alice "$(login alice "$new" -- id -un)"

# the set of another URL is nobody's
authd_stop
ask 'fault endpoint=jwks status=503' >/dev/null
config_write verify.key= "verify.jwks=https://127.0.0.1:$STANDIN_PORT/jwks.json"
authd_start
assert_status 255 login alice "$(mint alice)"
assert_match 'verdict=unavailable reason=no_keys' "$(tail -n 2 "$WORLD_LOG/authd.log")"
ask clear >/dev/null
opens() { login alice "$(mint alice)" -- true; }
assert_within 15 opens   # without keys it asks again in seconds
