# shellcheck shell=bash
# What each endpoint answers, to the letter of the contract. Sourced by ../standin.sh.
# shellcheck disable=SC2154 # variables of its own and of asking.sh

twelve_cases() { # what a public suite of clients asks, in its order
    local long_token short_token short_id results n broad
    long "{$wide,$secret,\"scopes\":[\"jobs:submit\",\"templates:read\",\"tokens:revoke\"],\"ttl_seconds\":3600}"
    is 'suite 1: a long token for a secret' "$status $(member token_type) $(member expires_in)" '201 Bearer 3600'
    like 'suite 1: all members' "$body" '"access_token":"lt_.*"expires_at":"[^"]*Z".*"scopes":\["jobs:submit".*\].*"token_id":"tok_lt_'
    like 'suite 1: X-Token-Id names it too' "$headers" "^X-Token-Id: $(member token_id)$"
    long_token=$(member access_token)

    long "{$wide,\"client_secret\":\"wrong\"}"
    answers 'suite 2: a wrong secret' '401 invalid_grant'
    like 'suite 2: with a message' "$body" '"message":"..*"'
    call POST /auth/tokens/long -H "$json" -H 'X-Client-Id: c2m_wide' -d "{\"client_id\":\"c2m_wide\",$secret}"
    answers 'suite 3: no grant_type' '400 invalid_grant'

    short "$long_token" -H "$json" -d '{"scopes":["jobs:submit","tokens:revoke"]}'
    short_token=$(member access_token) short_id=$(member token_id)
    is 'suite 4: a short token for a long one' "$status $(tr -cd . <<<"$short_token")" '201 ..'
    n=$(member expires_in)
    if [ "$n" -ge 890 ] && [ "$n" -le 910 ]; then ok 'suite 4: it lives 15 minutes'; else fail 'suite 4: it lives 15 minutes' "$n s"; fi
    call POST /auth/tokens/short -H "$json" -d '{"scopes":["jobs:submit"]}'
    answers 'suite 5: no Authorization' '401 invalid_token'
    job "$short_token"
    is 'suite 6: a job' "$status" 200
    revoke "$short_id" "$long_token" -H "$json" -d null
    is 'suite 7: revocation, with the body null' "$status$body" 204
    job "$short_token"
    answers 'suite 8: the revoked token at once' '401 invalid_token'
    revoke "$short_id" "$long_token" -H "$json" -d null
    is 'suite 9: revocation again' "$status" 204
    long "{$wide,\"otp_code\":\"123456\",\"scopes\":[\"jobs:*\"],\"ttl_seconds\":7200}"
    answers 'suite 10: a code that nobody gave out' '401 invalid_grant'

    long "{$wide,$secret,\"scopes\":[\"jobs:*\",\"templates:*\",\"tokens:*\"],\"ttl_seconds\":3600}"
    is 'suite 11: wide scopes' "$status" 201
    broad=$(member access_token)
    short "$broad" -H "$json" -d '{"scopes":["jobs:submit"]}'
    like 'suite 11: narrowed to one' "$status $body" '^201 .*"scopes":\["jobs:submit"\]'

    local curls=()
    for n in $(seq 10); do
        curl -sS --cacert dir/ca.pem -o "parallel.$n" -w '%{http_code}\n' -X POST -H "$json" -d '{}' \
            -H "Authorization: Bearer $long_token" "$url/auth/tokens/short" >"status.$n" &
        curls+=($!)
    done
    wait "${curls[@]}"
    results=$(cat status.* | sort | uniq -c | xargs)
    is 'suite 12: ten exchanges at once' "$results" '10 201'
}

