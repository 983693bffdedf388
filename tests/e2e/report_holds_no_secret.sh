#!/usr/bin/env bash
# `c2mctl report` says what is in it, and no secret is: neither of the files that hold some, nor of environments, nor what
# somebody typed at the wrong place and a log holds now.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
session_open a alice "$(mint alice type=long)"
long=$(mint bob type=long) short=$(mint alice)
printf '%s' "$(mint alice type=long)" | c2mctl enroll --user alice >/dev/null
delivered=$(session_run a 'c2mctl token')

# secrets where they belong, and where they do not
hexadecimal() { od -An -v -tx1 | tr -d ' \n'; }
secrets=(hunter2-in-proxy hunter3-for-secret hunter4-misspelt hunter5-comment hunter6-sql hunter7-env hunter8-name
  "$long" "$short" "$delivered" lt_AAAAAAAAAAAA "$(head -c 32 /dev/urandom | base64)" "$(head -c 20 /dev/urandom | hexadecimal)")
random=${secrets[11]} hex=${secrets[12]}
openssl genpkey -algorithm ed25519 -out /etc/c2m/host.pem 2>/dev/null
secrets+=("$(sed -n 2p /etc/c2m/host.pem)" "$(base64 -w0 /etc/c2m/seal.key)" "$(hexadecimal </etc/c2m/seal.key)")
cp /etc/c2m/authd.conf "$WORLD/good.conf"
cat >>/etc/c2m/authd.conf <<CONF
[api]
proxy = http://me:hunter2-in-proxy@127.0.0.1:1
# the old password was hunter5-comment
[verify]
secret = hunter3-for-secret
passwrd = hunter4-misspelt
[host]
key = $(sed -n 2p /etc/c2m/host.pem)
client = $random
CONF
cat /etc/c2m/host.pem >>/etc/c2m/authd.conf
printf 'c2m_alice = %s\n' "$hex" >/etc/c2m/client-secrets
echo 'auth optional pam_mysql.so user=root passwd=hunter6-sql' >>"/etc/pam.d/$(pam_name sshd)"
log=/var/log/auth.log
line() { echo "Nov 29 07:00:00 web1 $*" >>$log; }
line "c2m-authd[12]: event=login ref=7f3a91c2 verdict=denied reason=unmapped user=hunter8-name token=0123abcd"
line "c2m-authd[12]: event=login ref=7f3a91c3 verdict=denied reason=unmapped user=$short rhost=192.0.2.7"
line "sshd[13]: pam_c2m(sshd:auth): what nobody foresaw: $long, \"$random\" ($hex) Bearer hunter7-env"
line "c2m-authd[12]: http://me:hunter2-in-proxy@127.0.0.1:1 password: hunter6-sql"
line "sshd[13]: Invalid user hunter8-name from 192.0.2.7"
sed 's/^/Nov 29 07:00:01 web1 c2m-authd[14]: /' /etc/c2m/host.pem >>$log

has() { grep -qE -- "$1" <<<"$output" || fail "not in the report: $1"; }   # REGEX
look() { # COMMAND ...: its output, in which no secret is
  run env C2M_PASSWORD=hunter7-env LONG="$long" "$@"
  assert_equal 0 "$status"
  for secret in "${secrets[@]}"; do 
    [[ $output != *"$secret"* ]] || fail "a secret is in the report: $secret"
  done
}
look c2mctl report --authd "$BUILD/c2m-authd"
for name in about status doctor config users stacks rehearse sshd units metrics log; do
  has "^  $name +[0-9]+ lines  "
  has "^=== $name: "
done
has '^Left out: tokens'
# and what helps is in it
for wanted in 'c2m-authd .* up ' "^url is https://127.0.0.1:$STANDIN_PORT" '^another key is \[left out\]' '^proxy is \[left out\]' \
  'config.valid' '^/etc/c2m/users: 2$' '^auth optional pam_mysql.so \.\.\.$' 'pam_c2m.so (.* )?reuse' 'c2m_logins_total' \
  'ref=7f3a91c2 verdict=denied reason=unmapped user=\[left out\] token=0123abcd' 'rhost=192.0.2.7'; do
  has "$wanted"
done
assert_no_match 'Invalid user' "$output"
look c2mctl report --json --authd "$BUILD/c2m-authd"
assert_match '^\{"schema":1,"ok":true,' "$output"
assert_equal 'about config doctor log metrics rehearse sshd stacks status units users' \
  "$(python3 -c 'import json, sys; print(*sorted(s["name"] for s in json.load(sys.stdin)["sections"]))' <<<"$output")"
# who is not root sends less
look setpriv --reuid alice --regid alice --clear-groups c2mctl report --authd "$BUILD/c2m-authd"
has '^as a user: root is told more'
