#!/usr/bin/env bash
# The state is full or read-only: an outage, before anything is obtained or granted that could not be revoked. The
# local password lets in meanwhile, and when there is room again tokens do.
. "$(dirname "$0")/../lib/test.sh"

# A file system of its own that can be filled; where none can be mounted, files that may not grow (setrlimit(2)).
if world_can mount; then
  mkdir -p "$STATE_DIR"
  mount -t tmpfs -o size=4m,mode=0700 tmpfs "$STATE_DIR"
  chown c2m-authd: "$STATE_DIR"
  fill() { head -c 256M /dev/zero >"$STATE_DIR/filler" 2>/dev/null || :; }
  make_room() { rm "$STATE_DIR/filler"; }
else
  # as the helper's own user, who alone may change it without CAP_SYS_RESOURCE
  limit() { setpriv --reuid c2m-authd --regid c2m-authd --clear-groups prlimit --pid "$AUTHD_PID" --fsize="$1:"; }
  fill() { limit 4096; }   # less than a page with its head, and than the helper's log until then
  make_room() { limit unlimited; }
fi
c2m_start
long=$(mint alice type=long) short=$(mint alice)
assert_equal alice "$(login alice "$short" -- id -un)"

short=$(mint alice)
before=$(api_requests short)
fill
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

make_room
assert_equal alice "$(login alice "$(mint alice type=long)" -- id -un)"
