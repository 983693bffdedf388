#!/usr/bin/env bash
# The host's own long token: from each proof that the API takes, kept sealed, rotated, forgotten; and what it is good
# for: revoking what belongs to its own client, and no way in.
. "$(dirname "$0")/../lib/test.sh"

openssl ecparam -name prime256v1 -genkey -noout -out "$WORLD/host-key.pem" 2>/dev/null
openssl ec -in "$WORLD/host-key.pem" -pubout -out "$WORLD/host-key.pub" 2>/dev/null
scopes='["jobs:submit","jobs:read","tokens:write","tokens:revoke","login:web1"]'
cat >"$WORLD/clients.json" <<-JSON
	{"clients":[
	{"id":"c2m_alice","secret":"secret-of-alice","scopes":$scopes},
	{"id":"c2m_bob","secret":"secret-of-bob","scopes":$scopes},
	{"id":"c2m_plain","secret":"secret-of-plain","scopes":["jobs:read","login:web1"]},
	{"id":"c2m_host","secret":"secret-of-host","scopes":$scopes,"assertion_key":"$WORLD/host-key.pub"}]}
JSON
standin_start --clients "$WORLD/clients.json"
keys_copy; seal_key_write; users_write
install -m 0640 -g c2m-authd "$WORLD/host-key.pem" /etc/c2m/host-key.pem
config_write api.requests_per_minute=1000 host.client=c2m_host host.key=/etc/c2m/host-key.pem host.algorithm=ES256 host.key_id=web1-2026
authd_start; examples_install; sshd_start


hash_kept() { c2mctl enroll --list --json | sed "s/.*token_hash\":\"\([0-9a-f]*\).*/\1/"; }
# The long ones: what tried them is revoked at once.
tokens_are() { [ "$(ask "live client=$1" count)" = "$2" ]; }

# the client's secret, which is kept for the next one
assert_match "^$(uname -n) enrolled as c2m_host, until .*; sealed in the vault$" "$(c2mctl enroll --secret <<<secret-of-host)"
assert_within 3 tokens_are c2m_host 1
assert_match '"client":"c2m_host","way":"secret"' "$(c2mctl enroll --list --json)"
assert_no_match secret-of-host "$(cat "$WORLD_LOG/authd.log")"
assert_nowhere secret-of-host /var/lib/c2m
assert_status 77 c2mctl enroll --secret <<<wrong
assert_match ', by secret$' "$(c2mctl enroll --list)"

# rotated: the next one, and then the former is dead
former=$(hash_kept)
assert_match "^$(uname -n) rotated as c2m_host, until " "$(c2mctl rotate)"
assert_no_match "$former" "$(hash_kept)"
assert_within 3 tokens_are c2m_host 1

# the host's key
assert_match ' enrolled as c2m_host' "$(c2mctl enroll --assertion)"
assert_within 3 tokens_are c2m_host 1
assert_match '^\{"schema":1,"ok":true,.*"client":"c2m_host","way":"assertion"' "$(c2mctl rotate --json)"
assert_match ', by assertion$' "$(c2mctl enroll --list)"
assert_within 3 tokens_are c2m_host 1

# the same with an RSA key, under another kid, audience and URN
openssl genrsa -out "$WORLD/host-rsa.pem" 2048 2>/dev/null
openssl rsa -in "$WORLD/host-rsa.pem" -pubout -out "$WORLD/host-key.pub" 2>/dev/null
install -m 0640 -g c2m-authd "$WORLD/host-rsa.pem" /etc/c2m/host-key.pem
assert_status 78 "$BUILD/c2m-authd" --check --config /etc/c2m/authd.conf   # ES256 is not that key's
standin_stop; standin_start --clients "$WORLD/clients.json"
config_write api.requests_per_minute=1000 host.client=c2m_host host.key=/etc/c2m/host-key.pem host.algorithm=RS256 host.key_id=web1-rsa \
  host.audience="https://127.0.0.1:$STANDIN_PORT/auth/tokens/long" host.assertion_type=urn:ietf:params:oauth:grant-type:jwt-bearer
authd_restart
assert_match ' rotated as c2m_host' "$(c2mctl rotate)"
assert_match ' enrolled as c2m_host' "$(c2mctl enroll --assertion)"
assert_match ', by assertion$' "$(c2mctl enroll --list)"
assert_within 3 tokens_are c2m_host 1

# a token that is given, whose next one is issued with a short one of its own
given=$(mint host type=long)   # opaque: nobody says its identifier
assert_match 'revoke it yourself' "$(c2mctl enroll <<<"$given")"
assert_within 3 tokens_are c2m_host 1
assert_match ' as c2m_host, for how long it does not say, by token; it does not say its identifier, so ' "$(c2mctl enroll --list)"
ask "revoke hash=$(token_hash "$given")" >/dev/null
given=$(mint host type=long form=jwt)
assert_match ' enrolled as c2m_host' "$(c2mctl enroll <<<"$given")"
assert_equal live "$(token_state "$given")"
assert_match ' rotated as c2m_host' "$(c2mctl rotate)"
assert_within 3 tokens_are c2m_host 1
assert_equal revoked "$(token_state "$given")"

