#!/usr/bin/env bash
# System calls and allocations of the running helper fail, one point a login, while a long token logs in and out, and
# others that may not; and those of c2mctl. Nothing hangs, crashes or leaks, nobody is let in who should not be, and what
# was obtained is revoked in the end. In a world, with `make harnesses` before.
#   helper.sh [EVERY [PART ...]]   each Nth point (1); PART: an error's number, allocation (one fails), allocations (from
#                                  then on, until the login is over), refused (one fails, tokens that may not
#                                  be alone; only where it is named), or token, then sessions, status, doctor: of c2mctl
#                                  (doctor, which takes longer, at each 40th of those points). All of them, without any
. "$(dirname "$0")/../lib/test.sh"
counted=
! can trace || counted=yes   # its descriptors

every=${1:-1}; shift || :
parts=("$@")
errors=(5 12 24 4 11 28 32 13)   # EIO ENOMEM EMFILE EINTR EAGAIN ENOSPC EPIPE EACCES
[ ${#parts[@]} -gt 0 ] || parts=("${errors[@]}" allocation allocations token sessions status doctor)
orders=$WORLD/orders
truncate -s 4096 "$orders"
chmod 0666 "$orders"   # c2mctl maps it as alice
order() { perl -e 'open F, "+<", shift; syswrite F, pack "q7 x64", @ARGV' "$orders" "$@"; }   # struct orders

start() {
  : >>"$WORLD_LOG/authd.log"
  log_from=$(stat -c %s "$WORLD_LOG/authd.log") logins_since=0 warm=
  C2M_STARVE=$orders LD_PRELOAD=$BUILD/tests/starve/helper.so authd_start
}
standin_start; keys_copy; seal_key_write; users_write; config_write api.requests_per_minute=10000
start
for kind in auth account session; do printf '%s required %s runtime_dir=/run/c2m\n' $kind "$BUILD/pam_c2m.so"; done >/etc/pam.d/c2m-starve
good=$(mint alice type=long)
revoked=$(mint alice)
"$BUILD/tests/revoke/session" /etc/pam.d c2m-starve alice <<<"$revoked" >/dev/null   # its one session is over
bad=("$(mint bob type=long)" "$(mint alice sign=foreign)" "$revoked" "$(mint bob)")

# --- the helper -----------------------------------------------------------------------------------------------------

# What these two print is the same for ever where nobody may count.
descriptors() { [ -n "$counted" ] || { echo 0; return; }; find "/proc/$AUTHD_PID/fd" -mindepth 1 | wc -l; }
# Its connections to the API: those that idle, of which libcurl keeps eight.
to_api() {
  local inodes
  [ -n "$counted" ] || { echo 0; return; }
  inodes=$(find "/proc/$AUTHD_PID/fd" -mindepth 1 -printf '%l\n' | sed -n 's/^socket:\[\(.*\)\]$/\1/p')
  awk -v port="$(printf %04X "$STANDIN_PORT")" '$3 ~ ":" port "$" { print $10 }' /proc/net/tcp | grep -cxF "$inodes" || :
}
# Ends that libraries make, and that are not ours to mend. Any other end by a signal is a crash. A row: the status; the
# library, and by which of its functions it got there ("?": none that has a name); the system call that had failed.
known=(
  # json-c 0.16 looks at no copy that strdup makes of a member's name. 0.18 does.
  '139 libjson-c.so.5 json_tokener_parse_ex, system call -1'
  # libcurl 7.88 divides by the size of a hash that it could not make.
  '136 libcurl.so.4 curl_multi_socket_action, system call -1'
  # libsodium aborts on purpose where getrandom fails.
  '134 libsodium.so.23 \?, system call 318'
)
is_known() { # WHERE
  local row
  # shellcheck disable=SC2053
  for row in "${known[@]}"; do [[ $1 != $row ]] || return 0; done
  return 1
}
login_good() { "$BUILD/tests/revoke/session" /etc/pam.d c2m-starve alice <<<"$good"; }
logins() { local i; for ((i = 0; i < $1; i++)); do login_good >/dev/null; done; }   # COUNT
revoked_all() { [ -z "$(c2mctl revocations --pending)" ]; }
# Its first logins make connections, with thousands of allocations; so may revocations that are tried again.
warm_up() {
  [ -n "$warm" ] || logins 20
  warm=yes
  wait_until 60 revoked_all || :
}

# What it holds is compared with what a new helper holds on the same state: in blocks of its heap, because SQLite's pages
# would hide the bytes of small ones.
blocks() { perl -e 'open F, "<", shift; sysread F, $b, 136; print join " ", (unpack "q7 x64 q2", $b)[7, 8]' "$orders"; }
still() { local last=$now; now=$(blocks); [ "$now" = "$last" ]; }
# Of its log it keeps the lines that name a login, LOG_MEMORY_LINES at most.
lines_kept() {
  local lines
  lines=$(tail -c "+$((log_from + 1))" "$WORLD_LOG/authd.log" | grep -cE '(^| )ref=' || :)
  echo $((lines < 4096 ? lines : 4096))
}
# Sets held and held_openssl: its blocks at rest, with every connection and page that it ever has, no token remembered, and
# without those lines.
weigh() { # LOGINS
  logins "$1"
  c2mctl revocations >/dev/null   # reads each receipt
  authd_reload                    # forgets tokens
  sleep 0.3
  now=
  assert_within 10 still
  read -r held held_openssl <<<"$now"
  held=$((held - held_openssl - $(lines_kept)))
}
LOGINS=20
# What those logins add for good, whoever weighs.
deny_entries=
weigh_logins() {
  [ -z "$deny_entries" ] || return 0
  weigh $LOGINS
  deny_entries=-$held
  weigh $LOGINS
  deny_entries=$((deny_entries + held))
}
# Exact but for a few blocks of libraries, more where they had no memory. OpenSSL's own depend on how its connections came
# about, of which each has hundreds.
ALLOWED=40 ALLOWED_OPENSSL=1000
leaks_not() { # WHAT
  local more more_openssl logins=$logins_since
  # a line for which there was no memory is not kept: here by as many lines as it keeps at most
  if [[ $1 == call* ]]; then weigh $LOGINS; else weigh 530; fi
  more=$held more_openssl=$held_openssl
  authd_stop
  start
  weigh $LOGINS
  more=$((more - held + deny_entries)) more_openssl=$((more_openssl - held_openssl))
  told="$more and of OpenSSL's $more_openssl blocks more than a new helper after $logins logins"
  [[ $more -le $((ALLOWED + logins / 50)) && $more_openssl -le $ALLOWED_OPENSSL ]] || { leaks_all=$((leaks_all + 1)); echo "it leaks, $1: $told"; }
}
leaks_all=0
total=0 ended=0 ends=''
# One kind of failure at each point: the helper that ends of it is started again, and goes on with the next.
points() { # POINT ERROR good|bad TOKEN
  local from=$((1 + offset++ % every)) rc said failed of runs granted holes crashes hangs
  while :; do
    rc=0
    warm_up
    said=$("$BUILD/tests/starve/points" "$orders" "$AUTHD_PID" /etc/pam.d c2m-starve alice "$1" "$2" "$from" "$every" "$3" <<<"$4") || rc=$?
    grep -v '^of \|^ended \|^system call\|^crashed in' <<<"$said" | sed "s/^/$1 $2: /" || :
    read -r _ of runs granted holes crashes hangs < <(grep '^of ' <<<"$said")
    [ "$of" = 0: ] || points_seen+="${of%:} "
    total=$((total + runs)) logins_since=$((logins_since + runs)) granted_now=$((granted_now + granted)) holes_all=$((holes_all + holes)) crashes_all=$((crashes_all + crashes)) hangs_all=$((hangs_all + hangs))
    [ "$rc" = 3 ] || break
    crashed_in=$(sed -n 's/^crashed in //p' <<<"$said")
    failed=$(grep '^system call' <<<"$said")
    after_end "$1 $2"
    from=$((${said##*ended } + every))
  done
  [ "$rc" = 0 ] || fail "points: status $rc"
}
after_end() { # WHERE
  local status=0
  if ! wait_until 3 service_gone "$AUTHD_PID"; then   # it hangs, and has been counted
    ! command -v gdb >/dev/null || gdb -q -batch -p "$AUTHD_PID" -ex 'thread apply all bt' 2>&1 | grep -E '^(#|Thread)' || :
    kill -KILL "$AUTHD_PID"
  fi
  wait "$AUTHD_PID" 2>/dev/null || status=$?
  ended=$((ended + 1))
  ends+="$1, $failed${crashed_in:+, crashed in $crashed_in}, status $status"$'\n'
  if is_known "$status $crashed_in, $failed"; then
    in_libraries=$((in_libraries + 1))
  elif [ "$status" -ge 128 ] && [ "$status" != 137 ]; then   # else an error of its own; or it hung, and was killed above
    crashes_all=$((crashes_all + 1))
    echo "the helper crashed: $1, $failed, in $crashed_in, status $status"
    tail -n 25 "$WORLD_LOG/authd.log"
  fi
  order 0 0 -1 -1 0 1 0
  start
}
in_libraries=0 crashed_in=''
offset=0 granted_now=0 holes_all=0 crashes_all=0 hangs_all=0
starve_helper() { # POINT ERROR
  local token before_total=$total before_granted=$granted_now points_seen=
  weigh_logins
  [ "$1" = refused ] || points "$1" "$2" good "$good"
  for token in "${bad[@]}"; do points "${1/refused/allocation}" "$2" bad "$token"; done
  # and it serves as before, at once
  order 0 0 -1 -1 0 1 0
  assert_match '^open' "$(login_good)" "a login after $1 $2"
  leaks_not "$1 $2"
  echo "counted: helper, $1 ${2#0}, up to $(tr ' ' '\n' <<<"$points_seen" | sort -n | tail -n 1) points a token: $((total - before_total)) logins, $((granted_now - before_granted)) granted; in all grants that should not be: $holes_all, crashes: $crashes_all, hangs: $hangs_all, ends with an error of its own: $((ended - in_libraries)), within a library: $in_libraries; descriptors $(descriptors), of which to the API $(to_api); at rest $told"
}

# --- c2mctl -----------------------------------------------------------------------------------------------------------

ctl_orders=$WORLD/ctl.orders
truncate -s 4096 "$ctl_orders"
chmod 0666 "$ctl_orders"
# In a shell of its own, alice's or root's: one process a point, by the orders that it is started with.
cat >"$WORLD/ctl.sh" <<'CTL'
# ctl.sh ORDERS PRELOAD EVERY OUT COMMAND: a line "KIND RUNS DONE CRASHES HANGS LIES"
orders=$1 preload=$2 every=$3 out=$4 command=$5
order() { perl -e 'open F, "+<", shift; syswrite F, pack "q7", @ARGV' "$orders" "$@"; }
counted() { perl -e 'open F, "<", shift; sysread F, $b, 56; print join " ", (unpack "q7", $b)[2, 6]' "$orders"; }
ctl() { timeout -k 1 30 env C2M_STARVE="$orders" C2M_STARVE_IN=c2mctl LD_PRELOAD="$preload" c2mctl $command >"$out" 2>&1 </dev/null; }
order 0 0 -1 -1 0 1 0
ctl
read -r calls allocations < <(counted)
for kind in 5 12 24 4 11 28 32 13 allocation allocations; do
  runs=0 ended=0 crashes=0 hangs=0 lies=0 points=$calls
  [[ $kind != allocation* ]] || points=$allocations
  for ((nth = 1 + RANDOM % every; nth <= points; nth += every)); do
    case $kind in
      allocation) order 0 0 -1 -1 $nth 1 0 ;;
      allocations) order 0 0 -1 -1 $nth 9223372036854775807 0 ;;
      *) order $nth $kind -1 -1 0 1 0 ;;
    esac
    rc=0
    ctl || rc=$?
    runs=$((runs + 1))
    case $rc in
      0) ended=$((ended + 1)); [ -s "$out" ] || { lies=$((lies + 1)); echo "a lie: $kind $nth: status 0, and nothing is said"; } ;;
      124 | 137) hangs=$((hangs + 1)); echo "a hang: $kind $nth" ;;
      1[3-5]?) crashes=$((crashes + 1)); echo "a crash: $kind $nth, status $rc" ;;
    esac
  done
  echo "of $points: $kind $runs $ended $crashes $hangs $lies"
