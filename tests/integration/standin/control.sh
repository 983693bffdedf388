# shellcheck shell=bash
# What the control socket orders: minted tokens, faults, outages, limits; and restarts. Sourced by ../standin.sh.
# shellcheck disable=SC2154 # variables of its own and of asking.sh

forgeries() { # none of them opens anything
    local t
    job "$(mint)"
    is 'mint: a good short token' "$status" 200
    job "$(mint record=no)"
    is 'mint: a good one without a record' "$status" 200
    for t in sign=foreign sign=none sign=hs-public sign=stripped sign=garbage alg=PS256 alg=ES256 alg=HS256 \
        'header={"alg":"none"}' 'header={"kid":"other"}' 'header={"crit":["x"]}' ttl=-5 'claims={"exp":1000}' \
        'claims={"token_type":"long"} record=no' 'claims={"iss":"else"} record=no' 'claims={"sub":"nobody"}' 'claims={"jti":null} record=no'; do
        job "$(mint "$t")"
        answers "mint: $t" '401 invalid_token'
    done
    like 'mint: alg none' "$(part "$(mint sign=none)." 1)" '"alg":"none"'
    like 'mint: the confusion' "$(part "$(mint sign=hs-public)" 1)" '"alg":"HS256"'
    like 'mint: claims laid over' "$(part "$(mint 'claims={"aud":["a","b c"],"iss":null,"jti":"tok_x y"}')" 2)" '"aud":\["a","b c"\],.*"jti":"tok_x y"'
    unlike 'mint: claims taken away' "$(part "$(mint 'claims={"iss":null}')" 2)" '"iss"'
    like 'mint: forms of long tokens' "$(mint type=long form=ltk) $(mint type=long form=jwe) $(mint type=long form=jwt)" '^ltk_[^ .]* ([^ .]+\.){4}[^ .]+ ([^ .]+\.){2}[^ .]+$'
    short "$(mint type=long form=jwe)"
    is 'mint: a five-part long token works' "$status" 201
    for t in 1000 1023 4096 8000; do
        local length
        length=$(mint pad=$t | tr -d '\n' | wc -c)
        if [ "$length" -ge $t ] && [ "$length" -le $((t + 20)) ]; then ok "mint: pad=$t"; else fail "mint: pad=$t" "$length"; fi
    done
    t=$(mint | tr -d '\n' | wc -c)
    if [ "$t" -ge 600 ] && [ "$t" -le 850 ]; then ok 'mint: the usual size'; else fail 'mint: the usual size' "$t"; fi
    for t in 'mint client=c2m_nobody' 'mint client=c2m_wide sign=wrong' 'mint client=c2m_wide ttle=3' 'mint client=c2m_wide claims=[1]' 'mint client=c2m_wide claims={' nothing ''; do
        if ask "$t" >said; then fail "control: '$t'" 'accepted'; else like "control: '$t' is refused" "$(cat said)" '^\{"ok":false,"error":"'; fi
    done
}

faults() {
    local before n
    fault() { ask "fault $*" >/dev/null; }
    fault endpoint=jobs status=503 retry-after=7 count=1
    job "$(mint)"
    is 'fault: a status' "$status" 503
    like 'fault: Retry-After' "$headers" '^Retry-After: 7$'
    job "$(mint)"
    is 'fault: gone after its count' "$status" 200
    fault endpoint=any status=500
    job x
    is 'fault: any meets jobs' "$status" 500
    call GET /jwks.json
    is 'fault: any meets jwks' "$status" 500
    call GET /healthz
    is 'fault: any spares healthz' "$status" 200
    ask clear >/dev/null
    fault endpoint=short 'body={"token_type":"Bearer","expires_in":"standard"}'
    short "$(mint type=long)"
    is 'fault: a body of its own' "$status $body" '201 {"token_type":"Bearer","expires_in":"standard"}'
    ask clear >/dev/null
    fault endpoint=short status=401 type=application/problem+json 'body="{\"title\": \"no\"}"'
    short x
    is 'fault: a quoted body' "$status $body" '401 {"title": "no"}'
    like 'fault: the type' "$headers" '^Content-Type: application/problem\+json'
    ask clear >/dev/null
    fault endpoint=jobs html=yes count=1
    job x
    like 'fault: html' "$status $body" '^403 <!DOCTYPE html>'
    fault endpoint=long garbage=yes count=1
    long '{}'
    like 'fault: garbage' "$status $(tr -cd '[:print:]' <<<"$body")" '^201 \{"token_type"'
    fault endpoint=jobs location=https://else.example/ count=1
    job x
    is 'fault: a redirection' "$status" 307
    like 'fault: its target' "$headers" '^Location: https://else.example/$'
    fault endpoint=jobs size=300000 count=1
    job x
    like 'fault: a large body' "$headers" '^Content-Length: 300000$'
    before=$(date +%s%N)
    fault endpoint=jobs delay=400 count=1
    job "$(mint)"
    n=$((($(date +%s%N) - before) / 1000000))
    if [ "$status" = 200 ] && [ $n -ge 400 ] && [ $n -lt 3000 ]; then ok 'fault: delay'; else fail 'fault: delay' "$status after $n ms"; fi
    fault endpoint=jobs delay=300 late=yes count=1
    job "$(mint)"
    is 'fault: a late answer' "$status" 200
    fault endpoint=jobs delay=300 status=504 count=1
    job "$(mint)"
    is 'fault: delay and status' "$status" 504

    long_token=$(mint type=long)
    before=$(ask live --field count)
    fault endpoint=short reset=yes count=1
    short "$long_token"
    is 'fault: reset' "$status $(($(ask live --field count) - before))" '000 0'
    fault endpoint=short lost=yes count=1
    short "$long_token"
    is 'fault: lost, but carried out' "$status $(($(ask live --field count) - before))" '000 1'
    if ask 'fault endpoint=jobs' >/dev/null; then fail 'fault: nothing to do' accepted; else ok 'fault: nothing to do is refused'; fi
    if ask 'fault endpoint=jobs statut=3' >/dev/null; then fail 'fault: a wrong word' accepted; else ok 'fault: a wrong word is refused'; fi
    ask clear >/dev/null
}

