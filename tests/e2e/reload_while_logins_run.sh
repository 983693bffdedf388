#!/usr/bin/env bash
# The configuration is changed and reloaded (SIGHUP) again and again while logins run. A good one counts from then on; a
# broken one, of which each single line would be obeyed, leaves the old one in force, and the log says which line is
# wrong. No login notices.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
workers=3 each=8 good=0 broken=0

logins() { # NUMBER
  local n
  for ((n = 0; n < each; n++)); do login alice "$(sed -n "$((n + 1))p" "$WORLD/tokens.$1")" -- id -un || :; done
}
told() { grep -cE "^(<[0-9]>)?reload: $1" "$WORLD_LOG/authd.log" || :; }   # TEXT
good_told() { [ "$(told 'done')" = "$good" ]; }
broken_told() { [ "$(told 'the old configuration stays in force')" = "$broken" ]; }
run_still() { local pid; for pid in "${pids[@]}"; do ! service_lives "$pid" || return 0; done; return 1; }

pids=()
for ((w = 0; w < workers; w++)); do
  for ((n = 0; n < each; n++)); do mint alice; done >"$WORLD/tokens.$w"
done
for ((w = 0; w < workers; w++)); do
  logins "$w" >"$WORLD/out.$w" 2>&1 &
  pids+=($!)
done
while run_still || [ "$good" -lt 3 ]; do
  config_write login.required_scopes=login:nowhere login.accept=short login.colour=blue
  authd_reload
  broken=$((broken + 1))
  assert_within 10 broken_told
  config_write "login.max_age=$((60 + good))m"
  authd_reload
  good=$((good + 1))
  assert_within 10 good_told
done
assert_equal $((workers * each)) "$(cat "$WORLD"/out.* | grep -cx alice || :)" "logins: $(cat "$WORLD"/out.* | grep -vx alice || :)"
assert_equal $((workers * each)) "$(grep -c 'event=login .*verdict=granted' "$WORLD_LOG/authd.log")"
assert_equal "$broken" "$(grep -cE 'authd.conf:[0-9]+: .*colour' "$WORLD_LOG/authd.log" || :)"
nobody() { [ "$(live_tokens alice)" = 0 ]; }
assert_within 10 nobody

# what was refused as a whole is taken when it is whole
config_write login.required_scopes=login:nowhere
authd_reload
good=$((good + 1))
assert_within 10 good_told
assert_status 255 login alice "$(mint alice)"
login_logged 'verdict=forbidden reason=scope'
echo "counted: $((workers * each)) logins through $good reloads and $broken refused ones"
