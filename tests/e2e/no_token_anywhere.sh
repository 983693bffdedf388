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
for token in "$short" "$long" "$delivered"; do
  for process in /proc/[0-9]*; do
    [ "${process##*/}" != "$$" ] || continue
    assert_fails grep -qaF "$token" "$process/cmdline"
    assert_fails grep -qaF "$token" "$process/environ"
  done
  assert_fails grep -raqF "$token" /var/lib/c2m
  assert_fails grep -raqF "$token" "$WORLD_LOG"
done
assert_match "token=$(token_hash "$short" | cut -c 1-8)" "$(cat "$WORLD_LOG/authd.log")"