outage() {
    ask down >/dev/null
    call GET /healthz
    is 'down: the connection is refused' "$status $curl_status" '000 7'
    ask up >/dev/null
    call GET /healthz
    is 'up: on the same port' "$status" 200
    ask 'fault endpoint=jobs delay=60000' >/dev/null
    curl -sS -m 30 --cacert dir/ca.pem -X POST -H "Authorization: Bearer $(mint)" "$url/jobs/x" >/dev/null 2>late &
    local late=$!
    sleep 0.5
    ask down >/dev/null
    wait $late
    like 'down: a delayed request is dropped' "$?" '^(52|56)$'
    ask down >/dev/null && ask up >/dev/null && ask up >/dev/null && ask clear >/dev/null
    is 'down and up again are no error' "$?" 0
}

limits() {
    local n seen=''
    ask 'limit 3' >/dev/null
    for n in 1 2 3 4; do
        short "$long_token"
        seen+="$status "
    done
    is 'limit: three a minute' "$seen" '201 201 201 429 '
    answers 'limit: the code' '429 rate_limited'
    like 'limit: the message' "$body" '"message":"[^"]*retry'
    like 'limit: Retry-After' "$headers" '^Retry-After: [1-9][0-9]?$'
    call GET /jwks.json
    is 'limit: keys are not counted' "$status" 200
    ask 'limit 0' >/dev/null
    short "$long_token"
    is 'limit: off' "$status" 201
}

answers_vary() {
    ask 'success 200' >/dev/null
    short "$long_token"
    is 'answers: 200 in place of 201' "$status" 200
    ask 'success 201' >/dev/null
    ask 'omit token_id scopes,expires_at' >/dev/null
    short "$long_token"
    like 'answers: members left out' "$body" '^\{"token_type":"Bearer","access_token":"[^"]*","expires_in":900\}$'
    long "{$wide,$secret}"
    like 'answers: X-Token-Id stays' "$headers" '^X-Token-Id: tok_lt_'
    ask 'omit none' >/dev/null
    ask 'claims {"aud":"c2m-api-clients","scopes":null,"scope":"jobs:submit tokens:revoke"}' >/dev/null
    short "$long_token"
    like 'answers: other claims' "$(part "$(member access_token)" 2)" '"aud":"c2m-api-clients".*"scope":"jobs:submit tokens:revoke"'
    job "$(member access_token)"
    is 'answers: such a token works' "$status" 200
    ask 'claims {}' >/dev/null
    ask 'short-ttl 60' >/dev/null
    short "$long_token"
    is 'answers: a shorter life' "$(member expires_in)" 60
    ask 'short-ttl 900' >/dev/null
}

keys() {
    local old new
    old=$(mint)
    ask rotate >/dev/null
    new=$(mint)
    is 'rotate: two keys are published' "$(grep -o '"kid"' dir/jwks.json | wc -l)" 2
    job "$old"
    is 'rotate: the old token works' "$status" 200
    job "$new"
    is 'rotate: the new token works' "$status" 200
    ask 'rotate keep=no' >/dev/null
    is 'rotate keep=no: one key is left' "$(grep -o '"kid"' dir/jwks.json | wc -l)" 1
    job "$new"
    answers 'rotate keep=no: the old token is dead' '401 invalid_token'
}

