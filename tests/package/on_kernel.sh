#!/usr/bin/env bash
# The packages on a kernel of Debian's, booted for it: install, log in, sudo, log out; which sandbox the kernel gives the
# helper; and all of it again under the AppArmor profile that is shipped, enforced. Run by kernel.sh's unit.
# shellcheck disable=SC2317 # functions that check, within and traps call
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/package/machine.sh
. ./machine.sh
# shellcheck source=tests/package/checks.sh
. ./checks.sh
export DEBIAN_FRONTEND=noninteractive C2M_STANDIN=/packages/c2m-standin PATIENCE=6
profile=usr.libexec.c2m.c2m-authd
authd=/usr/libexec/c2m/c2m-authd
hangup=/etc/systemd/system/c2m-authd.service.d/hangup.conf

step() { printf -- '- %s s: %s\n' "$SECONDS" "$*"; }
helper() { property c2m-authd.service MainPID; }
helper_has() { grep -q "^$1:[[:space:]]*$2\$" "/proc/$(helper)/status"; }   # FIELD VALUE
confinement() { cat "/proc/$(helper)/attr/current"; }
content() { c2mctl doctor >/tmp/doctor || { grep -E '^(WARN|FAIL)' /tmp/doctor; false; }; }
live_tokens() { ask 'live client=c2m_alice' count; }
are_live() { [ "$(live_tokens)" = "$1" ]; }   # COUNT
logged() { journalctl -q --no-pager -u c2m-authd.service -o cat | grep -qE "$1"; }
session_is_over() { ! [ -d "/proc/$session" ]; }
# What the kernel refused who runs under the profile, since it was loaded.
denials() { journalctl -q --no-pager _TRANSPORT=kernel + _TRANSPORT=audit -o cat | grep -E 'apparmor="DENIED".*profile="c2m-authd"'; }
nothing_denied() {   # WHEN
  check_not "$1: nothing is denied" denials
  denials | grep -o 'operation=.*' | sort | uniq -c | sort -rn | head -n 20
}

login_and_sudo() {   # WHAT TOKEN
  check "$1: a token opens a session" session_open "$2"
  equal "$1: who" alice "$(session_run 'id -un')"
  equal "$1: sudo by the session" root "$(session_run 'sudo -n id -un')"
  check "$1: its session is known" bash -c 'c2mctl sessions | grep -q "^[0-9a-f]* alice sshd .* active"'
  session_close
}
# and a short token is dead when its session is over
whole_login() {   # WHAT TOKEN
  login_and_sudo "$@"
  check "$1: the token is dead after logout" within 15 token_is revoked "$2"
  check_not "$1: and logs nobody in" logs_in alice "$2"
}

landlock_of() { case $(uname -r) in 6.1.*) echo 2 ;; 6.12.*) echo 6 ;; *) echo "? ($(uname -r))" ;; esac; }

step "Linux $(uname -r)"
for module in landlock apparmor; do check "$module is among the kernel's" grep -qw "$module" /sys/kernel/security/lsm; done
equal 'AppArmor' Y "$(cat /sys/module/apparmor/parameters/enabled)"

user_with_password alice && usermod -aG sudo alice
echo root:root-password | chpasswd
standin_start || fail "the stand-in does not start: $(cat /tmp/said)"
check 'sshd runs' systemctl start ssh.service

step 'install and enable'
check 'the packages install' quiet_apt install /packages/{libpam-c2m,c2m-authd,c2m-tools}_*.deb
configure
check 'the configuration is right' "$authd" --check
install -m 0644 /usr/share/c2m/sshd_config.d/00-c2m.conf /etc/ssh/sshd_config.d/
install -m 0440 /usr/share/c2m/sudoers.d/c2m /etc/sudoers.d/
check 'the sockets are enabled' systemctl enable --now c2m-authd.socket c2m-authd-user.socket
check 'pam-auth-update --enable c2m' pam-auth-update --enable c2m
systemctl reload ssh.service
check 'doctor finds nothing wrong, and warns of nothing' within 30 content

step 'log in, sudo, log out'
whole_login 'a short token' "$(mint)"

step 'the sandbox'
equal 'what the helper says' "sandbox: seccomp, Landlock ABI $(landlock_of)" "$(journalctl -q --no-pager -u c2m-authd.service -o cat | grep -o 'sandbox: .*' | tail -n 1)"
check 'seccomp' helper_has Seccomp 2
check 'no new privileges' helper_has NoNewPrivs 1
check 'no capability' helper_has CapBnd 0000000000000000

step 'AppArmor, enforced'
equal 'without its profile' unconfined "$(confinement)"
cp "/usr/share/doc/c2m/apparmor/$profile" /etc/apparmor.d/
check 'the profile loads' apparmor_parser -r "/etc/apparmor.d/$profile"
check 'restart' systemctl restart c2m-authd.service
equal 'the helper' 'c2m-authd (enforce)' "$(confinement)"
equal 'its sandbox' "sandbox: seccomp, Landlock ABI $(landlock_of)" "$(journalctl -q --no-pager -u c2m-authd.service -o cat | grep -o 'sandbox: .*' | tail -n 1)"
whole_login 'a short token' "$(mint)"
long=$(mint type=long) live=$(live_tokens)
login_and_sudo 'a long token' "$long"
check 'what was obtained for it is dead' within 15 are_live "$live"
check 'alice asks for herself' runuser -u alice -- c2mctl sessions
check 'reload' systemctl reload c2m-authd.service
check 'it says so' within 15 logged 'reload: done'
check 'doctor finds nothing wrong' within 30 content
check 'a login is in the journal with its fields' bash -c 'journalctl -q --no-pager -u c2m-authd.service -o json C2M_EVENT=login C2M_VERDICT=granted -n 1 | grep -q C2M_USER'
nothing_denied 'as systemd starts it'

step 'and with on_expiry = hangup'
printf '[session]\non_expiry = hangup\n' >>/etc/c2m/authd.conf
install -D -m 0644 /usr/share/c2m/hangup.conf "$hangup"
check 'it starts' bash -c 'systemctl daemon-reload && systemctl restart c2m-authd && c2mctl status'
check 'a session of a minute' session_open "$(mint ttl=60)"
check 'it is hung up' within 90 session_is_over
check 'the log says so' logged 'event=hangup ref=[0-9a-f]{8} reason=hung_up user=alice'
session_close
nothing_denied 'with hangup'

step 'and started by hand, as root'
systemctl stop c2m-authd.service c2m-authd.socket c2m-authd-user.socket 2>/dev/null
"$authd" --foreground </dev/null 2>&1 | cat >/tmp/by-hand &
check 'it serves' within 15 c2mctl status
equal 'the helper' 'c2m-authd (enforce)' "$(cat "/proc/$(pgrep -x c2m-authd)/attr/current")"
whole_login 'a short token' "$(mint)"
pkill -x c2m-authd
nothing_denied 'by hand'
check 'what --check says reaches a terminal' bash -c "script -qec '$authd --check' /dev/null </dev/null | tee /dev/stderr | grep -q ."

step 'what the profile does not allow'
check_not 'to read the passwords' aa-exec -p c2m-authd -- cat /etc/shadow
check 'and the kernel says who was denied' within 10 denials
finish
