#!/usr/bin/env bash
# System calls of the running helper fail, one a login, while a long token logs in and out: nothing hangs or crashes,
# and what was obtained is revoked in the end. In a world, with `make harnesses` before. helper.sh [EVERY [ERROR ...]]: each Nth call (1); errors by number.
. "$(dirname "$0")/../lib/test.sh"

every=${1:-1}; shift || :
errors=("$@")
[ ${#errors[@]} -gt 0 ] || errors=(5 12 24 4 11 28 32 13)   # EIO ENOMEM EMFILE EINTR EAGAIN ENOSPC EPIPE EACCES
orders=$WORLD/orders
truncate -s 4096 "$orders"
order() { perl -e 'open F, "+<", shift; syswrite F, pack "q3", @ARGV' "$orders" "$1" "$2" -1; }   # NTH ERROR
counted() { perl -e 'open F, "<", shift; sysread F, $b, 24; print((unpack "q3", $b)[2])' "$orders"; }
descriptors() { find "/proc/$AUTHD_PID/fd" -mindepth 1 | wc -l; }

start() { C2M_STARVE=$orders LD_PRELOAD=$BUILD/tests/starve/helper.so authd_start; }
standin_start; keys_copy; seal_key_write; users_write; config_write 'api.requests_per_minute=10000'
start
printf '%s required %s runtime_dir=/run/c2m\n' auth "$BUILD/pam_c2m.so" session "$BUILD/pam_c2m.so" >/etc/pam.d/c2m-starve
good=$(mint alice type=long)
# try TOKEN: what became of it, "open closed" or a PAM code
try() { timeout 15 "$BUILD/tests/revoke/session" /etc/pam.d c2m-starve alice <<<"$1" | tr '\n' ' '; }

granted=0 refused=0 runs=0 ended=0 crashes=0 hangs=0
point() { # TOKEN NTH ERROR
  local said
  order "$2" "$3"
  said=$(try "$1") || { hangs=$((hangs + 1)); echo "a hang: call $2, error $3"; }
  runs=$((runs + 1))
  case $said in
    open*) granted=$((granted + 1)) ;;
    *) refused=$((refused + 1)) ;;
  esac
  if ! service_lives "$AUTHD_PID"; then
    wait "$AUTHD_PID" && status=0 || status=$?
    ended=$((ended + 1))
    [ "$status" = 69 ] || crashes=$((crashes + 1))
    echo "the helper ended: call $2, error $3, status $status"; start
  fi
}

assert_match '^open closed' "$(try "$good")"
order 0 0; try "$good" >/dev/null; sleep 0.3; calls=$(counted)
before=$(descriptors)
echo "calls of a login and a logout: $calls"
for error in "${errors[@]}"; do
  for ((nth = 1; nth <= calls; nth += every)); do point "$good" "$nth" "$error"; done
  echo "error $error: $runs runs so far, $granted granted, $refused not; hangs: $hangs, crashes: $crashes, ends of the helper with an error of its own: $((ended - crashes))"
done
order 0 0
assert_match '^open closed' "$(try "$good")"
assert_within 60 tokens_live alice 1   # the long one: each short one is revoked
echo "descriptors: $before before, $(descriptors) after"
[ $((crashes + hangs)) = 0 ]
