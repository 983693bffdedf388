#!/usr/bin/env bash
# sshd's monitor dies without a word to PAM, and the user's shell lives on: the session is over all the same.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
session_open one alice "$token"
if can presence; then assert_equal root "$(session_run one 'sudo id -un')"; fi

kill -KILL "$(session_monitor one)"
assert_within 1 token_is revoked "$token"
assert_equal alice "$(session_run one 'id -un')"
if world_can presence; then assert_fails session_run one 'sudo id -un'; fi
