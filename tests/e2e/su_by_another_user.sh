#!/usr/bin/env bash
# Inside alice's session mallory asks su for alice: the audit id is hers, the real uid is not, so he is asked.
. "$(dirname "$0")/../lib/test.sh"

needs su

c2m_start
session_open a alice "$(mint alice)"
assert_equal root "$(session_run a 'sudo id -un')"
assert_status 130 session_run a 'sudo -u mallory su alice -c id'
assert_equal 1 "$(session_asked a)"
