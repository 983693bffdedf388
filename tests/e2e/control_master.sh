#!/usr/bin/env bash
# Many channels of one connection (ControlMaster) are one session: one token, revoked when the connection ends and not
# with a channel.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
mux_open many alice "$token"
requests() { api_requests revoke; }

# at once, and they see each other's session as their own
clients=()
for n in 1 2 3 4; do
  mux_run many 'c2mctl sessions; cat /proc/self/sessionid' >"$WORLD/out.$n" &
  clients+=($!)
done
wait "${clients[@]}"
for n in 2 3 4; do assert_equal "$(cat "$WORLD/out.1")" "$(cat "$WORLD/out.$n")"; done
assert_match '^[0-9a-f]{8} alice sshd 127\.0\.0\.1 active,' "$(cat "$WORLD/out.1")"
assert_equal 1 "$(c2mctl sessions | wc -l)"

# a terminal of any channel has the session's proof of presence
if can presence; then
  for n in 1 2; do assert_match '^root' "$(mux_run many -tt sudo id -un </dev/null)"; done
fi

assert_equal live "$(token_state "$token")"
assert_equal 0 "$(requests)"

# another connection is another session, and neither ends with the other
other=$(mint alice)
assert_equal alice "$(login alice "$other" -- id -un)"
assert_within 5 token_is revoked "$other"
assert_equal live "$(token_state "$token")"
mux_close many
assert_within 5 token_is revoked "$token"
assert_equal 2 "$(requests)"
assert_equal '' "$(c2mctl sessions)"

# the master is killed under an open channel
token=$(mint alice)
mux_open killed alice "$token"
monitor=$(mux_monitor killed)
mux_run killed sleep 30 &
client=$!
assert_equal alice "$(mux_run killed id -un)"
assert_equal live "$(token_state "$token")"
pkill -KILL -f -- "^ssh.*-S $CLIENTS/mux.killed -f"
assert_within 5 service_gone "$monitor"
assert_within 5 token_is revoked "$token"
wait "$client" || :
