#!/usr/bin/env bash
# The life of the packages on a machine, which is thrown away: install, enable, log in, upgrade with a session open,
# crash, restart, disable, remove, purge. Run by run.sh in a root with systemd as PID 1; /packages holds the packages,
# /packages/previous the former ones, /packages/c2m-standin the API.
#   inside.sh VERSION
# shellcheck disable=SC2317 # functions that check, within and traps call
set -u
version=${1:?version}
export DEBIAN_FRONTEND=noninteractive
units=(c2m-authd.socket c2m-authd-user.socket c2m-authd.service)
sockets=("${units[@]:0:2}")
checks=0 failed=0

# --- what is said -----------------------------------------------------------------------------------------------

step() { printf -- '- %s\n' "$*"; }
ok() { checks=$((checks + 1)); }
fail() { checks=$((checks + 1)); failed=$((failed + 1)); printf '  FAIL %s\n' "$*"; }
check() { if "${@:2}" >/tmp/said 2>&1; then ok; else fail "$1: $(tail -n 3 /tmp/said | tr '\n' ' ')"; fi; }   # WHAT COMMAND ...
check_not() { if "${@:2}" >/tmp/said 2>&1; then fail "$1: $(tail -n 3 /tmp/said | tr '\n' ' ')"; else ok; fi; }
equal() { if [ "$2" = "$3" ]; then ok; else fail "$1: expected $2, is $3"; fi; }   # WHAT EXPECTED IS
within() {   # SECONDS COMMAND ...
  local end=$((SECONDS + $1))
  until "${@:2}" >/tmp/said 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done
}
finish() {
  if [ "$failed" != 0 ]; then journalctl -q --no-pager -u c2m-authd -u ssh -n 25 -o cat; fi
  echo "$checks checks, $failed failed"
  [ "$failed" = 0 ]
  exit
}

# --- what is done -----------------------------------------------------------------------------------------------

quiet_apt() { apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/tmp/apt 2>&1 </dev/null; }
property() { systemctl show -P "$2" "$1"; }   # UNIT PROPERTY
active() { [ "$(property "$1" ActiveState)" = active ]; }
ask() { /packages/c2m-standin --ask /run/standin "$1" ${2:+--field "$2"}; }
token_state() { ask "token hash=$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)" state; }
token_is() { [ "$(token_state "$2")" = "$1" ]; }   # STATE TOKEN
as_alice() { runuser -u alice -- "$@"; }

session_is_active() { c2mctl sessions | grep -q '^[0-9a-f]* alice sshd .* active'; }
replaced() { [ "$(property c2m-authd.service NRestarts)" -ge 1 ] && c2mctl status; }
revocation_waits() { [ -n "$(c2mctl revocations --pending)" ]; }

# ssh_as_alice SECRET COMMAND: on a terminal; the secret is typed at whatever asks first
ssh_as_alice() {
  (umask 077; printf '%s\n' "$1" >/run/typed)
  SSH_ASKPASS=/run/askpass SSH_ASKPASS_REQUIRE=force timeout -k 2 40 setsid -w ssh -tt -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o PreferredAuthentications=keyboard-interactive,password -o NumberOfPasswordPrompts=1 \
    -o LogLevel=ERROR alice@127.0.0.1 "$2" </dev/null 2>/run/ssh.err | tr -d '\r'
}
logs_in() { [ "$(ssh_as_alice "$1" 'id -un')" = alice ]; }   # SECRET
mint() { ask "mint client=c2m_alice ${1:-}" token; }

