#!/usr/bin/env bash
# The API says 429: to the issue of a code's token, to an exchange, to a revocation. Nothing is asked again before
# Retry-After is over; a login that cannot wait is told of an outage, one that can waits; no order is lost by it.
# long: an API that says: later
. "$(dirname "$0")/../lib/test.sh"

c2m_start api.requests_per_minute=1000 'login.accept=short long code'
limit() { ask "fault endpoint=$1 status=429 retry-after=$2 count=1" >/dev/null; }

# A code: an outage, not a refusal (the stack goes on to the password), and the code is not spent.
alices=$(code alice)
limit long 4
from=$EPOCHSECONDS
assert_status 255 login alice "$alices"
login_logged 'verdict=unavailable reason=api_limited user=alice .*form=code'
ask reset-requests >/dev/null
# Its next login waits for what is left of that, and is granted.
assert_equal alice "$(login alice "$alices" -- id -un)"
assert_fails test $((EPOCHSECONDS - from)) -lt 4
assert_within 5 tokens_live alice 0

# An exchange; one that cannot wait so long is not sent at all.
pasted=$(mint alice type=long)
limit short 30
assert_status 255 login alice "$pasted"
login_logged 'verdict=unavailable reason=api_limited user=alice .*form=long'
ask reset-requests >/dev/null
assert_status 255 login alice "$pasted"
login_logged 'verdict=unavailable reason=api_limited user=alice .*form=long'
assert_equal 0 "$(api_requests)"
# A short token needs nobody.
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_equal 0 "$(api_requests)" 'its revocation waits too'
authd_restart

# A revocation: it is asked again when the time is over, and not before.
assert_within 10 tokens_live alice 1
session_open a alice "$pasted"
ask reset-requests >/dev/null
limit revoke 3
from=$EPOCHREALTIME
session_close a
assert_within 10 tokens_live alice 1
assert_fails test $((${EPOCHREALTIME/[.,]/} - ${from/[.,]/})) -lt 3000000
assert_equal 2 "$(api_requests revoke)"
assert_match 'state=done reason=done status=204 tries=2 user=alice$' "$(grep event=revocation "$WORLD_LOG/authd.log" | tail -n 1)"
