#!/usr/bin/env bash
# A screen locker asks through user.sock: what is typed there unlocks, and is nothing to sudo. What was obtained for it is
# revoked at once, and no session begins.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
printf '%s\n' 'auth required pam_c2m.so' 'account required pam_c2m.so' 'session required pam_c2m.so' >/etc/pam.d/c2m-locker
long=$(mint alice type=long)
session_open_key one alice
before=$(c2mctl sessions)
login alice "$(mint alice)"   # root's module has spoken of her
unlocks() { # TOKEN
  (umask 077; printf '%s\n' "$1" >/home/alice/token); chown alice /home/alice/token
  assert_equal 0 "$(session_run one 'pamtester c2m-locker alice authenticate </home/alice/token >/dev/null 2>&1; echo $?')"
}
alone() { [ "$(live_tokens alice)" = 1 ]; }
unlocks "$long"
assert_within 5 alone
assert_status 130 session_run one 'sudo id -un'
assert_status 77 session_run one 'c2mctl token'
assert_equal "$before" "$(c2mctl sessions)"
short=$(mint alice)
unlocks "$short"
assert_equal live "$(token_state "$short")"   # pasted, it stays hers
assert_status 130 session_run one 'sudo id -un'