# A session that obeys: each line of /run/orders is run in it, and its output stands in /run/told afterwards.
session_open() {   # TOKEN
  rm -f /run/orders /run/told
  mkfifo -m 0644 /run/orders
  # shellcheck disable=SC2016 # the session's shell
  ssh_as_alice "$1" 'touch /tmp/open; while read -r line; do eval "$line" >/tmp/told.new 2>&1 </dev/null; mv /tmp/told.new /tmp/told; done </run/orders' >/dev/null &
  session=$!
  exec 9>/run/orders
  within 10 test -e /tmp/open
}
session_run() {   # COMMAND: what it prints
  rm -f /tmp/told
  echo "$1" >&9
  within 10 test -e /tmp/told && cat /tmp/told
}
session_close() { exec 9>&-; wait "$session"; rm -f /tmp/open; }

# --- the story --------------------------------------------------------------------------------------------------

printf '#!/bin/sh\ncat /run/typed\n' >/run/askpass && chmod 0755 /run/askpass
useradd --create-home --shell /bin/bash --groups sudo alice && echo alice:alice-password | chpasswd
install -d -m 0700 /run/standin
systemd-run -q --unit=standin /packages/c2m-standin --listen 127.0.0.1:8443 --dir /run/standin
within 10 ask help || fail "the stand-in does not start: $(cat /tmp/said)"
systemctl start ssh.service || fail 'sshd does not start'
cp -a /etc/pam.d /run/pam.d.before

step 'install'
sshd_pid=$(property ssh.service MainPID)
check 'the previous packages install' quiet_apt install /packages/previous/libpam-c2m_*.deb /packages/previous/c2m-authd_*.deb /packages/previous/c2m-tools_*.deb
check 'no PAM stack changes' diff -r /run/pam.d.before /etc/pam.d
check 'the user is there' id c2m-authd
equal 'the seal key' '640 root c2m-authd 32' "$(stat -c '%a %U %G %s' /etc/c2m/seal.key)"
for unit in "${units[@]}"; do equal "$unit after the installation" inactive "$(property "$unit" ActiveState)"; done
check_not 'the placeholders are refused' /usr/libexec/c2m/c2m-authd --check
for page in man1/c2mctl.1 man5/authd.conf.5 man5/c2m-users.5 man7/c2m.7 man8/pam_c2m.8; do check "$page" test -e "/usr/share/man/$page.gz"; done
check 'exposure at most 1.4' systemd-analyze security --threshold=14 c2m-authd.service

step 'enable'
install -m 0644 /run/standin/verify-key.pem /etc/c2m/api-key.pem
install -m 0644 /run/standin/ca.pem /etc/c2m/api-ca.pem
sed -i -e 's,<https://api.example.com/v2>,https://127.0.0.1:8443\nca = /etc/c2m/api-ca.pem,' -e 's,<c2m-api>,c2m-api,' \
  -e 's,</etc/c2m/api-key.pem>,/etc/c2m/api-key.pem,' -e 's,<login:web1>,login:web1,' /etc/c2m/authd.conf
sed -i 's,<c2m_abc123>,c2m_alice,' /etc/c2m/users
check 'the configuration is right' /usr/libexec/c2m/c2m-authd --check
install -m 0644 /usr/share/doc/c2m/examples/sshd_config.d/00-c2m.conf /etc/ssh/sshd_config.d/
install -m 0440 /usr/share/doc/c2m/examples/sudoers.d/c2m /etc/sudoers.d/
check 'the sockets are enabled' systemctl enable --now "${sockets[@]}"
check 'pam-auth-update --enable c2m' pam-auth-update --enable c2m
check 'the stacks name pam_c2m' grep -q pam_c2m /etc/pam.d/common-auth /etc/pam.d/common-account /etc/pam.d/common-session
systemctl reload ssh.service

step 'each socket starts the helper'
equal 'before' inactive "$(property c2m-authd.service ActiveState)"
check 'root asks' c2mctl status
equal 'by pam.sock' active "$(property c2m-authd.service ActiveState)"
systemctl stop c2m-authd.service
for socket in "${sockets[@]}"; do equal "$socket while the helper is stopped" active "$(property "$socket" ActiveState)"; done
as_alice c2mctl sessions >/dev/null
equal 'by user.sock' active "$(property c2m-authd.service ActiveState)"

