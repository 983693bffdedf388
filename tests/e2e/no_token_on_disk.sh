#!/usr/bin/env bash
# Whatever was typed, obtained, kept and given up: no file of the state folder, nor a copy of it, holds any token, code or
# secret, as it was or with base64 taken off, while the helper runs, after it ended, and after it was killed.
# long: much to search
. "$(dirname "$0")/../lib/test.sh"

c2m_start api.requests_per_minute=1000 'login.accept=short long code secret' session.stored=yes 'host.client=c2m_host'
secrets=()
remember() { secrets+=("$1"); }

# What a thief would look for: each text, each part of a JWT, and what a part says or is.
needles() {
  printf '%s\n' "${secrets[@]}" | /usr/bin/python3 -c 'import base64, sys
found = set()
for text in sys.stdin.read().split():
    found.add(text.encode())
    for part in text.split("."):
        found |= {part.encode(), base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) if len(part) % 4 != 1 else b""}
# by line, so what stands before the first line end; and long enough that nothing else looks so
for needle in sorted({needle.split(b"\n")[0].split(b"\0")[0][:200] for needle in found}):
    if len(needle) >= 15: sys.stdout.buffer.write(needle + b"\n")'
}
assert_clean() { # FOLDER WHEN
  local found
  needles >"$WORLD/needles"
  found=$(LC_ALL=C grep -rlaF -f "$WORLD/needles" "$1") || :
  [ -z "$found" ] || fail "a secret is on disk $2" "got: $found"
}
look() { # WHEN
  rm -rf "$WORLD/copy"
  cp -a "$STATE_DIR" "$WORLD/copy"
  assert_clean "$WORLD/copy" "$1"
}

# What is sealed there of the tokens of a session, in hexadecimal.
sealed() { # FOLDER
  /usr/bin/python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT bearer FROM tokens WHERE length(bearer) > 0"): print(row[0].hex())' "$1/state.db"
}
# Of the lines of standard input those whose bytes are in the file.
still_there() { # FILE
  /usr/bin/python3 -c 'import sys
held = open(sys.argv[1], "rb").read()
for line in sys.stdin:
    if bytes.fromhex(line) in held: print(line, end="")' "$1"
}

for round in 1 2 3; do
  for kind in '' type=long 'type=long form=jwt' 'type=long form=jwe'; do
    # shellcheck disable=SC2086  # words
    token=$(mint alice $kind)
    remember "$token"
    session_open "s$round" alice "$token"
    delivered=$(session_run "s$round" 'c2mctl token' || :)
    [[ $delivered != eyJ* ]] || remember "$delivered"
    [ -n "${looked:-}" ] || look 'with a session open'
    session_close "s$round"
  done
  one=$(code alice)
  remember "$one"
  login alice "$one" -- true
done
secret="secret-of-alice"
remember "$secret"
login alice "$secret" -- true
kept=$(mint host type=long form=jwt) alices=$(mint alice type=long form=jwt)
remember "$kept"
remember "$alices"
c2mctl enroll --client c2m_host <<<"$kept" >/dev/null
c2mctl enroll --user alice --secret <<<"$secret" >/dev/null
c2mctl enroll --user alice <<<"$alices" >/dev/null
look 'with tokens kept'
c2mctl rotate >/dev/null
session_open_key k alice
delivered=$(session_run k 'c2mctl token')
remember "$delivered"
look 'with a session of a kept token'
sealed "$WORLD/copy" >"$WORLD/sealed"
assert_fails test "$(wc -l <"$WORLD/sealed")" -lt 4
session_close k
# what waits to be revoked is on disk, with its bearers
ask down >/dev/null
waiting=$(mint bob)
remember "$waiting"
login bob "$waiting" -- true
look 'while a revocation waits'
assert_match pending "$(c2mctl revocations)"
authd_kill
look 'after a crash'
ask up >/dev/null
authd_start
c2mctl enroll --user alice --remove >/dev/null
c2mctl enroll --remove >/dev/null
assert_within 20 token_is revoked "$waiting"
authd_stop
look 'after the end'
# what was deleted is overwritten (secure_delete), though it was sealed
assert_equal '' "$(still_there "$STATE_DIR/state.db" <"$WORLD/sealed")"
# The search itself can find: what is put there in the clear is seen.
printf 'x%sx' "$waiting" >"$WORLD/copy/planted"
assert_equal "$WORLD/copy/planted" "$(LC_ALL=C grep -rlaF -f "$WORLD/needles" "$WORLD/copy")"
assert_fails test "$(wc -l <"$WORLD/needles")" -lt 30
echo "counted: ${#secrets[@]} secrets, $(wc -l <"$WORLD/needles") texts looked for, 0 found"
