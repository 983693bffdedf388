#!/usr/bin/env bash
# shellcheck disable=SC2034  # for those that source it
# Logins and logouts at full speed while something happens to the helper: sourced by run.sh and restarts.sh, after
# c2m_start.
#   load_begin WORKERS          tokens are made as they are used up, and logins begin
#   load_workers_begin WORKERS  logins begin, with what load_mint makes and nothing else
#   load_mint COUNT [ARGUMENT ...]   so many more tokens, of an hour: type=long
#   load_look                   after each end of the helper: sets unsound, the starts that found the database damaged, and
#                               empties the helper's log, which authd_start searches
#   load_stop                   no further one begins
#   load_ended                  they are over
#   load_settled                and nothing waits to be revoked
#   load_count                  sets acknowledged, lost, denied, unopened; prints which were lost
#   load_end

load_go=$WORLD/go load_workers='' load_supplier='' load_pids=()

# Many lines over one connection: an answer each.
ask_many() {
  # shellcheck disable=SC2016  # perl expands it
  perl -MSocket -e 'my $s; socket($s, AF_UNIX, SOCK_STREAM, 0) && connect($s, sockaddr_un($ARGV[0])) or die "$!";
    while (<STDIN>) { syswrite($s, $_) or die; $a = ""; while ($a !~ /\n\z/) { sysread($s, $a, 65536, length $a) or die } print $a }' \
    "$STANDIN_DIR/control"
}

# Alice's, each worth one login: the ID is the number of its line in $WORLD/minted.
load_mint() { # COUNT [ARGUMENT ...]
  local w
  for ((w = 0; w < $1; w++)); do echo "mint client=c2m_alice ttl=3600 ${*:2}"; done | ask_many >"$WORLD/batch"
  sed -E 's/.*"token":"([^"]*)".*/\1/' "$WORLD/batch" |
    awk -v workers="$load_workers" -v to="$WORLD/tokens." -v from="$load_minted" \
      '{ n = from + NR - 1; print n, $0 >> (to n % workers) }'
  cat "$WORLD/batch" >>"$WORLD/minted"
  load_minted=$((load_minted + $1))
}
load_workers_begin() { # WORKERS
  local w
  load_workers=$1 load_minted=0
  for ((w = 0; w < $1; w++)); do
    : >"$WORLD/tokens.$w"
    "$BUILD/tests/kill/logins" /run/c2m "$(id -u alice)" "$WORLD/tokens.$w" "$WORLD/closed.$w" "$WORLD/stop" "$load_go" &
    load_pids+=($!)
  done
}
load_begin() { # WORKERS
  load_workers_begin "$1"
  load_mint 1000
  load_supply &
  load_supplier=$!
}
# Until no further login begins. What a worker wrote last is near to what it has used up.
load_supply() {
  local w last
  while [ ! -e "$WORLD/stop" ]; do
    for ((w = 0; w < load_workers; w++)); do
      last=$(tail -n 1 "$WORLD/closed.$w" 2>/dev/null | sed 's/.* //') || :
      [[ ${last:-0} =~ ^[0-9]+$ ]] || last=0
      [ $((load_minted - ${last:-0})) -ge 800 ] || { load_mint 400; break; }
    done
    nap 0.05
  done
}
load_look() {
  unsound=$((${unsound:-0} + $(grep -c 'damaged\|set aside' "$WORLD_LOG/authd.log" || :)))
  : >"$WORLD_LOG/authd.log"
}
load_stop() { touch "$WORLD/stop"; [ -z "$load_supplier" ] || wait "$load_supplier"; }
load_ended() { [ "$(cat "$WORLD"/closed.* 2>/dev/null | grep -c '^end$')" = "$load_workers" ]; }
load_settled() { local pending; pending=$(c2mctl revocations --pending) && [ -z "$pending" ]; }

# Acknowledged, so dead: by revocation, not by the end of whoever opened it. A long token is the user's, and lives on.
load_count() {
  cat "$WORLD"/closed.* | grep -x '[0-9]*' | sort -n >"$WORLD/acknowledged" || :
  acknowledged=$(wc -l <"$WORLD/acknowledged")
  denied=$(cat "$WORLD"/closed.* | grep -c '^denied' || :)
  unopened=$(cat "$WORLD"/closed.* | grep -c '^unopened' || :)
  awk 'NR == FNR { wanted[$1] = 1; next } (FNR - 1) in wanted' "$WORLD/acknowledged" "$WORLD/minted" |
    sed -E 's/.*"token_id":"([^"]*)".*/token id=\1/' | ask_many >"$WORLD/states"
  lost=$(grep -v '"type":"long"' "$WORLD/states" | grep -vc '"state":"revoked"' || :)
  [ "$(wc -l <"$WORLD/states")" = "$acknowledged" ] || lost=unknown
  paste -d ' ' "$WORLD/acknowledged" "$WORLD/states" | grep -v '"type":"long"\|"state":"revoked"' | cut -c 1-200 || :
}
load_end() { touch "$load_go"; wait "${load_pids[@]}"; }
