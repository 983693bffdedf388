#!/usr/bin/env bash
# The life of the packages on a machine, which is thrown away: install, enable, log in, upgrade with a session open,
# crash, restart, disable, remove, purge. Run by run.sh in a root with systemd as PID 1; /packages holds the packages,
# /packages/previous the former ones, /packages/c2m-standin the API.
#   inside.sh VERSION
# shellcheck disable=SC2317 # functions that check, within and traps call
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/package/machine.sh
. ./machine.sh
# shellcheck source=tests/package/checks.sh
. ./checks.sh
version=${1:?version}
export DEBIAN_FRONTEND=noninteractive C2M_STANDIN=/packages/c2m-standin
units=(c2m-authd.socket c2m-authd-user.socket c2m-authd.service)
sockets=("${units[@]:0:2}")

# each token that was made, for whoever looks whether it came out somewhere: beginning and end
mint() { ask "mint client=c2m_alice ${1:-}" token | tee >(sed -E 's/^(.{24}).*(.{24})$/\1\n\2/' >>/run/minted); }
as_alice() { runuser -u alice -- "$@"; }
session_is_active() { c2mctl sessions | grep -q '^[0-9a-f]* alice sshd .* active'; }
session_is_over() { ! [ -d "/proc/$session" ]; }
replaced() { [ "$(property c2m-authd.service NRestarts)" -ge 1 ] && c2mctl status; }
drop_in() { mkdir -p /run/systemd/system/c2m-authd.service.d && printf '%s\n' '[Service]' "$@" >/run/systemd/system/c2m-authd.service.d/test.conf && systemctl daemon-reload; }
drop_out() { rm /run/systemd/system/c2m-authd.service.d/test.conf && systemctl daemon-reload; }
content() { c2mctl doctor >/tmp/doctor || { grep -E '^(WARN|FAIL)' /tmp/doctor; false; }; }
logged() { journalctl -q --no-pager -u c2m-authd.service -o cat | grep -qE "$1"; }
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1")" = installed ]; }

# refused PACKAGE STACKS: its removal is, for the lines in these (a pattern), and all of it stays as it was
refused() {
  rm -rf /run/pam.d.named && cp -a /etc/pam.d /run/pam.d.named
  check_not "$1 stays" quiet_apt remove "$1"
  check "$1: what names it is told" grep -q "^$1: still named by hand in: $2 \$" /tmp/apt
  check "$1 is installed" installed "$1"
  check "$1: no stack is changed" diff -r /run/pam.d.named /etc/pam.d
}

user_with_password alice && usermod -aG sudo alice
user_with_password bob
echo root:root-password | chpasswd
standin_start || fail "the stand-in does not start: $(cat /tmp/said)"
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
for guide in README.md SECURITY.md docs/operating.md docs/clients.md; do check "$guide" compgen -G "/usr/share/doc/c2m/$guide*"; done
check 'exposure at most 1.4' systemd-analyze security --threshold=14 c2m-authd.service

step 'enable'
configure
check 'the configuration is right' /usr/libexec/c2m/c2m-authd --check
install -m 0644 /usr/share/c2m/sshd_config.d/00-c2m.conf /etc/ssh/sshd_config.d/
install -m 0440 /usr/share/c2m/sudoers.d/c2m /etc/sudoers.d/
check 'the sockets are enabled' systemctl enable --now "${sockets[@]}"
check 'pam-auth-update --enable c2m' pam-auth-update --enable c2m
check 'the stacks name pam_c2m' grep -q pam_c2m /etc/pam.d/common-auth /etc/pam.d/common-account /etc/pam.d/common-session
systemctl reload ssh.service
check 'doctor finds nothing wrong, and warns of nothing' within 15 content
systemctl stop c2m-authd.service 2>/dev/null

step 'each socket starts the helper'
equal 'before' inactive "$(property c2m-authd.service ActiveState)"
check 'root asks' c2mctl status
equal 'by pam.sock' active "$(property c2m-authd.service ActiveState)"
systemctl stop c2m-authd.service 2>/dev/null
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
check_not 'and logs nobody in' logs_in alice "$token"
check 'a user who is not mapped logs in with his password' logs_in bob bob-password
check_not 'and not with a token of alice' logs_in bob "$(mint)"

