#!/usr/bin/env bash
# Garbage, half messages and idle connections of a user at user.sock, while others log in: nobody is kept waiting.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
cat >"$WORLD/hostile.pl" <<'PERL'
use Socket; use strict; $| = 1;
my ($connections, $garbage) = (0, 0);
my @kept;
my $header = pack "L S S L", 0x43326d31, 1, 1, 528;   # a true beginning, and half of what it promises
while (1) {
    socket(my $s, PF_UNIX, SOCK_SEQPACKET, 0) or next;
    connect($s, pack_sockaddr_un("/run/c2m/user.sock")) or next;
    $connections++;
    my $what = int rand 5;
    my $bytes = join "", map { chr int rand 256 } 1 .. 1 + int rand 600;
    send $s, $bytes, MSG_NOSIGNAL if $what == 0;
    send $s, $header, MSG_NOSIGNAL if $what == 1;
    send $s, $header . ("\0" x 16) . $bytes, MSG_NOSIGNAL if $what == 2;
    send $s, $header . ("\0" x 16) . ("\xff" x 528), MSG_NOSIGNAL if $what == 3;
    push @kept, $s;
    @kept = () if @kept > 50;
    print "$connections\n" if $connections % 100 == 0;
}
PERL
neighbours=()
for user in mallory bob; do
  setpriv --reuid "$user" --regid "$user" --clear-groups perl "$WORLD/hostile.pl" >"$WORLD/hostile.$user" 2>&1 </dev/null &
  neighbours+=($!)
done
assert_within 10 test -s "$WORLD/hostile.mallory"

for _ in 1 2 3 4 5; do
  assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
done
session_open a alice "$(mint alice)"
if can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
slowest=$(sed -n 's/^event=login .*door=pam duration_us=\([0-9]*\).*/\1/p' "$WORLD_LOG/authd.log" | sort -n | tail -n 1)
# what is refused is closed: the table of its descriptors has not grown with the connections
table=$(sed -n 's/^FDSize:[^0-9]*//p' "/proc/$AUTHD_PID/status")
kill -KILL "${neighbours[@]}"
assert_fails test "$table" -gt 1024
echo "connections: $(tail -n 1 "$WORLD/hostile.mallory") and $(tail -n 1 "$WORLD/hostile.bob"); the slowest login, with its prompt: $slowest µs"
assert_fails test "$slowest" -gt 2000000   # the first answer is due within two seconds
assert_match '^[0-9]+$' "$(tail -n 1 "$WORLD/hostile.mallory")"
assert_equal 1 "$(pgrep -cx c2m-authd)"
