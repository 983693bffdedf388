#!/usr/bin/env bash
# A machine goes down with a revocation that could not be delivered and a session that is open, and comes up again, with
# another boot's id, while the API is still away. The API is outside of it, and lives on.
#   tests/package/reboot.sh ROOT     in a network namespace of its own; ROOT as run.sh prepares it
#   reboot.sh before | after         what is looked at inside, by itself
# shellcheck disable=SC2317 # functions that check and within call
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
export STANDIN_DIR=/srv/standin C2M_STANDIN=/packages/c2m-standin DEBIAN_FRONTEND=noninteractive
# shellcheck source=tests/package/machine.sh
. "$here/machine.sh"
# shellcheck source=tests/package/checks.sh
. "$here/checks.sh"

pending_of() { c2mctl revocations --pending | grep -c "session.* alice"; }
none_waits() { ! revocation_waits; }

before() {
  user_with_password alice
  systemctl start ssh.service || fail 'sshd does not start'
  check 'the packages install' quiet_apt install /packages/{libpam-c2m,c2m-authd,c2m-tools}_*.deb
  configure
  install -m 0644 /usr/share/c2m/sshd_config.d/00-c2m.conf /etc/ssh/sshd_config.d/
  check 'the sockets are enabled' systemctl enable --now c2m-authd.socket c2m-authd-user.socket
  check 'the profile is enabled' pam-auth-update --enable c2m
  systemctl reload ssh.service
  token=$(mint) other=$(mint)
  check 'a session' session_open "$token"
  ask down >/dev/null
  session_close
  check 'its revocation waits' within 5 revocation_waits
  check 'another session stays open' session_open "$other"
  printf '%s\n' "$token" "$other" >/srv/tokens
  cat /proc/sys/kernel/random/boot_id >/srv/boot_id
  equal 'the sessions that the helper knows' 1 "$(c2mctl sessions | grep -c active)"
  finish
}

after() {
  mapfile -t tokens </srv/tokens
  check_not 'the boot is another one' cmp -s /srv/boot_id /proc/sys/kernel/random/boot_id
  check 'the socket starts the helper' c2mctl status
  equal 'no session is left' 0 "$(c2mctl sessions | grep -c active)"
  equal 'both revocations wait' 2 "$(pending_of)"
  for token in "${tokens[@]}"; do
    check 'the API has not heard of it' token_is live "$token"
    check_not 'a token that is to be revoked logs nobody in' logs_in alice "$token"
  done
  check 'another short token logs in, though the API is away' logs_in alice "$(mint)"
  ask up >/dev/null
  for token in "${tokens[@]}"; do check 'it is revoked when the API is back' within 90 token_is revoked "$token"; done
  check 'none waits any more' within 5 none_waits
  finish
}

# Outside: a chroot is all that the stand-in needs.
outside() {
  local root=$1 rc=0
  ip link set lo up
  install -d -m 0700 "$root$STANDIN_DIR"
  chroot "$root" "$C2M_STANDIN" --listen 127.0.0.1:8443 --dir "$STANDIN_DIR" </dev/null >"$root/srv/standin.log" 2>&1 &
  local standin=$!
  for when in before after; do
    step "$when the reboot"
    BOOT_NET=kept "$here/boot.sh" "$root" bash /packages/reboot.sh "$when" || { rc=$?; break; }
  done
  kill "$standin"
  return $rc
}

case $1 in
  before | after) "$1" ;;
  *) outside "$1" ;;
esac
