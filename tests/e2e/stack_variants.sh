#!/usr/bin/env bash
# The examples' other stacks do what their comments promise, with the helper and without it.
# long: many stacks
. "$(dirname "$0")/../lib/test.sh"

c2m_start
password() { login "$1" "$1-$WORLD_PASSWORD" -- id -un; }
# DIRECTORY SERVICE: bob's own group stands for the group
stack() { sed 's/ingroup breakglass/ingroup bob/' "$ROOT/examples/$1/$2" | pam_install "$2"; }
sshd_stop
sshd_start "AuthorizedKeysFile .ssh/authorized_keys $WORLD/key.pub" 'StrictModes no'   # root's as well, wherever it lies

# the usual ones: whoever is mapped needs a token, and the password when nobody can ask
assert_status 255 password alice
assert_equal mallory "$(password mallory)"
authd_stop
assert_equal alice "$(password alice)"
authd_start

stack pam.d-strict sshd
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_status 255 password alice
assert_status 255 password mallory
assert_equal mallory "$(login_key mallory -- id -un)"
authd_stop
assert_status 255 password alice
assert_status 255 login_key mallory -- id -un
assert_equal root "$(login_key root -- id -un)" 'nothing locks root out'
authd_start

stack pam.d-break-glass sshd
for state in up down; do
  [ $state = up ] || authd_stop
  assert_equal bob "$(password bob)" "bob is of the group, and the helper is $state"
  assert_status 255 password alice
  assert_status 255 password mallory
done
authd_start
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_status 255 login bob "$(mint bob)"

if can presence; then
  session_open a alice "$(mint alice)"
  assert_equal root "$(session_run a 'sudo id -un')"
  stack pam.d-strict sudo
  assert_equal root "$(session_run a 'sudo id -un' "$(mint alice type=long)")"
  assert_equal 1 "$(session_asked a)"
  authd_stop
  assert_status 1 session_run a 'sudo id -un' "alice-$WORLD_PASSWORD"
  if can su; then   # in place `sudo -i` has sudo's stack
    stack pam.d-strict sudo-i
    assert_status 1 session_run a 'sudo -i id -un' "alice-$WORLD_PASSWORD"
    authd_start
    assert_equal root "$(session_run a 'sudo -i id -un' "$(mint alice type=long)")"
    assert_equal 1 "$(session_asked a)"
    authd_stop
  fi
  authd_start
  session_close a
fi
if can su; then
  stack pam.d-break-glass login
  authd_stop
  session_open_console tty1 bob "bob-$WORLD_PASSWORD"
  session_close tty1
  authd_start
  session_open_console tty2 alice "$(mint alice)"
  assert_equal root "$(session_run tty2 'sudo id -un' "$(mint alice type=long)")"
  session_close tty2
fi
