#!/usr/bin/env bash
# The demo's two stories: every way to log in, every kind of key and the host's own token, and each step goes as told.
# long: two stories
. "$(dirname "$0")/../lib/test.sh"

# into a file: what it leaves running would hold a pipe open
"$ROOT/examples/demo.sh" --all >"$WORLD_LOG/told" 2>&1 ||
  fail 'it ends as a failure' "$(grep -B 3 'NOT AS TOLD' "$WORLD_LOG/told" || tail -n 5 "$WORLD_LOG/told")"
told=$(<"$WORLD_LOG/told")
assert_match 'All went as told' "$told"
assert_no_match 'NOT AS TOLD' "$told"
for algorithm in RS256 PS256 ES256 EdDSA HS256; do
  assert_match "\"alg\":\"$algorithm\"" "$told"
done
assert_match 'client_secrets = /etc/c2m/client-secrets' "$told"
assert_match 'rotated as c2m_host' "$told"   # of the last chapter
