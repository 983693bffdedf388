#!/usr/bin/env bash
# `make restart-test RESTARTS=1000`: the helper is stopped (SIGTERM; each tenth time SIGKILL) and started again under
# logins and logouts at full speed, while three sessions stay open: two of alice's and one of bob's. None is lost: each is
# listed and may still use sudo in the end. No good token is refused (an outage is no verdict), and all that was closed
# is revoked.
#   tests/kill/restarts.sh [RESTARTS]
. "$(dirname "$0")/../lib/test.sh"
restarts=${1:-100}

c2m_start api.requests_per_minute=10000 'login.required_scopes=any' 'service sudo.reuse=15m'
# shellcheck source=tests/kill/load.sh
. "$ROOT/tests/kill/load.sh"
staying=(one two three) people=(alice alice bob) kept=() references=()
for i in 0 1 2; do
  kept+=("$(mint "${people[i]}" ttl=3600)")
  session_open "${staying[i]}" "${people[i]}" "${kept[i]}"
  references+=("$(sed -nE 's/.*\(ref ([0-9a-f]{8})\).*/\1/p;s/^event=login ref=([0-9a-f]{8}) verdict=granted .*/\1/p' "$WORLD_LOG/authd.log" | tail -n 1)")
done
# In a shell of the session: is it listed, and may its user use sudo?
listed() { c2mctl sessions | grep -q "^${references[$1]} .*${people[$1]} .* active"; }
load_begin 4

done=0 begun=$EPOCHREALTIME
while [ "$done" -lt "$restarts" ]; do
  sleep "0.0$(printf '%02d' $((RANDOM % 25)))"
  if [ $((done % 10)) = 9 ]; then authd_kill 2>/dev/null; else authd_stop; fi
  load_look
  authd_start
  done=$((done + 1))
done
took=$(((${EPOCHREALTIME/[.,]/} - ${begun/[.,]/}) / 1000000))
load_stop
assert_within 300 load_ended
load_look
assert_equal 0 "$unsound" 'starts that found the database damaged'
assert_within 300 load_settled
load_count
echo "counted: $done restarts in $took s, $acknowledged acknowledged closes, $lost lost; $denied good tokens refused, $unopened granted logins forgotten"
assert_equal 0 "$lost" 'acknowledged closes that were lost'
assert_equal 0 "$denied" 'good tokens that were refused'
assert_equal 0 "$unopened" 'granted logins that were forgotten'
assert_fails test "$acknowledged" -lt "$done"   # or nothing was proved
assert_equal "$restarts" "$done"
for i in 0 1 2; do
  assert_equal live "$(token_state "${kept[i]}")"
  assert_status 0 listed "$i"
  assert_match "${references[i]} " "$(session_run "${staying[i]}" 'c2mctl sessions')"
  # its proof of presence ended with the helper that heard it, so sudo asks; its user has not changed (a short token does not fit through sudo)
  if can sudo; then assert_equal root "$(session_run "${staying[i]}" 'sudo id -un' "$(mint "${people[i]}" type=long)" | tail -n 1)"; fi
  session_close "${staying[i]}"
  assert_within 10 token_is revoked "${kept[i]}"
done
load_end
