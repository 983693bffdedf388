#!/usr/bin/env bash
# c2mctl doctor sees by the helper's counters that clocks differ, that tokens are not what the configuration expects, and
# what the API limits and refuses.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
healthy 'the examples'
conf=/etc/c2m/authd.conf
try() { c2mctl auth-test alice --quiet <<<"$1" || :; }   # TOKEN

# 37: an API that is ahead
cc -shared -fPIC -o "$WORLD/ahead.so" -xc - -ldl <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t which, struct timespec *out)
{
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int rc = real(which, out);
    out->tv_sec += which == CLOCK_REALTIME ? 97 : 0;
    return rc;
}
time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return out != NULL ? (*out = now.tv_sec) : now.tv_sec;
}
C
standin_stop
daemon=("${DAEMON[@]}")
DAEMON+=(LD_PRELOAD="$WORLD/ahead.so" ASAN_OPTIONS=verify_asan_link_order=0)
standin_start
try "$(mint alice type=long)"
sees WARN api.clock "the clock is 9[678] s behind the API's: timedatectl set-ntp true"
standin_stop
DAEMON=("${daemon[@]}")
standin_start
try "$(mint alice type=long)"
healthy 'set, and the next answer says so'

# 39: what the API issues is not what is configured
config_write verify.issuer=another
authd_restart
for _ in 1 2; do try "$(mint alice)"; done
healthy 'two are guesses'
try "$(mint alice)"
sees WARN api.tokens '3 tokens refused: iss "c2m-api", configured "another" .*: correct \[verify\] issuer, if these tokens are the API.s' $conf
config_write
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'the right issuer'
config_write login.audience=web1
authd_restart
for _ in 1 2 3; do try "$(mint bob)"; try "$(mint alice 'claims={"aud":["web2","web3"]}')"; done
sees WARN api.tokens '3 tokens refused: aud "web2 web3", configured "web1" .*: correct \[login\] audience, if these tokens are the API.s' $conf
config_write
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'the right audience'
for _ in 1 2 3; do try "$(mint alice sign=foreign)"; done
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'some are refused where as many are right'
jwks=https://127.0.0.1:$STANDIN_PORT/.well-known/jwks.json
config_write verify.key= "verify.jwks=$jwks"
authd_restart
for _ in 1 2 3; do try "$(mint alice 'header={"kid":"another"}' sign=foreign)"; done
sees WARN api.tokens "3 tokens refused: kid \"another\", not among the keys of \"$jwks\" .*: correct \[verify\] jwks, if these tokens are the API.s" $conf
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'a key of one who guesses'
# and the keys of another service, whose address stands there: honest tokens are refused
install -d "$WORLD/other"
cp "$STANDIN_DIR"/ca.{pem,key} "$STANDIN_DIR/server.key" "$WORLD/other/"
other_port=$((STANDIN_PORT + 1))
"${DAEMON[@]}" "$BUILD/c2m-standin" --listen "127.0.0.1:$other_port" --dir "$WORLD/other" >"$WORLD_LOG/other.log" 2>&1 </dev/null &
other=$!
wait_until 10 listens_tcp $other_port
config_write verify.key= "verify.jwks=https://127.0.0.1:$other_port/.well-known/jwks.json"
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; done
sees WARN api.tokens "3 tokens refused: kid \"[^\"]+\", not among the keys of \"https://127.0.0.1:$other_port/[^\"]*\" .*: correct \[verify\] jwks, if these tokens are the API.s" $conf
config_write verify.key= "verify.jwks=$jwks"
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'the right keys'
service_stop $other TERM
# what nobody has signed is shown, and cannot be taken for our own words; an issuer that nobody has signed is not
for _ in 1 2 3 4; do try "$(mint alice 'header={"kid":"a\",configured:\"b\\[31m"}' 'claims={"iss":"forged"}')"; done
sees WARN api.tokens '[0-9]+ tokens refused: kid "a\?,configured:\?b\?\[31m", not among the keys of' $conf
config_write verify.issuer=another
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; try "$(mint alice sign=foreign 'claims={"iss":"forged"}')"; done
assert_match '3 tokens refused: iss "c2m-api", configured "another"' "$(doctor || :)"
config_write verify.key= "verify.jwks=$jwks"
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'the right issuer again'
# keys that went stale: the service signs with others, and does not serve them
ask 'fault endpoint=jwks status=503' >/dev/null
authd_restart
ask rotate >/dev/null
for _ in 1 2 3; do try "$(mint alice)"; done
sees WARN api.tokens "3 tokens were refused for want of keys: the set could not be read .*: \[verify\] jwks = $jwks" $conf
ask clear >/dev/null
authd_restart
for _ in 1 2 3; do try "$(mint alice)"; done
healthy 'the keys are served again'
config_write
keys_copy

