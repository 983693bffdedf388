#!/usr/bin/env bash
# Parts that make no token of one piece are refused by the host, whatever sends them: nothing is granted, the API is not
# asked.
. "$(dirname "$0")/../lib/test.sh"

size=300
part() { # NUMBER COUNT TOKEN [TAGGED]: $size characters of TOKEN
  printf 'c2m %s/%s %s:%s\n' "$1" "$2" "$(token_hash "${4:-$3}" | cut -c 1-8)" "${3:$((($1 - 1) * size)):size}"
}
refused() { # REASON WHAT ANSWERS
  : >"$WORLD_LOG/authd.log"
  assert_status 255 login alice "$3"
  assert_match "verdict=denied reason=$1 user=alice service=sshd" "$(<"$WORLD_LOG/authd.log")" "$2"
  assert_no_match 'verdict=granted' "$(<"$WORLD_LOG/authd.log")" "$2"
  assert_equal 0 "$(api_requests)" "$2: requests"
}

c2m_start
one=$(mint_sized alice 900) other=$(mint_sized alice 900)

refused parts 'two tokens mixed' "$(part 1 3 "$one"; part 2 3 "$other"; part 3 3 "$one")"
refused parts 'two tokens mixed under one tag' "$(part 1 3 "$one"; part 2 3 "$other" "$one"; part 3 3 "$one")"
refused parts 'a part repeated' "$(part 1 3 "$one"; part 2 3 "$one"; part 2 3 "$one"; part 3 3 "$one")"
refused parts 'a part lost' "$(part 1 3 "$one"; part 3 3 "$one")"
refused parts 'out of order' "$(part 2 3 "$one"; part 1 3 "$one"; part 3 3 "$one")"
refused parts 'the first one lost' "$(part 2 3 "$one"; part 3 3 "$one")"
refused parts '33 parts' "$(for ((k = 1; k <= 33; k++)); do part "$k" 33 "$(mint_sized alice 9900)"; done)"
refused parts 'another count' "$(part 1 3 "$one"; part 2 4 "$one"; part 3 3 "$one")"
refused parts 'a wrong tag' "$(part 1 3 "$one" "$other"; part 2 3 "$one" "$other"; part 3 3 "$one" "$other")"
refused parts 'a token after a part' "$(part 1 3 "$one"; echo "$one")"
refused part_again 'the first part again' "$(part 1 3 "$one"; part 1 3 "$one")"
assert_match 'C2M: a token in parts: use keyboard-interactive, not password \(ref [0-9a-f]{8}\). C2M token: ' "$(login_prompts)"
refused parts 'another spelling' "$(part 1 3 "$one"; part 2 3 "$one" | sed 's/2/02/')"
refused too_long 'too long in all' "$(token=$(mint_sized alice 8401); for ((k = 1; k <= 29; k++)); do part "$k" 29 "$token"; done)"
assert_match 'C2M token, part 28 of 29: ' "$(login_prompts)"

# the `password` method answers each prompt with the same
: >"$WORLD_LOG/authd.log"
assert_status 255 login_password alice "$(part 1 3 "$one")"
assert_match 'verdict=denied reason=part_again user=alice' "$(<"$WORLD_LOG/authd.log")"
assert_equal 0 "$(api_requests)"

# the same parts in order are a token
assert_equal alice "$(login alice "$(part 1 3 "$one"; part 2 3 "$one"; part 3 3 "$one")" -- id -un)"
size=250 token=$(mint_sized alice 8000)
assert_equal alice "$(login alice "$(for ((k = 1; k <= 32; k++)); do part "$k" 32 "$token"; done)" -- id -un)" '32 parts'
