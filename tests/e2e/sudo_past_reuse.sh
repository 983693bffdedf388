#!/usr/bin/env bash
# The proof ages from when it was given: using it does not renew it.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start 'service sudo.reuse=6s'
session_open a alice "$(mint alice)"
begun=$SECONDS
while [ $((SECONDS - begun)) -lt 2 ]; do
  assert_equal root "$(session_run a 'sudo id -un')"
  sleep 0.3
done
sleep 5.5
assert_status 130 session_run a 'sudo id -un'
assert_equal 1 "$(session_asked a)"
