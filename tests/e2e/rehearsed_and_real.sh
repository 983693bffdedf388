#!/usr/bin/env bash
# What c2mctl rehearse says of a stack is what sshd does with it; without pam_debug.so it says that it cannot know.
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

c2m_start
service=$(pam_name sshd)
rehearsed() { c2mctl rehearse --quiet "$service" | sed -n "/^$service: who is mapped/,/^$service: who is not/s/^  $1 *//p"; }
password() { login alice "$1"$'\n'"alice-$WORLD_PASSWORD" -- id -un; }

assert_match "^in \($service:" "$(rehearsed 'right token; live session')"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_match "^refused \($service:" "$(rehearsed 'wrong token; ended session')"
assert_status 255 password nonsense
assert_match '^the local password decides' "$(rehearsed 'helper or API down')"
authd_stop
assert_equal alice "$(login alice "alice-$WORLD_PASSWORD" -- id -un)"
authd_start

pam_edit sshd '/^auth .*c2m/s/default=die/default=ignore/'
assert_match '^the local password decides' "$(rehearsed 'wrong token; ended session')"
assert_match "! $service: after a refused token the local password decides: restore default=die" "$(c2mctl rehearse "$service")"
assert_equal alice "$(password nonsense)" 'a refused token was ignored, as rehearsed'

doctor_sees
rm "$SEEN$MODULES/pam_debug.so"
assert_status 69 machine_c2mctl rehearse "$service"
assert_match 'pam_debug.so is missing' "$output"
