#!/usr/bin/env bash
# A service that asks for the client's secret beside a code: the secret is the host's to know, the code the user's to type.
. "$(dirname "$0")/../lib/test.sh"

scopes='["jobs:submit","tokens:revoke","login:web1"]'
cat >"$WORLD/clients.json" <<-JSON
	{"clients":[
	{"id":"c2m_alice","secret":"secret-of-alice","needs_code":true,"scopes":$scopes},
	{"id":"c2m_bob","secret":"secret-of-bob","needs_code":true,"scopes":$scopes}]}
JSON
standin_start --clients "$WORLD/clients.json"
keys_copy; seal_key_write; users_write
install -m 0640 -g c2m-authd /dev/null /etc/c2m/client-secrets
echo 'c2m_alice = secret-of-alice' >/etc/c2m/client-secrets
config_write 'login.accept=short long code' login.client_secrets=/etc/c2m/client-secrets
authd_start; examples_install; sshd_start

assert_equal alice "$(login alice "$(code alice)" -- id -un)"
dead() { [ "$(live_tokens alice)" = 0 ]; }
assert_within 5 dead
assert_status 255 login bob "$(code bob)"   # his secret is not known here
assert_match 'reason=api_refused user=bob' "$(cat "$WORLD_LOG/authd.log")"
assert_status 255 login alice secret-of-alice   # it never was anything to type
assert_nowhere secret-of-alice "$WORLD_LOG" /var/lib/c2m

# whoever else may read the file has it, so that it is refused
chmod 0644 /etc/c2m/client-secrets
assert_status 78 "$BUILD/c2m-authd" --check
assert_match 'client-secrets: .*chmod' "$output"
assert_no_match secret-of "$output"
