#!/usr/bin/env bash
# At user.sock a uid has two exchanges a minute; what is verified here is not counted, and root's door is another.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
printf '%s\n' 'auth required pam_c2m.so' >/etc/pam.d/c2m-locker
login alice "$(mint alice)"   # root's module has spoken of alice
login bob "$(mint bob)"
unlock() { printf '%s\n' "$2" | timeout 20 setpriv --reuid "$1" --regid "$1" --clear-groups pamtester c2m-locker "$1" authenticate 2>&1; }
assert_status 0 unlock alice "$(mint alice type=long)"
assert_status 0 unlock alice "$(mint alice type=long)"
exchanges=$(api_requests short)
assert_fails unlock alice "$(mint alice type=long)"
assert_match 'too many attempts, wait [1-6]?[0-9] s' "$output"
assert_equal "$exchanges" "$(api_requests short)"
assert_status 0 unlock alice "$(mint alice)"
assert_status 0 unlock bob "$(mint bob type=long)"
assert_status 0 login alice "$(mint alice type=long)"
