#!/usr/bin/env bash
# `make soak LOGINS=100000`: logins and logouts at full speed by tokens of their own, each tenth by a long one, in rounds of
# 1,000 (ROUND). After each the helper rests, and a month passes: what it keeps for a while (dead tokens, receipts) goes again, so
# that at rest memory grows no more after the first 1,000, and descriptors and threads are what they were. The API has a name, which
# libcurl's resolver looks up in a thread of its own.
#   tests/soak/run.sh [LOGINS [ROUND]]
. "$(dirname "$0")/../lib/test.sh"
round=${2:-1000} warm=$((4 * ${2:-1000})) api=c2m-standin.test
rounds=$((${1:-100000} / round))
[ "$rounds" -ge 2 ] || fail 'LOGINS is two rounds at least: what follows the first is what counts'

: >"$WORLD/later"
truncate -s 8 "$WORLD/later"
DAEMON+=("LD_PRELOAD=$BUILD/tests/inside/later.so" "C2M_LATER=$WORLD/later")
if [ "$WORLD_WAY" = private ]; then
  # so many lines that a look-up takes long enough to be seen
  seq -f '127.1.0.1 other%.0f.test' 100000 >>/etc/hosts
  echo "127.0.0.1 $api" >>/etc/hosts
else
  echo 'counted: a part is left out: in place the API has no name, so that no thread looks it up'
  api=127.0.0.1
fi
standin_start; keys_copy; seal_key_write; users_write
config_write "api.url=https://$api:$STANDIN_PORT" api.requests_per_minute=10000 login.required_scopes=any
authd_start
# shellcheck source=tests/kill/load.sh
. "$ROOT/tests/kill/load.sh"

ahead=0
later() { # SECONDS
  ahead=$((ahead + $1))
  perl -e 'open F, "+<", shift; syswrite F, pack "q", shift' "$WORLD/later" "$ahead"
}
# The helper keeps house each minute: a call lets it look at the clock.
a_month_passes() {
  local seconds
  for seconds in $((31 * 24 * 3600)) 61 61 61; do
    later "$seconds"
    c2mctl status >/dev/null
  done
}

field() { sed -nE "s/^$1:[[:space:]]*([0-9]+).*/\1/p" "/proc/$AUTHD_PID/status"; }
# What it has open, but for connections to the API: the kinds, and how many of each.
descriptors() {
  find "/proc/$AUTHD_PID/fd" -mindepth 1 -printf '%l\n' 2>/dev/null |
    awk 'NR == FNR { api["socket:[" $10 "]"] = 1; next } !($0 in api) { sub(/:\[[0-9]+\]/, ""); print }' /proc/net/tcp - |
    sort | uniq -c | awk '{ printf "%s%s x %s", (NR > 1 ? ", " : ""), $2, $1 }'
}
handled() { [ "$(cat "$WORLD"/closed.* | grep -c '[0-9]')" -ge "$load_minted" ]; }
no_short_lives() { ! ask 'live client=c2m_alice' | grep -q '"type": *"short"'; }
rests() { [ "$(field Threads)" = 1 ] && { [ -z "${at_rest:-}" ] || [ "$(descriptors)" = "$at_rest" ]; }; }
logins_end() {
  assert_within 600 handled
  assert_within 300 load_settled
}
# The most threads that it had while the logins that were just ordered began and ended.
threads_watch() {
  rm -f "$WORLD/watched"
  # shellcheck disable=SC2016  # perl expands it
  perl -e 'my ($pid, $end) = @ARGV; my $most = 0;
    do {
      opendir my $tasks, "/proc/$pid/task" or exit 1;
      my $n = grep { !/^\./ } readdir $tasks;
      $most = $n if $n > $most;
      select undef, undef, undef, 0.002;
    } until -e $end;
    print "$most\n"' "$AUTHD_PID" "$WORLD/watched" >"$WORLD/threads" &
  watcher=$!
}
threads_seen() { touch "$WORLD/watched"; wait "$watcher"; seen=$(<"$WORLD/threads"); }

from=$SECONDS alone=0 most=0
load_workers_begin 4
# The pages of the database that SQLite keeps in memory, 2 MB at most, are as many as there ever were at once: all of them
# from here on, for what is to be revoked while the API is away takes more.
ask 'fault endpoint=revoke status=503' >/dev/null
load_mint "$warm"
assert_within 600 handled
ask clear >/dev/null
assert_within 300 load_settled
a_month_passes
for ((n = 1; n <= rounds; n++)); do
  threads_watch
  load_mint 1 type=long   # the name is forgotten by now, and this one alone asks for it
  logins_end
  threads_seen
  [ "$seen" -le "$alone" ] || alone=$seen
  threads_watch
  load_mint $((round / 10 - 1)) type=long
  load_mint $((round - round / 10))
  logins_end
  threads_seen
  [ "$seen" -le "$most" ] || most=$seen
  assert_status 0 no_short_lives
  a_month_passes
  wait_until 10 rests || fail 'it does not rest as it did after the first round' "threads: $(field Threads)" "then: ${at_rest:-}" "now:  $(descriptors)"
  [ -n "${at_rest:-}" ] || at_rest=$(descriptors)
  echo "$((n * round)) logins, $((SECONDS - from)) s: $(field VmRSS) KB, threads at rest 1, $most at most" | tee -a "$WORLD/samples"
  : >"$WORLD_LOG/authd.log"
done
load_stop
assert_within 60 load_ended
load_count
load_end

# The last tenth beside the tenth that follows the first round: how the heap lies differs by some KB from round to round.
read -r base last most_kb < <(awk '
  { kb[NR] = $5; if ($5 > most) most = $5 }
  END {
    part = NR >= 20 ? int(NR / 10) : 1
    for (i = 0; i < part; i++) { first += kb[2 + i]; sum += kb[NR - i] }
    print int(first / part), int(sum / part), most
  }' "$WORLD/samples")
echo "counted: $acknowledged logins and logouts in $((SECONDS - from)) s, $lost lost, $denied refused; memory $base KB once the first $round are over, $last KB at last, $most_kb KB at most; at rest always 1 thread and $at_rest; $alone threads at most while one asks for the API's name, $most under load"
assert_equal $((rounds * round + warm)) "$acknowledged" 'acknowledged closes'
assert_equal 0 "$lost" 'acknowledged closes that were lost'
assert_equal 0 "$denied" 'good tokens that were refused'
if [ "$rounds" -ge 20 ]; then
  assert_status 0 test $((last * 100)) -le $((base * 101))
else
  echo 'counted: memory is not asserted: LOGINS are fewer than 20000'
fi
# under load each request may look for itself: four revocations and four logins are under way at once at most
assert_status 0 test "$most" -le 9
[ "$api" = 127.0.0.1 ] || assert_equal 2 "$alone" 'threads while a name is looked up'
