#!/usr/bin/env bash
# `[api] proxy`: the exchange, the revocation and the keys all go through it, whatever the environment says; a proxy that
# is down is an outage, in which the local password lets in. Without the key there is none, whatever the environment says.
. "$(dirname "$0")/../lib/test.sh"

PROXY_PORT=$((STANDIN_PORT + 1))
proxy_listens() { listens_tcp "$PROXY_PORT"; }
proxy_start() {
  "${DAEMON[@]}" perl "$WORLD/proxy.pl" "$PROXY_PORT" "$WORLD_LOG/tunnels" >>"$WORLD_LOG/proxy.log" 2>&1 </dev/null &
  proxy=$!
  service_ready proxy "$proxy" proxy_listens
}
tunnels() { wc -l <"$WORLD_LOG/tunnels"; }

# one process, so that its end ends every tunnel
cat >"$WORLD/proxy.pl" <<'PERL'
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
my ($port, $log) = @ARGV;
$SIG{PIPE} = 'IGNORE';
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 64, ReuseAddr => 1) or die "$!";
my $ready = IO::Select->new($listener);
my (%other, %head);
sub leave { for my $end (@_) { $ready->remove($end); delete $other{$end}; close $end; } }
sub tunnel {
    my ($client) = @_;
    return unless $head{$client} =~ /\r\n\r\n/;
    my ($to) = $head{$client} =~ /^CONNECT (\S+) HTTP/ or return leave($client);
    delete $head{$client};
    open my $file, '>>', $log or die "$!";
    print $file "$to\n";
    close $file;
    my $server = IO::Socket::INET->new(PeerAddr => $to) or return leave($client);
    @other{$client, $server} = ($server, $client);
    $ready->add($server);
    syswrite $client, "HTTP/1.1 200 established\r\n\r\n";
}
while (my @ends = $ready->can_read) {
    for my $end (@ends) {
        if ($end == $listener) { $ready->add(scalar $listener->accept); next; }
        next unless $ready->exists($end);
        my $got = sysread $end, my $bytes, 65536;
        if (!$got) { leave($end, $other{$end} // ()); }
        elsif ($other{$end}) { syswrite $other{$end}, $bytes; }
        else { $head{$end} .= $bytes; tunnel($end); }
    }
}
PERL

standin_start
keys_copy; seal_key_write; users_write; examples_install; sshd_start

by_jwks=(verify.key= "verify.jwks=https://127.0.0.1:$STANDIN_PORT/.well-known/jwks.json")
long=$(mint alice type=long)
that_one_lives() { [ "$(live_tokens alice)" = 1 ]; }
log_in_and_out() {
  session_open a alice "$long"
  session_close a
  assert_within 5 that_one_lives
}

# through it, though the environment excepts every host and names a proxy that nobody serves
export no_proxy='*' https_proxy=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9
config_write "${by_jwks[@]}" "api.proxy=http://127.0.0.1:$PROXY_PORT"
proxy_start
ask reset-requests >/dev/null
authd_start
log_in_and_out
for endpoint in jwks short revoke; do
  assert_equal 1 "$(api_requests "$endpoint")" "requests of $endpoint"
done
assert_match '^[1-9]' "$(tunnels)"
assert_equal "$(ask requests connections)" "$(tunnels)" 'each connection that the API saw is a tunnel'
assert_equal "127.0.0.1:$STANDIN_PORT" "$(sort -u "$WORLD_LOG/tunnels")"

# down: an outage, so the local password is asked for, and lets in
session_open b alice "$long"
service_stop "$proxy" KILL
assert_equal alice "$(login alice "$long"$'\n'"alice-$WORLD_PASSWORD" -- id -un)"
assert_match 'Password: $' "$(login_prompts)"
assert_match 'verdict=unavailable reason=api_unreachable why=proxy user=alice' "$(grep event=login "$WORLD_LOG/authd.log" | tail -n 1)"
session_close b
assert_equal 2 "$(live_tokens alice)"
proxy_start # what waited goes out
assert_within 20 that_one_lives

# no such key: none, though the environment names one that serves
authd_stop
unset no_proxy
export https_proxy=http://127.0.0.1:$PROXY_PORT HTTPS_PROXY=http://127.0.0.1:$PROXY_PORT ALL_PROXY=http://127.0.0.1:$PROXY_PORT
config_write "${by_jwks[@]}"
: >"$WORLD_LOG/tunnels"
authd_start
log_in_and_out
assert_equal 0 "$(tunnels)"
