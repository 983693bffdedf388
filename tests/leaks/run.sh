#!/usr/bin/env bash
# `make leak-test ROUNDS=100`: logins by every credential, so many of each; then each token, code and secret is looked for
# in the helper's memory and a core of it, in the logs and the state folder, in every process's arguments and environment,
# and in the memory of whoever asked PAM: a host that lives on, sshd's processes while sessions are open, sudo while its
# command runs. No request is under way then.
#   tests/leaks/run.sh [ROUNDS]
. "$(dirname "$0")/../lib/test.sh"
rounds=${1:-100}

random() { openssl rand -hex "$1"; }
scopes='["jobs:submit","jobs:read","tokens:write","tokens:revoke","login:web1"]'
secret=$(random 24) host_secret=$(random 24) planted=planted-$(random 16)
cat >"$WORLD/clients.json" <<JSON
{"clients":[{"id":"c2m_alice","secret":"$secret","scopes":$scopes},
{"id":"c2m_bob","secret":"$(random 24)","scopes":$scopes},
{"id":"c2m_host","secret":"$host_secret","scopes":$scopes}]}
JSON
standin_start --clients "$WORLD/clients.json"
keys_copy; seal_key_write; users_write; examples_install; sshd_start
config_write api.requests_per_minute=10000 'login.accept=short long code secret' 'service sudo.accept=short long' 'service sudo.reuse=' \
  session.stored=yes host.client=c2m_host
# Where root may not look into it, the helper lends its memory from inside.
memory=$WORLD/memory
mkfifo "$memory"
helper_start() {
  if world_can trace; then authd_start --debug; else C2M_MEMORY=$memory LD_PRELOAD=$BUILD/tests/inside/memory.so authd_start --debug; fi
}
helper_start
printf '%s required %s runtime_dir=/run/c2m\n' auth "$BUILD/pam_c2m.so" session "$BUILD/pam_c2m.so" >/etc/pam.d/c2m-leak

# --- secrets: a line LABEL TEXT each, in files that are not searched ------------------------------------------------

umask 077
secrets=$WORLD/secrets
printf '%s\n' "secret $secret" "secret $host_secret" >"$secrets"
printf '%s\n' "planted $planted" >"$WORLD/planted"
remember() { printf '%s %s\n' "$1" "$2" >>"$secrets"; }
pieces() { sed -n 's/.* bytes, \([0-9]*\) pieces of .*/\1/p' "$WORLD/found" | awk '{ sum += $1 } END { print sum + 0 }'; }
search_lent() { # SECRETS
  rm -f "$WORLD/lent"
  echo "'$BUILD/tests/leaks/search' '$1' lent >'$WORLD/found'; echo \$? >'$WORLD/lent.new'; mv '$WORLD/lent.new' '$WORLD/lent'" 1<>"$memory"
  wait_until 120 test -e "$WORLD/lent" || fail 'the helper does not lend its memory'
  return "$(<"$WORLD/lent")"
}
# Sets found: pieces of a secret. What was looked for, and where, is told.
look() { # SECRETS WHAT PID|FILE ...
  local what=$2 rc=0 from=$1
  shift 2
  if [ "$1" != "$AUTHD_PID" ] || world_can trace; then
    "$BUILD/tests/leaks/search" "$from" "$@" >"$WORLD/found" || rc=$?
  else
    search_lent "$from" || rc=$?
  fi
  [ "$rc" -le 1 ] || fail "$what cannot be searched"
  found=$(pieces)
  echo "counted: $what: $found found, in $(awk '/ bytes, / { sum += $2 } END { printf "%d KB of %d", sum / 1024, NR }' <(grep ' bytes, ' "$WORLD/found"))"
  grep -v ' bytes, ' "$WORLD/found" | sed -E 's/its byte [0-9]+, at 0x[0-9a-f]+/at/' | sort | uniq -c | head -n 20 || :
}
look_clean() { look "$secrets" "$@"; [ "$found" = 0 ] || dirty+=" $1"; }   # WHAT PID|FILE ...
dirty=

# --- logins ---------------------------------------------------------------------------------------------------------

