#!/usr/bin/env bash
# `make timing-test PAIRS=10000`: with unmapped = deny, refusals that are decided on this host cannot be told apart by
# their time: of who does not exist, who is not mapped, a token that is wrong, that ran out, that is another's. One
# repetition is allowed: at one per cent chance alone fails it now and then.
#   tests/timing/run.sh [PAIRS [WORKERS]]
. "$(dirname "$0")/../lib/test.sh"
pairs=${1:-10000} workers=${2:-8}

c2m_start login.unmapped=deny login.refusal_floor=50ms
old=$(mint alice 'claims={"iat":1700000000,"exp":1700000900}')
good=$(mint alice)
{
  echo "nobody 4294967295 nosuch $good"
  echo "unmapped $(id -u mallory) mallory $good"
  echo "wrong $(id -u alice) alice $(mint alice sign=foreign)"
  echo "expired $(id -u alice) alice $old"
  echo "another's $(id -u alice) alice $(mint bob)"
} >"$WORLD/kinds"
measured() { "$BUILD/tests/timing/refusals" /run/c2m "$pairs" "$workers" <"$WORLD/kinds" >"$WORLD/times"; }
rc=0
measured || rc=$?
if [ "$rc" = 1 ]; then
  sed 's/^/once: /' "$WORLD/times"
  rc=0
  measured || rc=$?
fi
sed 's/^/counted: /' "$WORLD/times"
assert_equal 0 "$rc" 'refusals that can be told apart'
assert_equal 0 "$(grep -c 'event=login.*verdict=granted' "$WORLD_LOG/authd.log" || :)" 'grants'
for reason in unmapped subject expired; do assert_match "reason=$reason" "$(grep -m 1 "event=login.*reason=$reason" "$WORLD_LOG/authd.log" || :)"; done
