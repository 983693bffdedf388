#!/usr/bin/env bash
# c2mctl doctor sees what in sshd's and sudo's own settings goes past pam_c2m, and by which line.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
needs sudo
healthy 'the examples'
main=/etc/ssh/sshd_config dropin=/etc/ssh/sshd_config.d/00-c2m.conf
as_fixed() { # runs what doctor would, but for the service
  local fix
  fix=$(doctor --fix || :)
  assert_match ' && systemctl reload ssh$' "$fix"
  as_told "${fix% && *}"
  healthy "after $fix"
}
restore() { install -m 0644 "$ROOT/examples/sshd_config.d/00-c2m.conf" "$SEEN$dropin"; rm -f "$SEEN/etc/ssh/sshd_config.d/0-other.conf"; }

# 12, 13: what is read first counts, and that line is named
sed -i 's/^UsePAM yes/UsePAM no/' $SEEN$dropin
sees FAIL sshd.usepam 'UsePAM is no .*: make that line UsePAM yes, reload ssh' "$(line_of $dropin '^UsePAM no')"
assert_match "\"id\":\"sshd.usepam\",\"status\":\"fail\",.*\"file\":\"$dropin\",\"line\":$(line_of $dropin '^UsePAM no' | cut -d : -f 2)\}" "$(doctor --json || :)"
sed -i 's/^UsePAM no/UsePAM yes/' $SEEN$dropin
healthy
printf '# a cloud image\nChallengeResponseAuthentication no\n' >$SEEN/etc/ssh/sshd_config.d/0-other.conf
sees FAIL sshd.kbdint 'KbdInteractiveAuthentication is no ' /etc/ssh/sshd_config.d/0-other.conf:2
as_fixed
rm $SEEN/etc/ssh/sshd_config.d/0-other.conf
sed -i '/^KbdInteractiveAuthentication/d' $SEEN$main $SEEN$dropin
healthy 'OpenSSH itself has it on by default'
sed -i 's/^Include.*/&\nKbdInteractiveAuthentication no/' $SEEN$main
sees FAIL sshd.kbdint 'KbdInteractiveAuthentication is no .*: set KbdInteractiveAuthentication yes in .*00-c2m.conf' "$(line_of $main '^KbdInt')"
as_fixed
# the drop-in is read too late, or never
cp $SEEN$main "$WORLD/sshd_config.was"
sed -i '/^KbdInteractiveAuthentication/d' $SEEN$main
sed -i '1i KbdInteractiveAuthentication no' $SEEN$main
sees FAIL sshd.kbdint 'KbdInteractiveAuthentication is no .*: make that line KbdInteractiveAuthentication yes' $main:1
as_fixed
sed -i '/^Include/d; /^UsePAM/d; /^KbdInteractiveAuthentication/d' $SEEN$main
echo 'ClientAliveInterval 60' >>$SEEN$main
sees FAIL sshd.usepam 'UsePAM is no by default: make UsePAM yes the first line of /etc/ssh/sshd_config, reload ssh'
printf 'Match User mallory\n  X11Forwarding no\n' >>$SEEN$main
as_fixed
cp "$WORLD/sshd_config.was" $SEEN$main
sed -i '/^KbdInteractiveAuthentication no/d' $SEEN$main
healthy
# 14: some users only
printf 'Match User bob\n  AuthenticationMethods publickey\n' >>$SEEN$main
sees FAIL sshd.match 'Match sends bob past pam_c2m: authenticationmethods publickey' "$(line_of $main '^Match User bob')"
sed -i 's/AuthenticationMethods publickey/AuthenticationMethods publickey keyboard-interactive/' $SEEN$main
healthy
sed -i 's/^  AuthenticationMethods.*/  KbdInteractiveAuthentication no/' $SEEN$main
sees FAIL sshd.match 'Match sends bob past pam_c2m: kbdinteractiveauthentication no' "$(line_of $main '^Match User bob')"
sed -i 's/^  KbdInteractiveAuthentication no/  KbdInteractiveAuthentication yes/' $SEEN$main
healthy
if machine /usr/sbin/sshd -T -o PAMServiceName=other >/dev/null 2>&1; then   # OpenSSH 9.8 and later
  sed -i 's/^  KbdInteractiveAuthentication yes/  PAMServiceName other/' $SEEN$main
  sees FAIL sshd.match 'Match sends bob past pam_c2m: pamservicename other' "$(line_of $main '^Match User bob')"
fi
sed -i 's/^Match User bob/Match User mallory/; s/^  KbdInteractiveAuthentication yes/  KbdInteractiveAuthentication no/' $SEEN$main
healthy 'mallory is not mapped'
sed -i '/^Match/,$d' $SEEN$main
# of all users
if machine /usr/sbin/sshd -T -o PAMServiceName=other >/dev/null 2>&1; then
  sed -i '1i PAMServiceName other' $SEEN$main
  sees FAIL sshd.usepam 'sshd asks PAM as other, which does not ask pam_c2m .*: remove PAMServiceName' $main:1
  sed -i 1d $SEEN$main
  healthy
