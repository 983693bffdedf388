#!/usr/bin/env bash
# `ssh -N` and `ssh -W` run nothing, and have a session all the same: its token lives as long as the connection.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
through() { curl -sS -o /dev/null -w '%{http_code}' --max-time 10 --cacert "$STANDIN_DIR/ca.pem" --unix-socket "$WORLD/forward" "https://127.0.0.1:$STANDIN_PORT/jobs/letter"; }
one_session() { [[ $(c2mctl sessions) =~ ^[0-9a-f]{8}\ alice\ sshd\ 127\.0\.0\.1\ active,[^$'\n']*$ ]]; }
no_session() { [ -z "$(c2mctl sessions)" ]; }

forward() {   # TOKEN: sets `client`
  rm -f "$WORLD/forward"
  login alice "$1" -N -L "$WORLD/forward:127.0.0.1:$STANDIN_PORT" -- </dev/null &
  client=$!
  assert_within 10 test -S "$WORLD/forward"
  assert_match '^4' "$(through)"
  assert_within 5 one_session
  assert_equal live "$(token_state "$1")"
}

for signal in TERM KILL; do
  token=$(mint alice)
  forward "$token"
  pkill "-$signal" -f -- "^ssh.* -N -L $WORLD/forward:"
  wait "$client" || :
  assert_within 5 token_is revoked "$token"
  assert_within 5 no_session
done

# root ends it: the connection is hung up
token=$(mint alice)
forward "$token"
assert_match 'hung_up' "$(c2mctl sessions end "$(c2mctl sessions | cut -c 1-8)")"
wait "$client" || :
assert_within 5 token_is revoked "$token"
assert_fails through

# standard input and output forwarded: here to sshd itself, which says its name
token=$(mint alice)
assert_match '^SSH-2.0' "$(login alice "$token" -W "127.0.0.1:$SSH_PORT" -- </dev/null)"
assert_within 5 token_is revoked "$token"
assert_within 5 no_session
