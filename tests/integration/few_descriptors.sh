#!/usr/bin/env bash
# A helper that may have 32 descriptors, and c2mctl that may have a few. While some are left logins work; what there are
# none for is an outage that says its reason, and afterwards all works as before.
. "$(dirname "$0")/../lib/test.sh"

printf '#!/bin/sh\nexec prlimit --nofile=32:32 "%s" "$@"\n' "$BUILD/c2m-authd" >"$WORLD/authd"
chmod 0755 "$WORLD/authd"
AUTHD_PROGRAM=$WORLD/authd
c2m_start api.requests_per_minute=10000
assert_match 'Max open files +32 +32 ' "$(cat "/proc/$AUTHD_PID/limits")"   # which it cannot raise
long=$(mint alice type=long)

for kind in auth account session; do printf '%s required %s runtime_dir=/run/c2m\n' $kind "$BUILD/pam_c2m.so"; done >/etc/pam.d/c2m-few
begin() { "$BUILD/tests/revoke/session" /etc/pam.d c2m-few alice; }   # as sshd does; one line: open, or the PAM code of what failed
# Beside its connections to the API. Where root may not look, nobody knows.
descriptors() {
  find "/proc/$AUTHD_PID/fd" -mindepth 1 -printf '%l\n' | awk -v port="$(printf %04X "$STANDIN_PORT")" \
    'NR == FNR { if ($3 ~ ":" port "$") api["socket:[" $10 "]"] = 1; next } !($0 in api) { n++ } END { print n }' /proc/net/tcp -
}
works() { assert_equal $'open\nclosed' "$(begin <<<"$long")" "$1"; }

for _ in 1 2 3; do works 'a login'; done
session_open a alice "$long"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi

# --- more at once than it has descriptors for ------------------------------------------------------------------------

many=24
said() { cat "$WORLD"/said.* | grep -cxE "$1" || :; }   # REGEX
all_decided() { [ "$(said 'open|[0-9]+')" = "$many" ]; }
only_a() { [[ $(c2mctl sessions) =~ ^[0-9a-f]+\ alice\ sshd\ [^$'\n']*$ ]]; }
ins=0 refused=0 held=
! can trace || held=$(descriptors)
as_before() { [ "$(descriptors)" = "$held" ]; }
for rush in 1 2 3; do
  pids=() ends=()
  for ((n = 0; n < many; n++)); do
    rm -f "$WORLD/typed" && mkfifo "$WORLD/typed"
    begin <"$WORLD/typed" >"$WORLD/said.$n" &
    pids+=($!)
    exec {end}>"$WORLD/typed"
    ends+=("$end")
  done
  for end in "${ends[@]}"; do printf '%s\n' "$long" >&"$end"; done
  assert_within 60 all_decided
  in=$(said open) out=$(said '9|14')   # PAM_AUTHINFO_UNAVAIL; PAM_SESSION_ERR where it could not be opened any more
  for end in "${ends[@]}"; do exec {end}>&-; done
  wait "${pids[@]}" || :
  assert_equal "$many" $((in + out)) "let in, and outages; all: $(cat "$WORLD"/said.* | sort | uniq -c | tr -s '\n ' ' ')"
  assert_status 0 test "$out" -gt 0   # or it had descriptors enough
  ins=$((ins + in)) refused=$((refused + out))
  assert_within 20 only_a
  for _ in 1 2 3; do works "after rush $rush"; done
  [ -z "$held" ] || wait_until 5 as_before || fail "descriptors after rush $rush" "expected: $held" "got:      $(descriptors)"
done
logged() { grep -c "$1" "$WORLD_LOG/$2" || :; }   # REGEX FILE
assert_equal "$refused" "$(logged 'pam_c2m(c2m-few:.*\(verdict=unavailable\|reason=helper_[a-z]*\) .*pam=\(9\|14\)$' syslog)" 'outages with a reason'
assert_equal 0 "$(grep 'event=login ' "$WORLD_LOG/authd.log" | grep -vc 'verdict=granted \|verdict=unavailable reason=[a-z]' || :)" 'logins neither granted nor outages'
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
assert_equal 1 "$(logged 'is ready$' authd.log)" 'starts of the helper'
service_lives "$AUTHD_PID" || fail 'the helper is gone'
two_live() { [ "$(live_tokens alice)" = 2 ]; }   # the long one, and what it bought for session a
assert_within 20 two_live

# --- c2mctl ----------------------------------------------------------------------------------------------------------

# Sets status and output. It ends by itself, and says something whatever it ends with.
few() { # COUNT COMMAND
  if [ "$2" = token ]; then
    status=0
    output=$(session_run a "timeout -k 1 30 prlimit --nofile=$1:$1 c2mctl token") || status=$?
  else
    run timeout -k 1 30 prlimit "--nofile=$1:$1" c2mctl "$2"
  fi
  case $status in
    124 | 137) fail "c2mctl $2 with $1 descriptors hangs" ;;
    12[89] | 1[3-9]?) fail "c2mctl $2 with $1 descriptors crashes: status $status" "$output" ;;
    127) assert_match 'loading shared libraries' "$output"; unloaded=$((unloaded + 1)) ;;   # by ld.so, before it is c2mctl
    0) did=$((did + 1)) ;;
    *) said_no=$((said_no + 1)) ;;
  esac
  [ -n "$output" ] || fail "c2mctl $2 with $1 descriptors says nothing" "status $status"
}
ok_of() { sed -n 's/^\([0-9]*\) ok,.*/\1/p' <<<"$1"; }
run c2mctl doctor
well=$status well_ok=$(ok_of "$output") did=0 said_no=0 unloaded=0
for count in 3 4 5 6 8 32; do
  few "$count" sessions
  [ "$status" != 0 ] || assert_match ' alice sshd .*active' "$output"
  few "$count" status
  [ "$status" != 0 ] || assert_match ' 1 session ' "$output"
  few "$count" token
  [ "$status" != 0 ] || assert_equal 200 "$(api_status "$output")"
  few "$count" doctor
  ok=$(ok_of "$output")
  assert_status 0 test "$status" -ge "$well"
  assert_status 0 test "${ok:-0}" -le "$well_ok"
done
few 4 sessions && assert_equal 0 "$status" 'sessions with 4 descriptors'
few 5 token && assert_equal 0 "$status" 'token with 5 descriptors'
echo "counted: with 32 descriptors $((3 * many)) logins in three rushes: $ins let in, $refused outages, ${held:-unknown} descriptors beside connections to the API before and after; c2mctl token, sessions, status, doctor with 3 to 32 descriptors: $did did it, $said_no ended with an error (doctor: found something), $unloaded could not be loaded"