fi
if can_instead; then   # sshd as of 9.8, whichever is here
  cp /usr/sbin/sshd "$WORLD/sshd.real"
  names() { printf '#!/bin/sh\necho pamservicename %s\nexec %q "$@"\n' "$1" "$WORLD/sshd.real" >"$WORLD/sshd.98"; }
  names other
  chmod 0755 "$WORLD/sshd.98"
  instead "$WORLD/sshd.98" /usr/sbin/sshd
  sees FAIL sshd.usepam 'sshd asks PAM as other, which does not ask pam_c2m: remove PAMServiceName, reload ssh'
  names sudo
  healthy 'a service whose stack asks pam_c2m'
  as_before /usr/sbin/sshd
fi
# 15: methods that are off
sed -i "1i AuthenticationMethods hostbased" $SEEN$main
sees FAIL sshd.config 'AuthenticationMethods asks for a method that is off: ' $main:1
sed -i 1d $SEEN$main
healthy
echo 'Nonsense yes' >>$SEEN$main
sees FAIL sshd.config "sshd refuses its configuration: $main: line [0-9]+: Bad configuration option: Nonsense" $main
sed -i '$d' $SEEN$main
healthy
# one that sshd -T cannot judge unless it is told of a port
printf 'Match LocalPort 2222\n  X11Forwarding no\n' >>$SEEN$main
healthy 'sshd accepts it'
sed -i '/^Match/,$d' $SEEN$main
# 16: without /run/sshd, as after a boot with ssh.socket, `sshd -T` says nothing; a new one has -G, which knows no users
skips() { run doctor; assert_equal 0 "$status" "$output"; assert_match "$1 $2 +$3" "$output"; }   # SKIP ID REGEX
printf 'Match User bob\n  KbdInteractiveAuthentication no\n' >>$SEEN$main
mv /run/sshd "$WORLD/sshd-elsewhere"
machine /usr/sbin/sshd -G -f $main >/dev/null 2>&1 ||
  skips SKIP sshd.config "sshd's configuration: /run/sshd is missing: start ssh once"
mv "$WORLD/sshd-elsewhere" /run/sshd
if can_instead; then   # sshd as of 9.3, whichever is here
  cp /usr/sbin/sshd "$WORLD/sshd.real"
  machine /usr/sbin/sshd -T -f $main >"$WORLD/sshd.said"
  # shellcheck disable=SC2016 # for that script to expand
  printf '#!/bin/sh\n[ "$1" != -G ] || exec cat %q\nexec %q "$@"\n' "$WORLD/sshd.said" "$WORLD/sshd.real" >"$WORLD/sshd.93"
  chmod 0755 "$WORLD/sshd.93"
  instead "$WORLD/sshd.93" /usr/sbin/sshd
  mv /run/sshd "$WORLD/sshd-elsewhere"
  skips SKIP sshd.match 'Match for alice: /run/sshd is missing: start ssh once'
  assert_match ' 1 skipped, 0 warnings, 0 failures' "$output"   # once, not for each user
  mv "$WORLD/sshd-elsewhere" /run/sshd
  sees FAIL sshd.match 'Match sends bob past pam_c2m: '
  sed -i '/^Match/,$d' $SEEN$main
  healthy
  printf '#!/bin/sh\ncase $* in *user=bob*) echo of bob nothing is known; exit 1;; esac\nexec %q "$@"\n' "$WORLD/sshd.real" >"$WORLD/sshd.93"
  skips SKIP sshd.match 'Match for bob: of bob nothing is known'
  as_before /usr/sbin/sshd
fi
sed -i '/^Match/,$d' $SEEN$main
healthy
# 17
sed -i 's/^ClientAliveInterval.*/ClientAliveInterval 0/' $SEEN$dropin
sees WARN sshd.alive 'dead clients keep their tokens alive .*: make that line ClientAliveInterval 60, reload ssh' "$(line_of $dropin '^ClientAliveInterval')"
as_fixed
sed -i '/^ClientAliveInterval/d' $SEEN$dropin
sees WARN sshd.alive 'dead clients keep their tokens alive: set ClientAliveInterval 60 in /etc/ssh/sshd_config.d/00-c2m.conf'
as_fixed
restore
healthy

# 20: sudo's own memory, for all or for some
rules=/etc/sudoers.d/c2m
sed -i 's/, timestamp_timeout=0//' $SEEN/etc/sudoers
healthy "the example's line is enough"
sed -i 's/timestamp_timeout=0/timestamp_timeout=5/' $SEEN$rules
sees WARN sudo.timestamp 'sudo remembers a login for 5 minutes, and then asks for no token .*: Defaults timestamp_timeout=0 in /etc/sudoers.d/c2m' "$(line_of $rules '^Defaults')"
sed -i 's/timestamp_timeout=5/timestamp_timeout=0/' $SEEN$rules
healthy
sed -i '/timestamp_timeout/d' $SEEN$rules
sees WARN sudo.timestamp 'sudo remembers a login for 15 minutes'
if can_instead; then   # installed, wherever the administrator stands
  mkdir -p "$WORLD/share"
  cp -r "$ROOT/examples" "$WORLD/share/c2m"
  instead "$WORLD/share" /usr/share
  assert_equal 'install -m 0440 /usr/share/c2m/sudoers.d/c2m /etc/sudoers.d/' "$(doctor --fix || :)"
  (cd / && as_told "$(doctor --fix || :)")
  healthy
  as_before /usr/share
  sed -i '/timestamp_timeout/d' $SEEN$rules
