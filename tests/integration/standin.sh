#!/usr/bin/env bash
# The stand-in for the C2M API, asked with curl as any client would: the cases that every server of this
# contract passes, the rules of each endpoint, its misbehaviour on order, tokens minted without a request.
# usage: tests/integration/standin.sh      (STANDIN names the program; otherwise it is that of the build)
# long: the stand-in, not what ships
set -u
standin=$(realpath "${STANDIN:-${C2M_BUILD:-build}/c2m-standin}") || exit 1
parts=$(realpath "$(dirname "$0")/standin") || exit 1
for tool in curl openssl; do
    command -v $tool >/dev/null || { echo "SKIP standin: $tool is not installed"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/standin.XXXXXX")
pid='' failures=0 port=0
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
cd "$work" || exit 1

# shellcheck source=standin/asking.sh
. "$parts/asking.sh"
# shellcheck source=standin/endpoints.sh
. "$parts/endpoints.sh"
# shellcheck source=standin/control.sh
. "$parts/control.sh"

# ---- the clients of these tests

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null ||
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key 2>/dev/null
openssl pkey -in rsa.key -pubout -out rsa.pem
openssl pkey -in ec.key -pubout -out ec.pem
cat >clients.json <<'EOF'
{"clients":[
 {"id":"c2m_wide","secret":"secret-of-wide","scopes":["jobs:*","templates:*","tokens:*","account:read"]},
 {"id":"c2m_other","secret":"secret-of-other","scopes":["jobs:submit","tokens:revoke"]},
 {"id":"c2m_strict","secret":"secret-of-strict","scopes":["jobs:submit"],"needs_code":true},
 {"id":"c2m_barred","secret":"secret-of-barred","scopes":["jobs:submit"],"suspended":true},
 {"id":"c2m_rsa","scopes":["jobs:submit"],"assertion_key":"rsa.pem"},
 {"id":"c2m_ec","scopes":["jobs:submit"],"assertion_key":"ec.pem"}]}
EOF
wide='"grant_type":"client_credentials","client_id":"c2m_wide"'
secret='"client_secret":"secret-of-wide"'

start
long_token=
twelve_cases
long_rules
codes
assertions
rotation
short_rules
revoke_rules
job_rules
forgeries
faults
outage
limits
answers_vary
keys
journal
crowd
restart
algorithms
[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
