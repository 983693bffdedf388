#!/usr/bin/env bash
# ssh passes 1023 bytes on: a longer token arrives cut, is refused, and the text names the cure.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
token=$(mint alice pad=1500)
assert_status 255 login alice "$token"$'\n'"$token"
assert_match 'the token arrived cut at 1023 characters: use c2m-askpass, a code, or a long-term token \(ref [0-9a-f]{8}\)' "$(login_prompts)"
assert_match 'reason=cut' "$(cat "$WORLD_LOG/authd.log")"
