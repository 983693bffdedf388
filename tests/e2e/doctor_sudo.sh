#!/usr/bin/env bash
# c2mctl doctor sees that sudo is another one, and rules of it that reuse would pass.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
needs sudo
# 44: whom sudo's rules want asked each time
echo 'Defaults!/usr/bin/passwd timestamp_timeout=0' >$SEEN/etc/sudoers.d/zz
sees WARN sudo.reuse 'sudoers wants to ask each time, and reuse = 5m does not: Defaults!/usr/bin/passwd timestamp_timeout=0 .*: remove that, or reuse= of' /etc/sudoers.d/zz:1
config_write 'service sudo.reuse='
healthy 'without reuse he is asked'
config_write
rm $SEEN/etc/sudoers.d/zz
healthy
# 21: another sudo
if can_instead; then
  printf '#!/bin/sh\necho "sudo-rs 0.2.5"\n' >"$WORLD/sudo-rs"
  chmod 0755 "$WORLD/sudo-rs"
  instead "$WORLD/sudo-rs" /usr/bin/sudo
  sees WARN sudo.rs '/usr/bin/sudo is sudo-rs, which was not tried with pam_c2m: install sudo, or try each of your rules'
  as_before /usr/bin/sudo
  healthy
fi
