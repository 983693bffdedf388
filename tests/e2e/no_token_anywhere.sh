#!/usr/bin/env bash
# After logins by each credential no token stands in a log, an argument list, an environment or the database.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
short=$(mint alice) long=$(mint alice type=long)
session_open a alice "$short"
session_open b alice "$long"
delivered=$(session_run b 'c2mctl token')
login bob "$(mint bob)" -- true
ask down >/dev/null
session_close a   # its revocation waits, with its bearer, in the database
looked=0
# What cannot be read: a process that is gone by now, or one that root may not look into here.
holds_not() { # TOKEN FILE
  run grep -qaF "$1" "$2"
  case $status in
    1) looked=$((looked + 1)) ;;
    2) service_gone "$(basename "${2%/*}")" || ! world_can trace || fail "$2 cannot be read" "$output" ;;
    *) fail "a token stands in $2" ;;
  esac
}
for token in "$short" "$long" "$delivered"; do
  for process in /proc/[0-9]*; do
    [ "${process##*/}" != "$$" ] || continue
    holds_not "$token" "$process/cmdline"
    holds_not "$token" "$process/environ"
  done
  assert_fails grep -raqF "$token" /var/lib/c2m
  assert_fails grep -raqF "$token" "$WORLD_LOG"
done
assert_match "token=$(token_hash "$short" | cut -c 1-8)" "$(cat "$WORLD_LOG/authd.log")"
assert_status 0 test "$looked" -ge 30
