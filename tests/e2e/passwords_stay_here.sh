#!/usr/bin/env bash
# A Unix password typed by mistake, and the answer that sshd makes up for a user whom it refuses, never leave the host.
. "$(dirname "$0")/../lib/test.sh"

echo 'DenyUsers bob' >"$SSH_DIR/sshd_config.d/01-deny.conf"
c2m_start
ask reset-requests >/dev/null
assert_status 255 login alice "alice-$WORLD_PASSWORD"
assert_status 255 login alice 'correct horse battery staple'
assert_status 255 login nosuchuser "$(mint alice type=long)"
assert_status 255 login_password nosuchuser "$(mint alice type=long)"
# of a user who is mapped, and whom sshd refuses: PAM hears the answer that sshd made up
assert_status 255 login bob "$(mint bob type=long)"
told() { grep -q 'reason=fake_answer user=bob service=sshd' "$WORLD_LOG/syslog"; }
assert_within 5 told   # it goes by way of the system's log
assert_equal 0 "$(api_requests)"
assert_no_match "alice-$WORLD_PASSWORD|correct horse" "$(cat "$WORLD_LOG/authd.log" "$WORLD_LOG/syslog")"
