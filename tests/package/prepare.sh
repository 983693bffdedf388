# shellcheck shell=bash
# Sourced by what tries the packages in roots of a suite ($suite): they are built, and a machine is made that can install
# them. Roots are kept in $(BUILD)/package ($work), to be taken again.
# shellcheck source=tests/package/root.sh
. tests/package/root.sh

work=$(realpath -m "${C2M_BUILD:-build}/package")
mkdir -p "$work"

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
    chmod 0755 /out/c2m-standin' >"$work/$suite.build.log" 2>&1 && tree_sum >"$root/out/tree.sum"
}

# Of all that the packages are made of: this one does not change with their tests.
tree_sum() {
  { git ls-files -coz --exclude-standard 2>/dev/null || find . -type f -not -path './build/*' -print0 | sort -z; } |
    grep -zvE '^(\./)?tests/([^s]|s[^t])' | xargs -0r sha256sum | sha256sum
}
packages_are_built() { [ "$(tree_sum)" = "$(cat "$work/build-$suite/out/tree.sum" 2>/dev/null)" ]; }

# prepare_machine FROM TO: a small server that has not seen the packages: they lie in /packages, in the checkout's
# build/deb, and what they depend on in apt's cache, because the network is not there when it is booted.
prepare_machine() {
  local root=$2 out=$work/build-$suite/out
  root_copy "$1" "$root" && cp -a "$out" "$root/packages" && cp tests/package/*.sh "$root/packages/" || return 1
  make -s copy TO="$root/root/pam_c2m" && install -D -m 0644 -t "$root/root/pam_c2m/build/deb" "$out"/*.deb || return 1
  if ! root_run "$root" 'apt-get -qq update && apt-get -qq -y --download-only install /packages/*.deb' >"$work/$suite.machine.log" 2>&1; then
    tail -n 5 "$work/$suite.machine.log"
    return 1
  fi
  echo web1 >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 web1\n' >"$root/etc/hosts"
}
