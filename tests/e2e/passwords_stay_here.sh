#!/usr/bin/env bash
# A Unix password typed by mistake, and sshd's INCORRECT answer for a user that does not exist, never leave the host.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
ask reset-requests >/dev/null
assert_status 255 login alice 'alice-password'
assert_status 255 login alice 'correct horse battery staple'
assert_status 255 login nosuchuser "$(mint alice type=long)"
assert_status 255 login_password nosuchuser "$(mint alice type=long)"
assert_equal 0 "$(api_requests)"
assert_no_match 'alice-password|correct horse' "$(cat /var/log/authd.log /var/log/syslog)"
