#!/usr/bin/env bash
# A token that was typed at sudo in a terminal that stands in no session: root ends that, too, of a user and of all; and
# in a terminal of a session, with the session. The short token that sudo got for it is dead at once; the long one that
# was typed is the user's, and lives.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
asks() {   # SESSION
  run session_run "$1" 'LC_ALL=C sudo -n id -un 2>&1'
  assert_match 'a password is required' "$output"
}
typed() {   # SESSION TOKEN: and nobody is asked from then on
  assert_equal root "$(session_run "$1" 'sudo id -un' "$2")"
  assert_equal root "$(session_run "$1" 'sudo -n id -un')"
}

of_alice=$(mint alice type=long) of_bob=$(mint bob type=long)
session_open_key a alice
typed a "$of_alice"
assert_equal '' "$(c2mctl sessions)"
assert_equal '' "$(c2mctl sessions end --user bob)"
assert_equal '' "$(c2mctl sessions end --user nobody-of-that-name)"
assert_equal '' "$(c2mctl sessions end --user '')"
assert_equal 2 "$(live_tokens alice)"
assert_equal root "$(session_run a 'sudo -n id -un')"
assert_equal 'tokens typed at sudo are being revoked; terminals: 1' "$(c2mctl sessions end --user alice)"
assert_within 1 tokens_live alice 1
asks a
assert_match 'event=presence .*state=ended reason=ended' "$(cat "$WORLD_LOG/authd.log")"

# of everybody
session_open_key b bob
typed a "$of_alice"
typed b "$of_bob"
output=$(c2mctl sessions end --all --json)
assert_within 1 tokens_live alice 1
assert_within 1 tokens_live bob 1
assert_match '"terminals":2[,}]' "$output"
asks a
asks b
assert_equal '' "$(c2mctl sessions end --all)"

# by its reference a session, and what was typed in its terminal; not what was typed at another login of hers
session_open c alice "$(mint alice)"
authd_restart   # after which sudo asks once
typed a "$of_alice"
typed c "$of_alice"
assert_equal 4 "$(live_tokens alice)"
session_monitor=$(session_monitor c)
kill -STOP "$session_monitor"   # what ends with its terminal ends later
c2mctl sessions end "$(c2mctl sessions | cut -c 1-8)" >"$WORLD_LOG/end" &
end=$!
assert_within 1 tokens_live alice 2
wait "$end" || :
kill -CONT "$session_monitor"
assert_within 5 session_ended c
assert_equal 2 "$(live_tokens alice)"
assert_equal root "$(session_run a 'sudo -n id -un')"
