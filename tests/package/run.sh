#!/usr/bin/env bash
# make package-test: the packages of this tree, built and tried in fresh roots of the suites that are named.
#   tests/package/run.sh [bookworm] [trixie]
# Needs root, CAP_SYS_ADMIN, debootstrap and a mirror. Roots are kept in $(BUILD)/package, to be taken again; each test
# gets a copy of its own. C2M_KEEP=yes leaves that copy.
# shellcheck disable=SC2317 # functions that timed calls
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/package/prepare.sh
. tests/package/prepare.sh

[ "$(id -u)" = 0 ] || { echo 'package-test: run it as root'; exit 1; }
root_possible || { echo 'SKIP package-test: no namespaces, or no debootstrap here'; exit 77; }
version=$(sed -n 's/^VERSION := //p' Makefile)

look_with_lintian() {
  root_run "$work/build-$suite" "cd /out && lintian --allow-root --fail-on error,warning *.changes"
}

check_policies() {
  root_run "$work/build-$suite" 'apt-get -qq -y --no-install-recommends install make apparmor selinux-policy-dev checkpolicy rpm >/tmp/apt 2>&1 || { tail -n 3 /tmp/apt; exit 1; }
    cd /src/pam-c2m && tests/package/policy.sh --all'
}

# on_machine FUNCTION: with a copy of it
on_machine() {
  local root=$work/try-$suite rc=0
  root_copy "$work/machine-$suite" "$root" || return 1
  "$1" "$root" || rc=$?
  [ -n "${C2M_KEEP:-}" ] || rm -rf --one-file-system "$root"
  return "$rc"
}
tell_story() { tests/package/boot.sh "$1" bash /packages/inside.sh "$version"; }
# With an image's setting that leaves documentation out.
follow_readme() {
  echo 'path-exclude=/usr/share/doc/c2m/*' >"$1/etc/dpkg/dpkg.cfg.d/no-doc"
  tests/package/boot.sh "$1" bash -c 'cd /root/pam_c2m && export C2M_STANDIN=/packages/c2m-standin &&
    tests/readme.sh --on-this-machine packages && debian/tests/login' >"$work/$suite.readme.log" 2>&1
  local rc=$?
  grep -E '^(  # |from the packages|README.md: |readme: |FAIL |login, sudo)' "$work/$suite.readme.log" || tail -n 5 "$work/$suite.readme.log"
  return "$rc"
}
# README's other way: everything from the checkout, where no systemd runs
follow_checkout() {
  local root=$work/checkout-$suite rc=0
  root_copy "$work/$suite" "$root" && make -s copy TO="$root/root/pam_c2m" || return 1
  root_run "$root" 'cd /root/pam_c2m && tests/readme.sh --on-this-machine checkout' >"$work/$suite.checkout.log" 2>&1 || rc=$?
  tail -n "$([ "$rc" = 0 ] && echo 1 || echo 8)" "$work/$suite.checkout.log"
  [ -n "${C2M_KEEP:-}" ] || rm -rf --one-file-system "$root"
  return "$rc"
}
break_units() { tests/package/boot.sh "$1" bash /packages/units.sh; }
reboot() { unshare -n tests/package/reboot.sh "$1"; }

[ $# -gt 0 ] || set -- bookworm trixie
wrong=0
for suite; do
  timed 'fresh root' root_base "$suite" "$work/$suite" &&
    { timed 'packages built twice' build_packages || { tail -n 20 "$work/$suite.build.log"; false; }; } &&
    timed 'lintian' look_with_lintian && timed 'a machine' prepare_machine "$work/$suite" "$work/machine-$suite"
  # shellcheck disable=SC2181 # of all of them
  if [ $? != 0 ]; then wrong=1; continue; fi
  timed 'policies' check_policies || wrong=1
  timed "README's five commands" on_machine follow_readme || wrong=1
  timed "README's test machine, from the checkout" follow_checkout || wrong=1
  timed 'the story' on_machine tell_story || wrong=1
  timed 'doctor and the units' on_machine break_units || wrong=1
  timed 'a reboot' on_machine reboot || wrong=1
done
exit $wrong
