#!/usr/bin/env bash
# The reference that a user reads leads root to the story: granted and logged out, refused, ended by an outage; what is on
# disk is told after a restart too, and where the rest stands.
. "$(dirname "$0")/../lib/test.sh"

explains() { c2mctl explain "$1" | grep -q "$2"; }   # REF TEXT

c2m_start
token=$(mint alice type=long)
session_open a alice "$token"
reference=$(c2mctl sessions --json | grep -o '"ref":"[0-9a-f]*"' | cut -d '"' -f 4)
story=$(c2mctl explain "$reference")
assert_match 'login granted, credential' "$story"
assert_match 'who     alice at sshd from ' "$story"
assert_match 'with    long, token [0-9a-f]{8}' "$story"
assert_match 'exchange passed, genuine passed, alive passed, user passed, policy passed, recorded passed' "$story"
assert_match 'time    [0-9.]+ ms: [0-9.]+ at the prompt, [0-9.]+ at the API, [0-9.]+ until it was on disk' "$story"
assert_match 'open granted, opened' "$story"
assert_match 'now: open since' "$story"
assert_match '"open":true,"ended":null' "$(c2mctl explain "$reference" --json)"
# its beginning is enough; who is not root is told nothing
assert_match "^login $reference" "$(c2mctl explain "${reference:0:7}")"
assert_status 77 session_run a "c2mctl explain $reference"
assert_status 64 c2mctl explain
assert_status 64 c2mctl explain "../$reference"

session_close a
assert_within 5 explains "$reference" 'ended: logout'
assert_within 10 explains "$reference" 'token .*: done after 1 try'

# what a terminal's presence held is in the story of the sudo that proved it
if can presence; then
  session_open_key b alice
  assert_equal root "$(session_run b 'sudo id -un' "$token")"
  proved=$(sed -nE 's/^event=presence ref=([0-9a-f]{8}) holder=[0-9a-f]{8} state=proved .*/\1/p' "$WORLD_LOG/authd.log" | tail -n 1)
  assert_match 'presence proved, credential' "$(c2mctl explain "$proved")"
  assert_no_match '^token ' "$(c2mctl explain "$proved")"
  session_close b
  assert_within 10 explains "$proved" '^token .*: done after 1 try'
  story=$(c2mctl explain "$proved")
  assert_match "^login $proved" "$story"
  assert_match 'presence ended, no_terminal.*revocation done, ' "$(tr '\n' ' ' <<<"$story")"
  assert_match "^login $proved" "$(c2mctl explain "${proved:0:7}")"
  assert_match '"word":"done"' "$(c2mctl explain "$proved" --json)"
fi

# refused
assert_status 255 login alice "$(mint bob)"
refused=$(grep -o 'event=login ref=[0-9a-f]* .*reason=subject' "$WORLD_LOG/authd.log" | tail -n 1 | cut -d ' ' -f 2 | cut -d = -f 2)
story=$(c2mctl explain "$refused")
assert_match 'login forbidden, subject: the token is another user' "$story"
assert_match 'exchange not needed, genuine passed, alive passed, user FAILED, policy not reached' "$story"
assert_match 'ended: subject' "$story"
assert_match '"user":"failed"' "$(c2mctl explain "$refused" --json)"

# an outage
ask down >/dev/null
assert_status 255 login alice "$token"
away=$(grep -o 'event=login ref=[0-9a-f]* verdict=unavailable' "$WORLD_LOG/authd.log" | tail -n 1 | cut -d ' ' -f 2 | cut -d = -f 2)
story=$(c2mctl explain "$away")
assert_match 'exchange FAILED, genuine not reached' "$story"
assert_match 'ended: api_[a-z]*, .*an outage' "$story"
ask up >/dev/null

# the memory ends with the helper; receipts do not
authd_restart
story=$(c2mctl explain "$reference")
assert_match 'token .*: done after 1 try' "$story"
assert_match "is not known to c2m-authd any more: journalctl -t c2m-authd -g ref=$reference" "$story"
assert_status 77 c2mctl explain "$refused"
