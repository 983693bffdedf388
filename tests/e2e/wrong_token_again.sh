#!/usr/bin/env bash
# The same wrong long token, typed again within half a minute, is refused without a second request; an outage is not.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
wrong=$(mint alice type=long)
ask "revoke hash=$(token_hash "$wrong")" >/dev/null
ask reset-requests >/dev/null
assert_status 255 login alice "$wrong"$'\n'"$wrong"
assert_status 255 login alice "$wrong" -b 127.0.0.2
assert_equal 1 "$(api_requests)"
assert_equal 3 "$(grep -c 'verdict=denied reason=api_refused user=alice' "$WORLD_LOG/authd.log")"
long=$(mint alice type=long)
ask 'fault endpoint=short status=503' >/dev/null
assert_status 255 login alice "$long"
ask clear >/dev/null
assert_equal alice "$(login alice "$long" -- id -un)"