# Arguments and environments come and go. Each look must find what is planted in both, and ends the watch where it finds more.
watch_arguments() {
  local looks=0 rc place
  while [ ! -e "$WORLD/watched" ]; do
    cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' >"$WORLD/arguments" || :
    cat "$secrets" "$WORLD/planted.process" >"$WORLD/arguments.secrets"
    rc=0
    "$BUILD/tests/leaks/search" "$WORLD/arguments.secrets" "$WORLD/arguments" >"$WORLD/arguments.all" || rc=$?
    [ "$rc" = 1 ] || fail "arguments and environments cannot be searched, or what is there is not found: status $rc"
    for place in argument environment; do
      grep -q ": $place [0-9]*, its byte" "$WORLD/arguments.all" || fail "what is planted in an $place is not found"
    done
    looks=$((looks + 1))
    echo "$looks" >"$WORLD/looks"
    ! grep ', at ' "$WORLD/arguments.all" | grep -v ': \(argument\|environment\) ' >"$WORLD/arguments.found" || break
    sleep 0.1
  done
}
in_argument=$(random 16) in_environment=$(random 16)
printf '%s\n' "argument $in_argument" "environment $in_environment" >"$WORLD/planted.process"
perl -e 'sleep 10000' "$in_argument" & planted_pids=($!)
C2M_PLANTED=$in_environment sleep 10000 & planted_pids+=($!)
planted_is_there() { tr '\0' '\n' <"/proc/$1/$2" | grep -qF "$3"; }
assert_within 10 planted_is_there "${planted_pids[0]}" cmdline "$in_argument"   # or it is the shell still, before exec
assert_within 10 planted_is_there "${planted_pids[1]}" environ "$in_environment"
echo 0 >"$WORLD/looks"
watch_arguments &
watcher=$!

mkfifo "$WORLD/host.in"
"$BUILD/tests/leaks/host" /etc/pam.d c2m-leak alice "$planted" <"$WORLD/host.in" >"$WORLD/host.out" &
host=$!
exec {to_host}>"$WORLD/host.in"
typed=0
answered() { [ "$(wc -l <"$WORLD/host.out")" = "$typed" ]; }
host_login() { # TEXT
  printf '%s\n' "$1" >&"$to_host"
  typed=$((typed + 1))
  wait_until 20 answered || fail 'the host does not answer'
  assert_equal open "$(tail -n 1 "$WORLD/host.out")" "login $typed"
}
# made KIND NUMBER: a fresh credential, which is remembered; in $credential
made() {
  local forms=('' 'form=ltk pad=900' 'form=jwt' 'form=jwe')
  # shellcheck disable=SC2086  # words
  case $1 in
    long) credential=$(mint alice type=long ${forms[$2 % ${#forms[@]}]}) ;;
    jwt) credential=$(mint alice type=long form=jwt) ;;
    short) credential=$(mint alice) ;;
    code) credential=$(ask 'code client=c2m_alice digits=10' code) ;;
    secret) credential=$secret ;;
    askpass) credential=$(mint_sized alice $((600 + $2 % 8 * 900))) ;;
  esac
  remember "$1" "$credential"
}
for ((round = 0; round < rounds; round++)); do
  for kind in short long jwt code secret; do
    made "$kind" "$round"
    host_login "$credential"
  done
  made askpass "$round"
  remember delivered "$(login_askpass alice "$credential" -- c2mctl token)"
  made jwt "$round"
  c2mctl enroll --user alice <<<"$credential" >/dev/null
  remember delivered "$(login_key alice -- c2mctl token)"
done
c2mctl enroll --client c2m_host --secret <<<"$host_secret" >/dev/null
for kind in short jwt code secret; do
  made "$kind" 0
  session_open "$kind" alice "$credential"
done
session_open_key key alice
remember delivered "$(session_run jwt 'c2mctl token')"
# nobody lends what is sudo's or sshd's
others=
if can trace; then
  others=yes
  # the control: who is not mapped enters with a password of pam_unix, as long as sshd and pam_unix allow
  password=$(random 120)
  usermod --password "$(perl -e '$_ = <STDIN>; chomp; print crypt($_, q($5$rounds=1000$world))' <<<"$password")" mallory
  session_open control mallory "$password"
