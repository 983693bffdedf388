# shellcheck shell=bash
# Tokens, as the API sees them; what `c2m-standin --ask DIR help` lists is at hand through `ask`.
#
#   mint USER [ARGUMENT ...]     a token of the client c2m_USER: short; type=long, ttl=N, scopes=A,B, sign=foreign …
#   mint_sized USER LENGTH       a long-term token of exactly so many characters, at least 70
#   code USER                    a code for one login
#   token_state TOKEN            live, expired or revoked
#   token_is STATE TOKEN         for assert_within
#   token_hash TOKEN             SHA-256, in hexadecimal; logs name a token by its first 8 digits
#   api_status TOKEN             the HTTP status of a job that is submitted with it: 200, 401, 403
#   api_requests [ENDPOINT]      how many requests the API got, of short, long, revoke, jobs, jwks or all
#   live_tokens USER             how many live tokens the client has
#   tokens_live USER COUNT       has it so many? for assert_within

mint() { ask "mint client=c2m_$*" token; }
mint_sized() {
  if (($2 % 2)); then mint "$1" type=long form=lt pad=$(($2 - 3)); else mint "$1" type=long form=ltk pad=$(($2 - 4)); fi
}
code() { ask "code client=c2m_$1" code; }
token_hash() { printf '%s' "$1" | sha256sum | cut -d ' ' -f 1; }
token_state() { ask "token hash=$(token_hash "$1")" state; }
token_is() { [ "$(token_state "$2")" = "$1" ]; }
api_requests() { ask "requests${1:+ endpoint=$1}" count; }
live_tokens() { ask "live client=c2m_$1" count; }
tokens_live() { [ "$(live_tokens "$1")" = "$2" ]; }

api_status() {   # the token in a configuration on standard input, not in an argument
  curl -sS -K - -o /dev/null -w '%{http_code}' --max-time 10 --cacert "$STANDIN_DIR/ca.pem" -X POST \
    "https://127.0.0.1:$STANDIN_PORT/jobs/letter" <<<"header = \"Authorization: Bearer $1\""
}
