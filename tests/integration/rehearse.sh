#!/usr/bin/env bash
# c2mctl rehearse tells what a stack does with each answer of pam_c2m, by which line; for the examples and for mistakes.
. "$(dirname "$0")/../lib/test.sh"

dir=$WORLD/stacks
mkdir "$dir"
as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups env -i PATH=/usr/local/bin:/usr/bin:/bin "$@"; }
put() { cat >"$dir/$1"; }
rehearse() { as_nobody c2mctl rehearse --pam-dir "$dir" "$@"; }
cell() { # SERVICE WHO ROW [WHEN]: the columns of that row, joined by a comma
  rehearse --quiet "$1" | awk -v head="$1: $2 " -v row="  $3 " -v when="${4:+    $4 }" '
    /^[a-z]/ { inside = index($0, head) == 1 }
    /^  [^ ]/ { under = inside && index($0 " ", row) == 1; if (under && when == "") print substr($0, length(row)) }
    /^    [^ ]/ && under && when != "" && index($0, when) == 1 { print substr($0, length(when)) }
  ' | sed -E 's/^ *//; s/  +/, /'
}

put common-auth <<'STACK'
auth	[success=1 default=ignore]	pam_unix.so nullok
auth	requisite			pam_deny.so
auth	required			pam_permit.so
STACK
put common-account <<'STACK'
account	[success=1 new_authtok_reqd=done default=ignore]	pam_unix.so
account	requisite			pam_deny.so
account	required			pam_permit.so
STACK
printf '#\n' | tee "$dir/common-session" "$dir/common-session-noninteractive" "$dir/common-password" >/dev/null
examples() { install -m 0644 "$ROOT/examples/$1"/* "$dir/"; }
password='the local password decides (common-auth:1)'
line_of() { grep -n "$2" "$dir/$1" | sed -n "${3:-1}{s/:.*//p}"; }

examples pam.d
for service in sshd sudo su login; do
  auth=$service:$(line_of "$service" '^auth .*pam_c2m') account=$service:$(line_of "$service" '^account .*pam_c2m')
  passes='passes (common-account:3)'
  assert_equal "in ($auth), $passes" "$(cell $service 'who is mapped' 'right token; live session')"
  assert_equal "refused ($auth), refused ($account)" "$(cell $service 'who is mapped' 'wrong token; ended session')"
  for row in 'helper or API down' "not C2M's (a key, cron)" 'pam_c2m.so missing'; do
    assert_equal "$password, $passes" "$(cell $service 'who is mapped' "$row")" "$service: $row"
  done
  assert_equal "$password, $passes" "$(cell $service 'who is not mapped' 'unmapped = ignore')"
  assert_equal "refused ($auth)" "$(cell $service 'who is not mapped' 'unmapped = deny')"
  assert_equal "$password, $passes" "$(cell $service root 'never asks C2M')"
  assert_equal "$password, $passes" "$(cell $service root 'pam_c2m.so missing')"
done
assert_no_match '!' "$(rehearse)"
assert_match '^login sshd su (su-l )?sudo' "$(rehearse | sed -n 's/: who is mapped.*//p' | sort -u | xargs)"
assert_equal "sshd: the API is down
  a short-term token             in (sshd:$(line_of sshd '^auth .*pam_c2m'))
  a long-term token, a code      $password
  who is not mapped              $password
  root                           $password
  a public key, cron             passes (common-account:3)
sshd: the helper is down
  whoever is not root            $password
  root                           $password
  a public key, cron             passes (common-account:3)
  root's key                     passes (common-account:3)" "$(rehearse --quiet --outage sshd)"
auth=$(line_of sshd '^auth .*pam_c2m')
assert_equal "api|a short-term token|auth|in|sshd:$auth
api|a long-term token, a code|auth|password|common-auth:1
api|who is not mapped|auth|password|common-auth:1
api|root|auth|password|common-auth:1
api|a public key, cron|account|in|common-account:3
helper|whoever is not root|auth|password|common-auth:1
helper|root|auth|password|common-auth:1
helper|a public key, cron|account|in|common-account:3
helper|root's key|account|in|common-account:3" "$(rehearse --json --outage sshd | python3 -c 'import json, sys
s = json.load(sys.stdin)["services"][0]
assert "outcomes" not in s
for o in s["outage"]: print(o["down"], o["who"], o["phase"], o["result"], "%s:%d" % (o["file"].split("/")[-1], o["line"]), sep="|")')"

examples pam.d-strict
for service in sshd sudo; do
  auth=$(line_of "$service" '^auth .*pam_c2m') account=$(line_of "$service" '^account .*pam_c2m') deny=$(line_of "$service" pam_deny)
  for row in 'wrong token; ended session' 'helper or API down' 'pam_c2m.so missing'; do
    assert_equal "refused ($service:$auth), refused ($service:$account)" "$(cell $service 'who is mapped' "$row")"
  done
  assert_equal "refused ($service:$deny), passes (common-account:3)" "$(cell $service root 'never asks C2M')"
done
assert_match "nobody who is mapped enters by sshd in an outage: .*\($dir/sshd:$(line_of sshd '^auth .*pam_c2m')\)" "$(rehearse sshd)"
assert_match 'sshd: while the helper is down everybody but root is refused, public keys and all: ' "$(rehearse sshd)"
assert_match 'sshd: removing pam_c2m.so would lock out root too: add module_unknown=ignore' "$(rehearse sshd)"

