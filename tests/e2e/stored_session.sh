#!/usr/bin/env bash
# A public key opens the door, and the token that is kept for alice serves her session: for the API, until logout, and
# never as a proof for sudo.
. "$(dirname "$0")/../lib/test.sh"
needs audit

c2m_start session.stored=yes
c2mctl enroll --user alice <<<"$(mint alice type=long form=jwt)" >/dev/null
kept() { [ "$(live_tokens alice)" = 1 ]; }
assert_within 3 kept

session_open_key a alice
assert_match 'alice sshd .*active' "$(c2mctl sessions)"
assert_match '"form":"stored"' "$(c2mctl sessions --json)"
assert_match '"whole":true' "$(c2mctl explain "$(c2mctl sessions | cut -c 1-8 | head -n 1)" --json)"   # its story begins with its opening
has_token() { [ "$(live_tokens alice)" = 2 ]; }
assert_within 5 has_token
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
if can sudo; then
  assert_status 130 session_run a 'sudo id -un'
  assert_equal 1 "$(session_asked a)"
fi

# a restart in the session changes nothing
authd_kill
authd_start
assert_match 'alice sshd .*active' "$(c2mctl sessions)"
assert_equal 200 "$(api_status "$(session_run a 'c2mctl token')")"
session_close a
assert_within 5 kept
assert_equal 401 "$(api_status "$delivered")"
assert_match ' as c2m_alice, ' "$(c2mctl enroll --list)"

# who has nothing kept, and who runs for somebody else, has no session
session_open_key b bob
assert_equal '' "$(c2mctl sessions)"
session_close b
if can presence; then
  session_open a alice "$(mint alice)"
  echo 'Defaults:alice use_pty' >>"$WORLD_SUDOERS"   # bob's command then leads a terminal of its own
  c2mctl enroll --user bob <<<"$(mint bob type=long form=jwt)" >/dev/null
  assert_equal 77 "$(session_run a 'sudo -u bob c2mctl token >/dev/null 2>&1; echo $?')"
  session_close a
fi

# nor who becomes bob as root: it is alice's login
if can su; then
  session_open a alice "$(mint alice)"
  assert_equal 77 "$(session_run a 'sudo su - bob -c "c2mctl token >/dev/null 2>&1; echo \$?"' | tail -n 1)"
  assert_no_match 'bob su-l' "$(grep 'form=stored' "$WORLD_LOG/authd.log" || :)"
  session_close a
fi

# taken away, it is dead at once, whoever's session it serves
c2mctl enroll --user alice --remove >/dev/null
dying=$(mint alice type=long form=jwt)
c2mctl enroll --user alice <<<"$dying" >/dev/null
session_open_key a alice
c2mctl enroll --user alice --remove >/dev/null
assert_within 3 token_is revoked "$dying"
session_close a
c2mctl enroll --user alice <<<"$(mint alice type=long form=jwt)" >/dev/null

# the token that is kept is gone: the door is the key's, as before
c2mctl enroll --user alice --remove >/dev/null
assert_equal alice "$(login_key alice -- id -un)"
