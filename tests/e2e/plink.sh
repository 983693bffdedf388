#!/usr/bin/env bash
# PuTTY's client asks as OpenSSH's does: a wrong token is refused in the next prompt, a right one opens the session, and is
# dead after it.
# long: PuTTY, and many logins
. "$(dirname "$0")/../lib/test.sh"
command -v plink >/dev/null || skip 'putty-tools is not installed'

c2m_start
token=$(mint alice)
key=$(ssh-keygen -lf "$SSH_DIR"/ssh_known_hosts | awk 'NR == 1 { print $2 }')
# on a terminal of its own; each answer is typed when its prompt is seen
plink_types() {   # ANSWER ...
  HOME=$WORLD python3 - "$key" "$SSH_PORT" "$@" <<'PY'
import os, pty, re, select, sys, time
key, port, answers = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp('plink', ['plink', '-ssh', '-no-antispoof', '-no-trivial-auth', '-noagent', '-hostkey', key, '-P', port, 'alice@127.0.0.1', 'id -un'])
seen, asked, end = '', 0, time.time() + 40
while time.time() < end:
    if not select.select([fd], [], [], 0.2)[0]:
        continue
    try:
        got = os.read(fd, 4096)
    except OSError:
        break
    if not got:
        break
    seen += got.decode(errors='replace')
    if answers and len(re.findall(r'C2M token(?: or code)?: ', seen)) > asked:
        asked += 1
        os.write(fd, (answers.pop(0) + '\n').encode())
os.write(1, seen.replace('\r', '').encode())
PY
}
seen=$(plink_types "$(mint bob)" "$token")
assert_match 'C2M: not accepted \(ref [0-9a-f]{8}\)\. C2M token: ' "$seen"
assert_equal alice "$(tail -n 1 <<<"$seen")"
assert_no_match "$token" "$seen"
assert_within 5 token_is revoked "$token"
assert_equal '' "$(plink_types "$token" "$token" "$token" | grep -x alice || :)"
