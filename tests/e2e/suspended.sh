#!/usr/bin/env bash
# An account that is suspended during a session loses sudo and `account` as soon as a fetch for it hears of it, and a
# second login is refused; when the API lets it in again the session has its rights back.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
long=$(mint alice type=long)
session_open a alice "$long"
if can presence; then assert_equal root "$(session_run a 'sudo -n id -un')"; fi

ask 'suspend client=c2m_alice' >/dev/null
if world_can presence; then assert_equal root "$(session_run a 'sudo -n id -un')"; fi   # nobody has heard of it
run session_run a 'c2mctl token'
assert_no_match eyJ "$output"
assert_match 'event=token .*reason=suspended' "$(cat "$WORLD_LOG/authd.log")"
if world_can presence; then
  assert_status 1 session_run a 'sudo -n id -un'
  assert_match 'event=account .*reason=suspended' "$(cat "$WORLD_LOG/authd.log")"
fi
run session_run a 'c2mctl token'
assert_no_match eyJ "$output"

assert_status 255 login alice "$(mint alice type=long)"
assert_match 'event=login .*reason=suspended .*service=sshd ' "$(cat "$WORLD_LOG/authd.log")"

ask 'resume client=c2m_alice' >/dev/null
login alice "$long"
if world_can presence; then assert_equal root "$(session_run a 'sudo -n id -un')"; fi
session_close a