journal() {
    local s n
    ask reset-requests >/dev/null
    s=$(mint)
    curl -sS --cacert dir/ca.pem -X POST -H "Authorization: Bearer $s" "$url/jobs/a" "$url/jobs/b" >/dev/null
    is 'requests: kept alive' "$(ask requests --field count) $(ask requests --field connections)" '2 1'
    is 'requests: what was asked' "$(ask requests --field requests.1.path) $(ask requests --field requests.1.status)" '/jobs/b 200'
    is 'requests: by whom' "$(ask requests --field requests.0.bearer_hash) $(ask requests --field requests.0.client)" "$(printf %s "$s" | sha256sum | cut -c1-8) c2m_wide"
    ask 'fault endpoint=revoke status=500 count=1' >/dev/null
    revoke tok_x "$s"
    is 'requests: also where a fault answered' "$(ask requests --field requests.2.status) $(ask requests --field requests.2.token_id) $(ask requests --field requests.2.bearer_hash)" \
        "500 tok_x $(printf %s "$s" | sha256sum | cut -c1-8)"
    call GET /jwks.json
    is 'requests: since, and by endpoint' "$(ask 'requests since=1' --field count) $(ask 'requests endpoint=jwks' --field count)" '3 1'
    is 'serve-time: counts' "$(ask serve-time --field count)" 4
    n=$(ask serve-time --field total_us)
    if [ "$n" -gt 0 ] && [ "$n" -lt 30000 ]; then ok 'serve-time: well below a millisecond each'; else fail 'serve-time' "$n us"; fi
    printf 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' >http
    local tls=(openssl s_client -connect "${url#https://}" -CAfile dir/ca.pem -verify_return_error -ign_eof)
    "${tls[@]}" -sess_out session <http >first 2>&1
    "${tls[@]}" -sess_in session <http >second 2>&1
    like 'tls: verified' "$(cat first)" 'Verify return code: 0 \(ok\)'
    unlike 'tls: a session of its own' "$(cat first)" '^Reused,'
    like 'tls: the session is resumed' "$(cat second)" '^Reused, TLSv1.3'
    like 'tls: and serves' "$(cat second)" '"status":"ok"'
    openssl x509 -in dir/ca.pem -noout -checkend 0 >/dev/null
    is 'tls: the CA is valid now' "$?" 0
    like 'tls: from 1970 to 9999' "$(openssl x509 -in dir/ca.pem -noout -dates | xargs)" 'notBefore=Jan 1 00:00:00 1970 GMT notAfter=Dec 31 23:59:59 9999 GMT'
}

crowd() { # two hundred connections at once: each waits, and they wait together
    local n i s urls curls=() before
    s=$(mint)
    ask reset-requests >/dev/null
    ask 'fault endpoint=jobs delay=1500' >/dev/null
    before=$SECONDS
    for n in $(seq 20); do
        urls=()
        for i in $(seq 10); do urls+=("$url/jobs/$n.$i" -o /dev/null); done
        curl -sS -m 30 --cacert dir/ca.pem -Z --parallel-immediate --parallel-max 10 -X POST \
            -H "Authorization: Bearer $s" -w '%{http_code}\n' "${urls[@]}" >"crowd.$n" 2>/dev/null &
        curls+=($!)
    done
    wait "${curls[@]}"
    is 'crowd: all are answered' "$(cat crowd.* | sort | uniq -c | xargs)" '200 200'
    is 'crowd: two hundred connections' "$(ask requests --field connections)" 200
    if [ $((SECONDS - before)) -lt 15 ]; then ok 'crowd: at once'; else fail 'crowd: at once' "$((SECONDS - before)) s"; fi
    ask clear >/dev/null
}

restart() {
    local s l dead
    l=$(mint type=long) s=$(mint)
    short "$l"
    dead=$(member access_token)
    revoke "$(member token_id)" "$l"
    stop
    is 'stop: a clean end' "$ended" 0
    start
    like 'restart: the same port' "$url" ":$port$"
    job "$s"
    is 'restart: an earlier short token' "$status" 200
    job "$dead"
    answers 'restart: a revoked one stays revoked' '401 invalid_token'
    short "$l"
    is 'restart: an earlier long token' "$status" 201
    s=$(member access_token)
    stop KILL
    start
    job "$s"
    is 'crash: a short token lives by its signature' "$status" 200
    short "$l"
    answers 'crash: a long token is forgotten' '401 invalid_token'
    ask quit >/dev/null
    wait "$pid"
    is 'quit: a clean end' "$?" 0
    pid=''
}

algorithms() {
    local alg s
    for alg in PS256 EdDSA ES256 HS256; do
        rm -rf dir
        start --alg $alg --success 200 --short-ttl 120 --issuer else
        short "$(mint type=long)"
        s=$(member access_token)
        like "$alg: answer and claims" "$status $(part "$s" 1) $(part "$s" 2)" "^200 .*\"alg\":\"$alg\".*\"iss\":\"else\""
        job "$s"
        is "$alg: the token works" "$status" 200
        job "$(mint sign=foreign)"
        answers "$alg: a foreign key" '401 invalid_token'
        stop
    done
    is 'HS256: the secret is for its owner' "$(stat -c %a dir/hs256.secret)" 600
    is 'HS256: signed with the secret' "$(printf %s "${s%.*}" | openssl dgst -sha256 -hmac "$(cat dir/hs256.secret)" -binary | b64url)" "${s##*.}"
    is 'HS256: publishes no key' "$(ls dir/verify-key.pem 2>/dev/null) $(cat dir/jwks.json)" ' {"keys":[]}'
}
