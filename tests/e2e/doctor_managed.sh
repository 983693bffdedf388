#!/usr/bin/env bash
# c2mctl doctor sees that pam-auth-update, where the profile is, changes nothing any more because of a hand edit;
# what the real one writes stays in the world. With the profile enabled, and no stack written by hand, nothing is wrong.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
can_instead || skip 'neither mounts nor a copy'
install -D -m 0644 "$ROOT/debian/c2m.pam-config" "$WORLD/pam-configs/c2m"
cp /usr/share/pam-configs/* "$WORLD/pam-configs/"
instead "$WORLD/pam-configs" /usr/share/pam-configs
healthy 'common-* as pam-auth-update wrote them'
common=/etc/pam.d/common-auth
sed -i '/Primary" block/a auth optional pam_faildelay.so delay=1' "$SEEN$common"
sees WARN stack.managed 'common-auth was edited by hand: pam-auth-update does nothing any more, and says 0 .*: move that line out of the block' "$(line_of $common pam_faildelay)"
sed -i '/pam_faildelay/d; 1i auth optional pam_faildelay.so delay=1' "$SEEN$common"
healthy 'out of the block'
sed -i -E 's/^(auth.*pam_unix.so).*/\1 nullok try_first_pass/' "$SEEN$common"
healthy 'options are taken over'
cp -a "$SEEN$common" "$WORLD/common-auth"
sed -i '1d; /end of pam-auth-update config/d' "$SEEN$common"
sed -i '/Primary" block/d' "$SEEN$common"
sees WARN stack.managed 'common-auth was edited by hand'
if [ -z "$SEEN" ]; then   # by the real one: it does nothing, until it is told to
  for dir in /var/lib/pam /var/cache/debconf; do
    cp -a $dir "$WORLD/${dir##*/}.copy"
    mount --bind "$WORLD/${dir##*/}.copy" $dir
  done
  DEBIAN_FRONTEND=noninteractive pam-auth-update --package 2>/dev/null
  assert_match 'common-auth was edited by hand' "$(findings "$(doctor || :)")"
  DEBIAN_FRONTEND=noninteractive as_told "$(doctor --fix || :)"
  healthy
  # sudo, cron and systemd-user have no session line then, and need none
  cp -a /etc/pam.d "$WORLD/pam.d.copy"
  for service in sshd sudo sudo-i login su; do
    sed -i '/pam_c2m/d' /etc/pam.d/$service
  done
  sees FAIL stack.present 'no PAM service asks pam_c2m .*: pam-auth-update --enable c2m; or, for single services, the stacks in .*examples/pam.d'
  DEBIAN_FRONTEND=noninteractive as_told "$(doctor --fix || :)"
  assert_match 'pam_c2m' "$(cat /etc/pam.d/common-auth)"
  assert_equal '' "$(grep pam_c2m /etc/pam.d/common-session-noninteractive || :)"
  healthy 'the profile is enabled'
  umount /var/lib/pam /var/cache/debconf
else
  cp -a "$WORLD/common-auth" "$SEEN$common"
  healthy 'its block is there again'
fi
as_before /usr/share/pam-configs
