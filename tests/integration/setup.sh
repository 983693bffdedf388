#!/usr/bin/env bash
# No service starts while the set-up installs packages, and nothing that sees to that stays behind: not even of a set-up
# that was killed, and never at the price of what an administrator put there.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/make.sh
. tests/lib/make.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
policy=$work/policy-rc.d

# an apt that notes what forbade services to start, and takes as long as it is told
cat >"$work/apt-get" <<'APT'
#!/bin/sh
case " $* " in *' install '*) ;; *) exit 0 ;; esac
"$SETUP_POLICY" && exit 1
cp "$SETUP_POLICY" "${SETUP_POLICY%/*}/seen"
[ ! -e "${SETUP_POLICY%/*}/hang" ] || sleep 60 8<&-
APT
chmod 0755 "$work/apt-get"
install_packages() { SETUP_POLICY=$policy PATH=$work:$PATH bash -c '. tests/lib/setup.sh; setup_apt something' 8<&-; }

install_packages || fail 'services may start while apt installs'
[ ! -e "$policy" ] || fail 'what forbids services to start stays behind'

rm "$work/seen"
: >"$work/hang"
set -m
install_packages &
for ((n = 0; n < 500; n++)); do [ ! -e "$work/seen" ] || break; sleep 0.01; done
kill -KILL -- "-$!"
wait "$!" 2>/dev/null || :
set +m
[ -e "$policy" ] || fail 'it was to be killed in the middle'
rm "$work/hang" "$work/seen"
install_packages
[ -e "$work/seen" ] || fail 'nothing was installed'
[ ! -e "$policy" ] || fail 'what a killed set-up left forbids services to start for ever'

printf '#!/bin/sh\n# the administrator says no\nexit 101\n' >"$policy"
chmod 0755 "$policy"
cp "$policy" "$work/before"
install_packages
cmp "$policy" "$work/before" || fail "an administrator's own policy was changed"
