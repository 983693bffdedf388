#!/usr/bin/env bash
# c2mctl doctor sees what is wrong with a PAM stack, once, and is content when it is mended as it says.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
healthy 'the examples'
mapfile -t saved < <(ls "$ROOT/examples/pam.d")
[ ${#saved[@]} -ge 4 ]
restore() { install -m 0644 "$ROOT"/examples/pam.d/* "$SEEN/etc/pam.d/"; }
stack=/etc/pam.d/sshd

# 1: the module's file
dir=$SEEN$MODULES
mv "$dir/pam_c2m.so" "$WORLD/"
sees FAIL module.file "pam_c2m.so is not in $MODULES .*: (install it again: make install|apt-get install --reinstall libpam-c2m)"
if can_instead; then
  mkdir -p "$WORLD/doc/libpam-c2m" "$WORLD/doc.none"
  instead "$WORLD/doc.none" /usr/share/doc
  assert_match 'pam_c2m.so is not in .*: install it again: make install' "$(doctor || :)"
  as_before /usr/share/doc
  instead "$WORLD/doc" /usr/share/doc
  assert_match 'pam_c2m.so is not in .*: apt-get install --reinstall libpam-c2m' "$(doctor || :)"
  as_before /usr/share/doc
fi
installed_again() { install -m 0644 "$WORLD/pam_c2m.so" "$dir/"; healthy 'installed again'; }
installed_again
head -c 100 "$WORLD/pam_c2m.so" >"$dir/pam_c2m.so"
sees FAIL module.file 'pam_c2m.so does not load: .*: (install it again|apt-get)'
installed_again
perl -pe 'BEGIN { binmode STDIN; $/ = undef } substr($_, 18, 2) = pack("v", 40)' <"$WORLD/pam_c2m.so" >"$dir/pam_c2m.so"
sees FAIL module.file 'pam_c2m.so in .* is not for this kind of machine'
installed_again

# 2: a process that goes on with a file that was replaced
cp "$(readlink -f /usr/lib/*/libpam.so.0 | head -n 1)" "$WORLD/libpam.so.0.99"
LD_PRELOAD=$WORLD/libpam.so.0.99 sleep 100 &
old=$!
wait_until 5 grep -q libpam.so.0.99 "/proc/$old/maps"
healthy
rm "$WORLD/libpam.so.0.99"
sees WARN module.replaced "process $old \(sleep\) runs a libpam or pam_c2m.so that was replaced: start it again"
kill "$old"; wait "$old" 2>/dev/null || :
healthy

# 3: nobody asks
for file in "${saved[@]}"; do sed -i '/pam_c2m/d' "$SEEN/etc/pam.d/$file"; done
sees FAIL stack.present 'no PAM service asks pam_c2m \(/etc/pam.d\): (.*examples/pam.d has stacks|pam-auth-update)'
restore
healthy

# libpam could only refuse everybody
echo 'auth required' >>$SEEN$stack
sees FAIL stack.readable 'sshd: the module is missing: libpam refuses everybody' "$(line_of $stack '^auth required$')"
restore
healthy

wrong() { # STATUS ID REGEX PATTERN SED_EXPRESSION: broken by the expression, in the line of the pattern
  sed -i -E "$5" $SEEN$stack
  sees "$1" "$2" "$3" "$(line_of $stack "$4")"
}
mended() { sed -i -E "$1" $SEEN$stack; healthy "$1"; restore; }
auth='^auth .*pam_c2m' account='^account .*pam_c2m' session='^session .*pam_c2m'

# 4: a refusal is ignored
wrong FAIL stack.denied 'sshd: after a refused token the local password decides .*: restore default=die' "$auth" "/$auth/s/default=die/default=ignore/"
mended "/$auth/s/default=ignore/default=die/"
wrong FAIL stack.denied 'sshd lets in whose session was ended .*: restore default=bad' "$account" "/$account/s/default=bad/default=ignore/"
mended "/$account/s/default=ignore/default=bad/"
# 5: an outage
wrong WARN stack.outage 'nobody who is mapped enters by sshd in an outage .*: add authinfo_unavail=ignore' "$auth" "/$auth/s/authinfo_unavail=ignore //"
mended "/$auth/s/default=die/authinfo_unavail=ignore &/"
# 6: keys, and root's
wrong WARN stack.keys 'sshd: while the helper is down everybody but root is refused, .*: add authinfo_unavail=ignore' "$account" "/$account/s/authinfo_unavail=ignore //"
mended "/$account/s/default=bad/authinfo_unavail=ignore &/"
wrong FAIL stack.keys 'sshd: while the helper is down everybody is refused' "$account" "/$account/{s/authinfo_unavail=ignore //;s/$/ allow_root/}"
mended "/$account/s/default=bad/authinfo_unavail=ignore &/"
# 7: the account phase ends early
wrong FAIL stack.early 'sshd: success of pam_c2m ends the account phase.*: use \[success=ok' "$account" "/$account/s/\[.*\]/sufficient/"
mended "/$account/s/sufficient/[success=ok ignore=ignore user_unknown=ignore authinfo_unavail=ignore module_unknown=ignore default=bad]/"
# 8: a line that was added breaks a jump
sed -i -E "/$auth/{s/success=done/success=2/;a auth optional pam_faildelay.so delay=1
}" $SEEN$stack
sees FAIL stack.granted "sshd: success=2 jumps onto pam_deny at /etc/pam.d/common-auth:[0-9]+ .*: move the line" "$(line_of $stack "$auth")"
mended "/$auth/{s/success=2/success=3/}"
# 10: the session line
wrong FAIL stack.session "sshd: pam_c2m's session line stands above pam_loginuid.*: move it below" "$session" "/$session/d;/pam_loginuid/i session optional pam_c2m.so"
mended "/$session/d;/pam_loginuid/a session optional pam_c2m.so"
sed -i -E "/$session/d" $SEEN$stack
sees FAIL stack.session 'sshd has no session line of pam_c2m: logout revokes nothing .*: add "session optional pam_c2m.so" below pam_loginuid' $stack
mended '/pam_loginuid/a session optional pam_c2m.so'
# 11: the package is removed
wrong WARN stack.missing 'sshd: removing pam_c2m.so would lock out root too .*: add module_unknown=ignore' "$auth" "/$auth/s/module_unknown=ignore //"
mended "/$auth/s/default=die/module_unknown=ignore &/"
# 24: arguments, and where the helper is
wrong FAIL stack.arguments 'sshd: pam_c2m takes no argument "reuze", and fails .*: correct or remove it' "$auth" "/$auth/s/\$/ reuze/"
mended "/$auth/s/ reuze//"
wrong FAIL helper.socket 'sshd: pam_c2m looks for the helper in /run/elsewhere, it is in /run/c2m .*: set runtime_dir=/run/c2m' "$auth" "/$auth/s/\$/ runtime_dir=\/run\/elsewhere/"
mended "/$auth/s/elsewhere/c2m/"

# without pam_debug.so nothing is rehearsed, which is no OK
mv "$dir/pam_debug.so" "$WORLD/"
assert_match 'SKIP stack.readable +no stack is rehearsed: pam_debug.so is missing' "$(doctor)"
