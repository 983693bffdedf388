#!/usr/bin/env bash
# c2mctl doctor sees that users come from one address whose failures sshd and fail2ban count together: in an outage each
# token is one.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
can_instead || skip 'neither mounts nor a copy'
# sshd as of 9.8, whichever is here
cp /usr/sbin/sshd "$WORLD/sshd.real"
cat >"$WORLD/sshd.98" <<SH
#!/bin/sh
printed=\$("$WORLD/sshd.real" "\$@") || { status=\$?; echo "\$printed"; exit \$status; }
echo "\$printed" | grep -v ^persource
cat "$WORLD/penalties"
SH
chmod 0755 "$WORLD/sshd.98"
penalties() { printf '%s\n' "persourcepenalties $1" "persourcepenaltyexemptlist $2" >"$WORLD/penalties"; }   # VALUE EXEMPT

on='crash:90.000000 authfail:5.000000 noauth:1.000000 max:600.000000 min:15.000000'
penalties "$on" none
session_open one alice "$(mint alice)"
session_open other alice "$(mint alice)"
session_open two bob "$(mint bob)"
instead "$WORLD/sshd.98" /usr/sbin/sshd   # from here on nobody logs in
sees WARN sshd.penalties 'several users come from 127.0.0.1, and sshd counts their failures together: set PerSourcePenaltyExemptList 127.0.0.1 in /etc/ssh/sshd_config.d/00-c2m.conf, reload ssh'
assert_equal 'echo PerSourcePenaltyExemptList 127.0.0.1 >>/etc/ssh/sshd_config.d/00-c2m.conf && systemctl reload ssh' "$(doctor --fix || :)"
penalties "$on" 127.0.0.1
healthy 'as it says'
penalties "$on" 192.0.2.0/24,::1
sees WARN sshd.penalties '.*: add 127.0.0.1 to PerSourcePenaltyExemptList, reload ssh'
penalties "$on" 192.0.2.0/24,127.0.0.0/8
healthy 'exempt'
# what stands already comes first; an older sshd would refuse the line
dropin=/etc/ssh/sshd_config.d/00-c2m.conf
penalties "$on" none
machine /usr/sbin/sshd -T -f /etc/ssh/sshd_config >"$WORLD/sshd.said"
cp "$WORLD/sshd.98" "$WORLD/sshd.98.was"
printf '#!/bin/sh\ncat %q\n' "$WORLD/sshd.said" >"$WORLD/sshd.98"
echo 'PerSourcePenaltyExemptList none' >>"$SEEN$dropin"
sees WARN sshd.penalties '.*: make that line PerSourcePenaltyExemptList 127.0.0.1, reload ssh' "$(line_of $dropin '^PerSource')"
fix=$(doctor --fix || :)
as_told "${fix% && *}"
assert_equal 'PerSourcePenaltyExemptList 127.0.0.1' "$(grep ^PerSource "$SEEN$dropin")"
sed -i '/^PerSource/d' "$SEEN$dropin"
cat "$WORLD/sshd.98.was" >"$WORLD/sshd.98"
penalties no none
healthy 'off'

# fail2ban
install -d "$SEEN/etc/fail2ban/jail.d"
printf '[DEFAULT]\nignoreip = 192.0.2.1\n[sshd]\nenabled = false\n' >"$SEEN/etc/fail2ban/jail.conf"
healthy 'no jail'
printf '[sshd]\nenabled = true\n' >"$SEEN/etc/fail2ban/jail.d/defaults-debian.conf"
sees WARN sshd.penalties 'several users come from 127.0.0.1, and fail2ban would ban them together: add 127.0.0.1 to ignoreip of \[sshd\] in /etc/fail2ban/jail.local'
banned='several users come from 127.0.0.1, and fail2ban would ban them together'
printf '[sshd]\nignoreip = 127.0.0.1/8 ::1\n' >"$SEEN/etc/fail2ban/jail.local"
healthy
# what is of [sshd] goes before what is of all jails, wherever it stands; a value may be of several lines
printf '[sshd]\nignoreip = 192.0.2.1\n[DEFAULT]\nignoreip = 127.0.0.1/8\n' >"$SEEN/etc/fail2ban/jail.local"
sees WARN sshd.penalties "$banned"
printf '[sshd]\nignoreip = 192.0.2.1\n#   ::1\n           192.0.2.2 # a bastion\n\t127.0.0.1\nmaxretry = 3\n' >"$SEEN/etc/fail2ban/jail.local"
healthy 'the third line'
printf '[DEFAULT]\nenabled = true\n' >"$SEEN/etc/fail2ban/jail.local"
rm "$SEEN/etc/fail2ban/jail.d/defaults-debian.conf"
healthy 'the jail itself is off'
printf '[sshd]\nport = ssh\n' >"$SEEN/etc/fail2ban/jail.conf"
sees WARN sshd.penalties "$banned"
rm -r "$SEEN/etc/fail2ban"
session_close two
penalties "$on" none
healthy 'one user, whose failures are his own'