long_rules() {
    local t code
    long "{$wide,$secret}"
    is 'long: 30 days by default' "$(member expires_in)" 2592000
    like 'long: the scopes of the client by default' "$body" '"scopes":\["jobs:\*","templates:\*","tokens:\*","account:read"\]'
    for t in 3599 7776001 '"3600"' 3600.5 null; do
        long "{$wide,$secret,\"ttl_seconds\":$t}"
        answers "long: ttl_seconds $t" '400 invalid_grant'
    done
    long "{$wide,$secret,\"ttl_seconds\":7776000}"
    is 'long: ttl_seconds 7776000' "$status" 201
    long "{$wide,$secret,\"extra\":1}"
    answers 'long: an unknown member' '400 invalid_grant'
    long "{$wide,$secret,\"client_id\":\"c2m_other\"}"
    answers 'long: a member twice' '400 invalid_grant'
    long "{$wide,$secret,\"scopes\":\"jobs:submit\"}"
    answers 'long: scopes as a string' '400 invalid_grant'
    long "{$wide,$secret} x"
    answers 'long: bytes behind the body' '400 invalid_grant'
    long ''
    answers 'long: no body' '400 invalid_grant'
    long "{\"grant_type\":\"password\",\"client_id\":\"c2m_wide\",$secret}"
    answers 'long: another grant_type' '400 invalid_grant'
    call POST /auth/tokens/long -H 'Content-Type: text/plain' -H 'X-Client-Id: c2m_wide' -d "{$wide,$secret}"
    answers 'long: another Content-Type' '400 invalid_grant'
    call POST /auth/tokens/long -H "$json" -d "{$wide,$secret}"
    answers 'long: no X-Client-Id' '401 invalid_client'
    long "{$wide,$secret}" c2m_other
    answers 'long: X-Client-Id of another' '401 invalid_client'
    long "{$wide}"
    answers 'long: no proof' '401 invalid_grant'
    long '{"grant_type":"client_credentials","client_id":"c2m_nobody","client_secret":"x"}' c2m_nobody
    answers 'long: an unknown client' '401 invalid_grant'
    long "{$wide,$secret,\"scopes\":[\"admin:all\"]}"
    answers 'long: a scope that the client lacks' '403 insufficient_scope'
    long '{"grant_type":"client_credentials","client_id":"c2m_barred","client_secret":"secret-of-barred"}' c2m_barred
    like 'long: a suspended account' "$status $body" '^403 .*"errorCode":"ACCOUNT_SUSPENDED"'
    head -c 70000 /dev/zero | tr '\0' ' ' >big
    call POST /auth/tokens/long -H "$json" -H 'X-Client-Id: c2m_wide' --data-binary @big
    answers 'long: a body of 70,000 bytes' '413 request_too_large'
    call GET /auth/tokens/long
    answers 'long: GET' '405 method_not_allowed'
    for code in /v1 /v2; do
        call POST $code/auth/tokens/long -H "$json" -H 'X-Client-Id: c2m_wide' -d "{$wide,$secret}"
        is "long: below $code" "$status" 201
    done
    call POST /v3/auth/tokens/long -H "$json" -H 'X-Client-Id: c2m_wide' -d "{$wide,$secret}"
    answers 'long: below /v3' '404 not_found'
    call POST /auth/auth/tokens/long -H "$json" -d '{}'
    answers 'long: /auth/auth' '404 not_found'
}

codes() {
    local code strict='"grant_type":"client_credentials","client_id":"c2m_strict"'
    code=$(ask 'code client=c2m_wide' --field code)
    like 'code: six digits' "$code" '^[0-9]{6}$'
    long "{$wide,\"otp_code\":\"$code\"}"
    is 'code: without a secret' "$status" 201
    long "{$wide,\"otp_code\":\"$code\"}"
    answers 'code: a second time' '401 invalid_grant'
    code=$(ask 'code client=c2m_other' --field code)
    long "{$wide,\"otp_code\":\"$code\"}"
    answers 'code: of another client' '401 invalid_grant'
    code=$(ask 'code client=c2m_wide ttl=-1' --field code)
    long "{$wide,\"otp_code\":\"$code\"}"
    answers 'code: too late' '401 invalid_grant'
    code=$(ask 'code client=c2m_strict' --field code)
    long "{$strict,\"client_secret\":\"secret-of-strict\"}" c2m_strict
    answers 'code: the policy wants both, the secret alone' '401 invalid_grant'
    long "{$strict,\"otp_code\":\"$code\"}" c2m_strict
    answers 'code: the policy wants both, the code alone' '401 invalid_grant'
    long "{$strict,\"client_secret\":\"secret-of-strict\",\"otp_code\":\"$code\"}" c2m_strict
    is 'code: the policy wants both, both' "$status" 201
}

