#!/usr/bin/env bash
# `make restart-test RESTARTS=1000`: the helper is stopped (SIGTERM; each tenth time SIGKILL) and started again under
# logins and logouts at full speed, while three sessions stay open. No session is lost, no good token is refused (an
# outage is no verdict), and in the end all that was closed is revoked.
#   tests/kill/restarts.sh [RESTARTS] [LOGINS]
. "$(dirname "$0")/../lib/test.sh"
restarts=${1:-100} logins=${2:-$((restarts * 100))}

c2m_start api.requests_per_minute=10000 'login.required_scopes=any'
# shellcheck source=tests/kill/load.sh
. "$ROOT/tests/kill/load.sh"
staying=(one two three) kept=()
for name in "${staying[@]}"; do
  kept+=("$(mint alice)")
  session_open "$name" alice "${kept[-1]}"
done
load_begin 4 "$logins"

done=0 begun=$EPOCHREALTIME
while [ "$done" -lt "$restarts" ] && ! load_ended; do
  sleep "0.0$(printf '%02d' $((RANDOM % 25)))"
  if [ $((done % 10)) = 9 ]; then authd_kill 2>/dev/null; else authd_stop; fi
  authd_start
  done=$((done + 1))
done
took=$(((${EPOCHREALTIME/[.,]/} - ${begun/[.,]/}) / 1000000))
load_stop
assert_within 300 load_ended
assert_equal 0 "$(grep -c 'damaged\|set aside' "$WORLD_LOG/authd.log" || :)" 'the database was sound each time'
assert_within 300 load_settled
load_count
echo "counted: $done restarts in $took s, $acknowledged acknowledged closes, $lost lost; $denied good tokens refused"
assert_equal 0 "$lost" 'acknowledged closes that were lost'
assert_equal 0 "$denied" 'good tokens that were refused'
assert_fails test "$acknowledged" -lt "$done"   # or nothing was proved
for i in 0 1 2; do
  assert_equal live "$(token_state "${kept[i]}")"
  assert_status 0 session_run "${staying[i]}" true
  session_close "${staying[i]}"
  assert_within 10 token_is revoked "${kept[i]}"
done
load_end
