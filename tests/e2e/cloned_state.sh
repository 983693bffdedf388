#!/usr/bin/env bash
# A clone of the machine starts with the original's sessions in its state: it ends none of them, and logins go on.
. "$(dirname "$0")/../lib/test.sh"

echo 0123456789abcdef0123456789abcdef >/etc/machine-id
c2m_start
token=$(mint alice)
session_open a alice "$token"
authd_kill
ask reset-requests >/dev/null

# the disk is copied: another id, another boot, none of the processes
cp -a /var/lib/c2m "$WORLD/original"
echo fedcba9876543210fedcba9876543210 >/etc/machine-id
kill -KILL "$(session_monitor a)"
authd_start
assert_match 'the state is another machine' "$(cat "$WORLD_LOG/authd.log")"
assert_equal 1 "$(find /var/lib/c2m -name 'state.db.another-*' | wc -l)"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
sleep 1
assert_equal live "$(token_state "$token")"
assert_equal 1 "$(api_requests revoke)" 'requests to revoke: of that login alone'
assert_equal '[]' "$(c2mctl sessions --json | grep -o '\[.*\]' | tr -d ' ')"

# it was the same machine, with a new id: what root is told of it, and takes over beside what is there by now
session_open b bob "$(mint bob)"
assert_match 'state.db.another-[0-9]*: 1 sessions, 1 tokens, 0 revocations pending' "$(c2mctl adopt)"
assert_match '"set_aside":true,.*"sessions":1,.*"ordered":false' "$(c2mctl adopt --json)"
assert_status 77 session_run b 'c2mctl adopt --yes'
authd_restart
assert_equal live "$(token_state "$token")"
assert_match 'at the next start' "$(c2mctl adopt --yes)"
assert_match '"ordered":true' "$(c2mctl adopt --json)"
sleep 1
assert_equal live "$(token_state "$token")"
authd_restart
assert_within 10 token_is revoked "$token"
assert_match 'bob sshd .* active' "$(c2mctl sessions)"   # nothing of its own is lost
assert_match 'nothing to adopt' "$(c2mctl adopt)"
assert_status 77 c2mctl adopt --yes

# without a helper that runs: its state again, as it was
authd_stop
rm -rf /var/lib/c2m/state.db && mv /var/lib/c2m/state.db.another-* /var/lib/c2m/state.db
authd_start --adopt
assert_equal revoked "$(token_state "$token")"
