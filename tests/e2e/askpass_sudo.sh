#!/usr/bin/env bash
# Through real `sudo -A`, which passes 511 bytes on, c2m-askpass brings tokens of any length: from a file, a command,
# or pasted at the terminal.
. "$(dirname "$0")/../lib/test.sh"
needs sudo

sudo_askpass='SUDO_ASKPASS=/usr/local/bin/c2m-askpass sudo -A'

c2m_start 'service sudo.reuse='
session_open_key one alice
for length in 400 511 512 900 8000; do
  token=$(mint_sized alice "$length")
  askpass_write /home/alice sudo "$token"
  began=${EPOCHREALTIME/./}
  assert_equal root "$(session_run one "$sudo_askpass id -un")" "a long-term token of $length characters"
  echo "$length characters: $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
  assert_equal 0 "$(session_asked one)"
  assert_nowhere "${token: -60}" "$WORLD_LOG"
done
token=$(mint alice)
askpass_write /home/alice sudo "$token"
assert_equal root "$(session_run one "$sudo_askpass id -un")" 'a short-term token'
assert_within 5 token_is revoked "$token"
askpass_write /home/alice sudo "$token"
assert_status 1 session_run one "$sudo_askpass id -un"   # it is dead

# the same helper by a command
printf '%s\n' '[sudo]' 'command = cat ~/token | tr -d x' >/home/alice/.config/c2m/askpass.conf
printf 'x%s' "$(mint_sized alice 900)" >/home/alice/token
assert_equal root "$(session_run one "$sudo_askpass id -un")" 'a command'

can pty || exit 0
# pasted: once for each part, and more than a terminal's line of 4,095 bytes holds
printf '%s\n' '[sudo]' 'terminal = yes' >/home/alice/.config/c2m/askpass.conf
token=$(mint_sized alice 900)
assert_equal root "$(session_run one "$sudo_askpass id -un" "$token" "$token")" 'pasted'
assert_equal 2 "$(session_asked one)"
assert_match 'Paste the C2M token: .*again, part 2 of 2: ' "$(session_prompts one | tr '\n' ' ')"
assert_nowhere "${token: -60}" "$SESSIONS/one/out"
token=$(mint_sized alice 5000)
session_type one "$sudo_askpass id -un; echo \"status \$?\""
for ((part = 1; part <= 11; part++)); do
  if [ $part = 1 ]; then session_expect one 'C2M token: ' >/dev/null; else session_expect one "part $part of 11: " >/dev/null; fi
  printf '%s\n' "$token" 1<>"$SESSIONS/one/in"
done
session_expect one $'\nroot\r\nstatus 0' >/dev/null
assert_nowhere "${token: -60}" "$SESSIONS/one/out"
# whoever kills sudo meanwhile gets the terminal back
session_type one "stty echo; $sudo_askpass id -un; stty | grep -c -- '-echo\b'"
session_expect one 'Paste the C2M token: ' >/dev/null
kill -KILL "$(pgrep -x sudo -P "$(session_shell one)")"
session_expect one $'\n0\r\n' >/dev/null
assert_within 2 eval '! pgrep -x c2m-askpass'
# Ctrl-C there ends it, and the terminal is as it was
session_type one "stty echo; $sudo_askpass id -un; echo \"status \$?\"; stty | grep -c -- '-echo\b'"
session_expect one 'Paste the C2M token: ' >/dev/null
printf '\003' 1<>"$SESSIONS/one/in"
session_expect one $'status 1\r\n0\r\n' >/dev/null
