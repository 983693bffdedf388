#!/usr/bin/env bash
# What monitoring sees: logins by how they ended, the API's answers, sessions, what waits; and that nobody answers.
# long: many logins
. "$(dirname "$0")/../lib/test.sh"

metric() { c2mctl metrics | grep -qxF "$1"; }   # LINE
file=$WORLD/c2m.prom

c2m_start
token=$(mint alice)
long=$(mint alice type=long)
session_open a alice "$token"
assert_equal alice "$(login alice "$long" -- id -un)"
assert_status 255 login alice "$(mint bob)"
assert_within 10 metric 'c2m_api_requests_total{endpoint="revoke",code="204"} 1'
for line in 'c2m_up 1' 'c2m_logins_total{service="sshd",verdict="granted",reason="credential"} 2' \
  'c2m_logins_total{service="sshd",verdict="forbidden",reason="subject"} 1' \
  'c2m_sessions{state="active"} 1' 'c2m_api_up 1' \
  'c2m_revocations_pending 0' 'c2m_revocation_oldest_age_seconds 0' 'c2m_state_reserve_whole 1' \
  'c2m_login_duration_seconds_bucket{le="+Inf"} 3' 'c2m_login_duration_seconds_count 3' \
  'c2m_api_budget_used_requests 2' '# TYPE c2m_login_duration_seconds histogram'; do
  assert_status 0 metric "$line"
done
assert_match 'c2m_api_requests_total.endpoint="short",code="20[01]". 1' "$(c2mctl metrics)"
assert_match '"name":"c2m_logins_total","service":"sshd","verdict":"granted","reason":"credential","value":2' "$(c2mctl metrics --json)"
assert_no_match 'alice|192\.|127\.' "$(c2mctl metrics)"

assert_status 0 metric 'c2m_throttled_total{lane="login"} 0'
assert_no_match c2m_jwks_age_seconds "$(c2mctl metrics)"

ask down >/dev/null
session_close a
assert_within 5 metric 'c2m_revocations_pending 1'
assert_within 5 metric 'c2m_api_up 0'
sleep 1.1
assert_no_match 'oldest_age_seconds 0' "$(c2mctl metrics)"

# a file, whole or not at all
assert_equal '' "$(c2mctl metrics --textfile "$file")"
assert_equal 644 "$(stat -c %a "$file")"
assert_match 'c2m_revocations_pending 1' "$(cat "$file")"
assert_equal 1 "$(find "$WORLD" -maxdepth 1 -name 'c2m.prom*' | wc -l)"
authd_stop
assert_status 69 c2mctl metrics --textfile "$file"
assert_equal 'c2m_up 0' "$(grep -v '^#' "$file")"
assert_equal 644 "$(stat -c %a "$file")"
assert_status 69 c2mctl metrics

# where the service publishes its keys: how old they are; and who is told to wait
ask up >/dev/null
config_write verify.key= "verify.jwks=https://127.0.0.1:$STANDIN_PORT/.well-known/jwks.json" verify.algorithm=RS256
authd_start
fetched() { c2mctl metrics | grep -qE '^c2m_jwks_age_seconds [01]$'; }
assert_within 5 fetched
older() { c2mctl metrics | grep -qE '^c2m_jwks_age_seconds [2-9]$'; }
assert_within 5 older
ask 'fault endpoint=short status=429 retry-after=30 count=1' >/dev/null
assert_status 255 login alice "$long"
assert_status 255 login alice "$long"
throttled() { c2mctl metrics | grep -qE '^c2m_throttled_total.lane="(login|stranger|suspect)". [1-9]'; }
assert_status 0 throttled
