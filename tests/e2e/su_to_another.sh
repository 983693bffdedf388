#!/usr/bin/env bash
# su asks for the token of whom one becomes, and what it obtained is revoked when his shell ends. The session that it was
# typed in lends nothing to it and loses nothing by it.
. "$(dirname "$0")/../lib/test.sh"
needs su

c2m_start
alices=$(mint alice) bobs=$(mint bob type=long)
session_open a alice "$alices"

# PAM_USER is bob, PAM_RUSER alice: her token is no key to bob
assert_status 1 session_run a 'su bob -c id' "$(mint alice)"
assert_match 'event=login .*verdict=forbidden reason=subject user=bob service=su ruser=alice' "$(cat "$WORLD_LOG/authd.log")"

# each form of su: asked once, and by himself too
for su in 'su bob -c' 'su - bob -c' 'su -P - bob -c'; do
  assert_equal bob "$(session_run a "$su 'id -un'" "$bobs")" "$su"
  assert_equal 1 "$(session_asked a)" "$su"
  assert_equal 1 "$(live_tokens bob)" "what $su obtained is revoked, the pasted one stays"
done
assert_match 'service=su-l' "$(cat "$WORLD_LOG/authd.log")"
assert_equal alice "$(session_run a 'su - alice -c "id -un"' "$(mint alice)")"
assert_equal 1 "$(session_asked a)"

# Bob's shell, interactive: alice's shell still leads the terminal, so nothing tells his processes from hers. With a
# terminal of his own (-P) he stands in his session.
become_bob() { # SU-OPTION STATUS-OF-TOKEN
  session_type a "su $1 - bob"
  session_expect a "$SESSION_PROMPT" >/dev/null
  session_type a "$bobs"
  session_expect a 'bob@.*\$ $' >/dev/null
  assert_equal 2 "$(live_tokens bob)"
  session_type a 'c2mctl token >/dev/null 2>&1; echo =$?='
  assert_equal "=$2=" "$(session_expect a '=[0-9]+=')"
}
become_bob '' 77
session_type a exit
one() { [ "$(live_tokens bob)" = 1 ]; }
assert_within 3 one
become_bob -P 0
# alice logs out under it, which ends it
monitor=$(session_monitor a)
kill -KILL "$(session_client a)"
assert_within 5 service_gone "$monitor"
assert_within 5 one
assert_within 3 token_is revoked "$alices"
