#!/usr/bin/env bash
# What this machine's tools find in the policies that are shipped for others: the AppArmor profile is parsed, the SELinux
# module compiled, the RPM spec parsed with its scripts. Nothing is loaded or installed. A tool that is missing is named.
#   tests/package/policy.sh [--all]   --all: one that is missing is a failure
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
missing() {   # WHAT PACKAGE
  echo "SKIP $1: $2 is not installed"
  [ "$all" = no ] || wrong=1
}
tried() {   # WHAT COMMAND ...
  if "${@:2}" >"$work/said" 2>&1; then echo "ok   $1"; else echo "FAIL $1: $(tail -n 5 "$work/said")"; wrong=1; fi
}
all=no
[ "${1:-}" != --all ] || all=yes

profile=helper/apparmor/usr.libexec.c2m.c2m-authd
if [ -x /sbin/apparmor_parser ] || command -v apparmor_parser >/dev/null; then
  tried 'AppArmor profile, parsed' env PATH="$PATH:/sbin" apparmor_parser -Q -K "$profile"
else
  missing 'AppArmor profile' apparmor
fi
if [ -e /usr/share/selinux/devel/Makefile ] && command -v checkmodule >/dev/null; then
  cp helper/selinux/* "$work/"
  tried 'SELinux module, compiled' make -s -C "$work" -f /usr/share/selinux/devel/Makefile c2m.pp
else
  missing 'SELinux module' selinux-policy-dev
fi
# systemd's macros are Fedora's; what they become is put off, so that the rest can be read
if command -v rpmspec >/dev/null; then
  spec=examples/rpm/pam_c2m.spec
  off=(--define '_unitdir /usr/lib/systemd/system' --define '_sysusersdir /usr/lib/sysusers.d' --define 'systemd_requires %{nil}'
    --define 'sysusers_create_compat() :' --define 'systemd_post() :' --define 'systemd_preun() :' --define 'systemd_postun_with_restart() :')
  tried 'RPM spec, parsed' rpmspec "${off[@]}" --parse "$spec"
  rpmspec "${off[@]}" --parse "$spec" 2>/dev/null >"$work/parsed"
  for script in post preun postun; do
    sed -n "/^%$script\$/,/^%[a-z]/{/^%/d;p}" "$work/parsed" >"$work/$script"
    [ -s "$work/$script" ] && tried "RPM spec, %$script" sh -n "$work/$script"
  done
else
  missing 'RPM spec' rpm
fi
exit $wrong
