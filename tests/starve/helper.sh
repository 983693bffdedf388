#!/usr/bin/env bash
# System calls and allocations of the running helper fail, one point a login, while a long token logs in and out, and
# others that may not; and those of c2mctl and c2m-askpass. Nothing hangs, crashes or leaks, nobody is let in who should
# not be, what was obtained is revoked in the end, and what says that it did something did it. In a world, with
# `make harnesses` before.
#   helper.sh [EVERY [PART ...]]   each Nth point (1); PART: an error's number, allocation (one fails), allocations (from
#                                  then on, until the login is over), refused (one fails, tokens that may not be alone;
#                                  only where it is named), askpass (from a file, a command, a terminal), or what c2mctl
#                                  is asked for: token, enroll, revoke, doctor, 'sessions --json' … Without any all of
#                                  them, but doctor, which takes long, at each 40th of those points
. "$(dirname "$0")/../lib/test.sh"
counted=
! can trace || counted=yes   # its descriptors

every=${1:-1}; shift || :
parts=("$@") named=${1:-}
errors=(5 12 24 4 11 28 32 13)   # EIO ENOMEM EMFILE EINTR EAGAIN ENOSPC EPIPE EACCES
[ ${#parts[@]} -gt 0 ] || parts=("${errors[@]}" allocation allocations token sessions 'sessions --json' status 'completion fish' enroll revoke askpass doctor)
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
blocks() { perl -e 'open F, "<", shift; sysread F, $b, 144; print join " ", (unpack "q7 x64 q3", $b)[7 .. 9]' "$orders"; }
still() { local last=$now; now=$(blocks); [ "$now" = "$last" ]; }
# Of its log it keeps the lines that name a login, LOG_MEMORY_LINES at most.
lines_kept() {
  local lines
  lines=$(tail -c "+$((log_from + 1))" "$WORLD_LOG/authd.log" | grep -cE '(^| )ref=' || :)
  echo $((lines < 4096 ? lines : 4096))
}
# Sets held and held_openssl: its blocks at rest, with every connection and page that it ever has, no token remembered, and
# without those lines and what libevent has for each descriptor that it ever watched.
weigh() { # LOGINS
  local watched
  logins "$1"
  c2mctl revocations >/dev/null   # reads each receipt
  authd_reload                    # forgets tokens
  sleep 0.3
  now=
  assert_within 10 still
  read -r held held_openssl watched <<<"$now"
  held=$((held - held_openssl - watched - $(lines_kept)))
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
# Exact but for a few blocks of libraries. More where they had no memory: json-c 0.16 forgets a value that it could not add
# to its object, one to six blocks, in a login whose answer was being read then; 11 were seen of 5,109 logins. OpenSSL's own
# depend on how its connections came about, of which each has hundreds.
ALLOWED=20 ALLOWED_OPENSSL=1000
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
  [[ $more -le $((ALLOWED + logins / 100)) && $more_openssl -le $ALLOWED_OPENSSL ]] || { leaks_all=$((leaks_all + 1)); echo "it leaks, $1: $told"; }
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
# One process a point, by the orders that it is started with. In a shell of its own, alice's, root's or at a terminal; or
# in one of this script's, which says by COMMAND_once and COMMAND_lie what a point is.
cat >"$WORLD/ctl.sh" <<'CTL'
# ctl.sh ORDERS PRELOAD EVERY OUT COMMAND: a line "of POINTS: KIND RUNS DONE CRASHES HANGS LIES" each kind
orders=$1 preload=$2 every=$3 out=$4 command=$5
# struct orders, by no process of its own: there are many points
order() {
  local number shift bytes=
  for number; do for shift in 0 8 16 24 32 40 48 56; do printf -v number_of '\\x%02x' $((number >> shift & 255)); bytes+=$number_of; done; done
  printf '%b' "$bytes\\x00" 1<>"$orders"   # and nothing has crashed
}
counted() { perl -e 'open F, "<", shift; sysread F, $b, 56; print join " ", (unpack "q7", $b)[2, 3, 6]' "$orders"; }   # calls, which failed, allocations
starved() { C2M_STARVE=$orders C2M_STARVE_IN=c2mctl LD_PRELOAD=$preload timeout -k 1 30 c2mctl "$@" >"$out.answer" 2>"$out"; }

unwritten() { [[ $(counted) == *' 1 '* ]]; }   # what could not be written is not said
# Where glibc 2.36 has no memory for what it knows of nsswitch.conf, getpwnam follows a null pointer, or asserts that it had.
in_glibc() { [ "$kind" != "${kind#allocation}" ] && grep -qE '^Unexpected error\.$|: nss_database\.c:|libc\.so\.6\(__nss_[a-z]*_lookup' "$out"; }

# The status of one run; then, by that status, what is wrong with what it said and did: $lie.
any_once() { starved $command </dev/null; }
any_lie() { [ "$1" != 0 ] || [ "$(words)" = "$whole" ] || lie+='other words than without a failure; '; }
words() { sed -E 's/[0-9]+/0/g; s/ +/ /g' "$out.answer"; }
# Its status is the worst of what it found; where it could not look it may be worse.
doctor_once() { any_once; }
doctor_lie() {
  local lines
  [ "$1" -le 2 ] || return
  mapfile -t lines <"$out.answer"
  [ ${#lines[@]} -gt 0 ] || lines=('')
  [[ $1 -ge $well && ${lines[-1]} =~ ^[0-9]+\ ok,.*failures$ ]] || { [ "$1" -gt 0 ] && unwritten; } || lie+="it ends with: ${lines[-1]}; "
}
# As sudo runs it, whose parent is root; but at a terminal the token is longer than one answer to sudo.
askpass_once() {
  local rc=0 typist=
  [ "$command" != 'askpass terminal' ] || { type_token & typist=$!; }
  timeout --foreground -k 1 30 setpriv --reuid alice --regid alice --clear-groups env -i HOME=/home/alice PATH=/usr/bin:/bin \
    XDG_CONFIG_HOME="/home/alice/${command#* }" C2M_STARVE="$orders" C2M_STARVE_IN=c2m-askpass LD_PRELOAD="$preload" \
    /usr/local/bin/c2m-askpass 'C2M token: ' >"$out.answer" 2>"$out" </dev/null || rc=$?
  [ -z "$typist" ] || { kill "$typist"; wait "$typist"; } 2>/dev/null
  return $rc
}
type_token() {
  until [[ $(stty -a) == *' -icanon'* ]]; do sleep 0.01; done </dev/tty
  cat /home/alice/token >&9
}
askpass_lie() {
  if [ "$1" != 0 ]; then
    [ ! -s "$out.answer" ] || lie+='it failed, and answers; '
  else
    [ "$(<"$out.answer")" = "$answer" ] || lie+='another answer than without a failure; '
  fi
  [ "$command" != 'askpass terminal' ] || [[ $(stty -a </dev/tty) == *' echo '* ]] || { lie+='the terminal does not echo; '; stty sane </dev/tty; }
}

part=any
! declare -F "${command%% *}_once" >/dev/null || part=${command%% *}
order 0 0 -1 -1 0 1 0
well=0 lie='' whole=''
"${part}_once" || well=$?
read -r calls _ allocations < <(counted)
whole=$(words) answer=$(<"$out.answer")
"${part}_lie" $well
[ -n "$answer" ] || lie+='nothing is said'
[ -z "$lie" ] || { echo "without any failure: $lie"; calls=0 allocations=0; }
for kind in 5 12 24 4 11 28 32 13 allocation allocations; do
  runs=0 ended=0 crashes=0 hangs=0 lies=0 points=$calls
  [[ $kind != allocation* ]] || points=$allocations
  for ((nth = 1 + RANDOM % every; nth <= points; nth += every)); do
    case $kind in
      allocation) order 0 0 -1 -1 $nth 1 0 ;;
      allocations) order 0 0 -1 -1 $nth 9223372036854775807 0 ;;
      *) order $nth $kind -1 -1 0 1 0 ;;
    esac
    rc=0 lie=
    "${part}_once" || rc=$?
    # whoever has to wait for an answer makes some calls more than who had not
    if [[ $kind != allocation* ]] && ((nth + every > points)); then
      read -r made _ < <(counted)
      ((made >= nth)) || break
      points=$((made > points ? made : points))
    fi
    runs=$((runs + 1))
    [ $rc != "$well" ] || ended=$((ended + 1))
    case $rc in
      124 | 137) hangs=$((hangs + 1)); echo "a hang: $kind $nth" ;;
      1[3-5]?) if in_glibc; then echo "a crash within glibc: $kind $nth, status $rc"; else crashes=$((crashes + 1)); echo "a crash: $kind $nth, status $rc"; fi ;;
      *)
        "${part}_lie" $rc
        [ $rc = 0 ] || [ -s "$out" ] || [ -s "$out.answer" ] || unwritten || lie+='nothing is said; '
        ;;
    esac
    [ -z "$lie" ] || { lies=$((lies + 1)); echo "a lie: $kind $nth, status $rc: $lie($(counted))"; }
  done
  echo "of $points: $kind $runs $ended $crashes $hangs $lies"
