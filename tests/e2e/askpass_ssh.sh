#!/usr/bin/env bash
# Through real ssh, which passes 1,023 bytes on, c2m-askpass brings tokens of any length: whole or in parts.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
for length in 900 1023 1024 3000 8000; do
  token=$(mint_sized alice "$length")
  assert_equal "$length" "${#token}"
  began=${EPOCHREALTIME/./}
  assert_equal alice "$(login_askpass alice "$token" -- id -un)" "a long-term token of $length characters"
  echo "$length characters: $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
  assert_nowhere "${token: -60}" "$WORLD_LOG"
done
token=$(mint alice pad=8000)   # a short one is judged here, and dies at logout
assert_equal alice "$(login_askpass alice "$token" -- id -un)" "a short-term token of ${#token} characters"
assert_within 5 token_is revoked "$token"
assert_status 255 login_askpass alice "$(mint alice pad=3000 sign=foreign)" -- id -un
assert_match 'verdict=denied reason=signature user=alice' "$(tail -n 3 "$WORLD_LOG/authd.log")"

# a host that the configuration does not name is told nothing
askpass_write "$CLIENTS/home" 'host web2' "$token"
HOME=$CLIENTS/home CLIENT_ASKPASS=/usr/local/bin/c2m-askpass assert_status 255 client_run keyboard-interactive alice ''
assert_match 'c2m-askpass: askpass.conf has no section for who asks: "web1"' "$output"
# nor does a host whose key is not known get an answer
HOME=$CLIENTS/home CLIENT_ASKPASS=/usr/local/bin/c2m-askpass assert_status 255 client_run keyboard-interactive alice '' \
  -o StrictHostKeyChecking=ask -o GlobalKnownHostsFile=/dev/null -o UserKnownHostsFile=/dev/null
assert_match 'c2m-askpass: not a question for a C2M token' "$output"