step 'a terminal under systemd --user: asked once a pane'
# systemd-run may lose what its terminal still holds when the command ends: it ends later
below() { session_run "systemd-run --user --quiet --pty --wait bash -c '$1; sleep 1'" | tr -d '\r'; }   # COMMAND
check 'a session' session_open "$(mint)"
equal 'what is below the user manager is not the session' 'sudo: a password is required' "$(below 'sudo -n id -un')"
(umask 077; mint type=long >/home/alice/long) && chown alice /home/alice/long
equal 'what is typed there serves that terminal alone' $'root\nroot\nsudo: a password is required' \
  "$(below 'sudo -S -p "" id -un <long; sudo -n id -un; setsid -w sudo -n id -un')"
equal 'and the session goes on' root "$(session_run 'sudo -n id -un')"
session_close
rm /home/alice/long

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
drop_in WatchdogSec=2
systemctl restart c2m-authd.service
sleep 5
equal 'one that works is left alone' 0 "$(property c2m-authd.service NRestarts)"
kill -STOP "$(property c2m-authd.service MainPID)"
check 'it is replaced' within 15 replaced
equal 'for that reason' 1 "$(journalctl -q --no-pager -u c2m-authd.service -o cat | grep -c 'Watchdog timeout')"

step 'a crash: how long until the first answer'
slowest=0
for _ in $(seq 10); do
  systemctl kill -s KILL c2m-authd.service && crashed=$(date +%s%N)
  check 'it answers again' within 10 c2mctl status
  took=$((($(date +%s%N) - crashed) / 1000000))
  slowest=$((took > slowest ? took : slowest))
done
printf '  of 10 crashes the slowest: %s ms\n' "$slowest"

step 'a crash loop closes no door'
drop_in ExecStart= ExecStart=/bin/false RestartSec=100ms
systemctl kill -s KILL c2m-authd.service
token=$(mint)
sleep 5
restarts=$(property c2m-authd.service NRestarts)
check "it crashed often ($restarts)" test "$restarts" -ge 8
for socket in "${sockets[@]}"; do equal "$socket" active "$(property "$socket" ActiveState)"; done
check 'meanwhile the local password logs in' logs_in alice alice-password
drop_out
check 'mended, it serves by itself' within 10 c2mctl status
check 'and a token logs in' logs_in alice "$token"

step 'restart and reload'
token=$(mint)
check 'a session' session_open "$token"
check 'restart' systemctl restart c2m-authd.service
check 'the session is known' session_is_active
check 'reload' systemctl reload c2m-authd.service
check 'it says so' within 5 logged 'reload: done'
session_close
check 'its token is dead after logout' within 5 token_is revoked "$token"

step 'on_expiry = hangup, with its drop-in'
sed -i '/^\[session\]/d' /etc/c2m/authd.conf && printf '[session]\non_expiry = hangup\n' >>/etc/c2m/authd.conf
check_not 'without it the helper refuses' systemctl restart c2m-authd.service
check 'and names it' logged 'on_expiry = hangup: c2m-authd has no CAP_KILL: with systemd install hangup.conf'
install -D -m 0644 /usr/share/c2m/hangup.conf /etc/systemd/system/c2m-authd.service.d/hangup.conf
check 'it starts' bash -c 'systemctl daemon-reload && systemctl restart c2m-authd && c2mctl status'
equal 'it holds CAP_KILL alone' 0000000000000020 "$(sed -n 's/^CapEff:.//p' "/proc/$(property c2m-authd.service MainPID)/status")"
check 'a session of eight seconds' session_open "$(mint ttl=8)"
check 'it is hung up' within 20 session_is_over
check 'the log says so' logged 'event=hangup ref=[0-9a-f]{8} reason=hung_up user=alice'
session_close
rm -r /etc/systemd/system/c2m-authd.service.d && sed -i '/^\[session\]$/,$d' /etc/c2m/authd.conf
check 'and without both it starts again' bash -c 'systemctl daemon-reload && systemctl restart c2m-authd && c2mctl status'

