#!/usr/bin/env bash
# A login without a terminal (`ssh -T`, `ssh host command`) has a session like any other: its token comes from c2mctl
# and is revoked at the end. Presence it cannot prove: sudo asks, and where nobody can be asked it refuses.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
long=$(mint alice type=long)
only_the_long_one() { [ "$(live_tokens alice)" = 1 ]; }

said=$(login alice "$long" -- 'tty; c2mctl sessions; c2mctl token >token; c2mctl token | cmp token && echo one token')
assert_match '^not a tty.* alice sshd 127\.0\.0\.1 active,.*one token$' "${said//$'\n'/ }"
assert_equal 1 "$(grep -c ' active,' <<<"$said")"
delivered=$(cat ~alice/token)
assert_within 5 only_the_long_one
assert_equal revoked "$(token_state "$delivered")"
assert_equal '' "$(c2mctl sessions)"

# a shell without a terminal, and a short token
short=$(mint alice)
said=$(login alice "$short" -T -- <<<'tty; c2mctl sessions; c2mctl token 2>&1; true')
assert_match '^not a tty.* active,.*cannot be narrowed' "${said//$'\n'/ }"
assert_within 5 token_is revoked "$short"

# the session is over with the login: what was left running gets nothing, and keeps nothing alive
# shellcheck disable=SC2016  # for that shell to expand
late='until [ -e go ]; do sleep 0.05; done; c2mctl token; echo "status $?"'
login alice "$long" -- "setsid sh -c ${late@Q} >late 2>&1 </dev/null & c2mctl token >token"
delivered=$(cat ~alice/token)
assert_within 5 only_the_long_one
assert_equal revoked "$(token_state "$delivered")"
touch ~alice/go
assert_within 5 grep -q '^status' ~alice/late
assert_match 'status 77' "$(cat ~alice/late)"
assert_no_match '^[^ ]{60}' "$(cat ~alice/late)"

can sudo || exit 0
refused() { assert_fails "$@"; assert_no_match '(^|'$'\n'')root('$'\n''|$)' "$output"; }
refused login alice "$long" -- sudo id -un
assert_match 'a terminal is required' "$output"
refused login alice "$long" -- sudo -n id -un
refused login alice "$long" -- sudo -S id -un </dev/null
assert_match 'C2M token: ' "$output"
echo 'Defaults:alice noninteractive_auth' >/etc/sudoers.d/c2m-noninteractive
refused login alice "$long" -- sudo -n id -un

assert_equal root "$(login alice "$long" -- sudo -S id -un <<<"$long" 2>/dev/null)"
# what was typed was for that sudo alone
refused login alice "$long" -- 'sudo -S id -u; sudo -S id -un' <<<"$long"
assert_match $'(^|\n|: )0\n' "$output"
assert_within 5 only_the_long_one
