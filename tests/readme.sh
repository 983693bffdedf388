#!/usr/bin/env bash
# Does what README.md says under "Install on a test machine", to the letter: the indented blocks of that section, in
# their order, on this machine. Between them only what it asks for in words is done: the placeholders are filled, for a
# stand-in of the API. Then alice logs in, uses sudo and logs out, and the last block undoes it all.
# It changes the machine: for a fresh one that is thrown away afterwards.
#   tests/readme.sh --on-this-machine
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
if [ "${1:-}" != --on-this-machine ] || [ "$(id -u)" != 0 ]; then
  echo "usage (root, on a machine to be thrown away): $0 --on-this-machine" >&2
  exit 64
fi

failed() { echo "readme: $*" >&2; exit 1; }
block() { # NUMBER: the text of the section's Nth indented block
  sed -n '/^## Install on a test machine$/,/^## /p' README.md |
    awk -v wanted="$1" '/^    / { if (!inside) { n++; inside = 1 } if (n == wanted) print substr($0, 5); next } { inside = 0 }'
}
follow() { # NUMBER
  local text
  text=$(block "$1")
  [ -n "$text" ] || failed "there is no block $1"
  printf '%s\n' "$text" | sed 's/^/  # /'
  bash -e -c "$text" </dev/null || failed "block $1 ends with status $?"
}
ask() { build/c2m-standin --ask /run/standin "$1" ${2:+--field "$2"}; }

chmod 0755 /   # a root made by mktemp is closed to everybody
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || failed 'apt-get update'
follow 1
useradd --create-home --shell /bin/bash alice && echo 'alice:alice-password' | chpasswd
mkdir -p /run/sshd && { service ssh start || failed 'sshd does not start'; }

# "Write your API's address, issuer and key, the scope that logs in, and your users into the two files"
install -d -m 0700 /run/standin
build/c2m-standin --listen 127.0.0.1:8443 --dir /run/standin >/run/standin.log 2>&1 &
for _ in $(seq 50); do [ -e /run/standin/ca.pem ] && ask help >/dev/null 2>&1 && break; sleep 0.1; done
install -m 0644 /run/standin/verify-key.pem /etc/c2m/api-key.pem
install -m 0644 /run/standin/ca.pem /etc/c2m/api-ca.pem
! /usr/libexec/c2m/c2m-authd --check 2>/run/check || failed 'placeholders are accepted'
grep -q 'placeholder' /run/check || failed "the placeholders are not named: $(cat /run/check)"
sed -i -e 's,<https://api.example.com/v2>,https://127.0.0.1:8443\nca = /etc/c2m/api-ca.pem,' -e 's,<c2m-api>,c2m-api,' \
  -e 's,</etc/c2m/api-key.pem>,/etc/c2m/api-key.pem,' -e 's,<login:web1>,login:web1,' /etc/c2m/authd.conf
sed -i 's,<c2m_abc123>,c2m_alice,' /etc/c2m/users
follow 2
cp -a /etc/pam.d /run/pam.d.before
follow 3

token=$(ask 'mint client=c2m_alice' token)
[ -n "$token" ] || failed 'no token'
printf '#!/bin/sh\ncat /run/token\n' >/run/askpass && chmod 0755 /run/askpass
(umask 077; printf '%s\n' "$token" >/run/token)
shell() { # COMMAND: alice's, on a terminal, logged in with the token
  SSH_ASKPASS=/run/askpass SSH_ASKPASS_REQUIRE=force setsid -w ssh -tt -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o PreferredAuthentications=keyboard-interactive,password -o NumberOfPasswordPrompts=1 -o LogLevel=ERROR alice@127.0.0.1 "$1" </dev/null
}
usermod -aG sudo alice
seen=$(shell 'id -un; sudo id -un; c2mctl sessions')
printf '%s\n' "$seen"
[[ $seen == alice*root*active* ]] || failed 'the login, or sudo in it, did not go as told'
for _ in $(seq 50); do [ "$(ask "token hash=$(printf %s "$token" | sha256sum | cut -d ' ' -f 1)" state)" = revoked ] && break; sleep 0.1; done
[ "$(ask "token hash=$(printf %s "$token" | sha256sum | cut -d ' ' -f 1)" state)" = revoked ] || failed 'the token outlives its session'
! shell true || failed 'a revoked token logs in'

follow 4
diff -r /run/pam.d.before /etc/pam.d || failed 'the undo leaves something behind'
printf 'alice-password\n' >/run/token
[ "$(shell 'id -un' | tr -d '\r')" = alice ] || failed 'after the undo the local password does not log in'
echo 'README.md: every block did what it says.'