done
CTL
starve_ctl() { # COMMAND
  local nth=$every arguments said
  [ "$1" != doctor ] || nth=$((40 * every))
  arguments="$ctl_orders $BUILD/tests/starve/helper.so $nth"
  if [ "$1" = token ]; then
    [ -n "$SSHD_PID" ] || { examples_install; sshd_start; session_open shell alice "$good"; }
    SESSION_LIMIT=3000
    said=$(session_run shell "bash $WORLD/ctl.sh $arguments /tmp/out.alice token")
  else
    said=$(bash "$WORLD/ctl.sh" "$ctl_orders" "$BUILD/tests/starve/helper.so" "$nth" "$WORLD/ctl.out" "$1")
  fi
  grep -v '^of ' <<<"$said" | sed "s/^/c2mctl $1: /" || :
  read -r runs_ctl done_ctl crashes_ctl hangs_ctl lies_ctl < <(awk '/^of / { r += $4; d += $5; c += $6; h += $7; l += $8 } END { print r, d, c, h, l }' <<<"$said")
  echo "counted: c2mctl $1: $(sed -n 's/^of \([0-9]*\): 5 .*/\1/p' <<<"$said") calls, $(sed -n 's/^of \([0-9]*\): allocation .*/\1/p' <<<"$said") allocations; $runs_ctl runs, $done_ctl of them did it, crashes: $crashes_ctl, hangs: $hangs_ctl, said nothing and that it went well: $lies_ctl"
  crashes_all=$((crashes_all + crashes_ctl)) hangs_all=$((hangs_all + hangs_ctl)) lies_all=$((lies_all + lies_ctl))
}
lies_all=0

