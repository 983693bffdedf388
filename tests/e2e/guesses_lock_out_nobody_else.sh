#!/usr/bin/env bash
# bob's wrong tokens at `su alice` make him wait, not alice; one address that guesses waits, another logs in.
# long: many guesses
. "$(dirname "$0")/../lib/test.sh"

guess() { # OPTION ...: ten times, five a connection
  local forged
  forged=$(mint alice sign=foreign)
  for _ in 1 2; do
    assert_status 255 login alice "$forged"$'\n'"$forged"$'\n'"$forged"$'\n'"$forged"$'\n'"$forged" "$@"
  done
}

c2m_start
if can su; then
  sed '/^auth/s/ reuse//' /etc/pam.d/sudo >/etc/pam.d/su
  forged=$(mint alice sign=foreign)
  session_open_key b bob
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    assert_fails session_run b 'su alice -c id' "$forged"
  done
  assert_fails session_run b 'su alice -c id' "$(mint alice)"
  assert_match 'too many attempts, wait [0-9]+ s' "$output"
  assert_match 'verdict=exhausted reason=throttled user=alice service=su' "$(tail -n 1 "$WORLD_LOG/authd.log")"
fi
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"

guess
assert_status 255 login alice "$(mint alice)"$'\n'"$(mint alice)"
assert_equal 1 "$(login_prompts | wc -l)"   # PAM_MAXTRIES: sshd asks no second time
assert_match 'verdict=exhausted reason=throttled user=alice service=sshd rhost=127.0.0.1' "$(tail -n 1 "$WORLD_LOG/authd.log")"
assert_equal alice "$(login alice "$(mint alice)" -b 127.0.0.2 -- id -un)"
assert_equal bob "$(login bob "$(mint bob)" -- id -un)"
authd_reload   # the administrator's word
assert_within 5 grep -q 'reload: done' "$WORLD_LOG/authd.log"
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
