#!/usr/bin/env bash
# The pid of a dead monitor is given to another login: by its start time it is somebody else, so neither the session nor a
# terminal's presence comes back with the number, also when the helper did not see the death.
. "$(dirname "$0")/../lib/test.sh"
# After a wrap of pid_max; here the number is asked for. In place it is not, where others begin processes too, or may not
# be: then the dead are gone, and nobody has their numbers.
again=
if [ "$WORLD_WAY" = private ] && { echo 300 >/proc/sys/kernel/ns_last_pid; } 2>/dev/null; then again=yes; fi
[ -n "$again" ] || echo 'counted: a part is left out: pids cannot be chosen here'

next_is() { echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid; }   # what is forked next has that pid
takes() { # PID: a process of root's gets it, as soon as the last of its group and session are gone
  local pid begun=$SECONDS
  while [ $((SECONDS - begun)) -lt 10 ]; do
    next_is "$1"
    sleep 60 &
    pid=$!
    if [ "$pid" = "$1" ]; then return 0; fi
    kill "$pid"
    wait "$pid" 2>/dev/null || :
  done
  fail "pid $1 was not to be had again in 10 s"
}

c2m_start
token=$(mint alice)
session_open a alice "$token"
monitor=$(session_monitor a)
if world_can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
# The number is free only when its process group is empty: what survives has a session of its own.
session_type a "setsid sh -c 'trap \"\" HUP; until [ -e go ]; do sleep 0.05; done; c2mctl token >late 2>&1; sudo -n id -un >>late 2>&1; echo end >>late' &"
assert_within 5 pgrep -u alice -f 'until'
authd_kill
child=$(pgrep -P "$monitor")
kill -KILL "$monitor" "$child"
wait_until 5 test ! -e "/proc/$monitor"
[ -z "$again" ] || takes "$monitor"
authd_start
assert_equal '' "$(c2mctl sessions)"
assert_match 'event=session .*state=closed .*reason=opener_died' "$(cat "$WORLD_LOG/authd.log")"
assert_within 5 token_is revoked "$token"
touch /home/alice/go
assert_within 10 grep -q '^end' /home/alice/late
assert_match 'you stand in no C2M session|that session is over' "$(cat /home/alice/late)"
assert_no_match $'(^|\n)(root|eyJ)' "$(cat /home/alice/late)"
[ -z "$again" ] || kill "$monitor"

can presence || exit 0
# a terminal's presence: its leader's pid, and its terminal's number, are another's
session_open_key one alice
assert_equal root "$(session_run one 'sudo id -un' "$(mint alice type=long)")"
assert_equal root "$(session_run one 'sudo id -un')"
terminal=$(session_run one tty) shell=$(session_shell one)
kill -STOP "$AUTHD_PID"   # sees nothing meanwhile
session_drop one
kill -KILL "$shell" 2>/dev/null || :   # or its terminal, which is gone, has ended it
wait_until 5 test ! -e "/proc/$shell"
cat >"$WORLD/leader" <<'LEADER'
echo "leader $$ $(tty)"
until [ -e "$1/go" ]; do sleep 0.05; done
exec setpriv --reuid alice --regid alice --init-groups sh -c 'sudo -n id -un; echo end'
LEADER
# leads_again PID TTY: a new session's leader has that pid, on a new terminal of that name; between this shell and it are
# some processes more, which get the pids before it
leads_again() {
  local before
  for before in 1 2 3 4 5 6; do
    : >"$WORLD/led"
    next_is $(($1 - before))
    setsid -w script -qec "sh $WORLD/leader $WORLD" /dev/null >"$WORLD/led" 2>&1 </dev/null &
    wait_until 5 grep -q '^leader' "$WORLD/led" || fail "no leader: $(<"$WORLD/led")"
    [[ $(<"$WORLD/led") != "leader $1 $2"* ]] || return 0
    kill $!
    wait $! || :
  done
  fail "pid $1 on $2 was not to be had again; at last: $(<"$WORLD/led")"
}
[ -z "$again" ] || leads_again "$shell" "$terminal"
kill -CONT "$AUTHD_PID"
if [ -n "$again" ]; then
  touch "$WORLD/go"
  assert_within 20 grep -q '^end' "$WORLD/led"
  assert_no_match $'(^|\n)root' "$(<"$WORLD/led")"
  wait $!
fi
session_open_key two alice
assert_equal "$terminal" "$(session_run two tty)"   # the trap
assert_status 130 session_run two 'sudo id -un'