step 'LoadCredential: the key is read by systemd, and may be root'\''s alone'
chown root:root /etc/c2m/seal.key && chmod 0600 /etc/c2m/seal.key
check 'restart' systemctl restart c2m-authd.service
check 'it serves' c2mctl status
check 'the credential is there' test -e /run/credentials/c2m-authd.service/seal.key
chown root:c2m-authd /etc/c2m/seal.key && chmod 0640 /etc/c2m/seal.key

step 'log in, sudo, log out'
token=$(mint)
check 'a token opens a session' session_open "$token"
equal 'who' alice "$(session_run 'id -un')"
equal 'sudo by the session' root "$(session_run 'sudo -n id -un')"
session_close
check 'the token is dead after logout' within 5 token_is revoked "$token"
check_not 'and logs nobody in' logs_in "$token"
check 'a user who is not mapped has his password' bash -c 'useradd -m bob && echo bob:bob-password | chpasswd'

step 'upgrade, with a session open'
token=$(mint)
check 'a session' session_open "$token"
helper=$(property c2m-authd.service MainPID)
doors=$(for socket in "${sockets[@]}"; do property "$socket" ActiveEnterTimestampMonotonic; done)
check 'the packages upgrade' quiet_apt install /packages/libpam-c2m_*.deb /packages/c2m-authd_*.deb /packages/c2m-tools_*.deb
equal 'the version' "$version-1" "$(dpkg-query -W -f '${Version}' libpam-c2m)"
check_not 'the helper is a new one' test "$helper" = "$(property c2m-authd.service MainPID)"
check 'it runs' active c2m-authd.service
equal 'the sockets were never closed' "$doors" "$(for socket in "${sockets[@]}"; do property "$socket" ActiveEnterTimestampMonotonic; done)"
equal 'sshd is the same' "$sshd_pid" "$(property ssh.service MainPID)"
check 'the session goes on' session_is_active
equal 'in it sudo asks once' 'sudo: a password is required' "$(session_run 'sudo -n id -un')"
session_close
check 'its token is dead after logout' within 5 token_is revoked "$token"

step 'watchdog: a helper that hangs is replaced'
equal 'WatchdogSec' 30s "$(systemctl cat c2m-authd.service | sed -n 's/^WatchdogSec=\(.*\)$/\1s/p')"
mkdir -p /run/systemd/system/c2m-authd.service.d
printf '[Service]\nWatchdogSec=2\n' >/run/systemd/system/c2m-authd.service.d/test.conf
systemctl daemon-reload && systemctl restart c2m-authd.service
sleep 5
equal 'one that works is left alone' 0 "$(property c2m-authd.service NRestarts)"
kill -STOP "$(property c2m-authd.service MainPID)"
check 'it is replaced' within 15 replaced
equal 'for that reason' 1 "$(journalctl -q --no-pager -u c2m-authd.service -o cat | grep -c 'Watchdog timeout')"

step 'a crash loop closes no door'
printf '[Service]\nExecStart=\nExecStart=/bin/false\nRestartSec=100ms\n' >/run/systemd/system/c2m-authd.service.d/test.conf
systemctl daemon-reload
systemctl kill -s KILL c2m-authd.service
token=$(mint)
sleep 5
restarts=$(property c2m-authd.service NRestarts)
check "it crashed often ($restarts)" test "$restarts" -ge 8
for socket in "${sockets[@]}"; do equal "$socket" active "$(property "$socket" ActiveState)"; done
check 'meanwhile the local password logs in' logs_in alice-password
rm /run/systemd/system/c2m-authd.service.d/test.conf && systemctl daemon-reload
check 'mended, it serves by itself' within 10 c2mctl status
check 'and a token logs in' logs_in "$token"

