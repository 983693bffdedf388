#!/usr/bin/env bash
# The service publishes no key: what it sends over its own TLS is trusted, and what somebody pastes is not.
. "$(dirname "$0")/../lib/test.sh"

standin_start --alg HS256
install -d /etc/c2m && install -m 0644 "$STANDIN_DIR/ca.pem" /etc/c2m/
seal_key_write; users_write
config_write verify.key= verify.algorithm= verify.channel=yes 'login.accept='
authd_start; examples_install; sshd_start

refused() { # REASON TOKEN
  assert_status 255 login alice "$2"
  assert_match "reason=$1 user=alice" "$(tail -n 2 "$WORLD_LOG/authd.log")"
}

long=$(mint alice type=long)
session_open a alice "$long"
if can presence; then
  assert_equal root "$(session_run a 'sudo id -un')"
  assert_equal 0 "$(session_asked a)"
fi
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
refused form_not_accepted "$(mint alice)"
refused form_not_accepted "$(mint alice sign=foreign)"
refused form_not_accepted "$delivered"
session_close a
assert_within 5 token_is revoked "$delivered"
assert_equal live "$(token_state "$long")"

# everything else is judged as always
refused subject "$(mint bob type=long)"
refused scope "$(mint alice type=long scopes=jobs:read)"
ask 'claims {"iss":"another"}' >/dev/null
refused issuer "$(mint alice type=long)"
ask 'claims {"exp":1700000000,"iat":1699999000}' >/dev/null
refused expired "$(mint alice type=long)"
