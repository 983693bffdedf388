#!/usr/bin/env bash
# Who became somebody else by su stands in nobody's session: neither in that of whom he became, who is logged in as well,
# nor in that of who typed su.
. "$(dirname "$0")/../lib/test.sh"
needs su

c2m_start
alices=$(mint alice type=long) bobs=$(mint bob type=long)
session_open a alice "$alices"
session_open b bob "$bobs"

becomes() { # SESSION USER TOKEN
  session_type "$1" "su - $2"
  session_expect "$1" "$SESSION_PROMPT" >/dev/null
  session_type "$1" "$3"
  session_expect "$1" "$2@.*\\\$ \$" >/dev/null
  session_type "$1" "stty -echo; PS1= PROMPT_COMMAND=; echo now-\$(id -un)"
  session_expect "$1" "now-$2" >/dev/null
  for command in 'sudo -n id -un' 'c2mctl token'; do
    session_type "$1" "$command >/tmp/out.$2 2>&1; echo =\$?="
    assert_no_match '=0=' "$(session_expect "$1" '=[0-9]+=')" "$command as $2"
    assert_no_match '^(root|ey)' "$(cat "/tmp/out.$2")"
  done
  session_type "$1" exit
  session_expect "$1" logout >/dev/null
}
becomes b alice "$alices"
becomes a bob "$bobs"
assert_equal root "$(session_run a 'sudo id -un')"
assert_equal 0 "$(session_asked a)"
assert_equal root "$(session_run b 'sudo id -un')"
assert_equal 0 "$(session_asked b)"
