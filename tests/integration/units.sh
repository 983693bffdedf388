#!/usr/bin/env bash
# The units are what systemd understands, expose at most 1.4, and have nothing that a login would suffer from.
set -u
cd "$(dirname "$0")/../.." || exit 1
units=helper/systemd
wrong=0
fail() { echo "FAIL $*"; wrong=1; }
says() { grep -qx "$2" "$units/$1" || fail "$1 does not say $2"; }
never() { ! grep -qE "^$2" "$units/$1" || fail "$1 says $2"; }

# a crash loop would close the doors for good
says c2m-authd.service StartLimitIntervalSec=0
says c2m-authd.service Restart=always
says c2m-authd.service Type=notify
says c2m-authd.service 'WatchdogSec=[0-9]*'
says c2m-authd.service LoadCredential=seal.key:/etc/c2m/seal.key
# it reads who asks from /proc, also of root's processes
says c2m-authd.service ProtectProc=default
never c2m-authd.service 'PrivateUsers=(yes|true|1|self|identity)'
# which hides the boot's id: without it each restart would end the sessions
says c2m-authd.service 'Environment=C2M_BOOT_ID=%b'
# without it the helper cannot let go of its other rights, and does not start
says hangup.conf SystemCallFilter=capset
# a login without network must not wait for it
never c2m-authd.service '(After|Wants|Requires)=.*network-online'
for socket in c2m-authd.socket c2m-authd-user.socket; do
  says $socket StartLimitIntervalSec=0
  says $socket PassCredentials=yes
  says $socket DirectoryMode=0755
  says $socket Backlog=4096
  never $socket RemoveOnStop
done
says c2m-authd.socket SocketMode=0600
says c2m-authd-user.socket SocketMode=0666

command -v systemd-analyze >/dev/null || { echo 'counted: a part is left out: there is no systemd-analyze for exposure and syntax'; exit $wrong; }
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# threshold: tenths
systemd-analyze security --offline=true --threshold=14 --no-pager "$units/c2m-authd.service" >"$root/security" 2>&1 ||
  fail "$(tail -n 1 "$root/security")"
install -d "$root/units" && cp "$units"/*.s[eo]* "$root/units/"
sed -i 's,^ExecStart=.*,ExecStart=/bin/true,' "$root/units/c2m-authd.service"   # it need not be installed
found=$(systemd-analyze verify --man=no "$root"/units/* 2>&1) || fail "systemd-analyze verify: $found"
! grep -F c2m- <<<"$found" || fail 'the lines above'
exit $wrong