assertions() {
    local a
    a=$(assertion c2m_rsa RS256)
    assert_as c2m_rsa "$a"
    is 'assertion: RS256' "$status" 201
    assert_as c2m_rsa "$a"
    answers 'assertion: a second time' '401 invalid_grant'
    assert_as c2m_ec "$(assertion c2m_ec ES256)"
    is 'assertion: ES256' "$status" 201
    assert_as c2m_rsa "$(assertion c2m_rsa RS256)" urn:ietf:params:oauth:grant-type:jwt-bearer
    is 'assertion: the other URN' "$status" 201
    assert_as c2m_rsa "$(assertion c2m_rsa RS256)" urn:else
    answers 'assertion: an unknown type' '400 invalid_grant'
    assert_as c2m_rsa "$(assertion c2m_ec ES256)"
    answers 'assertion: of another client' '401 invalid_grant'
    assert_as c2m_wide "$(assertion c2m_wide RS256)"
    answers 'assertion: a client without a key' '401 invalid_grant'
    while read -r why change; do
        assert_as c2m_rsa "$(assertion c2m_rsa RS256 "$change")"
        answers "assertion: ${why//_/ }" '401 invalid_grant'
        like "assertion: it says ${why//_/ }" "$body" "refused: .*${why//_/ }"
    done <<'EOF'
aud_is_not s/"aud":"[^"]*"/"aud":"https:\/\/else.example"/
longer_than_300 s/"exp":/"exp":9/
iss_and_sub_are_not s/"iss":"c2m_rsa"/"iss":"c2m_wide"/
has_no_jti s/"jti"/"jto"/
longer_than_300 s/"iat":[0-9]*/"iat":1000/
has_expired s/"(iat|exp)":1/"\1":/g
iat_and_exp_are_needed s/"exp":[0-9]*/"exp":"soon"/
lies_in_the_future s/"(iat|exp)":1/"\1":9/g
EOF
    assert_as c2m_rsa "$(assertion c2m_rsa RS256 "s|/auth/tokens/long||")"
    is 'assertion: the base URL as audience' "$status" 201
    a=$(assertion c2m_rsa RS256)
    assert_as c2m_rsa "${a%?????}AAAAA"
    answers 'assertion: a broken signature' '401 invalid_grant'
    long '{"grant_type":"assertion","client_id":"c2m_rsa","client_secret":"x"}' c2m_rsa
    answers 'assertion: a secret in its place' '400 invalid_grant'
}

rotation() { # a short token with tokens:write as the proof
    local bearer
    with() { call POST /auth/tokens/long -H "$json" -H 'X-Client-Id: c2m_wide' -H "Authorization: Bearer $1" -d "${2:-{$wide\}}"; }
    bearer=$(mint scopes=tokens:write,jobs:submit)
    with "$bearer"
    like 'rotation: a short token with tokens:write' "$status $body" '^201 .*"scopes":\["tokens:write","jobs:submit"\]'
    with "$bearer" "{$wide,\"scopes\":[\"templates:read\"]}"
    answers 'rotation: a scope that the bearer lacks' '403 insufficient_scope'
    with "$(mint scopes=jobs:submit)"
    answers 'rotation: without tokens:write' '403 insufficient_scope'
    with "$(mint type=long)"
    answers 'rotation: a long token' '401 invalid_token'
    with "$(ask 'mint client=c2m_other scopes=tokens:write' --field token)"
    answers 'rotation: the token of another client' '401 invalid_grant'
    with "$bearer" "{$wide,\"client_secret\":\"wrong\"}"
    answers 'rotation: with a wrong secret beside it' '401 invalid_grant'
}

