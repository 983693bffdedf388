#!/usr/bin/env bash
# A client's secret logs in where `accept` says so: at logout both tokens that it bought are dead. Elsewhere it stays here.
. "$(dirname "$0")/../lib/test.sh"

none_lives() { [ "$(live_tokens alice)" = 0 ]; }

# by default: like whatever else is no token, and the API hears nothing of it
c2m_start
ask reset-requests >/dev/null
assert_status 255 login alice secret-of-alice
login_logged 'verdict=denied reason=not_credential user=alice'
assert_equal 0 "$(api_requests)"

config_write 'login.accept=short long secret' 'service sudo.accept=short long secret'
authd_restart
session_open a alice secret-of-alice
assert_match 'C2M token: $' "$(session_prompts a | head -n 1)"
login_logged 'verdict=granted reason=credential user=alice .*form=secret'
assert_equal 1 "$(api_requests long)"
assert_equal 1 "$(api_requests short)"
assert_equal 2 "$(live_tokens alice)"
# the long one may no more than this login needs
assert_no_match 'tokens:write|account' "$(ask 'live client=c2m_alice')"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
session_close a
assert_within 5 none_lives
assert_equal 401 "$(api_status "$delivered")"

# it is no code, and buys again; but it is alice's alone
assert_equal alice "$(login alice secret-of-alice -- id -un)"
assert_within 5 none_lives
assert_status 255 login bob secret-of-alice
login_logged 'verdict=denied reason=api_refused user=bob .*form=secret'

# wrong ones are refused, each asked for once, and counted: the eleventh waits
ask reset-requests >/dev/null
for n in 0 1; do
  assert_status 255 login alice "wrong-secret-${n}1"$'\n'"wrong-secret-${n}2"$'\n'"wrong-secret-${n}3"$'\n'"wrong-secret-${n}4"$'\n'"wrong-secret-${n}5"
done
login_logged 'verdict=denied reason=api_refused user=alice .*form=secret'
assert_equal 10 "$(api_requests long)"
assert_status 255 login alice secret-of-alice
login_logged 'verdict=exhausted reason=throttled user=alice'
assert_equal 10 "$(api_requests)"
assert_equal 0 "$(live_tokens alice)"
assert_equal bob "$(login bob secret-of-bob -- id -un)"

assert_no_match 'secret-of-|wrong-secret' "$(cat "$WORLD_LOG/authd.log" "$WORLD_LOG/syslog")"
assert_nowhere secret-of-alice /var/lib/c2m
