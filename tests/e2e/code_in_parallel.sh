#!/usr/bin/env bash
# Fifty logins at once with one code: exactly one is granted, whatever the network does to its answer.
. "$(dirname "$0")/../lib/test.sh"

c2m_start 'login.accept=short long code' api.requests_per_minute=1000
login_code=$(code alice)
clients=()
for n in $(seq 50); do
  login alice "$login_code" -- id -un >"$WORLD/out.$n" 2>/dev/null &
  clients+=($!)
done
wait "${clients[@]}" || :
assert_equal 1 "$(cat "$WORLD"/out.* | grep -c '^alice$')"

authd_restart   # ten wrong codes switch codes off for a while

# its answer is lost: the code is spent, and is not sent again behind our back
login_code=$(code alice)
ask reset-requests >/dev/null
ask 'fault endpoint=long lost=yes count=1' >/dev/null
assert_status 255 login alice "$login_code"
assert_equal 1 "$(api_requests long)"
