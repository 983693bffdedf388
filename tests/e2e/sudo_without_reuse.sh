#!/usr/bin/env bash
# Without `reuse` on root's pam.d line, or without it in the configuration, sudo asks each time.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
session_open a alice "$(mint alice)"
assert_equal root "$(session_run a 'sudo id -un')"
pam_edit sudo 's/pam_c2m.so reuse/pam_c2m.so/'
assert_status 130 session_run a 'sudo id -un'
pam_edit sudo 's/^(auth.*pam_c2m.so)$/\1 reuse/'
assert_equal root "$(session_run a 'sudo id -un')"
config_write 'service sudo.reuse='
authd_reload
assert_within 5 grep -q 'reload: done' "$WORLD_LOG/authd.log"
assert_status 130 session_run a 'sudo id -un'
