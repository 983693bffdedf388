#!/usr/bin/env bash
# The state is full or read-only: an outage, before anything is obtained or granted that could not be revoked. The
# local password lets in meanwhile, and when there is room again tokens do.
. "$(dirname "$0")/../lib/test.sh"

needs mount

mkdir -p /var/lib/c2m
mount -t tmpfs -o size=512k,mode=0700 tmpfs /var/lib/c2m
chown c2m-authd: /var/lib/c2m
c2m_start
long=$(mint alice type=long) short=$(mint alice)
assert_equal alice "$(login alice "$short" -- id -un)"

short=$(mint alice)
before=$(api_requests short)
head -c 1M /dev/zero >/var/lib/c2m/filler 2>/dev/null || :
# as long as the store has room of its own left it may go on; in the end it says no
for _ in $(seq 300); do
  login alice "$short"$'\n'"alice-$WORLD_PASSWORD" -- true >/dev/null 2>&1 || break
  [[ $(tail -n 20 "$WORLD_LOG/authd.log") != *'verdict=unavailable reason=store'* ]] || break
  short=$(mint alice)
done
assert_match 'event=login .*verdict=unavailable reason=store' "$(cat "$WORLD_LOG/authd.log")"
before=$(api_requests short)
assert_equal alice "$(login alice "$long"$'\n'"alice-$WORLD_PASSWORD" -- id -un)"   # break-glass: the second prompt is unix'
assert_equal "$before" "$(api_requests short)"

rm /var/lib/c2m/filler
assert_equal alice "$(login alice "$(mint alice type=long)" -- id -un)"