step 'restart and reload'
token=$(mint)
check 'a session' session_open "$token"
check 'restart' systemctl restart c2m-authd.service
check 'the session is known' session_is_active
check 'reload' systemctl reload c2m-authd.service
check 'it says so' within 5 bash -c 'journalctl -q --no-pager -u c2m-authd.service -o cat | grep -q "reload: done"'
session_close
check 'its token is dead after logout' within 5 token_is revoked "$token"

step 'the journal'
line=$(journalctl -q --no-pager -u c2m-authd.service -o json | grep 'event=login' | grep 'verdict=granted' | tail -n 1)
for field in '"PRIORITY":"[56]"' '"_UID":"[0-9]+"' '"SYSLOG_IDENTIFIER":"c2m-authd"' 'user=alice service=sshd' 'ref=[0-9a-f]{8}'; do
  check "a login has $field" grep -qE "$field" <<<"$line"
done
check_not 'no token is in the journal' bash -c 'journalctl -q --no-pager | grep -qE "eyJ[A-Za-z0-9_-]{20}"'
equal 'nothing was refused by a sandbox' '' "$(journalctl -q --no-pager -u c2m-authd.service -o cat | grep -iE 'sandbox: .*(denied|permitted)' | head -n 1)"

step 'disable'
check 'pam-auth-update --disable c2m' pam-auth-update --disable c2m
check 'the stacks are as they were' diff -r /run/pam.d.before /etc/pam.d
check 'the local password logs in' logs_in alice-password
check_not 'and no token' logs_in "$(mint)"

step 'remove, while a stack names pam_c2m by hand'
pam-auth-update --enable c2m
cp /usr/share/doc/c2m/examples/pam.d/sshd /etc/pam.d/sshd
check_not 'the helper stays' quiet_apt remove c2m-authd
check 'and the file is named' grep -q 'still named by hand in: /etc/pam.d/sshd' /tmp/apt
check 'it still serves' c2mctl status
check_not 'the module stays' quiet_apt remove libpam-c2m
cp /run/pam.d.before/sshd /etc/pam.d/sshd

step 'remove, with a revocation that could not be delivered'
pam-auth-update --enable c2m
token=$(mint)
check 'a session' session_open "$token"
ask down >/dev/null
session_close
check 'it waits' within 5 revocation_waits
check 'the helper is removed' quiet_apt remove c2m-authd
for unit in "${units[@]}"; do check_not "$unit is gone" active "$unit"; done
check 'PAM let go of it' diff -r /run/pam.d.before /etc/pam.d
check 'the local password logs in' logs_in alice-password
check 'its key and state stay' test -s /etc/c2m/seal.key -a -s /var/lib/c2m/state.db
check 'the module is removed' quiet_apt remove libpam-c2m
check 'no stack names it' diff -r /run/pam.d.before /etc/pam.d
check 'the local password logs in' logs_in alice-password

step 'purge'
rm -f /etc/c2m/api-key.pem /etc/c2m/api-ca.pem
check 'all of them are purged' quiet_apt purge libpam-c2m c2m-authd c2m-tools
check 'what could not be revoked is said' grep -q 'revoke them at the API' /tmp/apt
check 'with the session it belongs to' grep -qE '^ .*\(short\) of session [0-9a-f]{8}, alice' /tmp/apt
for path in /etc/c2m /var/lib/c2m /usr/libexec/c2m /usr/share/c2m /usr/lib/systemd/system/c2m-authd.service /etc/systemd/system/sockets.target.wants/c2m-authd.socket \
  /usr/share/pam-configs/c2m /usr/bin/c2mctl /usr/bin/c2m-askpass; do check_not "$path is gone" test -e "$path" -o -L "$path"; done
check 'the stacks are as they were' diff -r /run/pam.d.before /etc/pam.d
equal 'sshd was never restarted' "$sshd_pid" "$(property ssh.service MainPID)"
check 'the local password logs in' logs_in alice-password
finish
