# shellcheck shell=bash
# Sourced by the stories that are told inside a root: steps, checks and their count.
# shellcheck disable=SC2317 # functions that checks call
checks=0 failed=0

step() { printf -- '- %s\n' "$*"; }
ok() { checks=$((checks + 1)); }
fail() { checks=$((checks + 1)); failed=$((failed + 1)); printf '  FAIL %s\n' "$*"; }
check() { if "${@:2}" >/tmp/said 2>&1; then ok; else fail "$1: $(tail -n 3 /tmp/said | tr '\n' ' ')"; fi; }   # WHAT COMMAND ...
check_not() { if "${@:2}" >/tmp/said 2>&1; then fail "$1: $(tail -n 3 /tmp/said | tr '\n' ' ')"; else ok; fi; }
equal() { if [ "$2" = "$3" ]; then ok; else fail "$1: expected $2, is $3"; fi; }   # WHAT EXPECTED IS
finish() {
  if [ "$failed" != 0 ]; then journalctl -q --no-pager -u c2m-authd -u ssh -n 25 -o cat; fi
  echo "$checks checks, $failed failed"
  [ "$failed" = 0 ]
  exit
}

quiet_apt() { apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/tmp/apt 2>&1 </dev/null; }
property() { systemctl show -P "$2" "$1"; }   # UNIT PROPERTY
active() { [ "$(property "$1" ActiveState)" = active ]; }
revocation_waits() { [ -n "$(c2mctl revocations --pending)" ]; }
