#!/usr/bin/env bash
# `make soak LOGINS=100000`: logins and logouts at full speed, each with a token of its own that is dead afterwards. The
# helper's memory and descriptors stay what they were: measured each 1,000 logins, from when the first tokens have run out,
# because until then the deny list grows as it should. Its threads are libcurl's resolver's at most.
#   tests/soak/run.sh [LOGINS]
. "$(dirname "$0")/../lib/test.sh"
logins=${1:-100000}

LOAD_TTL=60    # seconds
LOAD_RATE=100  # logins a second, which the API's limit lets revoke in time
c2m_start api.requests_per_minute=10000 'login.required_scopes=any'
# shellcheck source=tests/kill/load.sh
. "$ROOT/tests/kill/load.sh"
load_begin 4

field() { sed -nE "s/^$1:[[:space:]]*([0-9]+).*/\1/p" "/proc/$AUTHD_PID/status"; }
closes() { cat "$WORLD"/closed.* 2>/dev/null | grep -cx '[0-9][0-9]*' || :; }
descriptors() { find "/proc/$AUTHD_PID/fd" -mindepth 1 2>/dev/null | wc -l; }
# LOGINS SECONDS KB DESCRIPTORS THREADS
sample() { echo "$1 $((SECONDS - from)) $(field VmRSS) $(descriptors) $(field Threads)" | tee -a "$WORLD/samples"; }

from=$SECONDS next=1000
while [ "$next" -le "$logins" ]; do
  service_lives "$AUTHD_PID" || fail 'the helper has ended'
  done=$(closes)
  if [ "$done" -ge "$next" ]; then
    sample "$done"
    next=$((done / 1000 * 1000 + 1000))
  else
    nap 0.5
  fi
done
load_stop
assert_within 300 load_ended
assert_within 300 load_settled
load_count
load_end

# From the first sample after the first tokens' end on; the last tenth beside the first.
read -r base last most fds_base fds_most threads < <(awk -v ttl="$LOAD_TTL" '
  $2 >= 2 * ttl { kb[++n] = $3; if ($4 > fds) fds = $4; if (n == 1) fd = $4; if ($3 > most) most = $3 }
  $5 > threads { threads = $5 }
  END {
    part = n >= 20 ? int(n / 10) : 1
    for (i = 1; i <= part; i++) { a += kb[i]; b += kb[n - i + 1] }
    if (n) print int(a / part), int(b / part), most, fd, fds, threads
  }' "$WORLD/samples") || fail "it was over within $((2 * LOAD_TTL)) s: LOGINS=$logins are too few"
echo "counted: $acknowledged logins and logouts in $((SECONDS - from)) s, $lost lost, $denied refused; memory $base KB at first, $last KB at last, $most KB at most; descriptors $fds_base at first, $fds_most at most; threads $threads at most"
assert_equal 0 "$lost" 'acknowledged closes that were lost'
assert_equal 0 "$denied" 'good tokens that were refused'
assert_status 0 test $((last * 100)) -le $((base * 101))
# a connection more or less of the four that log in, and of those to the API
assert_status 0 test "$fds_most" -le $((fds_base + 16))
