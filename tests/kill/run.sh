#!/usr/bin/env bash
# `make kill-test KILLS=1000`: the helper is killed (SIGKILL) at random moments under logins and logouts at full speed, and
# started again. Of the closes that it acknowledged none may be lost: their tokens are dead at the API while the
# processes that opened them still live. The database is sound at each start.
#   tests/kill/run.sh [KILLS] [LOGINS]
. "$(dirname "$0")/../lib/test.sh"
kills=${1:-100} logins=${2:-$((kills * 14))}
workers=4

c2m_start api.requests_per_minute=10000 'login.required_scopes=any'
go=$WORLD/go

# The tokens, before the first kill: alice's, and each worth one login.
minted=0
for ((w = 0; w < workers; w++)); do : >"$WORLD/tokens.$w"; done
while [ "$minted" -lt "$logins" ]; do
  for ((w = 0; w < workers; w++)); do
    ask 'mint client=c2m_alice ttl=3600' | sed -E 's/.*"token":"([^"]*)".*/\1/' >"$WORLD/minted"
    token=$(<"$WORLD/minted")
    echo "$minted $token" >>"$WORLD/tokens.$w"
    minted=$((minted + 1))
  done
done

pids=()
for ((w = 0; w < workers; w++)); do
  "$BUILD/tests/kill/logins" /run/c2m "$(id -u alice)" "$WORLD/tokens.$w" "$WORLD/closed.$w" "$go" &
  pids+=($!)
done
ended() { [ "$(cat "$WORLD"/closed.* 2>/dev/null | grep -c '^end$')" = "$workers" ]; }

killed=0 slowest=0
while [ "$killed" -lt "$kills" ] && ! ended; do
  sleep "0.0$(printf '%02d' $((RANDOM % 25)))"
  authd_kill 2>/dev/null
  killed=$((killed + 1))
  begun=${EPOCHREALTIME/[.,]/}
  authd_start
  until c2mctl status >/dev/null 2>&1; do :; done
  took=$(((${EPOCHREALTIME/[.,]/} - begun) / 1000))
  [ "$took" -le "$slowest" ] || slowest=$took
done
assert_within 300 ended
assert_equal 0 "$(grep -c 'damaged\|set aside' "$WORLD_LOG/authd.log" || :)" 'the database was sound each time'

# Acknowledged, so dead: by revocation, not by the end of whoever opened it.
settled() { [ -z "$(c2mctl revocations --pending)" ]; }
assert_within 300 settled
lost=0 acknowledged=0
while read -r number; do
  [ "$number" != end ] || continue
  acknowledged=$((acknowledged + 1))
  token=$(sed -n "s/^$number //p" "$WORLD/tokens.$((number % workers))")
  [ "$(token_state "$token")" = revoked ] || { lost=$((lost + 1)); echo "login $number: its token is $(token_state "$token")"; }
done < <(cat "$WORLD"/closed.*)
touch "$go"
wait "${pids[@]}"
echo "counted: $killed kills, $acknowledged acknowledged closes, $lost lost; slowest start to first answer $slowest ms"
assert_equal 0 "$lost" 'acknowledged closes that were lost'
assert_fails test "$acknowledged" -lt $((kills * 3))   # or nothing was proved
