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

tree() { { git ls-files -coz --exclude-standard 2>/dev/null || find . -type f -not -path './build/*' -print0; } | tar -c --null -T -; }
timed() {   # WHAT COMMAND ...
  local started=$SECONDS rc=0
  "${@:2}" || rc=$?
  echo "$suite: $1: $([ $rc = 0 ] && echo ok || echo "status $rc"), $((SECONDS - started)) s"
  return $rc
}

# The previous build is one whose version sorts before this one's; its objects serve both.
build_packages() {
  local root=$work/build-$suite
  if [ ! -d "$root" ]; then
    rm -rf "$root.part"
    root_copy "$work/$suite" "$root.part" && mkdir "$root.part/src" && tree | tar -x -C "$root.part/src" &&
      root_run "$root.part" 'apt-get -qq update && apt-get -qq -y --no-install-recommends install build-essential lintian libmicrohttpd-dev libgnutls28-dev &&
        cd /src && apt-get -qq -y --no-install-recommends build-dep ./' >"$work/$suite.build.log" 2>&1 && mv "$root.part" "$root" || return 1
  fi
  rm -rf "$root/src" "$root/out"
  mkdir -p "$root/src/pam-c2m" "$root/out" && tree | tar -x -C "$root/src/pam-c2m" || return 1
  # shellcheck disable=SC2016 # the inner shell's
  root_run "$root" 'set -e
    cd /src/pam-c2m
    sed -i "1s/(\(.*\))/(\1~1)/" debian/changelog
    make deb
    mkdir /out/previous && mv build/deb/*.deb /out/previous/ && rm build/deb/*.changes build/deb/*.buildinfo
    cd build/deb/pam-c2m-*/
    sed -i "1s/~1)/)/" debian/changelog
    dpkg-buildpackage -us -uc -b -nc
    mv ../*.deb ../*.changes ../*.buildinfo /out/
    make -s BUILD=debian/build debian/build/c2m-standin && cp debian/build/c2m-standin /out/
    ldd /out/c2m-standin | awk "\$3 ~ /^\// { print \$3 }" | xargs -n 1 realpath | sed "s,^/usr,," |
      while read -r file; do dpkg -S "*$file" 2>/dev/null; done | sed "s/:.*//" | sort -u >/out/standin.needs' >>"$work/$suite.build.log" 2>&1
}

look_with_lintian() {
  root_run "$work/build-$suite" "cd /out && lintian --allow-root --fail-on error,warning --suppress-tags bad-distribution-in-changes-file *.changes"
}

try_packages() {
  local root=$work/try-$suite out=$work/build-$suite/out rc=0
  if ! { root_copy "$work/$suite" "$root" && mkdir "$root/packages" && cp -a "$out/." "$root/packages/" && cp tests/package/inside.sh "$root/packages/" &&
    root_run "$root" "apt-get -qq update && apt-get -qq -y --no-install-recommends install \$(cat /packages/standin.needs) &&
      apt-get -qq -y --no-install-recommends --download-only install /packages/*.deb" >"$work/$suite.try.log" 2>&1; }; then
    tail -n 5 "$work/$suite.try.log"
    return 1
  fi
  echo web1 >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 web1\n' >"$root/etc/hosts"
  tests/package/boot.sh "$root" bash /packages/inside.sh "$version" || rc=$?
  [ -n "${C2M_KEEP:-}" ] || rm -rf --one-file-system "$root"
  return "$rc"
}

[ $# -gt 0 ] || set -- bookworm trixie
wrong=0
for suite; do
  timed 'fresh root' root_base "$suite" "$work/$suite" &&
    { timed 'packages built twice' build_packages || { tail -n 20 "$work/$suite.build.log"; false; }; } &&
    timed 'lintian' look_with_lintian && timed 'tried' try_packages || wrong=1
done
exit $wrong
