#!/usr/bin/env bash
# Ten wrong codes in a row: that user types no code at that address for a while. Elsewhere, and others, log in by code.
. "$(dirname "$0")/../lib/test.sh"

c2m_start 'login.accept=short long code'
for n in 0 1; do
  assert_status 255 login alice "00000${n}1"$'\n'"00000${n}2"$'\n'"00000${n}3"$'\n'"00000${n}4"$'\n'"00000${n}5"
done
requests=$(api_requests long)
login_code=$(code alice)
assert_status 255 login alice "$login_code"
assert_match 'C2M token: $' "$(login_prompts)"   # a code is not even asked for
assert_match 'verdict=exhausted reason=throttled user=alice .*form=code' "$(tail -n 1 "$WORLD_LOG/authd.log")"
assert_equal "$requests" "$(api_requests long)"
assert_equal bob "$(login bob "$(code bob)" -- id -un)"
assert_equal alice "$(login alice "$login_code" -b 127.0.0.2 -- id -un)"   # it was not spent
