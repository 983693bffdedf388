#!/usr/bin/env bash
# make install puts everything that a manual, a unit or an example speaks of where it belongs; make uninstall takes all
# of it back, and leaves what is not its own.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/make.sh
. tests/lib/make.sh
build=${C2M_BUILD:-build}
root=$(mktemp -d) bin=$(mktemp -d)
trap 'rm -rf "$root" "$bin"' EXIT
here() { quiet BUILD="$build" DESTDIR="$root" "$@"; }

# what was there before, in the same folders
install -d "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/etc/c2m" "$root/usr/share/man/man8"
for file in usr/bin/other usr/lib/systemd/system/other.service etc/c2m/seal.key usr/share/man/man8/other.8; do echo other >"$root/$file"; done
before=$(cd "$root" && find . ! -type d | sort)

here install
list=$(cd "$root" && find . ! -type d -printf '%m %p\n' | sed 's, \., ,' | sort -k 2)
has() { grep -qxE "$1" <<<"$list" || fail "not installed: $1"; }
has '644 /usr/lib/([^/]+/)?security/pam_c2m\.so'
has '755 /usr/libexec/c2m/c2m-authd'
has '755 /usr/bin/c2mctl'
[ "$(readlink "$root/usr/bin/c2m-askpass")" = c2mctl ] || fail 'c2m-askpass is no link to c2mctl'
for page in man1/c2mctl.1 man1/c2m-askpass.1 man5/authd.conf.5 man5/c2m-users.5 man7/c2m.7 man8/c2m-authd.8 man8/pam_c2m.8; do
  has "644 /usr/share/man/$page"
done
for unit in c2m-authd.service c2m-authd.socket c2m-authd-user.socket; do has "644 /usr/lib/systemd/system/$unit"; done
has '644 /usr/lib/sysusers.d/c2m.conf'
while read -r file; do has "644 /usr/share/doc/c2m/$file"; done < <(find examples -type f ! -name 'demo*.sh')
for file in README.md SECURITY.md docs/operating.md docs/clients.md apparmor/usr.libexec.c2m.c2m-authd selinux/c2m.te selinux/c2m.fc; do has "644 /usr/share/doc/c2m/$file"; done
links=$(grep -oE '\]\([^)#]+' README.md | cut -c 3- | grep -v '^https:')
[ "$(wc -l <<<"$links")" -ge 8 ] || fail 'the links of README.md were not read'
while read -r file; do has "644 /usr/share/doc/c2m/$file"; done <<<"$links"
# What the README and doctor's commands copy is not in share/doc: images leave that out (dpkg's path-exclude).
for file in authd.conf users hangup.conf pam.d/sshd pam.d/sudo sshd_config.d/00-c2m.conf sudoers.d/c2m; do has "644 /usr/share/c2m/$file"; done
copied=$(sed -n '/^## Install from packages$/,/^## /p' README.md | grep -oE '/usr/share/[^ ]+')
[ "$(wc -l <<<"$copied")" = 2 ] || fail 'what README.md copies was not read'
while read -r file; do [[ $file != /usr/share/doc/* ]] && has "644 $file"; done <<<"$copied"
! grep -q examples/demo <<<"$list" || fail 'the demo needs the checkout: it is not to be installed'
[ "$(find "$root/etc" -type f)" = "$root/etc/c2m/seal.key" ] || fail 'something was put into /etc'
has '644 /usr/share/pam-configs/c2m'
grep -qx 'Default: no' "$root/usr/share/pam-configs/c2m" || fail 'the profile of pam-auth-update asks to be enabled'

# in its place one that says whether the module and the profile are still there
cat >"$bin/pam-auth-update" <<SCRIPT
#!/bin/sh
echo "\$* \$(find "$root/usr" -name pam_c2m.so -o -path '*/pam-configs/c2m' | wc -l)" >>"$bin/asked"
SCRIPT
chmod 0755 "$bin/pam-auth-update"
PATH=$bin:$PATH here uninstall
! [ -e "$bin/asked" ] || fail 'the uninstallation from another root changes the stacks of this one'
[ "$(cd "$root" && find . ! -type d | sort)" = "$before" ] || fail "uninstall leaves, or takes: $(cd "$root" && find . ! -type d)"
! ls -d "$root/usr/libexec/c2m" "$root/usr/share/doc/c2m" "$root/usr/share/c2m" 2>/dev/null || fail 'uninstall leaves its folders'

# from the machine itself: PAM lets go first
here install
PATH=$bin:$PATH quiet BUILD="$build" PREFIX="$root/usr" uninstall
[ "$(cat "$bin/asked" 2>/dev/null)" = '--package --remove c2m 2' ] || fail "pam-auth-update was not told, or too late: $(cat "$bin/asked" 2>&1)"

# in a folder that others share, theirs stay: the empty ones too
install -d "$root/usr/lib/others/empty"
here LIBEXECDIR=/usr/lib DOCDIR=/usr/share/doc install
here LIBEXECDIR=/usr/lib DOCDIR=/usr/share/doc uninstall
[ -d "$root/usr/lib/others/empty" ] || fail 'uninstall takes folders of others'
! ls -d "$root/usr/share/doc/examples" 2>/dev/null || fail 'uninstall leaves its folders in a shared one'

# below /usr/local the unit starts the helper that is there
here PREFIX=/usr/local BUILD="$root/build" "$root/build/c2m-authd.service"
grep -qx 'ExecStart=/usr/local/libexec/c2m/c2m-authd --foreground' "$root/build/c2m-authd.service" || fail 'ExecStart does not follow PREFIX'
