#!/usr/bin/env bash
# sudo's options: whatever runs, lists or validates is asked as sudo itself is, in the name of who called it and not of
# who he becomes; and what is typed there is dead when that sudo is over, whether it opened a session or not.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start 'service sudo-i.reuse=5m'
long=$(mint alice type=long)
session_open by_token alice "$(mint alice)"
session_open_key by_key alice
reload() {
  local before
  before=$(grep -c 'reload: done' "$WORLD_LOG/authd.log" || :)
  reloaded() { [ "$(grep -c 'reload: done' "$WORLD_LOG/authd.log")" -gt "$before" ]; }
  config_write "$@"
  authd_reload
  assert_within 5 reloaded
}

variants=('sudo -u bob id -un' 'sudo -i id -un' 'sudo -s id -un' 'sudo -k id -un' 'sudo -v' 'sudo -l' 'sudo -l id' 'sudo -S id -un' 'sudo -b true')
for command in "${variants[@]}"; do
  assert_status 0 session_run by_token "$command"
  assert_equal 0 "$(session_asked by_token)" "$command"
  assert_status 130 session_run by_key "$command"
  assert_equal 1 "$(session_asked by_key)" "$command"
done
assert_equal bob "$(session_run by_token 'sudo -u bob id -un')"
assert_equal root "$(session_run by_token 'sudo -i id -un')"

# -p, as Ansible's become gives it, takes the place of the prompt; the reason of a refusal is told beside it
assert_status 130 session_run by_key 'sudo -p "[sudo via ansible] password: " id -un' nonsense
assert_match 'C2M: not accepted \(ref [0-9a-f]{8}\)\.' "$output"
assert_match '^\[sudo via ansible\] password: ' "$(cat "$SESSIONS/by_key/prompts")"

# who became another is that other, and root is asked by nobody
assert_status 130 session_run by_token 'sudo -u bob sudo id -un'
assert_equal 1 "$(session_asked by_token)"
assert_equal root "$(session_run by_token 'sudo sudo id -un 2>/dev/null')"   # root's own sudo may complain of the host's name
# nothing to prove
assert_status 0 session_run by_key 'sudo -k; sudo -K'
assert_equal 0 "$(session_asked by_key)"

# -n: sudo asks no module at all, unless it is told to, as the example does; then presence serves, and nobody is asked
sed -i '/noninteractive_auth/d' /etc/sudoers.d/c2m
assert_status 1 session_run by_token 'sudo -n id -un'
assert_match '(a password|interactive authentication) is required' "$output"
echo 'Defaults:alice noninteractive_auth' >/etc/sudoers.d/c2m-noninteractive
assert_equal root "$(session_run by_token 'sudo -n id -un')"
assert_status 1 session_run by_key 'sudo -n id -un'
assert_equal 0 "$(session_asked by_key)"

# what is typed is for that sudo; of two short tokens one is then the session's
reload 'service sudo.reuse=' 'service sudo-i.reuse='
two_are_live() { [ "$(live_tokens alice)" = 2 ]; }
for command in "${variants[@]}"; do
  assert_status 0 session_run by_key "$command" "$long"
  assert_equal 1 "$(session_asked by_key)" "$command"
  assert_within 5 two_are_live
done
assert_equal "$((${#variants[@]}))" "$(api_requests short)"
assert_equal "$((${#variants[@]}))" "$(api_requests revoke)"

# a session without a token that lives proves nothing any more, to any of them
reload 'service sudo-i.reuse=5m'
assert_equal root "$(session_run by_token 'sudo id -un')"
session_run by_token 'c2mctl revoke' >/dev/null
for command in "${variants[@]}"; do
  assert_status 130 session_run by_token "$command"
  assert_equal 1 "$(session_asked by_token)" "$command"
done
assert_status 1 session_run by_token 'sudo -n id -un'
assert_equal 0 "$(session_asked by_token)"