# one that may not issue stays, and is said
given=$(mint plain type=long form=jwt scopes=jobs:read,tokens:revoke,login:web1)
assert_status 77 c2mctl enroll --client c2m_other <<<"$given"
assert_match 'of another client of the API' "$output"
assert_equal live "$(token_state "$given")" 'what was given, and was not taken, is not ours to revoke'
assert_within 3 tokens_are c2m_plain 1
assert_match ' enrolled as c2m_plain' "$(c2mctl enroll --client c2m_plain <<<"$given")"
assert_status 77 c2mctl rotate
assert_match ' as c2m_plain, ' "$(c2mctl enroll --list)"
assert_within 3 tokens_are c2m_host 0

# for a user: from a code, and only his own client
assert_match '^alice enrolled as c2m_alice, ' "$(c2mctl enroll --user alice --code <<<"$(code alice)")"
assert_status 77 c2mctl enroll --user alice <<<"$(mint bob type=long)"
assert_status 77 c2mctl enroll --user mallory <<<"$(mint bob type=long)"
assert_match 'no line in /etc/c2m/users' "$output"
assert_equal 2 "$(c2mctl enroll --list | wc -l)"

# the vault opens no door: what is kept is no proof, not even to its user
kept=$(mint alice type=long form=jwt)
c2mctl enroll --user alice <<<"$kept" >/dev/null
assert_status 255 login alice "$kept"
assert_match 'verdict=denied reason=ours user=alice' "$(cat "$WORLD_LOG/authd.log")"
assert_equal 'forgotten; the token is being revoked' "$(c2mctl enroll --user alice --remove)"
assert_within 3 token_is revoked "$kept"
# one that does not say what it is called cannot be; and what is no long token is not even sent
kept=$(mint alice type=long)
c2mctl enroll --user alice <<<"$kept" >/dev/null
assert_match '^forgotten, .* only its issuer can revoke it: do it there$' "$(c2mctl enroll --user alice --remove)"
assert_status 255 login alice "$kept"
sent=$(api_requests short)
assert_status 77 c2mctl enroll --user alice <<<"alice-$WORLD_PASSWORD"
assert_match 'no long-term token of this API, and was not sent' "$output"
assert_equal "$sent" "$(api_requests short)"
assert_status 255 login alice "$kept"

# killed, and started again: what was kept is kept
c2mctl enroll --secret <<<secret-of-host >/dev/null
before=$(c2mctl enroll --list)
authd_kill
authd_start
assert_equal "$before" "$(c2mctl enroll --list)"
assert_match ' rotated as c2m_host' "$(c2mctl rotate)"
before=$(c2mctl enroll --list)   # its end is another minute now and then

# killed between the request and the answer: the start says once that the API may hold one that nobody knows
assert_no_match 'event=issue ' "$(cat "$WORLD_LOG/authd.log")"
ask 'fault endpoint=long delay=1500 count=1' >/dev/null
c2mctl rotate >"$WORLD/rotated" 2>&1 &
rotating=$!
sleep 0.5
authd_kill
wait "$rotating" || :
authd_start
lost='event=issue ref=[0-9a-f]{8} client=c2m_host hint="killed while .*"'
assert_match "$lost" "$(cat "$WORLD_LOG/authd.log")"
assert_equal "$before" "$(c2mctl enroll --list)"
authd_restart
assert_equal 1 "$(grep -c 'event=issue ' "$WORLD_LOG/authd.log")"
sleep 1.5   # the answer is given by now
ask clear >/dev/null
for token in $(ask 'live client=c2m_host' | grep -o 'tok_lt_[0-9a-zA-Z]*'); do ask "revoke id=$token" >/dev/null; done
c2mctl enroll --secret <<<secret-of-host >/dev/null

# what root says last holds: removed, or enrolled anew, while a rotation is under way
for last in remove token; do
  c2mctl enroll --secret <<<secret-of-host >/dev/null
  ask 'fault endpoint=long delay=1500 count=1' >/dev/null
  { c2mctl rotate || echo "status $?"; } >"$WORLD/rotated" 2>&1 &
  rotating=$!
  sleep 0.5
  if [ $last = remove ]; then c2mctl enroll --remove; else c2mctl enroll --client c2m_plain <<<"$(mint plain type=long form=jwt scopes=tokens:revoke,login:web1)"; fi >/dev/null
  wait "$rotating"
  assert_match 'another enrollment or a removal was faster.*status 75' "$(cat "$WORLD/rotated")"
  if [ $last = remove ]; then assert_equal '' "$(c2mctl enroll --list)"; else assert_match ' as c2m_plain, ' "$(c2mctl enroll --list)"; fi
  assert_within 5 tokens_are c2m_host 0
done
c2mctl enroll --remove >/dev/null
c2mctl enroll --secret <<<secret-of-host >/dev/null

# a token says itself when it ends
assert_match '"expires":17[0-9]+,' "$(c2mctl enroll --user alice --json <<<"$(mint alice type=long form=jwt ttl=7200)")"

# an outage is told apart, and loses nothing
before=$(c2mctl enroll --list)
standin_stop
assert_status 69 c2mctl rotate
assert_equal "$before" "$(c2mctl enroll --list)"

# nobody but root
assert_status 77 runuser -u alice -- c2mctl enroll --list
assert_status 77 runuser -u alice -- c2mctl rotate
