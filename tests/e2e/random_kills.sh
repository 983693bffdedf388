#!/usr/bin/env bash
# The helper is killed at random moments, from before a login to after its logout, and started again: in the end every
# token that was granted is dead.
# long: many kills
. "$(dirname "$0")/../lib/test.sh"

c2m_start
tokens=()
for step in 1 2 3 4 5 6 7 8; do
  token=$(mint alice)
  tokens+=("$token")
  moment=$((step * 150 + RANDOM % 150))
  (sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"; kill -KILL "$AUTHD_PID") &
  killer=$!
  login alice "$token" -- sleep 0.1 >/dev/null 2>&1 || :
  wait "$killer" || :
  wait "$AUTHD_PID" 2>/dev/null || :
  authd_start
done
used=0
for token in "${tokens[@]}"; do
  hash=$(token_hash "$token" | cut -c 1-8)
  grep -q "event=login .*verdict=granted .*token=$hash" "$WORLD_LOG/authd.log" || continue
  used=$((used + 1))
  assert_within 30 token_is revoked "$token"
done
echo "$used of ${#tokens[@]} logins were granted, each token is dead"
# or the kills come too early to prove anything
assert_fails test "$used" -lt 3