# --- all of them ------------------------------------------------------------------------------------------------------

order 0 0 -1 -1 0 1 0
before=$(($(descriptors) - $(to_api)))
for part in "${parts[@]}"; do
  case $part in
    allocation | allocations | refused) starve_helper "$part" 0 ;;
    [0-9]*) starve_helper call "$part" ;;
    *) starve_ctl "$part" ;;
  esac
done
order 0 0 -1 -1 0 1 0
[ -z "$SSHD_PID" ] || session_close shell
settled() { [ -z "$(c2mctl sessions)$(c2mctl revocations --pending)" ]; }   # a login that was never opened is held for two minutes
assert_within 180 settled
sed '/^$/d' <<<"$ends" | sort | uniq -c
sleep 2   # what could not be written is written again a second later
# What the helper knew of is dead; an answer that was lost on its way here it has never seen.
unheard=0 forgotten=0
for id in $(ask 'live client=c2m_alice' | grep -o '"token_id":"[^"]*' | cut -d '"' -f 4); do
  hash=$(ask "token id=$id" hash)
  [ "$hash" != "$(token_hash "$good")" ] || continue
  reference=$(sed -n "s/.* ref=\([0-9a-f]*\) .* token=${hash:0:8}\b.*/\1/p" "$WORLD_LOG/authd.log" | head -n 1)
  [ -n "$reference" ] || { unheard=$((unheard + 1)); continue; }
  forgotten=$((forgotten + 1))
  echo "it knew of a token that lives:"
  grep "ref=$reference" "$WORLD_LOG/authd.log"
done
after=$(($(descriptors) - $(to_api)))
echo "counted: the helper ended with an error of its own $((ended - in_libraries)) times, within a library $in_libraries times; $unheard tokens live of which no answer arrived, $forgotten that it knew of; descriptors beside connections to the API: $before before, $after after"
assert_equal '0 0 0 0 0' "$holes_all $crashes_all $hangs_all $lies_all $leaks_all" 'grants that should not be, crashes, hangs, lies, leaks'
assert_equal "$before" "$after" 'descriptors'
assert_equal 0 "$forgotten" 'tokens that it knew of, neither revoked nor held'
