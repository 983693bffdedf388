#!/usr/bin/env bash
# An older copy of the state is restored: what it takes for open is over and dead here at once; what it never heard of
# lives for what is left of its short life, and not longer; what has run out is settled by one answer of the API.
# long: tokens run out
. "$(dirname "$0")/../lib/test.sh"

c2m_start
held=$(mint alice) gone=$(mint alice ttl=20)
session_open a alice "$held"
session_open b alice "$gone"
authd_stop
cp -a /var/lib/c2m "$WORLD/older"
authd_start
session_close a
session_close b
assert_within 10 token_is revoked "$held"
assert_within 10 token_is revoked "$gone"
late=$(mint alice ttl=25)
end=$(($(date +%s) + 27))
assert_equal alice "$(login alice "$late" -- id -un)"
assert_within 10 token_is revoked "$late"
assert_status 255 login alice "$late"

authd_stop
rm -rf /var/lib/c2m && cp -a "$WORLD/older" /var/lib/c2m
rest=$((end - 5 - $(date +%s)))
[ "$rest" -le 0 ] || sleep "$rest"
ask reset-requests >/dev/null
authd_start
assert_equal '' "$(c2mctl sessions)"
assert_status 255 login alice "$held"
assert_status 255 login alice "$gone"
rest=$((end + 30 - $(date +%s)))   # the tolerance of clocks, too
sleep "$rest"
assert_status 255 login alice "$late"
assert_match 'event=login .*reason=expired user=alice' "$(cat "$WORLD_LOG/authd.log")"
assert_match "token=$(token_hash "$gone" | cut -c 1-8) state=expired reason=expired_first status=401 tries=1" "$(cat "$WORLD_LOG/authd.log")"
