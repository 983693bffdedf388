#!/usr/bin/env bash
# `script` makes a terminal of its own: inside its login's session sudo asks there once, and what was typed is dead when
# that terminal is. The login's own terminal proves what it proved before.
. "$(dirname "$0")/../lib/test.sh"
needs presence
needs audit
command -v script >/dev/null || skip 'script is not installed'

c2m_start
long=$(mint alice type=long)
session_open one alice "$long"
assert_equal root "$(session_run one 'sudo id -un')"
terminal=$(session_run one tty)

session_type one 'script -q /dev/null'
session_expect one '[$] $' >/dev/null   # what is typed before its shell reads is thrown away
session_type one "set +o emacs; stty -echo; PS1= PS2= PROMPT_COMMAND=; echo in-\$((1 + 1))"
session_expect one 'in-2' >/dev/null
[ "$terminal" != "$(session_run one tty)" ] || fail 'it has the terminal of the login'
assert_equal "$(session_audit one)" "$(session_run one 'cat /proc/self/sessionid')"
assert_equal 0 "$(session_run one 'c2mctl token >token; echo $?')"
assert_within 2 tokens_live alice 3   # the long one, the session's, the delivered one

assert_status 130 session_run one 'sudo id -un'
assert_equal root "$(session_run one 'sudo id -un' "$long")"
assert_equal 1 "$(session_asked one)"
assert_equal root "$(session_run one 'sudo id -un')"
assert_equal 0 "$(session_asked one)"
assert_within 2 tokens_live alice 4

session_type one exit
script_ended() { ! pgrep -u alice -x script >/dev/null; }
assert_within 5 script_ended   # until then it takes what is typed
assert_within 5 tokens_live alice 3
assert_equal "$terminal" "$(session_run one tty)"
assert_equal root "$(session_run one 'sudo id -un')"
assert_equal 0 "$(session_asked one)"
session_close one
assert_within 5 tokens_live alice 1

# from a login that proves nothing: once for each of the two terminals
session_open_key two alice
assert_equal root "$(session_run two 'sudo id -un' "$long")"
assert_equal root "$(session_run two 'sudo id -un')"
assert_equal 0 "$(session_asked two)"
assert_status 130 session_run two 'script -qec "sudo id -un" /dev/null'
assert_equal 1 "$(session_asked two)"
