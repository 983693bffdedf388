# shellcheck shell=bash
# The second story of demo.sh, told by its functions: each way to log in, each kind of key, the host's own token.

# serves ALGORITHM [SECTION.KEY=VALUE ...]: from here on the API signs so, and the helper's configuration is that
serves() {
  local algorithm=$1
  shift
  authd_stop || wrong 'the helper did not stop'
  standin_stop || wrong 'the API did not stop'
  rm -f /etc/c2m/verify-key.pem
  standin_start --alg "$algorithm" --clients "$WORLD/clients.json" || wrong 'the API did not start'
  if [ "$algorithm" = HS256 ]; then install -m 0644 "$STANDIN_DIR/ca.pem" /etc/c2m/; else keys_copy; fi
  [[ $* != *verify.secret=* ]] || install -m 0640 -g c2m-authd "$STANDIN_DIR/hs256.secret" /etc/c2m/
  config_write "$@"
  authd_start || wrong 'the helper did not start'
}

# configured SECTION REGEX: what the administrator wrote
configured() { root "sed -n '/^\[$1\]/,/^\$/p' /etc/c2m/authd.conf | grep ." "$2"; }

# once TOKEN: ssh for one command
once() {
  local output
  printf '  $ ssh alice@web1 id -un\n'
  output=$(login alice "$1" -- id -un 2>&1)
  show "$(login_prompts | head -n 1)$(short_of "$1")"
  expect '^alice$' "$output"
}

forget() { ask "revoke hash=$(token_hash "$1")" >/dev/null; } # TOKEN: its owner revokes it at the API

has_live() { [ "$(ask "live client=$1" count)" = "$2" ]; } # CLIENT COUNT
# living CLIENT COUNT: how many of its tokens the API honours, by its own books
living() {
  wait_until 3 has_live "$1" "$2" || wrong "expected $2"
  say "Tokens of $1 that the API honours: $(ask "live client=$1" count)"
}

openssl ecparam -name prime256v1 -genkey -noout -out "$WORLD/host-key.pem" 2>/dev/null
openssl ec -in "$WORLD/host-key.pem" -pubout -out "$WORLD/host-key.pub" 2>/dev/null
install -m 0640 -g c2m-authd "$WORLD/host-key.pem" /etc/c2m/host-key.pem
scopes='["jobs:submit","jobs:read","tokens:write","tokens:revoke","login:web1"]'
cat >"$WORLD/clients.json" <<CLIENTS
{"clients":[
{"id":"c2m_alice","secret":"alice-s3cret","scopes":$scopes},
{"id":"c2m_careful","secret":"careful-s3cret","needs_code":true,"scopes":$scopes},
{"id":"c2m_host","secret":"host-s3cret","scopes":$scopes,"assertion_key":"$WORLD/host-key.pub"}]}
CLIENTS

forget "$long" # the one of the first story

chapter 'A token that was printed for the API is no key to this host'
serves RS256
long=$(mint alice type=long)
enter all "$long"
delivered=$(session_run all 'c2mctl token')
there all 'c2mctl token | cut -c 1-18' '^eyJ'
api 200 "$delivered"
living c2m_alice 3
say 'Those are the long one, the short one of her session, and this. From another terminal, with this:'
refused "$delivered" 'not accepted' ours
close all
say 'After logout only the long one is left, which is hers.'
living c2m_alice 1
[ "$(token_state "$long")" = live ] || wrong 'the long token is not live'
forget "$long"

chapter 'What the administrator did not ask for is refused on the spot'
configured login 'accept = short long'
ask reset-requests >/dev/null
say 'A one-time code:'
refused "$(code alice)" 'not accepted here' form_not_accepted
say 'The client'\''s secret, which nobody could tell from a password:'
refused alice-s3cret 'not accepted' not_credential
say "Requests that the API saw meanwhile: $(api_requests)"
[ "$(api_requests)" = 0 ] || wrong 'expected 0'

chapter 'A one-time code, where the administrator accepts one'
serves RS256 'login.accept=short long code'
configured login 'accept = short long code'
code=$(code alice)
enter code "$code"
say 'It bought a long-term token for this session alone, and that a short one.'
living c2m_alice 2
there code 'c2mctl token | cut -c 1-18' '^eyJ'
close code
living c2m_alice 0
say 'The code is spent:'
refused "$code" 'not accepted' api_refused

chapter 'The client'\''s own secret, where the administrator accepts that'
serves RS256 'login.accept=short long secret'
configured login 'accept = short long secret'
enter secret alice-s3cret
living c2m_alice 2
close secret
living c2m_alice 0
say 'A wrong one:'
refused alice-secret 'not accepted' api_refused

chapter 'A code together with the client'\''s secret, which the host knows and nobody types'
users_write 'alice = c2m_careful'
echo 'c2m_careful = careful-s3cret' >"$WORLD/client-secrets"
install -m 0640 -g c2m-authd "$WORLD/client-secrets" /etc/c2m/client-secrets
serves RS256 'login.accept=short long code' login.client_secrets=/etc/c2m/client-secrets
configured login 'client_secrets = /etc/c2m/client-secrets'
enter both "$(code careful)"
living c2m_careful 2
close both
living c2m_careful 0
say 'The secret alone is no key, and goes nowhere:'
refused careful-s3cret 'not accepted' not_credential
users_write

