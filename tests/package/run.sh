#!/usr/bin/env bash
# make package-test: the packages of this tree, built and tried in fresh roots of the suites that are named.
#   tests/package/run.sh [bookworm] [trixie]
# Needs root, CAP_SYS_ADMIN, debootstrap and a mirror. Roots are kept in $(BUILD)/package, to be taken again; each test
# gets a copy of its own. C2M_KEEP=yes leaves that copy.
# shellcheck disable=SC2317 # functions that timed calls
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/package/root.sh
. tests/package/root.sh

work=$(realpath -m "${C2M_BUILD:-build}/package")
mkdir -p "$work"
[ "$(id -u)" = 0 ] || { echo 'package-test: run it as root'; exit 1; }
root_possible || { echo 'SKIP package-test: no namespaces, or no debootstrap here'; exit 77; }
version=$(sed -n 's/^VERSION := //p' Makefile)

timed() {   # WHAT COMMAND ...
  local started=$SECONDS rc=0
  "${@:2}" || rc=$?
  echo "$suite: $1: $([ $rc = 0 ] && echo ok || echo "status $rc"), $((SECONDS - started)) s"
  return "$rc"
}

# The previous build is one whose version sorts before this one's, by README.md's command; its objects serve both.
build_packages() {
  local root=$work/build-$suite
  if [ ! -d "$root" ]; then
    root_copy "$work/$suite" "$root.part" && mv "$root.part" "$root" || return 1
  fi
  rm -rf "$root/src" "$root/out" && mkdir -p "$root/out/lib" && make -s copy TO="$root/src/pam-c2m" || return 1
  # shellcheck disable=SC2016 # the inner shell's
  root_run "$root" 'set -e
    cd /src/pam-c2m
    sed -i "1s/(\(.*\))/(\1~1)/" debian/changelog
    bash -e -c "$(tests/readme.sh --print "Install from packages" 1)"
    mkdir /out/previous && mv build/deb/*.deb /out/previous/ && rm build/deb/*.changes build/deb/*.buildinfo
    cd build/deb/pam-c2m-*/
    sed -i "1s/~1)/)/" debian/changelog
    dpkg-buildpackage -us -uc -b -nc
    mv ../*.deb ../*.changes ../*.buildinfo /out/
    apt-get -qq -y --no-install-recommends install lintian libmicrohttpd-dev libgnutls28-dev
    make -s BUILD=debian/build debian/build/c2m-standin && cp debian/build/c2m-standin /out/lib/
    ldd /out/lib/c2m-standin | sed -n "s,.* => \(/[^ ]*\) .*,\1,p" | xargs cp -Lt /out/lib
    printf "#!/bin/sh\nLD_LIBRARY_PATH=/packages/lib exec /packages/lib/c2m-standin \"\$@\"\n" >/out/c2m-standin
    chmod 0755 /out/c2m-standin' >"$work/$suite.build.log" 2>&1
}

look_with_lintian() {
  root_run "$work/build-$suite" "cd /out && lintian --allow-root --fail-on error,warning *.changes"
}

check_policies() {
  root_run "$work/build-$suite" 'apt-get -qq -y --no-install-recommends install make apparmor selinux-policy-dev checkpolicy rpm >/tmp/apt 2>&1 || { tail -n 3 /tmp/apt; exit 1; }
    cd /src/pam-c2m && tests/package/policy.sh --all'
}

# A small server that has not seen the packages: they lie in /packages, in the checkout's build/deb, and what they depend
# on in apt's cache, because the network is not there when it is booted.
prepare_machine() {
  local root=$work/machine-$suite out=$work/build-$suite/out
  root_copy "$work/$suite" "$root" && cp -a "$out" "$root/packages" && cp tests/package/*.sh "$root/packages/" || return 1
  make -s copy TO="$root/root/pam_c2m" && install -D -m 0644 -t "$root/root/pam_c2m/build/deb" "$out"/*.deb || return 1
  if ! root_run "$root" 'apt-get -qq update && apt-get -qq -y --download-only install /packages/*.deb' >"$work/$suite.machine.log" 2>&1; then
    tail -n 5 "$work/$suite.machine.log"
    return 1
  fi
  echo web1 >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 web1\n' >"$root/etc/hosts"
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
follow_readme() {
  tests/package/boot.sh "$1" bash -c 'cd /root/pam_c2m && export C2M_STANDIN=/packages/c2m-standin &&
    tests/readme.sh --on-this-machine packages && debian/tests/login' >"$work/$suite.readme.log" 2>&1
  local rc=$?
  grep -E '^(  # |from the packages|README.md: |readme: |FAIL |login, sudo)' "$work/$suite.readme.log" || tail -n 5 "$work/$suite.readme.log"
  return "$rc"
}
break_units() { tests/package/boot.sh "$1" bash /packages/units.sh; }
reboot() { unshare -n tests/package/reboot.sh "$1"; }

[ $# -gt 0 ] || set -- bookworm trixie
wrong=0
for suite; do
  timed 'fresh root' root_base "$suite" "$work/$suite" &&
    { timed 'packages built twice' build_packages || { tail -n 20 "$work/$suite.build.log"; false; }; } &&
    timed 'lintian' look_with_lintian && timed 'a machine' prepare_machine
  # shellcheck disable=SC2181 # of all of them
  if [ $? != 0 ]; then wrong=1; continue; fi
  timed 'policies' check_policies || wrong=1
  timed "README's five commands" on_machine follow_readme || wrong=1
  timed 'the story' on_machine tell_story || wrong=1
  timed 'doctor and the units' on_machine break_units || wrong=1
  timed 'a reboot' on_machine reboot || wrong=1
done
exit $wrong