# 38: limits, and what the token may not
all_revoked() { [[ $(c2mctl status) == *' 0 revocations pending'* ]]; }
limited() {   # REQUESTS_PER_MINUTE: in a fresh minute of an API that allows 5
  config_write "api.requests_per_minute=$1"
  ask 'limit 5' >/dev/null
  authd_restart   # and it sends at once what waits
  for _ in 1 2 3 4 5 6; do try "$(mint alice type=long)"; done
}
limited 100
sees WARN api.limits 'the API limits this host, [0-9]+ s left .*: lower requests_per_minute in \[api\]' $conf
limited 5
healthy 'as many as the API allows, and no more'
ask 'limit 0' >/dev/null
config_write
authd_restart
assert_within 60 all_revoked
healthy
refused() { [[ $(c2mctl metrics) == *"endpoint=\"revoke\",code=\"$1\""* ]]; }   # STATUS
refusing() {   # STATUS WHAT
  session_open one alice "$(mint alice)"
  ask "fault endpoint=revoke status=$1" >/dev/null
  session_close one
  assert_within 10 refused "$1"
  sees WARN api.limits "$2"
  ask clear >/dev/null
  authd_restart
  assert_within 60 all_revoked
  healthy "$1"
}
refusing 403 "the API refused [0-9]+ revocations: the host's token lacks tokens:revoke"
refusing 401 "the API refused [0-9]+ revocations \(401\): the host's token is over or was revoked: c2mctl enroll another"
# and the host's own token in truth, with another as told: first one that may not revoke
enrolled() { c2mctl enroll --client c2m_alice <<<"$1" >/dev/null; }   # TOKEN
enrolled "$(mint alice type=long form=jwt scopes=login:web1,tokens:read)"
session_open one alice "$(mint alice scopes=login:web1)"
session_close one
assert_within 10 refused 403
sees WARN api.limits "the API refused [0-9]+ revocations: the host's token lacks tokens:revoke"
enrolled "$(mint alice type=long form=jwt)"
assert_within 60 all_revoked
healthy 'another was enrolled, which may'
# one that was revoked
first=$(mint alice type=long form=jwt)
enrolled "$first"
session_open one alice "$(mint alice scopes=login:web1)"
ask "revoke hash=$(token_hash "$first")" >/dev/null
session_close one
assert_within 10 refused 401
sees WARN api.limits "the API refused [0-9]+ revocations \(401\): the host's token is over or was revoked: c2mctl enroll another"
enrolled "$(mint alice type=long form=jwt)"
assert_within 60 all_revoked
healthy 'another was enrolled'

# 10, as the helper sees it: pam_loginuid is not in the stack, or fails, and the session has no id
stack=/etc/pam.d/sshd added='/^session .*pam_c2m/i session required pam_loginuid.so'
logs_in() { session_open here alice "$(mint alice)"; session_close here; assert_within 10 all_revoked; }
loginuid() { # SED_EXPRESSION ...: in the stack that sshd has, and in the one that doctor sees
  pam_edit sshd "$@"
  [ -z "$SEEN" ] || sed -i -E "${@/#/-e}" "$SEEN$stack"
}
if can audit; then
  logs_in
  healthy 'it has one'
  loginuid '/pam_loginuid/d'
  logs_in
  sees WARN helper.audit 'sshd opened its last session without an audit id: sudo will not recognise it .*: add "session required pam_loginuid.so" above pam_c2m.s session line' "$(line_of $stack '^session .*pam_c2m')"
  loginuid "$added"
  assert_match ': log in again; if it stays, pam_loginuid fails: the log of sshd says why' "$(doctor || :)"
  logs_in
  healthy 'an id again'
fi
