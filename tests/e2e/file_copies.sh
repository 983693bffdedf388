#!/usr/bin/env bash
# scp and sftp have a session each, and each one's token is revoked when the copy is done.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
opened() { grep -c 'event=session .*state=active .*reason=opened' "$WORLD_LOG/authd.log" || :; }

by_token() {   # TOKEN PROGRAM [ARGUMENT ...]: scp or sftp, whose ssh logs in as alice
  local dir
  dir=$(mktemp -u "$CLIENTS/copy.XXXXXX")
  client_prepare "$dir" keyboard-interactive alice "$1"
  printf '#!/bin/bash\nexec %s "$@"\n' "${CLIENT[*]@Q}" >"$dir/ssh"
  chmod 0700 "$dir/ssh"
  timeout -k 1 "$CLIENT_LIMIT" "$2" -q -S "$dir/ssh" "${@:3}"
}

copies() {   # FILE PROGRAM [ARGUMENT ...]: it arrives at alice's, by one session, which is over afterwards
  local token before
  token=$(mint alice) before=$(opened)
  by_token "$token" "${@:2}"
  assert_equal "$(cat "$WORLD/what")" "$(cat ~alice/"$1")"
  assert_equal alice "$(stat -c %U ~alice/"$1")"
  assert_equal $((before + 1)) "$(opened)"
  assert_within 5 token_is revoked "$token"
  assert_equal '' "$(c2mctl sessions)"
}

head -c 100000 /dev/urandom | base64 >"$WORLD/what"
copies one scp "$WORLD/what" "$WORLD_NAME:one"
copies two scp -O "$WORLD/what" "$WORLD_NAME:two"   # the old protocol: a command at the other end
copies three sftp "$WORLD_NAME" <<<"put $WORLD/what three"

# two files at once, and back
token=$(mint alice) before=$(opened)
by_token "$token" scp "$WORLD_NAME:t*" "$CLIENTS/"
assert_equal "$(cat "$CLIENTS/two")" "$(cat "$CLIENTS/three")"
assert_equal $((before + 1)) "$(opened)"
assert_within 5 token_is revoked "$token"

# as long as sftp is open the token lives
token=$(mint alice)
mkfifo "$WORLD/in"
by_token "$token" sftp "$WORLD_NAME" <"$WORLD/in" >"$WORLD/out" 2>&1 &
client=$!
exec {hold}>"$WORLD/in"
echo 'ls one' >&"$hold"
assert_within 10 grep -q '^one' "$WORLD/out"
assert_match '^[0-9a-f]{8} alice sshd 127\.0\.0\.1 active,[^'$'\n'']*$' "$(c2mctl sessions)"
assert_equal live "$(token_state "$token")"
exec {hold}>&-
wait "$client"
assert_within 5 token_is revoked "$token"

# a refused token copies nothing
assert_fails by_token "$(mint bob)" scp "$WORLD/what" "$WORLD_NAME:four"
[ ! -e ~alice/four ] || fail 'copied with a token of another'
