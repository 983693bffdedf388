#!/usr/bin/env bash
# In place: however a run ends, /etc, /run and /home are as they were before; after SIGKILL as soon as the next run has
# ended. Two runs at once follow one another. What is another's of the same name is left alone.
# long: it tries what tries
set -u
# shellcheck source=tests/lib/world.sh
. "$(dirname "$0")/../lib/world.sh"
# shellcheck source=tests/lib/assert.sh
. "$ROOT/tests/lib/assert.sh"

# It is tried inside a private world, after what that made is gone. Where there is none this container is the place.
if ! world_entered; then
  world_possible || skip "$WORLD_REASON"
  [ "$WORLD_WAY" = in-place ] || world_enter bash "$(realpath "$0")"
  inside=
  in_place_lock
  in_place_undo
else
  inside=yes
  for user in "${WORLD_USERS[@]}" c2m-authd; do userdel -r "$user" 2>/dev/null; done
  rm -f /usr/lib/*/security/pam_c2m.so /usr/local/bin/c2mctl
fi
world_paths in-place
# shellcheck source=tests/lib/services.sh
. "$ROOT/tests/lib/services.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export C2M_IN_PLACE=yes C2M_WORLD='' C2M_IN_PLACE_LOCK='' C2M_IN_PLACE_LOCK_AT=$work
unset C2M_LOG_DIR

listing() {
  stat -c '%n %a %U:%G' / /dev/log "$IN_PLACE_JOURNAL"* /usr/local/bin/c2mctl /usr/lib/*/security/pam_c2m.so 2>/dev/null
  find /etc /run /home -xdev -path /run/world -prune -o -printf '%p %y %m %U:%G %l\n' | sort
  find /etc /run /home -xdev -path /run/world -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
}
before=$(listing)
clean() {   # AFTER WHAT
  [ "$before" = "$(listing)" ] || fail "$1: not as before" "$(diff <(echo "$before") <(listing))"
  ! pgrep -f "$WORLD/|sleep 98765|c2m-authd --config" >"$work/left" || fail "$1: somebody is left" "$(xargs ps -fp <"$work/left")"
}

world() { "$ROOT/tests/lib/world.sh" "$@"; }

# A world in which a session is open, with its traces and processes.
cat >"$work/busy.sh" <<BUSY
. "$ROOT/tests/lib/test.sh"
c2m_start
session_open one alice "\$(mint alice)"
! world_can presence || assert_equal root "\$(session_run one 'sudo id -un')"
echo '# changed' >>/home/alice/.profile
session_type one 'setsid sleep 98765 & sudo sleep 98765'
echo busy
sleep 98765
BUSY
busy() {   # sets `world`, its process and process group
  : >"$work/out"   # the former one was busy too
  env --default-signal setsid bash "$work/busy.sh" >"$work/out" 2>&1 </dev/null &
  world=$!
  wait_until 20 grep -qx busy "$work/out" || fail 'no world' "$(cat "$work/out")"
  [ "$before" != "$(listing)" ] || fail 'it changes nothing'
}
ended() { wait "$world" 2>/dev/null; assert_equal "$1" $? "$2"; }   # STATUS WHAT

assert_status 0 world true
clean 'a normal end'
assert_status 3 world bash -c 'id alice && exit 3'
clean 'a failure'

busy
kill -TERM "$world"
ended 143 TERM
clean TERM
busy
kill -HUP "$world"
ended 129 HUP
clean HUP
busy
kill -INT -- "-$world"   # as Ctrl-C does
ended 130 Ctrl-C
clean Ctrl-C

world bash -c 'while echo line; do sleep 0.01; done' 2>/dev/null | head -n 1 >"$work/out"
assert_equal line "$(cat "$work/out")"
clean 'a closed pipe'

# The journal outlives it, and the next run reads it.
busy
kill -KILL "$world"
ended 137 KILL
[ -e "$IN_PLACE_JOURNAL" ] || fail 'no journal'
assert_status 0 world true
clean 'SIGKILL, and the next run'
busy
kill -KILL -- "-$world"
ended 137 KILL
assert_status 0 world true
clean 'SIGKILL of all, and the next run'

# ... also while the world is being made: what goes on without its parent is waited for by the next run.
for moment in 0.02 0.08 0.15 0.3; do
  env --default-signal setsid "$ROOT/tests/lib/world.sh" true >"$work/out" 2>&1 </dev/null &
  world=$!
  sleep "$moment"
  kill -KILL "$world" 2>/dev/null
  wait "$world" 2>/dev/null
  assert_status 0 world true
  clean "SIGKILL after $moment s, and the next run"
done

for name in one two; do
  world bash -c 'id -un alice && sleep 0.5 && id -un alice' >"$work/$name" 2>&1 &
done
wait
assert_equal 'alice alice alice alice' "$(cat "$work/one" "$work/two" | grep -x alice | paste -s -d ' ')"
assert_equal 1 "$(cat "$work/one" "$work/two" | grep -c 'waiting for its end')"
clean 'two at once'

if [ -z "$inside" ]; then echo "counted: a part is left out: it changes what is not the world's"; exit 0; fi
useradd --create-home bob
before=$(listing)
assert_status 77 world true
assert_match 'bob is here already' "$output"
clean 'a bob of the machine'
userdel -r bob 2>/dev/null

before=$(listing)
world useradd --create-home carol
assert_status 0 id carol
assert_fails id alice
assert_equal '' "$(grep -E '^(alice|bob|mallory|c2m-authd):' /etc/{passwd,shadow,group,gshadow,subuid,subgid})"
userdel -r carol 2>/dev/null
