#!/usr/bin/env bash
# SIGHUP changes where the keys come from: the same URL goes on with what it has, a wrong file leaves all as it was.
. "$(dirname "$0")/../lib/test.sh"

jwks="verify.jwks=https://127.0.0.1:$STANDIN_PORT/jwks.json"
reloads=0
reload() { # LINE of the log
  reloads=$((reloads + 1))
  authd_reload
  assert_within 5 reloaded "$1"
}
told() { grep -E '^(<[0-9]>)?reload: (done|the old)' "$WORLD_LOG/authd.log"; }
reloaded() { [ "$(told | wc -l)" = $reloads ] && [[ $(told | tail -n 1) == *"reload: $1"* ]]; }
lets_in() { assert_equal alice "$(login alice "$1" -- id -un)"; }

c2m_start verify.key= "$jwks"
old=$(mint alice) older=$(mint alice)   # of the first key
lets_in "$(mint alice)"
ask 'fault endpoint=jwks status=503' >/dev/null
reload 'done'
lets_in "$(mint alice)"
assert_equal 1 "$(api_requests jwks)" 'the same URL is not asked anew'

config_write "$jwks"   # beside a key: two sources
reload 'the old configuration stays'
assert_match 'names more than one source of keys' "$(cat "$WORLD_LOG/authd.log")"
lets_in "$(mint alice)"

config_write   # the key in a file, which is another one by now
ask rotate >/dev/null
reload 'done'
assert_status 255 login alice "$(mint alice)"
assert_match 'verdict=denied reason=signature' "$(tail -n 2 "$WORLD_LOG/authd.log")"
lets_in "$old"

ask clear >/dev/null
config_write verify.key= "$jwks"
reload 'done'
lets_in "$(mint alice)"   # it waits for the set
lets_in "$older"

config_write verify.key= verify.channel=yes verify.algorithm=
reload 'done'
assert_status 255 login alice "$(mint alice)"
assert_match 'reason=form_not_accepted' "$(tail -n 2 "$WORLD_LOG/authd.log")"
lets_in "$(mint alice type=long)"
