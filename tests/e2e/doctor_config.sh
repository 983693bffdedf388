#!/usr/bin/env bash
# c2mctl doctor sees what is wrong with the helper's configuration, with its users, and that root has a way in of his own.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
healthy 'the examples'
conf=/etc/c2m/authd.conf users=/etc/c2m/users

# 29 to 31 and 44: what is wrong with the configuration silences the helper that it keeps from starting
starts_well() { authd_start; healthy "$1"; authd_stop; }   # WHAT
authd_stop
sed -i 's/^issuer/issuser/' $conf
sees FAIL config.valid 'unknown key "issuser" in \[verify\] .*: issuer\?' "$(line_of $conf '^issuser')"
sed -i 's/^issuser/issuer/' $conf
starts_well 'as it is spelt'
config_write 'verify.issuer=<c2m-api>'
sees FAIL config.placeholder 'issuer still holds the placeholder <c2m-api> .*: put the iss claim, exact there' "$(line_of $conf '^issuer')"
sed -i 's/^issuer.*/issuer = c2m-api/' $conf
starts_well 'the claim, exact'
chmod 0644 /etc/c2m/seal.key
sees FAIL config.secret '\[revocation\] seal_key = /etc/c2m/seal.key: others may read or write it .*: chown root:c2m-authd, chmod 0640' $conf
chown root:c2m-authd /etc/c2m/seal.key
chmod 0640 /etc/c2m/seal.key
starts_well "the helper's alone"
config_write
mv $conf "$WORLD/"
sees FAIL config.readable 'the helper has no configuration .*: authd.conf and users in (/usr/share/c2m|examples) are a start' $conf
mv "$WORLD/authd.conf" $conf
authd_start
healthy
chgrp users /etc/c2m/seal.key
sees WARN config.secret '\[revocation\] seal_key = /etc/c2m/seal.key: the group users may read it .*: chown root:c2m-authd, chmod 0640' $conf
chgrp root /etc/c2m/seal.key
healthy "root's group"
chgrp c2m-authd /etc/c2m/seal.key
config_write 'login.required_scopes=any'
sees WARN config.scope '\[login\] required_scopes = any: every API token of a user is a key to his shell .*: name a login scope' $conf
config_write
healthy 'a login scope'
config_write 'login.required_scopes=' login.audience=web1
sees WARN config.scope '\[login\] audience alone: what c2mctl token prints logs in at other hosts .*: name a login scope in required_scopes' $conf
config_write
healthy

# logins that run out shall be hung up, and the unit may not
config_write session.on_expiry=hangup
healthy 'without systemd it is started as root'
if can_instead && [ -x /usr/bin/systemctl ]; then
  cat >"$WORLD/systemctl" <<'SH'
#!/bin/sh
case "$1 $3" in 'show LoadState,'*) echo LoadState=not-found; exit ;; esac
[ "$1 $3 $4" = 'show AmbientCapabilities c2m-authd.service' ] || exit 0
found=$(grep -hs ^AmbientCapabilities= /etc/systemd/system/c2m-authd.service.d/*.conf | tr A-Z a-z)
echo "AmbientCapabilities=${found#*=}"
SH
  chmod 0755 "$WORLD/systemctl"
  mkdir -p "$WORLD/systemd/system"
  [ -n "$SEEN" ] || mkdir -p /run/systemd
  instead "$WORLD/systemd" /run/systemd
  instead "$WORLD/systemctl" /usr/bin/systemctl
  sees FAIL helper.hangup 'on_expiry = hangup, and the unit gives no CAP_KILL: c2m-authd does not start .*: install /usr/share/c2m/hangup.conf as /etc/systemd/system/c2m-authd.service.d/hangup.conf' $conf
  fix=$(doctor --fix || :)
  as_told "${fix//\/usr\/share\/c2m/$ROOT/helper/systemd}"
  healthy
  rm -r "$SEEN/etc/systemd/system/c2m-authd.service.d"
  as_before /usr/bin/systemctl
  as_before /run/systemd
  [ -n "$SEEN" ] || rmdir /run/systemd
fi
config_write
healthy

# 32: users
users_write 'alice = c2m_alice' '# who left' 'carol = c2m_carol'
sees FAIL users.local 'there is no local user "carol" .*: useradd -m carol' $users:3
as_told "$(doctor --fix || :)" 2>/dev/null
healthy
machine chage -E 1 carol
sees WARN users.local 'the account of "carol" has expired .*: chage -E -1 carol' $users:3
machine chage -E -1 carol
healthy
users_write 'alice = c2m_alice' 'bob = c2m_bob c2m_alice'
sees WARN users.client 'client c2m_alice is "alice" and "bob" .*: leave it with one of them' $users:2
users_write 'alice = c2m_alice' 'bob = c2m_bob'
healthy 'one of them'
users_write 'alice = c2m_alice' 'c2m-authd = c2m_x'
sees WARN users.local '"c2m-authd" has uid [0-9]+: pam_c2m leaves that user alone' $users:2
users_write
healthy

# 43: root's own way in
[ -n "$SEEN" ] || mount -t tmpfs -o mode=0700 tmpfs /root
machine usermod -p '*' root
sees WARN root.way_in 'root has neither a password nor a key: no break-glass: passwd root, or a key in /root/.ssh/authorized_keys'
install -d -m 0700 "$SEEN/root/.ssh"
install -m 0600 "$WORLD/key.pub" "$SEEN"/root/.ssh/authorized_keys
healthy 'a key is enough'
rm -r "$SEEN/root/.ssh"
echo "root:root-$WORLD_PASSWORD" | machine chpasswd
healthy 'a password as well'
