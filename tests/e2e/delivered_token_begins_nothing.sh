#!/usr/bin/env bash
# The output of `c2mctl token` is no credential anywhere: nothing can renew itself with it. Not at su, not at sudo through
# SUDO_ASKPASS, not at a second host of the same configuration, which never heard of it.
. "$(dirname "$0")/../lib/test.sh"
needs sudo

c2m_start
session_open a alice "$(mint alice type=long)"
session_open_key by_key alice
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
refused_as() { # REASON SERVICE
  assert_match "event=login .*verdict=[a-z]+ reason=$1 user=alice service=$2 " "$(grep event=login "$WORLD_LOG/authd.log" | tail -n 1)"
}

if can su; then
  assert_status 1 session_run a 'su alice -c id' "$delivered"
  refused_as ours su
fi
askpass_write /home/alice sudo "$delivered"
for session in a by_key; do
  # of its own terminal, so that nothing but the token could be the proof
  session_run $session 'script -qec "SUDO_ASKPASS=/usr/local/bin/c2m-askpass sudo -A id -un" /dev/null >out; true' >/dev/null
  assert_no_match $'(^|\n)root' "$(cat /home/alice/out)"
  refused_as ours sudo
done
# the way itself is open to a credential
askpass_write /home/alice sudo "$(mint alice)"
session_run by_key 'script -qec "SUDO_ASKPASS=/usr/local/bin/c2m-askpass sudo -A id -un" /dev/null >out' >/dev/null
assert_match $'(^|\n)root' "$(cat /home/alice/out)"

# another host: the same files, a state of its own
authd_stop
mv "$STATE_DIR" "$WORLD/first"
authd_start
assert_status 255 login alice "$delivered"
refused_as scope sshd
assert_equal 200 "$(api_status "$delivered")"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
