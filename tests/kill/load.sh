#!/usr/bin/env bash
# shellcheck disable=SC2034  # for those that source it
# Logins and logouts at full speed while something happens to the helper: sourced by run.sh and restarts.sh, after
# c2m_start.
#   load_begin WORKERS LOGINS   the tokens are made, and LOGINS begin
#   load_stop                   no further one begins
#   load_ended                  they are over
#   load_settled                and nothing waits to be revoked
#   load_count                  sets acknowledged, lost, denied; prints which were lost
#   load_end

load_go=$WORLD/go load_workers='' load_pids=()

# Many lines over one connection: an answer each.
ask_many() {
  # shellcheck disable=SC2016  # perl expands it
  perl -MSocket -e 'my $s; socket($s, AF_UNIX, SOCK_STREAM, 0) && connect($s, sockaddr_un($ARGV[0])) or die "$!";
    while (<STDIN>) { syswrite($s, $_) or die; $a = ""; while ($a !~ /\n\z/) { sysread($s, $a, 65536, length $a) or die } print $a }' \
    "$STANDIN_DIR/control"
}

# Alice's, each worth one login.
load_begin() { # WORKERS LOGINS
  local w
  load_workers=$1
  for ((w = 0; w < $2; w++)); do echo 'mint client=c2m_alice ttl=3600'; done | ask_many >"$WORLD/minted"
  sed -E 's/.*"token":"([^"]*)".*/\1/' "$WORLD/minted" |
    awk -v workers="$1" -v to="$WORLD/tokens." '{ print NR - 1, $0 > (to (NR - 1) % workers) }'
  for ((w = 0; w < $1; w++)); do
    "$BUILD/tests/kill/logins" /run/c2m "$(id -u alice)" "$WORLD/tokens.$w" "$WORLD/closed.$w" "$WORLD/stop" "$load_go" &
    load_pids+=($!)
  done
}
load_stop() { touch "$WORLD/stop"; }
load_ended() { [ "$(cat "$WORLD"/closed.* 2>/dev/null | grep -c '^end$')" = "$load_workers" ]; }
load_settled() { local pending; pending=$(c2mctl revocations --pending) && [ -z "$pending" ]; }

# Acknowledged, so dead: by revocation, not by the end of whoever opened it.
load_count() {
  cat "$WORLD"/closed.* | grep -x '[0-9]*' | sort -n >"$WORLD/acknowledged" || :
  acknowledged=$(wc -l <"$WORLD/acknowledged")
  denied=$(cat "$WORLD"/closed.* | grep -c '^denied' || :)
  awk 'NR == FNR { wanted[$1] = 1; next } (FNR - 1) in wanted' "$WORLD/acknowledged" "$WORLD/minted" |
    sed -E 's/.*"token_id":"([^"]*)".*/token id=\1/' | ask_many >"$WORLD/states"
  lost=$(grep -vc '"state":"revoked"' "$WORLD/states" || :)
  [ "$(wc -l <"$WORLD/states")" = "$acknowledged" ] || lost=unknown
  paste -d ' ' "$WORLD/acknowledged" "$WORLD/states" | grep -v '"state":"revoked"' | cut -c 1-200 || :
}
load_end() { touch "$load_go"; wait "${load_pids[@]}"; }
