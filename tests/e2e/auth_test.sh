#!/usr/bin/env bash
# `c2mctl auth-test USER` tries a login step by step, opens no session and gives back what it obtained.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
auth_test() { printf '%s\n' "$token" | c2mctl auth-test "$@"; }
field() { python3 -c 'import json, sys; print(eval("json.load(sys.stdin)" + sys.argv[1]))' "$1" <<<"$output"; }

# a long one is exchanged; the short one is dead afterwards, the long one is not
token=$(mint alice type=long) live=$(live_tokens alice)
assert_status 0 auth_test alice
assert_match "login     alice \(uid $(id -u alice)\) at sshd" "$output"
assert_match 'asked     C2M token: ' "$output"
assert_match 'verdict   granted' "$output"
assert_match 'account   granted' "$output"
assert_match 'end       no session is opened' "$output"
assert_match ' checks  ours passed, form passed, guesses passed, exchange passed, genuine passed' "$output"
assert_no_match "$token" "$output"
none_more() { [ "$(live_tokens alice)" = "$live" ]; }
assert_within 5 none_more
assert_equal '{"schema":1,"sessions":[]}' "$(c2mctl sessions --json)"

# as JSON, at another service, by a short token: that one is dead as after any logout
token=$(mint alice)
assert_status 0 auth_test alice --service sudo --json
assert_equal 'True granted granted True 1 sudo' "$(for f in ok verdict account ended prompts service; do field "['$f']"; done | xargs)"
assert_equal passed "$(field "['story']['records'][1]['checks']['genuine']")"
assert_within 5 token_is revoked "$token"

# refused: what he is told, and what only root may know
token=$(mint bob)
assert_status 77 auth_test alice
assert_match 'verdict   forbidden' "$output"
assert_match 'is told   C2M: not accepted \(ref [0-9a-f]{8}\)\.' "$output"
assert_match ' user FAILED' "$output"
assert_status 77 auth_test alice --json
assert_equal 'False forbidden None' "$(for f in ok verdict account; do field "['$f']"; done | xargs)"
token=nonsense
assert_status 77 auth_test bob
assert_match 'form FAILED' "$output"
assert_status 77 auth_test bob --quiet
assert_equal '' "$output"
# who is not mapped is not asked
assert_status 77 auth_test mallory
assert_match 'verdict   ignore' "$output"
assert_no_match 'asked ' "$output"

# an outage is none of his fault
token=$(mint alice type=long)
ask down >/dev/null
assert_status 69 auth_test alice
assert_match 'verdict   unavailable' "$output"
assert_match 'exchange FAILED' "$output"
ask up >/dev/null
authd_stop
assert_status 69 auth_test alice
assert_match 'no helper answers at .*: start c2m-authd' "$output"
authd_start

# what is typed wrongly names the way
assert_status 64 c2mctl auth-test
assert_match "auth-test takes a user's name" "$output"
assert_status 64 c2mctl auth-test nobody_of_that_name
assert_match 'there is no such user on this machine' "$output"
assert_status 77 setpriv --reuid alice --clear-groups c2mctl auth-test alice
assert_match 'use sudo' "$output"
