#!/usr/bin/env bash
# rpmbuild refuses what is installed and not in %files, and a line of %files where nothing is: the spec's own %install is
# run, and neither is there.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/make.sh
. tests/lib/make.sh
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# A section's lines, with what Fedora's macros say.
section() { # NAME
  sed -n "/^%$1\$/,/^%[a-z]*\$/{/^%[a-z]*\$/d;p}" examples/rpm/pam_c2m.spec |
    sed "s,%{buildroot},$root,g; s,%{_libdir},/usr/lib64,g; s,%{_datadir},/usr/share,g; s,%{_bindir},/usr/bin,g
      s,%{_mandir},/usr/share/man,g; s,%{_prefix},/usr,g; s,%{_sysconfdir},/etc,g; s,^%make_install,made_install,"
}
made_install() { quiet BUILD="${C2M_BUILD:-build}" DESTDIR="$root" "$@" install; }

# shellcheck source=/dev/null
. <(section install)
[ -e "$root/usr/lib64/security/pam_c2m.so" ] || fail '%install was not run'

patterns=()
while read -r kind path; do
  case $kind in
    %license | %doc) for file in $path; do [ -e "$file" ] || fail "%files: $kind $file is not in the source"; done ;;
    %dir) patterns+=("$path") ;;
    /*) patterns+=("$kind") ;;
    '') ;;
    *) fail "%files: $kind is not known to this test" ;;
  esac
done < <(section files)
[ ${#patterns[@]} -ge 10 ] || fail '%files was not read'

for pattern in "${patterns[@]}"; do compgen -G "$root$pattern" >/dev/null || fail "%files: nothing is installed as $pattern"; done
packed() { # PATH
  local pattern
  for pattern in "${patterns[@]}"; do
    # shellcheck disable=SC2053 # a pattern
    [[ $1 != $pattern && $1 != $pattern/* ]] || return 0
  done
  return 1
}
while read -r path; do packed "$path" || fail "installed, and not in %files: $path"; done < <(cd "$root" && find . ! -type d | sed 's/^\.//')
