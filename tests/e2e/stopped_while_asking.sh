#!/usr/bin/env bash
# The helper is stopped while the API is about to answer with a token: it waits for that, and after its next start no
# token lives that nobody holds. A code, an exchange, an enrollment, a rotation, a token to print; and there is an end to it.
# long: deadlines end
. "$(dirname "$0")/../lib/test.sh"

c2m_start host.client=c2m_host api.requests_per_minute=1000 'login.accept=short long code'
tokens_are() { [ "$(live_tokens "$1")" = "$2" ]; }

# The API has issued, and takes its time to say so.
asks() { # MILLISECONDS ENDPOINT COMMAND ...
  local before
  before=$(api_requests "$2")
  ask "fault endpoint=$2 delay=$1 late=yes count=1" >/dev/null
  "${@:3}" >/dev/null 2>&1 </dev/null &
  ASKING=$!
  asked() { [ "$(api_requests "$1")" != "$2" ]; }
  wait_until 10 asked "$2" "$before"
}
stopped_during() { # ENDPOINT COMMAND ...
  asks 1500 "$@"
  authd_stop
  authd_start
  wait "$ASKING" || :
}
enroll_host() { c2mctl enroll --secret <<<secret-of-host; }

stopped_during long login alice "$(code alice)"
assert_within 5 tokens_are alice 0
pasted=$(mint alice type=long)
stopped_during short login alice "$pasted"
assert_within 5 tokens_are alice 1
assert_equal live "$(token_state "$pasted")"
# the long one that a code bought is known, what it is exchanged for is not yet
stopped_during short login bob "$(code bob)"
assert_within 5 tokens_are bob 0

for endpoint in long short; do
  stopped_during $endpoint enroll_host
  assert_within 5 tokens_are host 0
  assert_equal '' "$(c2mctl enroll --list)"
done
enroll_host >/dev/null
for endpoint in long short; do
  stopped_during $endpoint c2mctl rotate
  assert_within 5 tokens_are host 1
  assert_match ' as c2m_host, ' "$(c2mctl enroll --list)"
done

session_open a alice "$pasted"
stopped_during short session_run a 'c2mctl token'
assert_within 5 tokens_are alice 2
session_close a
assert_within 5 tokens_are alice 1

# at once where nothing is awaited, and an API that is silent is not waited for longer than ten seconds
began=$EPOCHSECONDS
authd_stop
assert_fails test $((EPOCHSECONDS - began)) -gt 1
authd_start
asks 60000 short login alice "$pasted"
began=$EPOCHSECONDS
kill -TERM "$AUTHD_PID"
wait_until 12 service_gone "$AUTHD_PID"
assert_fails test $((EPOCHSECONDS - began)) -lt 5
wait "$ASKING" || :
