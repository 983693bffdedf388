#!/usr/bin/env bash
# `make kill-test KILLS=1000`: the helper is killed (SIGKILL) at random moments under logins and logouts at full speed, and
# started again. Of the closes that it acknowledged none may be lost: their tokens are dead at the API while the
# processes that opened them still live. The database is sound at each start. For each kill ten closes at least are
# counted, or it would have met few of them: on a slow machine it goes on killing until they are.
#   tests/kill/run.sh [KILLS]
. "$(dirname "$0")/../lib/test.sh"
kills=${1:-100} wanted=$((${1:-100} * 10))

c2m_start api.requests_per_minute=10000 'login.required_scopes=any'
# shellcheck source=tests/kill/load.sh
. "$ROOT/tests/kill/load.sh"
load_begin 4

killed=0 slowest=0 within=0 busiest=0 from=$SECONDS
# Milliseconds of a processor that the helper has had: what a start takes where nothing else runs.
helper_busy() { local fields; read -ra fields <"/proc/$AUTHD_PID/stat"; echo $(((fields[13] + fields[14]) * 10)); }
acknowledged_yet() { cat "$WORLD"/closed.* 2>/dev/null | grep -cx '[0-9][0-9]*' || :; }
while [ "$killed" -lt "$kills" ] || [ "$(acknowledged_yet)" -lt "$wanted" ]; do
  [ "$killed" -lt $((kills * 20)) ] || fail "of $wanted closes $(acknowledged_yet) after $killed kills"
  sleep "0.0$(printf '%02d' $((RANDOM % 25)))"
  authd_kill 2>/dev/null
  load_look
  killed=$((killed + 1))
  begun=${EPOCHREALTIME/[.,]/}
  authd_start
  until c2mctl status >/dev/null 2>&1; do :; done
  took=$(((${EPOCHREALTIME/[.,]/} - begun) / 1000))
  [ "$took" -le "$slowest" ] || slowest=$took
  [ "$took" -gt 1000 ] || within=$((within + 1))
  busy=$(helper_busy)
  [ "$busy" -le "$busiest" ] || busiest=$busy
done
load_stop
assert_within 300 load_ended
load_look
assert_equal 0 "$unsound" 'starts that found the database damaged'
assert_within 300 load_settled
load_count
load_end
echo "counted: $killed kills in $((SECONDS - from)) s, $acknowledged acknowledged closes of $wanted or more, $lost lost; from start to first answer: $within times within a second, the slowest $slowest ms, of which the helper itself worked $busiest ms at most"
assert_equal 0 "$lost" 'acknowledged closes that were lost'
assert_equal 0 "$denied" 'good tokens that were refused'
assert_equal 0 "$unopened" 'granted logins that were forgotten'
assert_status 0 test "$acknowledged" -ge "$wanted"   # 10,000 of 1,000 kills
# its own second: what else the machine does is not its doing
assert_status 0 test "$busiest" -le 1000
