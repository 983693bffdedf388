#!/usr/bin/env bash
# [account] unknown = stored: a public key opens the door while a live token is kept for its user, and no longer. Who is
# not mapped, and who types a token, enter as before; an outage refuses nobody.
# long: a token is renewed
. "$(dirname "$0")/../lib/test.sh"

c2m_start account.unknown=stored
users_write 'alice = c2m_alice'
authd_reload
assert_fails login_key alice
assert_match 'event=account .*verdict=ended reason=not_standing user=alice' "$(cat "$WORLD_LOG/authd.log")"
assert_equal bob "$(login_key bob -- id -un)"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"

kept=$(mint alice type=long form=jwt)
c2mctl enroll --user alice <<<"$kept" >/dev/null
assert_equal alice "$(login_key alice -- id -un)"
standin_stop
assert_equal alice "$(login_key alice -- id -un)"
standin_start
c2mctl enroll --user alice --remove >/dev/null
assert_fails login_key alice

# one that runs out
c2mctl enroll --user alice <<<"$(mint alice type=long form=jwt ttl=8)" >/dev/null
assert_equal alice "$(login_key alice -- id -un)"
refused() { ! login_key alice >/dev/null 2>&1; }
assert_within 20 refused
