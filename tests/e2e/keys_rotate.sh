#!/usr/bin/env bash
# The service changes its key while people log in: nobody is refused, and old and new tokens are good side by side.
# long: keys grow old
. "$(dirname "$0")/../lib/test.sh"

c2m_start verify.key= "verify.jwks=https://127.0.0.1:$STANDIN_PORT/.well-known/jwks.json"
before=$(mint alice)
later=$(mint alice)
assert_equal alice "$(login alice "$before" -- id -un)"
asked=$(api_requests jwks)
assert_equal 1 "$asked" 'fetches of the keys, at the start'

# logins that go on all the while
for ((i = 0; i < 8; i++)); do
  assert_equal bob "$(login bob "$(mint bob)" -- id -un)"
  assert_equal bob "$(login bob "$(mint bob type=long)" -- id -un)"
done >/tmp/bob.log 2>&1 &
logins=$!
sleep 0.5
ask 'rotate' >/dev/null
after=$(mint alice)
assert_equal alice "$(login alice "$after" -- id -un)"
assert_equal alice "$(login alice "$later" -- id -un)"   # of the key before
wait "$logins" || fail "a login during the rotation: $(cat /tmp/bob.log)"
assert_equal 2 "$(api_requests jwks)" 'fetches of the keys, with the one that the new key needed'

# a key that is published nowhere: refused, and within the minute nobody is asked again
assert_status 255 login alice "$(mint alice 'header={"kid":"another"}')"
assert_match 'verdict=denied reason=unknown_key' "$(tail -n 2 "$WORLD_LOG/authd.log")"
assert_equal 2 "$(api_requests jwks)"
assert_status 255 login alice "$(mint alice sign=foreign)"
assert_match 'verdict=denied reason=signature' "$(tail -n 2 "$WORLD_LOG/authd.log")"

# a token for the API that the next key signs
session_open one alice "$(mint alice type=long)"
authd_restart
ask rotate >/dev/null
assert_equal 200 "$(api_status "$(session_run one 'c2mctl token')")"
session_close one

# the old key is withdrawn: a helper that asks again lets nothing in that it signed
old=$(mint alice)
ask 'rotate keep=no' >/dev/null
authd_restart
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_status 255 login alice "$old"
assert_match 'verdict=denied reason=unknown_key' "$(tail -n 2 "$WORLD_LOG/authd.log")"