examples pam.d-break-glass
for service in sshd login; do
  c2m=$service:$(line_of "$service" '^auth .*pam_c2m') unix=$service:$(line_of "$service" '^auth .*pam_unix')
  account=$service:$(line_of "$service" '^account .*pam_c2m')
  in='user ingroup breakglass' out='not user ingroup breakglass'
  assert_equal "in ($c2m), passes (common-account:3)" "$(cell $service 'who is mapped' 'right token; live session' "$out")"
  assert_equal "refused ($c2m), refused ($account)" "$(cell $service 'who is mapped' 'wrong token; ended session' "$out")"
  assert_equal "refused ($c2m), passes (common-account:3)" "$(cell $service 'who is mapped' 'helper or API down' "$out")"
  assert_equal "the local password decides ($unix), passes (common-account:3)" \
    "$(cell $service 'who is mapped' 'helper or API down' "$in")"
done

# a group that needs the token beside the password, as pam_c2m(8) says
sed -n '/notingroup/,/^\.Ed/{/^\.Ed/d;p}' "$ROOT/pam_module/pam_c2m.8" | put both
unix='the local password decides (both:3)'
for row in 'wrong token; ended session' 'helper or API down' 'pam_c2m.so missing'; do
  assert_match '^refused \(both:2\)' "$(cell both 'who is mapped' "$row" 'not user notingroup c2m')"
done
assert_match "^${unix//[()]/.}" "$(cell both 'who is mapped' 'right token; live session')"
assert_match "^${unix//[()]/.}" "$(cell both 'who is mapped' 'wrong token; ended session' 'user notingroup c2m')"
rm "$dir/both"

# each mistake is told, with its line
wrong() { # REGEX SED_EXPRESSION
  examples pam.d
  sed -i -E "$2" "$dir/sshd"
  assert_match "! $1" "$(rehearse sshd)"
}
wrong 'sshd lets refused tokens in: restore default=die' '/^auth .*c2m/{s/default=die/default=ignore/;a auth sufficient pam_permit.so
}'
wrong 'sshd: after a refused token the local password decides: restore default=die' '/^auth .*c2m/s/default=die/default=ignore/'
wrong 'sshd: after a refused token the local password decides' '/^auth .*c2m/s/default=die/auth_err=die default=ignore/'
wrong 'sshd lets in whose session was ended: restore default=bad' '/^account .*c2m/s/default=bad/default=ignore/'
wrong 'nobody who is mapped enters by sshd in an outage' '/^auth .*c2m/s/authinfo_unavail=ignore//'
wrong 'sshd: while the helper is down everybody but root is refused' '/^account .*c2m/s/authinfo_unavail=ignore//'
wrong 'sshd: while the helper is down everybody is refused' '/^account .*c2m/{s/authinfo_unavail=ignore//;s/$/ allow_root/}'
wrong 'sshd: removing pam_c2m.so would lock out root too' '/^auth .*c2m/s/module_unknown=ignore//'
wrong 'sshd: success of pam_c2m ends the account phase' '/^account .*c2m/s/\[.*\]/sufficient/'
wrong 'sshd: success=2 jumps onto pam_deny at .*/common-auth:2: move the line' '/^auth .*c2m/s/success=done/success=2/
/^@include common-auth/i auth optional pam_faildelay.so delay=1'
wrong 'sshd has no session line of pam_c2m: logout revokes nothing: add "session optional pam_c2m.so" below' '/^session .*c2m/d'
wrong "sshd: pam_c2m's session line stands above pam_loginuid" '/^session .*c2m/d;/loginuid/i session optional pam_c2m.so'
wrong 'sshd: pam_c2m takes no argument "reues", and fails: correct or remove it' '/^auth .*c2m/s/$/ reues/'

# what cannot be read is an error with its line, and an unknown module is tried both ways
examples pam.d
printf 'auth required\n' >>"$dir/sshd"
assert_status 78 rehearse sshd
assert_match "$dir/sshd:[0-9]+: the module is missing: libpam refuses everybody" "$output"
assert_status 78 rehearse --json sshd
assert_match '"ok":false,"error":\{"code":"stack"' "$output"
examples pam.d
sed -i '/^auth .*c2m/i auth required pam_second_factor.so' "$dir/sshd"
assert_match "^refused \(sshd:[0-9]+\)" "$(cell sshd 'who is mapped' 'right token; live session' 'not pam_second_factor.so says yes')"
assert_match "^in \(sshd:[0-9]+\)" "$(cell sshd 'who is mapped' 'right token; live session' 'pam_second_factor.so says yes')"
assert_status 78 rehearse nosuch
assert_match 'there is no PAM service "nosuch"' "$output"
rm "$dir"/{sshd,sudo,sudo-i,su,login}
[ "$WORLD_WAY" = in-place ] || { assert_status 78 rehearse; assert_match 'no PAM service names pam_c2m' "$output"; }

# root's is the same, and leaves nothing: no line of syslog, no folder
examples pam.d
folders() { find /tmp /dev/shm -maxdepth 1 -name 'c2m-rehearsal*'; }   # in place others' are there, too
before=$(folders)
: >"$WORLD_LOG/syslog"
assert_equal "$(rehearse --json sshd)" "$(c2mctl rehearse --pam-dir "$dir" --json sshd)"
rehearse --json sshd | python3 -c 'import json, sys
j = json.load(sys.stdin); s = j["services"][0]
o = next(o for o in s["outcomes"] if (o["user"], o["verdict"], o["phase"]) == ("mapped", "denied", "auth"))
sys.exit(not (j["ok"] and s["service"] == "sshd" and o["result"] == "refused" and o["line"] > 1 and o["file"].endswith("/sshd")))'
assert_equal '' "$(cat "$WORLD_LOG/syslog")"
assert_equal "$before" "$(folders)"
