#!/usr/bin/env bash
# Wrong, forged, expired, another user's, without the login scope: refused, with a reference that finds the reason.
. "$(dirname "$0")/../lib/test.sh"

refused() { # REASON TOKEN TEXT
  [ "$((++refusals % 5))" != 0 ] || forgiven
  assert_status 255 login alice "$2"$'\n'"$2"
  assert_match "$3" "$(login_prompts)"
  assert_match "verdict=[a-z]+ reason=$1 user=alice" "$(tail -n 3 "$WORLD_LOG/authd.log")"
  ref=$(login_prompts | sed -n 's/.*(ref \([0-9a-f]*\)).*/\1/p' | head -n 1)
  [ -z "$ref" ] || assert_match "ref=$ref .*reason=$1" "$(cat "$WORLD_LOG/authd.log")"
}

# All of them from one address would be too many.
forgiven() {
  local reloads
  reloads=$(grep -c 'reload: done' "$WORLD_LOG/authd.log") || :
  authd_reload
  assert_within 5 reloaded "$reloads"
}
reloaded() { [ "$(grep -c 'reload: done' "$WORLD_LOG/authd.log")" -gt "$1" ]; }

refusals=0
c2m_start
refused signature "$(mint alice sign=foreign)" 'C2M: not accepted \(ref [0-9a-f]{8}\)'
refused malformed "$(mint alice sign=none)" 'C2M: not accepted'
refused algorithm "$(mint alice sign=hs-public)" 'C2M: not accepted'
refused subject "$(mint bob)" 'C2M: not accepted'
refused scope "$(mint alice scopes=jobs:read)" 'lacks a scope'
refused issuer "$(mint alice 'claims={"iss":"another"}')" 'C2M: not accepted'
refused lifetime "$(mint alice ttl=7200)" 'C2M: not accepted'
ask 'fault endpoint=short status=401' >/dev/null
refused api_refused "$(mint alice type=long)" 'C2M: not accepted'
ask clear >/dev/null
expired=$(mint alice 'claims={"iat":1700000000,"exp":1700000900}')
refused expired "$expired" 'that token expired [0-9]+ min ago: issue a new one \(ref'
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"   # the door itself is in order
