#!/usr/bin/env bash
# c2mctl doctor says why the API does not answer, with the cure of each cause, and the log says the same in a word.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
healthy 'the examples'
conf=/etc/c2m/authd.conf
long=$(mint alice type=long)
# away WORD REASON WHAT CURE [SECTION.KEY=VALUE ...]: a login with this configuration is an outage
away() {
  config_write "${@:5}"
  authd_restart
  c2mctl auth-test alice --quiet <<<"$long" || :
  sees FAIL api.answers "$3.*: $4" $conf
  assert_match "verdict=unavailable reason=$2 why=$1 user=alice" "$(grep event=login "$WORLD_LOG/authd.log" | tail -n 1)"
}
answers() { c2mctl auth-test alice --quiet <<<"$long"; }
# mended WHAT: as it says, and the next login finds the API
mended() {
  config_write
  authd_restart
  answers || fail "$1: the API does not answer" "$output"
  healthy "$1"
}

away name api_unreachable "cannot resolve no-such-host.invalid; last answer: never" \
  'correct url in \[api\], or look at nsswitch.conf' api.url=https://no-such-host.invalid
mended 'the right name'
away connection api_unreachable 'the API refuses connections, or there is no route to it' 'correct url in \[api\]; where only a proxy' \
  api.url=https://127.0.0.1:1
mended 'the right port'
# where nothing leads to that port but a proxy, which connects to the API
through_port=$((STANDIN_PORT + 3))
# shellcheck disable=SC2016  # perl expands it
perl -MIO::Socket::INET -MIO::Select -e '
  my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 9, ReuseAddr => 1) or die;
  while (my $peer = $door->accept) {
    next if fork;
    sysread $peer, my $asked, 9999;
    my $api = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $ARGV[1]) or die;
    $asked =~ m{^CONNECT 127\.0\.0\.1:1 HTTP/} and syswrite $peer, "HTTP/1.1 200 OK\r\n\r\n" or die;
    while (my @ready = IO::Select->new($peer, $api)->can_read) {
      for (@ready) { sysread $_, my $text, 65536 or exit; syswrite $_ == $peer ? $api : $peer, $text } } }' "$through_port" "$STANDIN_PORT" &
through=$!
wait_until 5 listens_tcp "$through_port"
away connection api_unreachable 'the API refuses connections, or there is no route to it' 'correct url in \[api\]; where only a proxy leads out, set proxy' \
  api.url=https://127.0.0.1:1
config_write api.url=https://127.0.0.1:1 "api.proxy=http://127.0.0.1:$through_port"
authd_restart
answers || fail 'through the proxy: the API does not answer' "$output"
healthy 'through the proxy'
kill $through; wait $through 2>/dev/null || :
mended 'without one'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=another -keyout /dev/null -out "$WORLD/another.pem" 2>/dev/null
install -m 0644 "$WORLD/another.pem" /etc/c2m/another.pem
away certificate api_tls "the API's certificate is not accepted: nobody trusted here has signed it" '.*name it by ca' api.ca=/etc/c2m/another.pem
mended 'the right authority'
away certificate_name api_tls "the API's certificate is for ([^,]+, )*127.0.0.1(, [^,]+)*, not another.localhost;" '.*its host must be one that the certificate names' \
  "api.url=https://another.localhost:$STANDIN_PORT"
mended 'the right host'
echo subjectAltName=IP:127.0.0.1 >"$WORLD/over.names"
in_the_past=(-days -1)   # since OpenSSL 3.4 it takes no day before today, and dates instead
if openssl x509 -help 2>&1 | grep -q -e -not_after; then in_the_past=(-not_before 20200101000000Z -not_after 20200102000000Z); fi
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=api -keyout "$WORLD/over.key" -out "$WORLD/over.csr" 2>/dev/null
openssl x509 -req -in "$WORLD/over.csr" -signkey "$WORLD/over.key" -extfile "$WORLD/over.names" "${in_the_past[@]}" -out "$WORLD/over.pem" 2>/dev/null
install -m 0644 "$WORLD/over.pem" /etc/c2m/over.pem
over_port=$((STANDIN_PORT + 2))
openssl s_server -quiet -accept "127.0.0.1:$over_port" -cert "$WORLD/over.pem" -key "$WORLD/over.key" </dev/null >/dev/null 2>&1 &
over=$!
wait_until 5 listens_tcp "$over_port"
away certificate_dates api_tls "the API's certificate is not accepted: it is over, or not yet valid" "look at this host's clock" \
  "api.url=https://127.0.0.1:$over_port" api.ca=/etc/c2m/over.pem
kill $over; wait $over 2>/dev/null || :
mended 'another certificate'
away proxy api_unreachable 'the proxy cannot be reached, or refuses' 'correct proxy in \[api\]' api.proxy=http://127.0.0.1:1
mended 'no proxy'
proxy_port=$((STANDIN_PORT + 1))
perl -MIO::Socket::INET -e '
  my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 9, ReuseAddr => 1) or die;
  while (my $peer = $door->accept) { sysread $peer, my $asked, 9999; syswrite $peer, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"; close $peer }' \
  "$proxy_port" &
proxy=$!
wait_until 5 listens_tcp "$proxy_port"
away proxy api_unreachable 'the proxy cannot be reached, or refuses' 'correct proxy in \[api\]' "api.proxy=http://127.0.0.1:$proxy_port"
kill $proxy; wait $proxy 2>/dev/null || :
mended 'no proxy'
ask 'fault endpoint=short html=yes' >/dev/null
away not_json api_error 'what answers is not the API: status 403, and no JSON' '.*a portal or a firewall answers in its place'
ask clear >/dev/null
answers || fail 'the API is back'
healthy 'the next answer is its own'
ask 'fault endpoint=short status=503' >/dev/null
answers || :
healthy 'a trouble of its own is not a wrong address'
