#!/usr/bin/env bash
# In a pane of tmux OpenSSH's client and PuTTY's show each text in time: why a token was refused, before it is asked for
# again; in an outage, before the local password is.
. "$(dirname "$0")/../lib/test.sh"
command -v tmux >/dev/null || skip 'tmux is not installed'

c2m_start
pane() { HOME=$WORLD tmux -S "$WORLD/tmux" "$@"; }
shown() { pane capture-pane -p -J | sed 's/^[ |]*//'; }   # plink's frame, and its terminal's steps
asks() { [ "$(shown | grep -cE '(C2M token|Password): *$')" -ge "$1" ]; }   # NUMBER: of questions so far
ended() { shown | grep -qx ended; }
in_pane() { # COMMAND ANSWER ...: what the pane shows in the end
  local number=0 answer
  pane -f /dev/null new-session -d -x 200 -y 50 "$1; echo ended; sleep 100"
  shift
  for answer; do
    number=$((number + 1))
    wait_until 20 asks "$number" || break
    pane send-keys -l "$answer"$'\r'
  done
  wait_until 20 ended || fail 'the client does not end' "$(shown)"
  shown
  pane kill-server
}

clients=("ssh -F '$SSH_DIR/ssh_config' -o PreferredAuthentications=keyboard-interactive -l alice $WORLD_NAME id -un")
key=$(ssh-keygen -lf "$SSH_DIR"/ssh_known_hosts | awk 'NR == 1 { print $2 }')
! command -v plink >/dev/null ||
  clients+=("plink -ssh -no-antispoof -no-trivial-auth -noagent -hostkey $key -P $SSH_PORT alice@127.0.0.1 id -un")
for client in "${clients[@]}"; do
  token=$(mint alice)
  seen=$(in_pane "$client" "$(mint bob)" "$token")
  assert_match 'C2M: not accepted \(ref [0-9a-f]{8}\)\. C2M token:' "$seen"
  assert_equal alice "$(grep -x alice <<<"$seen")"
  assert_no_match "$token" "$seen"
  assert_within 5 token_is revoked "$token"

  long=$(mint alice type=long)
  ask down >/dev/null
  seen=$(in_pane "$client" "$long" "alice-$WORLD_PASSWORD")
  ask up >/dev/null
  says='C2M is unreachable \(ref [0-9a-f]{8}\); use your local password\.'
  assert_match "$says.*Password:" "$(tr '\n' ' ' <<<"$seen")"
  assert_equal alice "$(grep -x alice <<<"$seen")"
done
