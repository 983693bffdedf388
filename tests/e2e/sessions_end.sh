#!/usr/bin/env bash
# Root ends a session: its token is dead at once, its login is hung up, and no other one is touched. A user ends his own.
. "$(dirname "$0")/../lib/test.sh"
needs sudo

c2m_start
token=$(mint alice) other=$(mint alice)
session_open a alice "$token"
session_open b alice "$other"
reference=$(session_run a 'c2mctl sessions --json' | grep -o '"ref":"[0-9a-f]*"' | cut -d '"' -f 4 | head -n 1)
# which of the two is a's
for candidate in $(c2mctl sessions --json | grep -o '"ref":"[0-9a-f]*"' | cut -d '"' -f 4); do
  c2mctl sessions --json | grep -o "\"ref\":\"$candidate\"[^}]*" | grep -q "\"token_hash\":\"$(token_hash "$token" | cut -c 1-8)\"" && reference=$candidate
done
monitor=$(session_monitor a)

assert_status 77 session_run b "c2mctl sessions end $reference"
assert_status 64 c2mctl sessions end "$reference" --all
assert_status 64 c2mctl sessions end 00000000
assert_match "^$reference alice: .*: hung_up$" "$(c2mctl sessions end "$reference")"
assert_within 5 service_gone "$monitor"
assert_within 5 token_is revoked "$token"
assert_match 'event=session ref='"$reference"' .*reason=ended' "$(cat "$WORLD_LOG/authd.log")"
assert_equal live "$(token_state "$other")"

# her own: sudo asks from then on, the shell stays
assert_match 'are being revoked' "$(session_run b 'c2mctl revoke')"
assert_within 5 token_is revoked "$other"
assert_status 130 session_run b 'sudo id -un'
assert_equal here "$(session_run b 'echo here')"
assert_status 77 session_run b 'c2mctl revoke'
assert_status 77 c2mctl revoke

session_open j bob "$(mint bob)"
assert_equal '{"schema":1,"ok":true}' "$(session_run j 'c2mctl revoke --json')"
assert_match '^\{"schema":1,"ok":false,"error":\{"code":"[a-z_]+","message":"[^"]+"\}\}' "$(session_run j 'c2mctl revoke --json 2>/dev/null' || :)"
session_close j

session_open c bob "$(mint bob)"
assert_match '"opener":"hung_up"' "$(c2mctl sessions end --user bob --json)"
assert_equal '' "$(c2mctl sessions)"

# an opener that does not hear SIGHUP gets SIGTERM: su, which says so, and needs about as long to end as it is given
if can su; then
  token=$(mint bob)
  session_open s alice "$(mint alice)"
  session_type s "(trap '' HUP; exec su bob -c 'echo =in=; exec sleep 100')"
  session_expect s "$SESSION_PROMPT" >/dev/null
  session_type s "$token"
  session_expect s '=in=' >/dev/null
  run c2mctl sessions end --user bob
  assert_match 'opener ([0-9]+): (hung_up|still_there)$' "$output"
  pid=${BASH_REMATCH[1]}
  session_expect s 'Session terminated' >/dev/null
  assert_within 5 service_gone "$pid"
  assert_within 5 token_is revoked "$token"
  session_close s
fi

# of everybody
token=$(mint alice) other=$(mint bob)
session_open d alice "$token"
session_open e bob "$other"
assert_equal 2 "$(c2mctl sessions end --all | grep -cE '^[0-9a-f]{8} (alice|bob): .*: hung_up$')"
assert_equal '' "$(c2mctl sessions)"
assert_within 5 session_ended d
assert_within 5 session_ended e
assert_within 5 token_is revoked "$token"
assert_within 5 token_is revoked "$other"

# before anybody is hung up, which takes seconds where a process does not end, all tokens are dead
token=$(mint alice) other=$(mint bob)
session_open f alice "$token"
session_open g bob "$other"   # the newest, who is hung up first
monitor=$(session_monitor g)
kill -STOP "$monitor"
c2mctl sessions end --all >"$WORLD_LOG/end_all" &
end_all=$!
assert_within 1 token_is revoked "$token"
assert_within 1 token_is revoked "$other"
wait "$end_all" || :
kill -CONT "$monitor"
assert_match "alice: .*: hung_up" "$(cat "$WORLD_LOG/end_all")"
assert_within 5 session_ended f
assert_within 5 session_ended g
