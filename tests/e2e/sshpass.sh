#!/usr/bin/env bash
# sshpass, by which Ansible types a password, waits for `assword`: told of our prompt it logs in with a token.
. "$(dirname "$0")/../lib/test.sh"
command -v sshpass >/dev/null || skip 'sshpass is not installed'

c2m_start
token=$(mint alice)
by_sshpass() { # OPTION ...
  SSHPASS=$token timeout -k 1 "${LIMIT:-20}" sshpass -e "$@" ssh -F "$SSH_DIR/ssh_config" -o PreferredAuthentications=keyboard-interactive -o NumberOfPasswordPrompts=1 \
    "alice@$WORLD_NAME" id -un
}
assert_equal alice "$(by_sshpass -P 'C2M token')"
LIMIT=3
assert_status 124 by_sshpass
