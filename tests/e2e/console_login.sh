#!/usr/bin/env bash
# login(1) on a terminal: a token opens the door, sudo in it asks nobody, and logout revokes. root's password is his own.
. "$(dirname "$0")/../lib/test.sh"
needs su

c2m_start
token=$(mint alice)
session_open_console tty1 alice "$token"
assert_equal 'C2M token: ' "$(session_prompts tty1 | tr -d '\r')"
assert_equal live "$(token_state "$token")"
assert_equal root "$(session_run tty1 'sudo id -un')"
assert_equal 0 "$(session_asked tty1)"
assert_match 'alice +login' "$(c2mctl sessions)"
session_close tty1
assert_within 3 token_is revoked "$token"

# a killed login closes nothing: the helper sees it die
token=$(mint alice)
session_open_console tty2 alice "$token"
kill -KILL "$(session_monitor tty2)"
assert_within 3 token_is revoked "$token"

# root, and who is not mapped, have the local password; a wrong token is refused, and the next prompt says so
users_write 'alice = c2m_alice'
authd_reload
session_open_console tty3 bob "bob-$WORLD_PASSWORD"
assert_match 'Password: ' "$(session_prompts tty3)"
session_close tty3
wrong=$(mint alice sign=foreign) token=$(mint alice)
session_open_console tty4 alice "$wrong"$'\n'alice$'\n'"$token"
assert_match 'login: .*C2M: not accepted \(ref [0-9a-f]{8}\)\. C2M token: $' "$(session_prompts tty4 | tr -d '\n')"
session_close tty4
assert_within 3 token_is revoked "$token"
