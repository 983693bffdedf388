#!/usr/bin/env bash
# alice is logged in, and so are processes of hers that no login of ours began: a key-only ssh from inside the session, a
# service or job that runs as her, one that writes its own login uid. All are asked, and none gets the session's token.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
session_open a alice "$(mint alice type=long)"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi

install -m 0600 -o alice "$WORLD/key" /home/alice/key
nested="ssh -F $SSH_DIR/ssh_config -i key -l alice"
if world_can presence; then
  run session_run a "$nested -tt $WORLD_NAME sudo id -un"
  assert_equal 1 "$(session_asked a)" 'the prompt of the nested login'
  assert_no_match '(^|'$'\n'')root' "$output"
fi
assert_status 77 session_run a "$nested $WORLD_NAME c2mctl token"
if world_can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi

# As systemd starts a service with User=alice, and atd a job where no PAM is asked: root becomes her.
as_a_service() { # SHELL COMMAND
  setpriv --reuid alice --regid alice --init-groups env -i HOME=/home/alice "PATH=$PATH" LANG=C.UTF-8 sh -c "$1" </dev/null 2>&1
}
assert_status 77 as_a_service 'c2mctl token'
assert_match 'you stand in no C2M session' "$output"
assert_fails as_a_service 'sudo -n id -un'
if can sudo; then
  assert_fails as_a_service 'sudo -S id -un'
  assert_match 'C2M token: ' "$output"
fi
assert_fails as_a_service 'script -qec "sudo -n id -un" /dev/null'
assert_no_match 'root' "$output"

# Whoever has no login uid yet may take any, and gets an audit id with it.
if [ "$(cat /proc/self/loginuid)" = 4294967295 ]; then
  # by the shell itself, because the kernel lets nobody write another's, and a program that it starts is another
  # shellcheck disable=SC2016  # for that shell to expand
  taken='echo $(id -u) >/proc/self/loginuid && [ "$(cat /proc/self/loginuid)" = "$(id -u)" ]'
  assert_status 77 as_a_service "$taken && c2mctl token"
  assert_fails as_a_service "$taken && sudo -n id -un"
  assert_fails as_a_service "$taken && script -qec 'sudo -n id -un' /dev/null"
  assert_no_match 'root' "$output"
else
  echo 'counted: a part is left out: these processes have a login uid already'
fi

if ! can audit; then
  :   # atd's stack has pam_loginuid too
elif command -v at >/dev/null && command -v atd >/dev/null; then
  rm -f /etc/at.allow /etc/at.deny; : >/etc/at.deny
  atd -f -b 1 &
  setpriv --reuid alice --regid alice --init-groups env -i HOME=/home/alice "PATH=$PATH" at now >/dev/null 2>&1 \
    <<<'exec >/home/alice/job 2>&1; c2mctl token; echo "token $?"; sudo -n id -un; echo "sudo $?"'
  assert_within 90 grep -q '^sudo' /home/alice/job
  assert_match 'token 77' "$(cat /home/alice/job)"
  assert_no_match $'(^|\n)root' "$(cat /home/alice/job)"
else
  echo 'counted: a part is left out: at is not installed'
fi