short_rules() {
    local l s header
    l=$(mint type=long scopes=jobs:*,tokens:revoke)
    short "$l"
    is 'short: without a body' "$status" 201
    s=$(member access_token)
    like 'short: the claims' "$(part "$s" 2)" '"exp":[0-9]+,"iat":[0-9]+,"iss":"c2m-api","jti":"tok_st_[^"]*","scopes":\["jobs:\*","tokens:revoke"\],"sub":"c2m_wide","token_type":"short"'
    like 'short: the header' "$(part "$s" 1)" "\"alg\":\"RS256\",\"kid\":\"$(sed -E 's/.*"kid":"([^"]*).*/\1/' dir/jwks.json)\""
    cut -d. -f3 <<<"$s" | tr -d '\n' | unb64url >signature
    is 'short: signed by verify-key.pem' "$(printf %s "${s%.*}" | openssl dgst -sha256 -verify dir/verify-key.pem -signature signature)" 'Verified OK'
    short "$l" -H "$json" -d '{"scopes":["jobs:read","jobs:submit"]}'
    is 'short: a wildcard covers' "$status" 201
    short "$l" -H "$json" -d '{"scopes":["account:read"]}'
    answers 'short: a scope that the long token lacks' '403 insufficient_scope'
    short "$l" -H "$json" -d '{"ttl_seconds":900}'
    answers 'short: an unknown member' '400 invalid_grant'
    short "$l" -H "$json" -d null
    answers 'short: null is no object' '400 invalid_grant'
    call POST /auth/tokens/short -H "$json" -d "{\"long_token\":\"$l\"}"
    is 'short: the long token in the body' "$status" 201
    short "$l" -H "$json" -d "{\"long_token\":\"$l\"}"
    answers 'short: in the body and the header' '400 invalid_grant'
    short "$s"
    answers 'short: a short token' '401 invalid_token'
    short lt_unknown
    answers 'short: an unknown token' '401 invalid_token'
    like 'short: the challenge' "$headers" '^WWW-Authenticate: Bearer error="invalid_token"'
    for header in Basic "Bearer" "bearer"; do
        call POST /auth/tokens/short -H "Authorization: $header $l"
        is "short: the scheme $header" "$status" "$([ "$header" = Basic ] && echo 401 || echo 201)"
    done
    short "$(mint type=long ttl=300)"
    like 'short: never longer than the long one' "$(member expires_in)" '^(300|29[0-9])$'
    short "$(mint type=long ttl=-1)"
    answers 'short: an expired long token' '401 invalid_token'
    l=$(ask 'mint client=c2m_wide type=long')
    ask "revoke id=$(sed -E 's/.*"token_id":"([^"]*).*/\1/' <<<"$l")" >/dev/null
    short "$(sed -E 's/.*"token":"([^"]*).*/\1/' <<<"$l")"
    answers 'short: a revoked long token' '401 invalid_token'
    ask 'suspend client=c2m_wide' >/dev/null
    short "$(mint type=long)"
    like 'short: a suspended client' "$status $body" '^403 .*"errorCode":"ACCOUNT_SUSPENDED"'
    ask 'resume client=c2m_wide' >/dev/null
}

revoke_rules() {
    local l id s sid content
    l=$(mint type=long)
    for content in '' null '{}' '{"reason":"lost"}'; do
        short "$l"
        id=$(member token_id)
        revoke "$id" "$l" -H "$json" -d "$content"
        is "revoke: the body '$content'" "$status $(ask "token id=$id" --field state)" '204 revoked'
    done
    revoke "$id" "$l" -H "$json" -d '{"because":1}'
    answers 'revoke: another body' '400 invalid_grant'
    revoke "$id" "$l" -d null
    answers 'revoke: a body without its Content-Type' '400 invalid_grant'
    revoke tok_nobody "$l"
    answers 'revoke: an unknown id' '404 not_found'
    revoke "$id" "$(ask 'mint client=c2m_other type=long' --field token)"
    answers 'revoke: the token of another client' '404 not_found'
    revoke "$id" "$(mint type=long scopes=jobs:submit)"
    answers 'revoke: without tokens:revoke' '403 insufficient_scope'
    revoke "$id" lt_unknown
    answers 'revoke: an unknown bearer' '401 invalid_token'
    short "$l"
    s=$(member access_token) sid=$(member token_id)
    revoke "$sid" "$s"
    is 'revoke: a token by itself' "$status" 204
    revoke "$sid" "$s"
    answers 'revoke: by itself again' '401 invalid_token'
    like 'revoke: it is known when' "$(ask "token id=$sid" --field revoked_at)" '^[0-9]{13}$'

    short "$l"
    s=$(member access_token) id=$(ask "token hash=$(printf %s "$l" | sha256sum | cut -c1-64)" --field token_id)
    revoke "$id" "$l"
    is 'revoke: a long token by itself' "$status" 204
    job "$s"
    is 'revoke: its short ones go on' "$status" 200
    ask 'cascade on' >/dev/null
    l=$(mint type=long)
    short "$l"
    s=$(member access_token)
    revoke "$(ask "token hash=$(printf %s "$l" | sha256sum | cut -c1-8)" --field token_id)" "$l"
    job "$s"
    answers 'revoke: with cascade they do not' '401 invalid_token'
    ask 'cascade off' >/dev/null
}

job_rules() {
    job "$(mint scopes=account:read)"
    answers 'job: without jobs:submit' '403 insufficient_scope'
    job "$(mint type=long)"
    answers 'job: a long token' '401 invalid_token'
    call POST /jobs/ -H "Authorization: Bearer $(mint)"
    answers 'job: no path below' '404 not_found'
    call POST /v2/jobs/a/b -H "Authorization: Bearer $(mint)" -H 'Content-Type: text/plain' -d anything
    is 'job: any path and body' "$status" 200
    call GET /healthz
    is 'healthz' "$status" 200
    call GET /.well-known/jwks.json
    is 'jwks: as in the file' "$status $body" "200 $(cat dir/jwks.json)"
    call GET /v1/jwks.json
    is 'jwks: below a prefix' "$status" 200
}