fi
if [ -n "$others" ] && can sudo && can pty; then
  made long 0
  session_type short "sudo sh -c 'sleep 1000' $planted"
  session_expect short "$SESSION_PROMPT" >/dev/null
  session_type short "$credential"
  assert_within 10 pgrep -xf 'sleep 1000'
fi
settled() { [ -z "$(c2mctl revocations --pending)" ]; }
assert_within 60 settled
sleep 0.5
touch "$WORLD/watched"
wait "$watcher" || fail 'the watch of arguments and environments failed'
kill "${planted_pids[@]}"

# --- what is found --------------------------------------------------------------------------------------------------

# sshd's processes of a session: the monitor, and the one that serves it
sshds() { session_monitor "$1"; ps -o ppid= -p "$(session_shell "$1")" | tr -d ' '; }
mapfile -t logs < <(find "$WORLD_LOG" "$STATE_DIR" -type f -size +0)

echo "counted: $(wc -l <"$secrets") secrets of $rounds rounds; arguments and environments looked at $(<"$WORLD/looks") times, what is planted there found each time, secrets: $(grep -c ', at ' "$WORLD/arguments.found" || :)"
assert_status 0 test "$(<"$WORLD/looks")" -gt 0
assert_equal 0 "$(grep -c ', at ' "$WORLD/arguments.found" || :)" 'secrets in arguments or environments'
# the search can find: what PAM was told of where from is in a session of the helper's, in the host, in the log, in the state
for place in "$AUTHD_PID" "$host" "$WORLD_LOG/authd.log" "$STATE_DIR/"; do
  targets=("$place")
  # of what is looked at below, and no other
  [[ $place != */ ]] || mapfile -t targets < <(printf '%s\n' "${logs[@]}" | grep "^$place")
  look "$WORLD/planted" "what is planted there ($(cat "/proc/$place/comm" 2>/dev/null || echo "${place#/}"))" "${targets[@]}"
  [ "$found" -gt 0 ] || fail 'what is there is not found'
done
look_clean "the helper's memory" "$AUTHD_PID"
if [ -z "$others" ]; then
  :   # gdb is not let in either
elif command -v gdb >/dev/null; then
  gdb -q -batch -p "$AUTHD_PID" -iex 'set auto-load no' -ex 'set use-coredump-filter off' -ex 'set dump-excluded-mappings on' \
    -ex "gcore $WORLD/core" >"$WORLD/gdb.out" 2>&1 || :
  [ -s "$WORLD/core" ] || fail 'there is no core' "$(tail -n 5 "$WORLD/gdb.out")"
  look_clean 'a core of the helper' "$WORLD/core"
  look "$WORLD/planted" 'what is planted there (core)' "$WORLD/core"
  [ "$found" -gt 0 ] || fail 'what is there is not found'
else
  echo 'counted: a part is left out: gdb, which takes the core, is not installed'
fi
look_clean 'logs and state folder' "${logs[@]}"
look_clean 'a host that keeps the module' "$host"
if [ -n "$others" ]; then
  mapfile -t sudos < <(pgrep -x sudo)
  mapfile -t ours < <(for name in short jwt code secret key; do sshds $name; done)
  mapfile -t controls < <(sshds control)
  if [ ${#sudos[@]} -gt 0 ]; then
    look_clean 'sudo while its command runs' "${sudos[@]}"
    look "$WORLD/planted" 'what is planted there (sudo, an argument)' "${sudos[@]}"
    [ "$found" -gt 0 ] || fail 'what is there is not found'
  fi
  look "$secrets" "sshd's processes" "${ours[@]}"
  in_sshd=$found
  elsewhere=$(grep ', at ' "$WORLD/found" | grep -vc ' of \[heap\]$' || :)
  printf '%s\n' "password $password" >"$WORLD/password"
  look "$WORLD/password" "sshd's processes, a password of pam_unix" "${controls[@]}"
  # sshd's own answers: it keeps a password alike, and what it keeps is on its heap
  if [ "$in_sshd" -gt 0 ] && [ "$found" = 0 ]; then dirty+=" sshd's processes"; fi
  [ "$elsewhere" = 0 ] || dirty+=" sshd's processes, beside the heap"
fi
assert_equal '' "$dirty" 'secrets were found in'
exec {to_host}>&-
wait "$host"
authd_stop