fi
if [ ! -e /usr/share/c2m ]; then
  assert_equal 'install -m 0440 examples/sudoers.d/c2m /etc/sudoers.d/' "$(doctor --fix || :)"
fi
machine install -m 0440 "$ROOT/examples/sudoers.d/c2m" /etc/sudoers.d/
healthy
echo 'Defaults:alice timestamp_timeout=3' >$SEEN/etc/sudoers.d/zz
sees WARN sudo.timestamp 'sudo remembers a login, and then asks for no token: Defaults:alice timestamp_timeout=3 .*: make that timestamp_timeout=0$' /etc/sudoers.d/zz:1
assert_match '^# ' "$(doctor --fix || :)" 'no command cures it'
# what comes last decides, however it is written
printf 'Defaults:alice, bob  timestamp_timeout=4\nDefaults:alice,bob \\\n  env_reset, timestamp_timeout = 0 # each time\n' >$SEEN/etc/sudoers.d/zz
config_write 'service sudo.reuse='
healthy 'she is asked each time'
config_write
printf '# timestamp_timeout=3\nDefaults timestamp_timeout=0\nDefaults \\\n  env_reset\nDefaults env_reset,timestamp_timeout = 3\n' >$SEEN/etc/sudoers.d/zz
echo 'Defaults timestamp_timeout=3' >$SEEN/etc/sudoers.d/zz.old   # which sudo does not read
sees WARN sudo.timestamp 'sudo remembers a login for 3 minutes, .*: make that timestamp_timeout=0$' /etc/sudoers.d/zz:5
rm $SEEN/etc/sudoers.d/zz $SEEN/etc/sudoers.d/zz.old
healthy
echo 'Defaults:alice timestamp_timeout=3' >$SEEN/etc/sudoers.d/zz
sed -i '/^account.*pam_c2m/d' $SEEN/etc/pam.d/sudo   # which is who refuses a session that was ended
sees WARN sudo.timestamp 'sudo remembers a login, a revoked one too: Defaults:alice timestamp_timeout=3'
install -m 0644 "$ROOT/examples/pam.d/sudo" $SEEN/etc/pam.d/
rm $SEEN/etc/sudoers.d/zz
healthy
# 19
sed -i '/noninteractive_auth/d' $SEEN$rules
sees WARN sudo.noninteractive 'sudo -n never asks pam_c2m, which could answer without a prompt: Defaults noninteractive_auth in /etc/sudoers.d/c2m'
sed -i 's/ reuse$//' $SEEN/etc/pam.d/sudo
healthy 'without reuse it could not'
install -m 0644 "$ROOT/examples/pam.d/sudo" $SEEN/etc/pam.d/
echo 'Defaults:bob noninteractive_auth' >>$SEEN$rules
sees WARN sudo.noninteractive 'sudo -n asks pam_c2m for some only: Defaults:bob noninteractive_auth: Defaults noninteractive_auth in /etc/sudoers.d/c2m'
sed -i '$d' $SEEN$rules
echo 'Defaults noninteractive_auth' >>$SEEN$rules
healthy
echo 'Defaults !noninteractive_auth' >$SEEN/etc/sudoers.d/zz
sees WARN sudo.noninteractive 'sudo -n never asks pam_c2m, .*: make that noninteractive_auth$' /etc/sudoers.d/zz:1
assert_match '^# ' "$(doctor --fix || :)" 'no command cures it'
rm $SEEN/etc/sudoers.d/zz
healthy
# 21
echo 'Defaults !pam_acct_mgmt' >$SEEN/etc/sudoers.d/zz
sees FAIL sudo.pam 'sudo does not ask whether an account or session is still alive: Defaults !pam_acct_mgmt .*: remove !pam_acct_mgmt' /etc/sudoers.d/zz:1
rm $SEEN/etc/sudoers.d/zz
healthy
echo 'Defaults:alice !pam_session' >$SEEN/etc/sudoers.d/zz
sees WARN sudo.pam 'sudo opens no session, whose end revokes its token: Defaults:alice !pam_session' /etc/sudoers.d/zz:1
rm $SEEN/etc/sudoers.d/zz
healthy
echo 'nonsense' >$SEEN/etc/sudoers.d/zz
assert_match 'FAIL sudo.readable +sudo.s rules are broken: visudo -c names the line' "$(doctor || :)"
rm $SEEN/etc/sudoers.d/zz
healthy
