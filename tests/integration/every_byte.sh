#!/usr/bin/env bash
# Each byte in each text that comes from outside: terminal and logs hold printable ASCII and line ends of our own, and a
# line that somebody makes up does not begin one.
. "$(dirname "$0")/../lib/test.sh"

standin_start; keys_copy; seal_key_write; users_write; config_write; authd_start --debug

"$BUILD/tests/bytes/host" "$BUILD/pam_c2m.so" /run/c2m >"$WORLD/terminal"
assert_match '^765 logins, 0 granted$' "$(tail -n 1 "$WORLD/terminal")"

# bytes that no string of C can hold: a whole message of each, NUL among them
cat >"$WORLD/raw.pl" <<'PERL'
use Socket; use strict;
for my $byte (0 .. 255) {
    my $odd = chr($byte) . "event=forged";
    my $name = sub { pack "S a$_[0]", length $odd, $odd };   # a length, and zeros behind
    socket(my $s, PF_UNIX, SOCK_SEQPACKET, 0) or die;
    connect $s, pack_sockaddr_un("/run/c2m/pam.sock") or die "$!";
    my $request = pack("L4", 1001, 1, 10000, 0) . $name->(62) x 4 . $name->(254);
    send $s, pack("L S S L", 0x43326d31, 1, 1, 528) . "n" x 16 . $request, MSG_NOSIGNAL;
    recv $s, my $answer, 9000, 0;
}
PERL
perl "$WORLD/raw.pl"

# and while sessions of such hosts and terminals are open, what c2mctl tells of them
mkfifo "$WORLD/typed"
exec {typed}<>"$WORLD/typed"
"$BUILD/tests/bytes/host" "$BUILD/pam_c2m.so" /run/c2m hold <"$WORLD/typed" {typed}>&- >"$WORLD/held" &
holder=$!
mint alice ttl=600 >&"$typed"
assert_within 60 grep -q ' open$' "$WORLD/held"
assert_equal '255 open' "$(tail -n 1 "$WORLD/held")"
{ c2mctl sessions; c2mctl sessions --json; c2mctl metrics; } >"$WORLD/ctl"
assert_equal 255 "$(grep -ac '^[0-9a-f]* alice sshd a' "$WORLD/ctl")"
mapfile -t references < <(LC_ALL=C sed -n 's/ alice sshd .*//p' "$WORLD/ctl")
for reference in "${references[@]}"; do
  c2mctl explain "$reference"
done >>"$WORLD/ctl"
exec {typed}>&-
wait "$holder"
assert_equal '' "$(c2mctl sessions)"

for file in "$WORLD/terminal" "$WORLD/held" "$WORLD/ctl" "$WORLD_LOG/authd.log" "$WORLD_LOG/syslog"; do
  [ -s "$file" ] || fail "$file is empty"
  odd=$(LC_ALL=C grep -naP '[^\x20-\x7e]' "$file" | cat -v || :)
  assert_equal '' "$(head -n 3 <<<"$odd")" "what is not printable in ${file##*/}"
  assert_equal '' "$(grep -nE '^event=forged' "$file" || :)"
done
# they were there: the filter, and not silence
for byte in 01 0a 1b 7f 80 ff; do
  assert_match "\\\\x$byte" "$(grep -F "rhost=\"a\\x${byte}event" "$WORLD_LOG/authd.log" "$WORLD_LOG/syslog" || grep -F "a\\x${byte}event" "$WORLD_LOG/authd.log" | head -n 1)"
done
assert_match 'alice sshd a\\x1bevent=forged' "$(cat "$WORLD/ctl")"
echo "lines: c2mctl $(wc -l <"$WORLD/ctl"), terminal $(wc -l <"$WORLD/terminal"), helper $(wc -l <"$WORLD_LOG/authd.log"), syslog $(wc -l <"$WORLD_LOG/syslog")"