done
CTL
in_ctl() { # COMMAND
  set +Ee
  trap - ERR
  # shellcheck source=/dev/null
  . "$WORLD/ctl.sh" "$ctl_orders" "$BUILD/tests/starve/helper.so" "$every" "$WORLD/ctl.out" "$1"
}

# A token of its own each time, so that one sees which is kept.
enroll_once() {
  given=$(mint bob type=long form=jwt)
  starved enroll --user bob <<<"$given"
}
enroll_lie() {
  any_lie "$1"
  [ "$1" = 0 ] || return
  token_hash "$given" >>"$WORLD/kept"
  [[ $(tail -n 1 "$WORLD/kept") == "$(c2mctl enroll --list --json | sed -n 's/.*"token_hash":"\([0-9a-f]*\).*/\1/p')"* ]] || lie+='it is not kept; '
}
# What was kept is dead when the next one is.
all_revoked() { [ -z "$(c2mctl revocations --pending)" ]; }
starve_enroll() {
  local hash living=0
  : >"$WORLD/kept"
  in_ctl enroll
  c2mctl enroll --user bob --remove >/dev/null
  wait_until 30 all_revoked || :
  while read -r hash; do
    [ "$(ask "token hash=$hash" state)" = revoked ] || living=$((living + 1))
  done <"$WORLD/kept"
  [ $living = 0 ] || echo "a lie: $living tokens were kept, are not any more, and live"
  echo "of 0: kept 0 0 0 0 $living"
}

# Through a connection of bob's, for as long as its session lasts.
revoke_once() {
  if ! stands_bob; then
    [ -z "$standing" ] || mux_close starve
    standing=$(mint bob)
    mux_open starve bob "$standing" || { echo 'of 0: a login that failed 0 0 0 1 0'; exit; }
  fi
  # shellcheck disable=SC2154   # those of ctl.sh
  mux_run starve "timeout -k 1 20 env C2M_STARVE=$orders C2M_STARVE_IN=c2mctl LD_PRELOAD=$preload c2mctl revoke" >"$out.answer" 2>"$out" </dev/null
}
stands_bob() { c2mctl sessions | grep -qw bob; }
revoke_lie() {
  any_lie "$1"
  [ "$1" = 0 ] || return
  ! stands_bob || lie+='the session goes on; '
  wait_until 5 token_is revoked "$standing" || lie+='its token lives; '
}
starve_revoke() {
  standing=
  in_ctl revoke
  mux_close starve
}

starve_ctl() { # COMMAND
  local every=$every name="c2mctl $1" said arguments
  [[ $1 != askpass* ]] || name=c2m-$1
  # each point of it is for who asks for it
  [ "$1" != doctor ] || [ -n "$named" ] || every=$((40 * every))
  arguments=("$ctl_orders" "$BUILD/tests/starve/helper.so" "$every")
  case $1 in
    token)
      shell_open
      said=$(session_run shell "bash $WORLD/ctl.sh ${arguments[*]} /tmp/out.alice token")
      ;;
    sessions*)
      shell_open
      said=$(bash "$WORLD/ctl.sh" "${arguments[@]}" "$WORLD/ctl.out" "$1")
      ;;
    enroll) said=$(starve_enroll) ;;
    revoke)
      sshd_open
      said=$(starve_revoke)
      ;;
    'askpass terminal') said=$(at_terminal "$WORLD/ctl.sh" "${arguments[@]}" "$WORLD/ctl.out" "$1") ;;
    *) said=$(bash "$WORLD/ctl.sh" "${arguments[@]}" "$WORLD/ctl.out" "$1") ;;
  esac
  grep -v '^of ' <<<"$said" | sed "s/^/$name: /" || :
  read -r runs_ctl done_ctl crashes_ctl hangs_ctl lies_ctl < <(awk '/^of / { r += $(NF - 4); d += $(NF - 3); c += $(NF - 2); h += $(NF - 1); l += $NF } END { print r, d, c, h, l }' <<<"$said")
  echo "counted: $name: $(sed -n 's/^of \([0-9]*\): 5 .*/\1/p' <<<"$said") calls, $(sed -n 's/^of \([0-9]*\): allocation .*/\1/p' <<<"$said") allocations; $runs_ctl runs, $done_ctl of them did it, crashes: $crashes_ctl, within glibc: $(grep -c '^a crash within' <<<"$said" || :), hangs: $hangs_ctl, lies: $lies_ctl"
  [ "$runs_ctl" -gt 0 ] || fail "no point of $1 was tried: $said"
  crashes_all=$((crashes_all + crashes_ctl)) hangs_all=$((hangs_all + hangs_ctl)) lies_all=$((lies_all + lies_ctl))
}
sshd_open() { [ -n "$SSHD_PID" ] || { examples_install; sshd_start; }; }
shell_open() {
  sshd_open
  [ -n "$shell" ] || session_open shell alice "$good"
  shell=yes SESSION_LIMIT=3000
}
shell=
# What is typed there comes through a FIFO, which is descriptor 9 of what runs there.
at_terminal() {
  rm -f "$WORLD/typed"
  mkfifo "$WORLD/typed"
  script -qec "bash ${*@Q} >${WORLD@Q}/terminal.out 9>${WORLD@Q}/typed" /dev/null >"$WORLD/terminal" 2>&1 <>"$WORLD/typed" || :
  cat "$WORLD/terminal.out"
}
starve_askpass() { # SOURCE ...
  local source value
  for source in file command terminal; do
    value='yes'
    # shellcheck disable=SC2088   # it is c2m-askpass that expands it
    [ $source != file ] || value='~/token'
    [ $source != command ] || value='cat ~/token'
    install -d "/home/alice/$source/c2m"
    printf '%s\n' '[sudo]' "$source = $value" >"/home/alice/$source/c2m/askpass.conf"
  done
  install -m 0600 /dev/null /home/alice/token
  chown -R alice: /home/alice/token /home/alice/{file,command,terminal}
  for source; do
    # a terminal is read byte by byte
    if [ "$source" = terminal ]; then echo lt_012345; else mint_sized bob 900; fi >/home/alice/token
    if [ "$source" != terminal ] || can pty; then starve_ctl "askpass $source"; fi
  done
}
lies_all=0
settled() { all_revoked && [ -z "$(c2mctl sessions)" ]; }   # a login that was never opened is held for two minutes

# --- all of them ------------------------------------------------------------------------------------------------------

order 0 0 -1 -1 0 1 0
before=$(($(descriptors) - $(to_api)))
for part in "${parts[@]}"; do
  case $part in
    allocation | allocations | refused) starve_helper "$part" 0 ;;
    [0-9]*) starve_helper call "$part" ;;
    askpass) starve_askpass file command terminal ;;
    'askpass '*) starve_askpass "${part#* }" ;;
    *) starve_ctl "$part" ;;
  esac
done
order 0 0 -1 -1 0 1 0
[ -z "$shell" ] || session_close shell
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
