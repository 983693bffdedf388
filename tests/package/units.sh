#!/usr/bin/env bash
# What c2mctl doctor says about the helper's units, on a machine with systemd as PID 1: each broken in one way, seen by
# that message and no other, mended as it says, and well again. Run by run.sh in a root that is thrown away.
# shellcheck disable=SC2317 # functions that check and within call
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/package/machine.sh
. ./machine.sh
# shellcheck source=tests/package/checks.sh
. ./checks.sh
export DEBIAN_FRONTEND=noninteractive C2M_STANDIN=/packages/c2m-standin
sockets=(c2m-authd.socket c2m-authd-user.socket)

well() { c2mctl doctor >/tmp/doctor; grep -qE '^[0-9]+ ok, 0 skipped, 0 warnings, 0 failures$' /tmp/doctor || { grep -vE ' ok, ' /tmp/doctor; false; }; }
healthy() { check "$1: well again" within 15 well; }   # WHAT
# sees WHAT STATUS ID REGEX: this line and no other (what cannot be looked at meanwhile is a SKIP)
sees() {
  c2mctl doctor >/tmp/doctor
  grep -E '^(WARN|FAIL)' /tmp/doctor >/tmp/findings
  equal "$1: findings" 1 "$(wc -l </tmp/findings)"
  check "$1: $(cat /tmp/findings)" grep -qE "^$2 +$3 +$4" /tmp/findings
}
mend() { c2mctl doctor --fix >/tmp/fix; check "$1: $(cat /tmp/fix)" bash -e /tmp/fix; healthy "$1"; }   # WHAT
stop() { systemctl stop c2m-authd.service "${sockets[@]}" 2>/dev/null; }
down='the helper does not run: (there is no socket|nobody listens) .*: systemctl enable --now c2m-authd.socket c2m-authd-user.socket$'

user_with_password alice
echo 'root:root-password' | chpasswd
standin_start || fail "the stand-in does not start: $(cat /tmp/said)"
systemctl start ssh.service || fail 'sshd does not start'
check 'the packages install' quiet_apt install /packages/{libpam-c2m,c2m-authd,c2m-tools}_*.deb
configure
install -m 0644 /usr/share/c2m/sshd_config.d/00-c2m.conf /etc/ssh/sshd_config.d/
install -m 0440 /usr/share/c2m/sudoers.d/c2m /etc/sudoers.d/
systemctl enable --quiet --now "${sockets[@]}"
pam-auth-update --enable c2m
systemctl reload ssh.service
healthy 'installed by the README'

step 'the sockets'
stop
sees stopped FAIL helper.answers "$down"
mend stopped
systemctl disable --quiet --now "${sockets[@]}" && stop
sees disabled FAIL helper.answers "$down"
mend disabled
for socket in "${sockets[@]}"; do equal "$socket" enabled "$(systemctl is-enabled "$socket")"; done
systemctl disable --quiet c2m-authd-user.socket
sees 'for this boot alone' WARN helper.enabled 'c2m-authd-user.socket listens now, and not after the next boot: it is disabled: systemctl enable c2m-authd.socket c2m-authd-user.socket$'
mend 'for this boot alone'
systemctl disable --quiet "${sockets[@]}" && systemctl enable --quiet c2m-authd.service
healthy 'enabled by the service'
systemctl disable --quiet c2m-authd.service && systemctl enable --quiet "${sockets[@]}"
rm -rf /run/c2m
sees 'without its folder' FAIL helper.answers 'the helper does not run: there is no socket .*: systemctl restart c2m-authd.socket c2m-authd-user.socket$'
mend 'without its folder'
chown alice /run/c2m
sees 'a folder of alice' FAIL helper.directory "the sockets' folder must be root's"
mend 'a folder of alice'

step 'masked'
for unit in "${sockets[@]}" c2m-authd.service; do
  stop
  systemctl mask --quiet "$unit"
  systemctl start c2m-authd.socket 2>/dev/null
  sees "$unit" FAIL helper.answers "the helper does not run: masked in systemd: $unit: systemctl unmask $unit && systemctl enable --now"
  mend "$unit"
done

step 'the service'
mkdir -p /etc/systemd/system/c2m-authd.service.d
printf '[Service]\nExecStart=\nExecStart=/bin/false\n' >/etc/systemd/system/c2m-authd.service.d/local.conf
systemctl daemon-reload && systemctl restart c2m-authd.service 2>/dev/null
sees 'it fails' FAIL helper.answers 'systemd starts the helper, and it ends at once \((exit-code|again and again)\): journalctl -u c2m-authd says why'
check 'the journal does' bash -c 'journalctl -q -u c2m-authd -o cat | grep -q "status=1/FAILURE"'
rm -r /etc/systemd/system/c2m-authd.service.d && systemctl daemon-reload
healthy 'it fails'
kill -STOP "$(property c2m-authd.service MainPID)"
sees 'it hangs' FAIL helper.answers 'the helper does not answer in time .*: systemctl restart'
mend 'it hangs'
printf '[session]\non_expiry = hangup\n' >>/etc/c2m/authd.conf
systemctl restart c2m-authd.service 2>/dev/null
sees 'without its drop-in' FAIL helper.hangup 'on_expiry = hangup, and the unit gives no CAP_KILL'
mend 'without its drop-in'
finish
