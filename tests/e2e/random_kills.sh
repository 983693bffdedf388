#!/usr/bin/env bash
# The helper is killed at random moments under logins and logouts: in the end every token that was used is dead.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
tokens=()
for _ in 1 2 3 4 5 6; do
  token=$(mint alice)
  tokens+=("$token")
  (sleep "0.0$((RANDOM % 90 + 10))"; kill -KILL "$AUTHD_PID") &
  killer=$!
  login alice "$token" -- sleep 0.1 >/dev/null 2>&1 || :
  wait "$killer" || :
  wait "$AUTHD_PID" 2>/dev/null || :
  authd_start
done
used=0
for token in "${tokens[@]}"; do
  hash=$(token_hash "$token" | cut -c 1-8)
  grep -q "event=login .*verdict=granted .*token=$hash" /var/log/authd.log || continue
  used=$((used + 1))
  assert_within 30 token_is revoked "$token"
done
echo "$used of ${#tokens[@]} logins were granted before a kill, each token is dead"
