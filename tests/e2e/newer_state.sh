#!/usr/bin/env bash
# A helper that meets the state of a newer one refuses to start, says so, and touches nothing of it; meanwhile the local
# password lets in. With the newer helper the session that was open is closed as ever.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice)
session_open a alice "$token"
authd_stop

schema() { # SQL
  /usr/bin/python3 -c 'import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone() or ())' "$STATE_DIR/state.db" "$1"
}
files() { (cd "$STATE_DIR" && find . -type f -printf '%p %s %m %u\n' | sort && sha256sum state.db*); }
version=$(schema 'PRAGMA user_version')
schema "PRAGMA user_version = $((version + 1))" >/dev/null
before=$(files)
for try in 1 2; do
  assert_status 69 timeout -k 1 10 "$BUILD/c2m-authd" --config /etc/c2m/authd.conf --state-dir "$STATE_DIR" \
    --runtime-dir /run/c2m --user c2m-authd --foreground
  assert_match 'made by a newer c2m-authd: upgrade this one' "$output"
  assert_equal "$before" "$(files)" "the state after start $try"
done
assert_equal alice "$(login alice "alice-$WORLD_PASSWORD" -- id -un)"
assert_equal live "$(token_state "$token")"

schema "PRAGMA user_version = $version" >/dev/null   # what a newer helper is to its own state
authd_start
assert_match ' alice .*active' "$(c2mctl sessions)"
session_close a
assert_within 5 token_is revoked "$token"