chapter 'A token that is longer than ssh lets anybody paste'
serves RS256
long=$(mint_sized alice 3000)
say 'ssh cuts what is typed, and says nothing; the host sees it:'
refused "$long" 'cut at [0-9]+ characters' cut
say 'c2m-askpass answers in parts. It knows which host may have which token:'
askpass_write "$CLIENTS/home" "host $WORLD_NAME" "$long"
printf '  $ cat .config/c2m/askpass.conf\n'
expect 'file = ' "$(<"$CLIENTS/home/.config/c2m/askpass.conf")"
printf '  $ SSH_ASKPASS=c2m-askpass SSH_ASKPASS_REQUIRE=force ssh alice@web1 id -un\n'
expect '^alice$' "$(login_askpass alice "$long" -- id -un 2>&1)"
forget "$long"

for algorithm in RS256 PS256 ES256 EdDSA; do
  chapter "The API signs with $algorithm"
  serves $algorithm verify.algorithm=$algorithm
  configured verify "algorithm = $algorithm"
  token=$(mint alice)
  printf "  \$ cut -d . -f 1 token | base64 -d\n"
  expect "\"alg\":\"$algorithm\"" "$(cut -d . -f 1 <<<"$token" | base64 -d 2>/dev/null)"
  once "$token"
  dead "$token" 2
  say 'Signed with the same algorithm, by somebody else:'
  refused "$(mint alice sign=foreign)" 'not accepted' signature
done

chapter 'The API signs with HS256, by a secret that this host shares'
serves HS256 verify.key= verify.algorithm= verify.secret=/etc/c2m/hs256.secret
configured verify 'secret = /etc/c2m/hs256.secret'
token=$(mint alice)
printf "  \$ cut -d . -f 1 token | base64 -d\n"
expect '"alg":"HS256"' "$(cut -d . -f 1 <<<"$token" | base64 -d 2>/dev/null)"
once "$token"
dead "$token" 2
say 'Signed with another secret:'
refused "$(mint alice sign=foreign)" 'not accepted' signature
say 'Who reads that file can forge tokens, so the helper warns of it at each start:'
root "grep -o '[^ ]* can forge tokens.*' $WORLD_LOG/authd.log | tail -n 1" 'can forge tokens'

chapter 'The API publishes no key at all'
serves HS256 verify.key= verify.algorithm= verify.channel=yes login.accept=
configured verify 'channel = yes'
say 'Then only what the API itself hands to this host is trusted: a long-term token is exchanged there, as always.'
long=$(mint alice type=long)
once "$long"
living c2m_alice 1
say 'A pasted short one, which nobody here could verify, is not taken:'
refused "$(mint alice)" 'not accepted here' form_not_accepted
forget "$long"

chapter 'The API publishes its keys, and changes them'
jwks=https://127.0.0.1:$STANDIN_PORT/.well-known/jwks.json
serves RS256 verify.key= "verify.jwks=$jwks"
configured verify 'jwks = https://'
published() { # COUNT
  printf '  $ curl -s --cacert ca.pem %s | grep -o '\''"kid":"[^"]*"'\''\n' "$jwks"
  local kids
  kids=$(curl -sS --max-time 10 --cacert "$STANDIN_DIR/ca.pem" "$jwks" | grep -o '"kid": *"[^"]*"')
  show "$kids"
  [ "$(wc -l <<<"$kids")" = "$1" ] || wrong "expected $1"
}
published 1
before=$(mint alice)
ask rotate >/dev/null
say 'The API signs with a new key from now on, and nobody told this host. A token of the new one:'
published 2
once "$(mint alice)"
say 'And one that the key before signed:'
once "$before"
say 'The old key is withdrawn, and the helper asks again when it starts:'
before=$(mint alice)
ask 'rotate keep=no' >/dev/null
authd_restart || wrong 'the helper did not restart'
published 1
refused "$before" 'not accepted' unknown_key
once "$(mint alice)"

chapter 'The host has a long-term token of its own'
serves RS256 host.client=c2m_host host.key=/etc/c2m/host-key.pem host.algorithm=ES256 host.key_id=web1-2026
configured host 'client = c2m_host'
say 'By the client'\''s secret, by a code, or by a key that never leaves this host:'
umask 077
echo host-s3cret >"$WORLD/secret"
code host >"$WORLD/code"
umask 022
root "c2mctl enroll --secret <$WORLD/secret" 'enrolled as c2m_host'
root "c2mctl enroll --code <$WORLD/code" 'enrolled as c2m_host'
root 'c2mctl enroll --assertion' 'enrolled as c2m_host'
root 'c2mctl enroll --list' 'c2m_host.* by assertion$'
say 'The one before is dead each time; so it is when the host changes it.'
living c2m_host 1
root 'c2mctl rotate' 'rotated as c2m_host'
living c2m_host 1
say 'Its own token is no key either:'
kept=$(mint host type=long form=jwt)
printf '%s\n' "$kept" >"$WORLD/secret"
root "c2mctl enroll <$WORLD/secret" 'enrolled as c2m_host'
refused "$kept" 'not accepted' ours
root 'c2mctl enroll --remove' 'being revoked'
living c2m_host 0