step 'the journal'
line=$(journalctl -q --no-pager -u c2m-authd.service -o json C2M_EVENT=login C2M_VERDICT=granted C2M_SERVICE=sshd -n 1)
for field in 'PRIORITY=[56]' '_UID=[0-9]+' SYSLOG_IDENTIFIER=c2m-authd 'MESSAGE_ID=[0-9a-f]{32}' 'C2M_LOGIN_ID=[0-9a-f]{8}' \
  'C2M_REF=[0-9a-f]{8}' C2M_USER=alice 'C2M_RHOST=127\.0\.0\.1' 'C2M_REASON=[a-z_]+' 'C2M_DURATION_USEC=[0-9]+' 'C2M_AUDIT_SESSION=-?[0-9]+' 'C2M_TOKEN_HASH=[0-9a-f]+'; do
  check "a login has $field" grep -qE "\"${field%%=*}\":\"${field#*=}\"" <<<"$line"
done
check_not 'no JWT is in the journal' bash -c 'journalctl -q --no-pager | grep -qE "eyJ[A-Za-z0-9_-]{20}"'
check 'an opaque token was made' grep -q '^lt_' /run/minted
check_not 'none that was made is in the journal' bash -c 'journalctl -q --no-pager | grep -qFf /run/minted'
equal 'nothing was refused by a sandbox' '' "$(journalctl -q --no-pager -u c2m-authd.service -o cat | grep -iE 'sandbox: .*(denied|permitted)' | head -n 1)"

step 'disable'
check 'pam-auth-update --disable c2m' pam-auth-update --disable c2m
check 'the stacks are as they were' diff -r /run/pam.d.before /etc/pam.d
check 'the local password logs in' logs_in alice alice-password
check_not 'and no token' logs_in alice "$(mint)"

step 'remove, while a stack names pam_c2m by hand'
pam-auth-update --enable c2m
cp /usr/share/c2m/pam.d/sshd /etc/pam.d/sshd
refused c2m-authd /etc/pam.d/sshd
check 'it still serves' c2mctl status
check 'a token logs in' logs_in alice "$(mint)"
refused libpam-c2m /etc/pam.d/sshd
check 'a token logs in' logs_in alice "$(mint)"
cp /run/pam.d.before/sshd /etc/pam.d/sshd
sed -i '0,/^auth.*pam_c2m/s//auth optional pam_permit.so\n&/' /etc/pam.d/common-auth
refused c2m-authd ".*/etc/pam.d/common-auth.*"
refused libpam-c2m ".*/etc/pam.d/common-auth.*"
check 'pam-auth-update --force mends it' pam-auth-update --force --package
check 'the stacks can be left' pam-auth-update --disable c2m
rm -f /etc/pam.d/*.pam-old

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
check 'the local password logs in' logs_in alice alice-password
check 'its key and state stay' test -s /etc/c2m/seal.key -a -s /var/lib/c2m/state.db
check 'the module is removed' quiet_apt remove libpam-c2m
check 'no stack names it' diff -r /run/pam.d.before /etc/pam.d
check 'the local password logs in' logs_in alice alice-password

step 'purge'
rm -f /etc/c2m/api-key.pem /etc/c2m/api-ca.pem
check 'all of them are purged' quiet_apt purge libpam-c2m c2m-authd c2m-tools
check 'what could not be revoked is said' grep -q 'revoke them at the API' /tmp/apt
check 'with the session it belongs to' grep -qE '^ .*\(short\) of session [0-9a-f]{8}, alice' /tmp/apt
for path in /etc/c2m /var/lib/c2m /usr/libexec/c2m /usr/share/c2m /usr/lib/systemd/system/c2m-authd.service /etc/systemd/system/sockets.target.wants/c2m-authd.socket \
  /usr/share/pam-configs/c2m /usr/bin/c2mctl /usr/bin/c2m-askpass; do check_not "$path is gone" test -e "$path" -o -L "$path"; done
check 'the stacks are as they were' diff -r /run/pam.d.before /etc/pam.d
equal 'sshd was never restarted' "$sshd_pid" "$(property ssh.service MainPID)"
check 'the local password logs in' logs_in alice alice-password
finish
