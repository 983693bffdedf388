#!/usr/bin/env bash
# The database is damaged under a running helper: it ends and says why; the next one sets it aside, goes on with a fresh
# one, and revokes what it can read.
. "$(dirname "$0")/../lib/test.sh"
python3 -c 'import sqlite3' 2>/dev/null || skip 'python3 has no sqlite3 here'

c2m_start
authd_stop
# more than its cache holds, or no page is ever read again
python3 - <<'PYTHON'
import os, sqlite3, time
db = sqlite3.connect("/var/lib/c2m/state.db")
rows = [(os.urandom(32), "dead%d-%s" % (i, "x" * 90), int(time.time()) + 86400, 1) for i in range(30000)]
db.executemany("INSERT INTO denied (hash, token_id, expires, kind) VALUES (?, ?, ?, ?)", rows)
db.commit()
db.close()
PYTHON
authd_start
token=$(mint alice)
session_open a alice "$token"
# each page but the first ones: those of `denied` among them
python3 - <<'PYTHON'
import os
file = os.open("/var/lib/c2m/state.db", os.O_WRONLY)
for page in range(40, os.fstat(file).st_size // 4096):
    os.pwrite(file, b"damaged damaged damaged", page * 4096)
PYTHON
for ((i = 0; i < 20; i++)); do
  service_lives "$AUTHD_PID" || break
  login alice "$(mint alice)" -- id -un >/dev/null 2>&1 || :
done
assert_within 5 service_gone "$AUTHD_PID"
assert_match 'the database is damaged: this helper ends' "$(cat "$WORLD_LOG/authd.log")"

authd_start
assert_match 'state.db.damaged-[0-9]* now, and a fresh one is begun' "$(cat "$WORLD_LOG/authd.log")"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_within 10 token_is revoked "$token"   # of the session, which is over
authd_restart
assert_equal 1 "$(find /var/lib/c2m -name 'state.db.damaged-*[0-9]' | wc -l)"
