# shellcheck shell=bash
# How the tests of the stand-in tell a case, start the program and ask it. Sourced by ../standin.sh.
# shellcheck disable=SC2154,SC2034 # variables of its own, and for it

ok() { echo "ok $1"; }
fail() { echo "FAIL $1: $2"; failures=$((failures + 1)); }
is() { if [ "$2" = "$3" ]; then ok "$1"; else fail "$1" "expected '$3', got '$2'"; fi; }
like() { if grep -Eq -- "$3" <<<"$2"; then ok "$1"; else fail "$1" "nothing like '$3' in '$(head -c 300 <<<"$2")'"; fi; }
unlike() { if grep -Eq -- "$3" <<<"$2"; then fail "$1" "'$3' in '$(head -c 300 <<<"$2")'"; else ok "$1"; fi; }

start() { # starts the stand-in with further options, waits until it says that it listens
    : >"$work/out"   # what the last one said is none of this one's
    "$standin" --listen "127.0.0.1:$port" --dir "$work/dir" --clients "$work/clients.json" "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    for _ in $(seq 600); do
        grep -q '^listening on https://' "$work/out" && break
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    grep -q '^listening on https://' "$work/out" || { fail start "it does not listen: $(cat "$work/err")"; exit 1; }
    url=$(cat "$work/dir/url")
    port=${url##*:}
}
stop() { kill "-${1:-TERM}" "$pid"; wait "$pid" 2>/dev/null; ended=$?; pid=''; }
ask() { "$standin" --ask "$work/dir" "$@"; }
mint() { ask "mint client=c2m_wide $*" --field token; }

# call METHOD PATH [curl option ...]: sets status (000: no answer), body, headers
call() {
    local method=$1 path=$2
    shift 2
    status=$(curl -sS -m 20 --cacert dir/ca.pem -X "$method" -o answer -D headers -w '%{http_code}' "$@" "$url$path" 2>curl.err)
    curl_status=$?
    body=$(cat answer 2>/dev/null) headers=$(tr -d '\r' <headers 2>/dev/null)
    rm -f answer headers
}
json='Content-Type: application/json'
long() { call POST /auth/tokens/long -H "$json" -H "X-Client-Id: ${2:-c2m_wide}" -d "$1"; }
short() { call POST /auth/tokens/short -H "Authorization: Bearer $1" "${@:2}"; }
revoke() { call POST "/auth/tokens/$1/revoke" -H "Authorization: Bearer $2" "${@:3}"; }
job() { call POST /jobs/single-doc -H "$json" -H "Authorization: Bearer $1" -d '{"jobTemplate":"t"}'; }
answers() { is "$1" "$status $(member code)" "$2"; } # NAME 'STATUS CODE'
member() { sed -nE "s/.*\"$1\":\"?([^\",}]*).*/\1/p" <<<"$body" | head -n 1; }

b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
unb64url() { local s; s=$(tr -- '-_' '+/'); while [ $((${#s} % 4)) != 0 ]; do s+='='; done; openssl base64 -d -A <<<"$s"; }
part() { cut -d. -f"$2" <<<"$1" | tr -d '\n' | unb64url; } # TOKEN N: header or claims

# assertion CLIENT ALG [SED]: a signed one, its claims changed by a sed script
assertion() {
    local now key text raw
    now=$(date +%s)
    key=$([ "$2" = RS256 ] && echo rsa.key || echo ec.key)
    text=$(printf '{"alg":"%s","kid":"k","typ":"JWT"}' "$2" | b64url).$(
        printf '{"iss":"%s","sub":"%s","aud":"%s/auth/tokens/long","iat":%d,"exp":%d,"jti":"%s"}' \
            "$1" "$1" "$url" "$now" $((now + 300)) "$RANDOM$RANDOM" | sed -E "${3:-}" | b64url)
    if [ "$2" = RS256 ]; then
        echo "$text.$(printf %s "$text" | openssl dgst -sha256 -sign "$key" | b64url)"
    else # DER's two numbers, each 32 bytes wide
        raw=$(printf %s "$text" | openssl dgst -sha256 -sign "$key" | openssl asn1parse -inform DER |
            sed -n 's/.*INTEGER *://p' | while read -r n; do printf '%064s' "$n" | tr ' ' 0; done)
        # shellcheck disable=SC2001 # not the shell's own replacement: its & is new
        echo "$text.$(printf %b "$(sed 's/../\\x&/g' <<<"$raw")" | b64url)"
    fi
}
assert_as() { # CLIENT ASSERTION [TYPE]
    long "{\"grant_type\":\"assertion\",\"client_id\":\"$1\",\"assertion_type\":\"${3:-urn:ietf:params:oauth:client-assertion-type:jwt-bearer}\",\"assertion\":\"$2\"}" "$1"
}
