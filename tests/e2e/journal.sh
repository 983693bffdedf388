#!/usr/bin/env bash
# Where journald is, each word of a line is a field of its own; from inside the sandbox, and after journald was restarted.
. "$(dirname "$0")/../lib/test.sh"
[ ! -e /run/systemd/journal ] || skip 'a journald is there, which is not ours to replace'

journal_start() {   # a socket in its place, whose datagrams go to a file
  mkdir -p /run/systemd/journal
  rm -f /run/systemd/journal/socket
  perl -MIO::Socket::UNIX -e '
    my $socket = "/run/systemd/journal/socket";
    my $journal = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $socket) or die "$socket: $!";
    chmod 0666, $socket;
    $| = 1;
    while (defined $journal->recv(my $entry, 65536)) { print $entry }
  ' >>"$WORLD/journal" &
  journal=$!
  wait_until 5 test -S /run/systemd/journal/socket
}
start() { timeout 20 "$BUILD/c2m-authd" --config /etc/c2m/authd.conf --state-dir /var/lib/c2m --runtime-dir /run/c2m </dev/null; }
journaled() { grep -aqx "$1" "$WORLD/journal"; }   # LINE

standin_start; keys_copy; seal_key_write; users_write; config_write; examples_install; sshd_start
install -d -m 0700 -o c2m-authd -g c2m-authd /var/lib/c2m
journal_start
assert_status 0 start
assert_status 255 login alice "$(mint bob)"
assert_within 5 journaled C2M_REASON=subject
for field in PRIORITY=5 SYSLOG_IDENTIFIER=c2m-authd C2M_EVENT=login C2M_VERDICT=forbidden C2M_USER=alice C2M_SERVICE=sshd; do
  assert_status 0 journaled "$field"
done
reference=$(grep -a '^C2M_REF=' "$WORLD/journal" | head -n 1 | cut -d = -f 2)
assert_match "ref=$reference verdict=forbidden" "$(grep -a '^MESSAGE=event=login' "$WORLD/journal")"
assert_no_match 'c2m-authd.*event=' "$(cat "$WORLD_LOG/syslog")"

# nobody reads: syslog does; and then it is there again
kill "$journal"; wait "$journal" || :
rm -f /run/systemd/journal/socket
assert_status 255 login alice "$(mint bob)"
assert_within 5 grep -q 'c2m-authd.*reason=subject' "$WORLD_LOG/syslog"
journal_start
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
assert_within 5 journaled C2M_REASON=logout
kill "$(pgrep -x c2m-authd)" "$journal"
