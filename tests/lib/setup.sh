#!/usr/bin/env bash
# Makes a bare Debian ready: root, the packages that are missing, a build. It asks nothing.
#   tests/lib/setup.sh [--no-install] [--forge] [--lint] [--fuzz] [--afl]
#                                                  the packages only; --lint: those of `make lint` too, --forge: those of
#                                                  the tests that are written in Python, --fuzz, --afl: of the fuzzers
# For scripts that source it:
#   setup_as_root SCRIPT [ARGUMENT ...]            goes on as root, through sudo where there is one
#   setup_packages [--no-install] [--forge] [--lint] [--fuzz] [--afl]
#   setup_build [TARGET ...]
# Until setup_packages has run nothing is used but bash, coreutils, sed, grep and dpkg.

SETUP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

SETUP_PACKAGES=(
  gcc make pkg-config libc6-dev
  libpam0g-dev libcurl4-openssl-dev libjson-c-dev libjwt-dev libjansson-dev libssl-dev libevent-dev libsqlite3-dev
  libsodium-dev libseccomp-dev libinih-dev libmicrohttpd-dev libcmocka-dev
  openssh-server openssh-client sudo pamtester
  iproute2 procps openssl curl ca-certificates
)
# Tests that use these skip where they are missing: installed with the others, and never demanded.
SETUP_OPTIONAL_PACKAGES=(at cron gdb locales mandoc proot putty-tools screen sshpass tmux)
# Two makers of tokens that are not ours: tests/forge, and the answers of tests/answers.
SETUP_FORGE_PACKAGES=(python3-jwt python3-jwcrypto)
# clang-format and clang-tidy by their number: both suites have this one, and two versions never agree on every line.
SETUP_LINT_PACKAGES=(clang clang-format-19 clang-tidy-19 cppcheck shellcheck)
# libFuzzer and the sanitizers' runtimes are no part of the package clang.
SETUP_FUZZ_PACKAGES=(clang libclang-rt-dev)
SETUP_AFL_PACKAGES=(afl++ clang libclang-rt-dev)

setup_as_root() {
  [ "$(id -u)" != 0 ] || return 0
  if command -v sudo >/dev/null; then exec sudo -- "$BASH" "$@"; fi
  echo "run it as root: $*  (there is no sudo to do it with)" >&2
  exit 1
}

setup_missing() {   # of the packages named, those that are not installed
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
  for package; do
    grep -qxF "$package" <<<"$installed" || echo "$package"
  done
}

SETUP_MARK="made by the set-up of pam_c2m's tests, while apt installs"
# In a subshell: its traps are its own. No service that comes with a package starts, now or at the next boot. One at a
# time, so that a policy that bears our mark is of a set-up that was killed, and goes with this one.
setup_apt() (
  policy=${SETUP_POLICY:-/usr/sbin/policy-rc.d}
  exec 8<"$(dirname "$policy")" && { flock -n 8 || { echo "Another set-up installs packages: waiting for it."; flock 8; }; } || exit 1
  log=$(mktemp) ours=
  trap 'rm -f "$log" ${ours:+"$policy"}' EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
  if [ ! -e "$policy" ] || grep -qF "$SETUP_MARK" "$policy"; then
    ours=yes
    printf '#!/bin/sh\n# %s\nexit 101\n' "$SETUP_MARK" >"$policy" && chmod 0755 "$policy" || exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  if ! "${apt[@]}" update >"$log" 2>&1 </dev/null ||
    ! "${apt[@]}" install -y --no-install-recommends --no-upgrade --no-remove "$@" >>"$log" 2>&1 </dev/null; then
    echo "apt could not install them; its last words:" >&2
    tail -n 15 "$log" >&2
    exit 1
  fi
  if command -v systemctl >/dev/null; then
    [[ " $* " != *' openssh-server '* ]] || systemctl disable ssh.service ssh.socket >/dev/null 2>&1 || :
    [[ " $* " != *' cron '* ]] || systemctl disable cron.service >/dev/null 2>&1 || :
  fi
)

setup_packages() {
  local install=yes wanted=("${SETUP_PACKAGES[@]}") missing started
  while [ $# -gt 0 ]; do
    case $1 in
      --no-install) install=no ;;
      --forge) wanted+=("${SETUP_FORGE_PACKAGES[@]}") ;;
      --lint) wanted+=("${SETUP_LINT_PACKAGES[@]}") ;;
      --fuzz) wanted+=("${SETUP_FUZZ_PACKAGES[@]}") ;;
      --afl) wanted+=("${SETUP_AFL_PACKAGES[@]}") ;;
      *) echo "setup_packages: unknown option $1" >&2; return 64 ;;
    esac
    shift
  done
  [ $install = no ] || wanted+=("${SETUP_OPTIONAL_PACKAGES[@]}")
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "set-up knows Debian 12 and 13 only (no apt-get here); needed: ${wanted[*]}" >&2
    return 1
  fi
  mapfile -t missing < <(setup_missing "${wanted[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ $install = no ]; then
    echo "missing, and --no-install forbids to install: ${missing[*]}" >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    echo "run it as root: these packages are missing: ${missing[*]}" >&2
    return 1
  fi
  echo "Installing ${#missing[@]} packages by apt, which takes about a minute: ${missing[*]}"
  started=$SECONDS
  setup_apt "${missing[@]}" || return 1
  echo "Installed in $((SECONDS - started)) s."
}

setup_build() {
  local build=${C2M_BUILD:-$SETUP_ROOT/build} started=$SECONDS rc=0
  local log=$build/make.log
  mkdir -p "$build"
  env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$SETUP_ROOT" -s -j "$(nproc)" --no-print-directory "BUILD=${C2M_BUILD:-build}" "$@" \
    >"$log" 2>&1 || rc=$?
  # who came through sudo keeps his own tree
  [ -z "${SUDO_UID:-}" ] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$build"
  if [ $rc != 0 ]; then
    echo "make failed (status $rc); its last words, all of them in $log:" >&2
    tail -n 30 "$log" >&2
    return 1
  fi
  echo "Built in $((SECONDS - started)) s."
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  [[ " $* " == *' --no-install '* ]] || setup_as_root "$0" "$@"
  setup_packages "$@"
fi
