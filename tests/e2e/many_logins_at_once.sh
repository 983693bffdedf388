#!/usr/bin/env bash
# Twenty logins at once: all are granted, each has a session of its own, and each one's token is revoked. A login that
# sshd drops, because too many connections have not said who they are (MaxStartups), costs nobody his token.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
many=20
sessions() { c2mctl sessions | grep -c ' active,' || :; }
all_are_in() { [ "$(sessions)" = "$many" ]; }
nobody_is_in() { [ -z "$(c2mctl sessions)" ]; }

# half of them with a short token, half with one long token, which is exchanged for each
long=$(mint alice type=long)
tokens=() clients=()
for ((n = 0; n < many; n++)); do
  tokens[n]=$long
  ((n % 2)) || tokens[n]=$(mint alice)
  login alice "${tokens[n]}" -- 'cat /proc/self/sessionid; echo; until [ -e go ]; do sleep 0.1; done' >"$WORLD/out.$n" 2>&1 &
  clients+=($!)
done
assert_within 20 all_are_in
assert_equal $((many + 1)) "$(live_tokens alice)"
distinct() { [ "$(cat "$WORLD"/out.* | grep -xE '[0-9]+' | sort -u | wc -l)" = "$many" ]; }
assert_within 10 distinct
assert_equal 0 "$(api_requests revoke)"

touch ~alice/go
for client in "${clients[@]}"; do wait "$client"; done
assert_within 10 nobody_is_in
only_the_long_one() { [ "$(live_tokens alice)" = 1 ]; }
assert_within 10 only_the_long_one
assert_equal live "$(token_state "$long")"
assert_equal "$many" "$(api_requests revoke)"
assert_equal "$many" "$(c2mctl revocations | grep -c 'by 204 (done), after 1 try')"

# as many connections that never say who they are as sshd takes: the next ones are dropped before anybody is asked
sshd_stop
SSHD_STARTUPS=$many:100:$many sshd_start
silent=()
for ((n = 0; n < many; n++)); do
  exec {connection}<>"/dev/tcp/127.0.0.1/$SSH_PORT"
  read -r -t 10 -u "$connection" _
  silent+=("$connection")
done
token=$(mint alice)
before=$(grep -c 'event=' "$WORLD_LOG/authd.log")
for n in 1 2 3; do assert_status 255 login alice "$token"; done
assert_equal "$before" "$(grep -c 'event=' "$WORLD_LOG/authd.log")"
assert_equal live "$(token_state "$token")"
for connection in "${silent[@]}"; do exec {connection}>&-; done
assert_within 5 login alice "$token"
assert_within 5 token_is revoked "$token"
