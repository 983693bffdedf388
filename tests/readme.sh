#!/usr/bin/env bash
# Does what README.md says, to the letter, on this machine: the indented blocks of a section, in their order. Between
# them only what it asks for in words is done: the placeholders are filled, for a stand-in of the API. Then alice logs
# in, uses sudo and logs out, and it is all undone as the section says.
# It changes the machine: for a fresh one that is thrown away afterwards.
#   tests/readme.sh --on-this-machine [checkout]   "Install on a test machine"
#   tests/readme.sh --on-this-machine packages     "Install from packages", after its first block, which builds them:
#                                                  C2M_STANDIN names the stand-in
#   tests/readme.sh --print SECTION N              the text of a block
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export C2M_STANDIN=${C2M_STANDIN:-$PWD/build/c2m-standin}
# shellcheck source=tests/package/machine.sh
. tests/package/machine.sh

failed() { echo "readme: $*" >&2; exit 1; }
section() { sed -n "/^## $1\$/,/^## /p" README.md; }   # TITLE
block() { # TITLE NUMBER: the text of the section's Nth indented block
  section "$1" |
    awk -v wanted="$2" '/^    / { if (!inside) { n++; inside = 1 } if (n == wanted) print substr($0, 5); next } { inside = 0 }'
}
run() { # TEXT
  [ -n "$1" ] || failed 'README.md does not say that any more'
  printf '%s\n' "$1" | sed 's/^/  # /'
  bash -e -c "$1" </dev/null || failed "it ends with status $?"
}
before=/run/before-c2m changed='pam.d ssh/sshd_config.d sudoers.d'
remember() { # before the machine is changed
  local folder
  for folder in $changed; do mkdir -p "$before/$folder" "/etc/$folder" && cp -a "/etc/$folder/." "$before/$folder"; done
}
forgotten() { # what the undo left behind
  local folder
  for folder in $changed; do diff -r "$before/$folder" "/etc/$folder"; done
}

# --- Install on a test machine ----------------------------------------------------------------------------------

checkout='Install on a test machine'
by_checkout() {
  run "$(block "$checkout" 1)"
  mkdir -p /run/sshd && { service ssh start || failed 'sshd does not start'; }
  standin_start || failed 'the stand-in does not start'
  ! /usr/libexec/c2m/c2m-authd --check 2>/run/check || failed 'placeholders are accepted'
  grep -q 'placeholder' /run/check || failed "the placeholders are not named: $(cat /run/check)"
  configure   # "Write your API's address, issuer and key, the scope that logs in, and your users into the two files"
  run "$(block "$checkout" 2)"
  remember
  run "$(block "$checkout" 3)"
}
undo_checkout() { run "$(block "$checkout" 4)"; }

# --- Install from packages --------------------------------------------------------------------------------------

packages='Install from packages'
by_packages() {
  service ssh start || failed 'sshd does not start'
  standin_start || failed 'the stand-in does not start'
  # the editor's hands
  printf '#!/bin/bash\n. %q/tests/package/machine.sh\nconfigure\n' "$PWD" >/usr/local/bin/editor && chmod 0755 /usr/local/bin/editor
  export PATH=/usr/local/bin:$PATH
  remember
  echo root:root-password | chpasswd   # "Root needs a password or a key of his own"
  [ "$(block "$packages" 2 | wc -l)" = 5 ] || failed 'these are not five commands'
  started=$SECONDS
  run "$(block "$packages" 2)"
  within 15 c2mctl doctor || failed "doctor is not content: $(grep -E '^(WARN|FAIL)' /tmp/said)"
}
# shellcheck disable=SC2016 # README's
undo_packages() {
  local unit
  run "$(section "$packages" | sed -n 's/^> Undo: `\([^`]*\)`.*/\1/p')"
  run "$(section "$packages" | sed -n 's/^> `\([^`]*\)`.*/\1/p')"
  for unit in c2m-authd.socket c2m-authd-user.socket c2m-authd.service; do
    ! systemctl --quiet is-active "$unit" || failed "after the undo $unit is active"
    ! systemctl --quiet is-enabled "$unit" || failed "after the undo $unit is enabled"
  done
}

# --- the story --------------------------------------------------------------------------------------------------

way=${2:-checkout}
if [ "${1:-}" = --print ] && [ $# = 3 ]; then
  block "$2" "$3"
  exit
fi
if [ "${1:-}" != --on-this-machine ] || [ "$(id -u)" != 0 ] || [[ $way != checkout && $way != packages ]]; then
  echo "usage (root, on a machine to be thrown away): $0 --on-this-machine [checkout|packages]" >&2
  exit 64
fi
trap standin_stop EXIT
chmod 0755 /   # a root made by mktemp is closed to everybody
export DEBIAN_FRONTEND=noninteractive
user_with_password alice
[ "$way" = packages ] || apt-get update -qq || failed 'apt-get update'   # by the first block of the other
by_"$way"
usermod -aG sudo alice
token=$(mint)
[ -n "$token" ] || failed 'no token'
seen=$(ssh_as alice "$token" 'id -un; sudo id -un; c2mctl sessions')
printf '%s\n' "$seen"
[[ $seen == alice*root*active* ]] || failed 'the login, or sudo in it, did not go as told'
[ -z "${started:-}" ] || echo "from the packages to the first login, sudo and logout: $((SECONDS - started)) s"
within 5 token_is revoked "$token" || failed 'the token outlives its session'
! logs_in alice "$token" || failed 'a revoked token logs in'

undo_"$way"
left=$(forgotten)
[ -z "$left" ] || failed "the undo leaves something behind: $left"
logs_in alice alice-password || failed 'after the undo the local password does not log in'
echo 'README.md: every block did what it says.'
