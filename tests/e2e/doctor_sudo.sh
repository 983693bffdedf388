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
# a rule stands where sudo met it: in what other files include, by a path that has a dot, is quoted or relative; the last counts
main=/etc/sudoers rules=/etc/sudoers.d/c2m
cp -p $SEEN$main "$WORLD/sudoers.was"
restore() { cat "$WORLD/sudoers.was" >$SEEN$main; }
minutes() { sees WARN sudo.timestamp "sudo remembers a login for $1 minutes, .*: make that timestamp_timeout=0\$" "$2"; }   # MINUTES FILE:LINE
mkdir -p "$SEEN/etc/sudo.more/rules"
site=/etc/sudo.more/$(hostname -s).rules
printf '\nDefaults timestamp_timeout=7\n' >"$SEEN$site"
for include in "#include $site" '  @include "/etc/sudo.more/%h.rules"' "@include ${site#/etc/}"; do
  echo "$include" >>$SEEN$main
  minutes 7 "$site:2"
  restore
  healthy "without $include"
done
printf 'Defaults timestamp_timeout=8\n' >"$SEEN/etc/sudo.more/rules/a b"
printf 'Defaults timestamp_timeout=9\n' >"$SEEN/etc/sudo.more/rules/b.rules"   # which sudo does not read
for include in '#includedir /etc/sudo.more/rules' '@include /etc/sudo.more/rules/a\ b'; do
  printf '# more\n%s\n' "$include" >"$SEEN/etc/sudoers.d/zz"
  minutes 8 '/etc/sudo.more/rules/a b:1'
  rm "$SEEN/etc/sudoers.d/zz"
  healthy "without $include"
done
# our rules are ours, however the folder is named
cp -p $SEEN$rules "$WORLD/c2m.was"
sed -i 's,^@includedir.*,&/,' $SEEN$main
sed -i 's/timestamp_timeout=0/timestamp_timeout=5/' $SEEN$rules
sees WARN sudo.timestamp 'sudo remembers a login for 5 minutes, .*: Defaults timestamp_timeout=0 in /etc/sudoers.d/c2m' $rules
restore
cat "$WORLD/c2m.was" >$SEEN$rules
healthy
# the same words there, and behind the line that includes them
sed -i 's/timestamp_timeout=0/timestamp_timeout=5/' $SEEN$rules
echo 'Defaults timestamp_timeout=5' >>$SEEN$main
minutes 5 $main:"$(wc -l <$SEEN$main)"
assert_match '^# ' "$(doctor --fix || :)" 'our rules come before it'
sed -i '$s/=5/=0/' $SEEN$main
healthy 'the last counts'
restore
cat "$WORLD/c2m.was" >$SEEN$rules
rm -r "$SEEN/etc/sudo.more"
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
