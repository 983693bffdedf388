#!/usr/bin/env bash
# The story of a C2M token on a host, told with real programs: sshd, sudo, the helper, and a stand-in for the API.
# Everything happens in a private copy of this machine (namespaces of its own), or, in a container that allows none, in
# the container itself, which is put back at the end. Only missing packages are installed.
#   examples/demo.sh [--in-place]           tells the story; exit status 0 only if all went as told
#   examples/demo.sh [--in-place] --all     and then every way to log in, every kind of key, and the host's own token
#   examples/demo.sh [--in-place] --shell   leaves the world running, with a prompt, to try it by hand
# --in-place: in the container itself, whether or not namespaces are allowed
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
  sed -n '2,8s/^# \{0,1\}//p' examples/demo.sh
}

mode=story arguments=("$@")
if [ "${1:-}" = --in-place ]; then export C2M_IN_PLACE=yes; shift; fi
case ${1:-} in
  '') ;;
  --shell) mode=shell ;;
  --all) mode=all ;;
  --story | --prompt) mode=${1#--} ;; # inside the world
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 64 ;;
esac

# shellcheck source=tests/lib/world.sh
. tests/lib/world.sh

if ! world_entered; then
  # shellcheck source=tests/lib/setup.sh
  . tests/lib/setup.sh
  setup_as_root "$PWD/examples/demo.sh" "${arguments[@]}"
  world_way
  setup_packages && setup_build all || exit 1
  if ! world_possible; then
    echo "The demo needs a world of its own: $WORLD_REASON."
    exit 77
  fi
  if [ "$mode" = shell ]; then mode=prompt; fi
  world_enter bash "$PWD/examples/demo.sh" "--$mode"
fi

for part in assert services tokens clients session; do
  # shellcheck source=/dev/null
  . "tests/lib/$part.sh"
done
client_config

# --- telling ------------------------------------------------------------------------------------------------------

wrong=0
if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' red='' plain=''; fi

chapter() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
say() { printf '  %s%s%s\n' "$dim" "$1" "$plain"; }
show() { while IFS= read -r line; do printf '    %s\n' "$line"; done <<<"$1"; }
wrong() { wrong=$((wrong + 1)); printf '  %sNOT AS TOLD: %s%s\n' "$red" "$1" "$plain"; }

# what REGEX OUTPUT WHAT: prints the output, and whether it is what the story says
expect() {
  [ -z "$2" ] || show "$2"
  [[ $2 =~ $1 ]] || wrong "expected /$1/"
}

# root COMMAND REGEX: as the administrator, at the host
root() {
  local output
  printf '  root# %s\n' "$1"
  output=$(eval "$1" 2>&1)
  expect "$2" "$output"
}

# there SESSION COMMAND REGEX [STATUS]: in alice's terminal, over ssh
there() {
  local output status=0
  printf '  alice@web1$ %s\n' "$2"
  output=$(session_run "$1" "$2" 2>&1) || status=$?
  expect "$3" "$output"
  [ "$status" = "${4:-0}" ] || wrong "exit status $status"
}

short_of() { if [ ${#1} -gt 18 ]; then printf '%.18s… (%d characters)' "$1" "${#1}"; else printf %s "$1"; fi; }

# enter SESSION TOKEN: ssh with the token pasted at the prompt
enter() {
  printf '  $ ssh alice@web1\n'
  session_open "$1" alice "$2" || { wrong 'no login'; return; }
  show "$(login_prompts | head -n 1)$(short_of "$2")"
}

# refused TOKEN REGEX REASON: pasted twice, so that the second prompt carries the reason
refused() {
  printf '  $ ssh alice@web1\n'
  if login alice "$1"$'\n'"$1" >/dev/null 2>&1; then wrong 'it was let in'; fi
  show "$(login_prompts | head -n 1)$(short_of "$1")"
  show "$(login_prompts | sed -n 2p)"
  [[ $(login_prompts | sed -n 2p) =~ $2 ]] || wrong "expected /$2/"
  ref=$(login_prompts | sed -n 's/.*(ref \([0-9a-f]*\)).*/\1/p' | head -n 1)
  root "grep -o 'ref=$ref verdict.* user=[a-z]*' $WORLD_LOG/authd.log" "reason=$3 "
}

# api STATUS TOKEN: what the API itself says of it
api() {
  local got
  printf '  $ curl -s -o /dev/null -w "%%{http_code}" --cacert ca.pem -X POST -H "Authorization: Bearer %.8s…" %s\n' \
    "$2" "https://127.0.0.1:$STANDIN_PORT/jobs/letter"
  got=$(api_status "$2")
  show "$got"
  [ "$got" = "$1" ] || wrong "expected $1"
}

close() {
  printf '  alice@web1$ exit\n'
  session_close "$1" || wrong 'the session does not end'
}

dead() { # TOKEN SECONDS
  wait_until "$2" token_is revoked "$1" || wrong "still $(token_state "$1") after $2 s"
}

if ! c2m_start; then
  echo "the world did not start" >&2
  exit 1
fi

# --- by hand ------------------------------------------------------------------------------------------------------

if [ "$mode" = prompt ]; then
  cat <<HELP

A world of its own: sshd, sudo, c2m-authd, and an API that answers at https://127.0.0.1:$STANDIN_PORT. Try:
  ssh alice@$WORLD_NAME            and paste the short token below; then, inside: sudo id, c2mctl sessions, exit
  mint alice                a fresh short token      mint alice type=long    a long one (then: c2mctl token)
  c2mctl status             c2mctl sessions          c2mctl revocations
  api_status TOKEN          200 while it lives, 401 after logout
  tail -f $WORLD_LOG/authd.log
  ask down                  the API goes away; ask up brings it back; ask help lists what else it can do
exit, or Ctrl-D, ends the world and everything in it.

A short token of alice's:
$(mint alice)

HELP
  cd /root || exit 1
  rc=$WORLD/bashrc
  {
    echo "PS1='root@$WORLD_NAME# '"
    declare -f
    [ "$WORLD_WAY" = private ] || echo "ssh() { command ssh -F $SSH_DIR/ssh_config \"\$@\"; }"
    declare -p STANDIN_DIR STANDIN_PORT BUILD ROOT "${!WORLD@}" SSH_DIR AUTHD_PID SSHD_PID STANDIN_PID | sed 's/^declare -[-a-z]* /declare /'
    declare -p DAEMON
  } >"$rc"
  bash --rcfile "$rc" -i
  exit 0
fi

# --- the story ----------------------------------------------------------------------------------------------------

if ! world_can pty; then say "Skipped: terminals, so the shells below have none. $WORLD_REASON."; fi

chapter 'A short-term token opens the door'
say 'alice pastes a token that the API gave her for fifteen minutes.'
token=$(mint alice)
enter one "$token"
there one 'c2mctl sessions' 'alice sshd .*active'
if world_can presence; then
  say 'sudo trusts the session: nobody is asked.'
  there one 'sudo id -un' '^root$'
else
  say "Skipped: sudo, which would ask nobody in this session. $WORLD_REASON."
fi
api 200 "$token"
say 'She logs out, and the very same token is dead: at the API, and at this host.'
close one
dead "$token" 2
api 401 "$token"
root 'c2mctl revocations' 'by 204 \(done\)'
refused "$token" 'not accepted' revoked

chapter 'A long-term token is exchanged for one of the session'\''s own'
long=$(mint alice type=long)
enter two "$long"
say 'For the API she asks for a token of her own: short, and only for what the administrator lists.'
delivered=$(session_run two 'c2mctl token')
there two 'c2mctl token | cut -c 1-18' '^eyJ'
api 200 "$delivered"
say 'Logout ends it as well. The long one is hers, and lives on.'
close two
dead "$delivered" 2
api 401 "$delivered"
[ "$(token_state "$long")" = live ] || wrong 'the long token is not live'

chapter 'What is not hers, or not genuine, is refused; the log says why'
say 'A forged one:'
refused "$(mint alice sign=foreign)" 'not accepted' signature
say 'One that expired (only its owner is told so):'
now=$(date +%s)
refused "$(mint alice "claims={\"iat\":$((now - 1620)),\"exp\":$((now - 720))}")" 'expired 12 min ago' expired
say "bob's:"
refused "$(mint bob)" 'not accepted' subject

chapter 'sshd is killed, and cannot say goodbye'
token=$(mint alice)
enter three "$token"
monitor=$(session_monitor three)
root "kill -KILL $monitor   # sshd's monitor of that session" ''
begun=${EPOCHREALTIME/[.,]/}
dead "$token" 1
say "The token is dead after $(((${EPOCHREALTIME/[.,]/} - begun) / 1000)) ms."
api 401 "$token"

chapter 'The API is away at logout: nothing is lost'
token=$(mint alice)
enter four "$token"
ask down >/dev/null
say 'The API is down now.'
close four
root 'c2mctl revocations --pending' 'pending'
root 'c2mctl status' '1 revocation pending'
say 'The helper is restarted, the API comes back.'
authd_restart || wrong 'the helper did not restart'
ask up >/dev/null
dead "$token" 30
api 401 "$token"
root "c2mctl revocations | grep 'tries'" 'by 204 \(done\)'

# shellcheck source=examples/demo_all.sh
if [ "$mode" = all ]; then . examples/demo_all.sh; fi

echo
if [ "$wrong" = 0 ]; then
  if [ "$WORLD_WAY" = private ]; then
    echo 'All went as told. Nothing of this machine was changed.'
  else
    echo 'All went as told. Now this container is put back as it was.'
  fi
  exit 0
fi
echo "$wrong things were not as told."
exit 1
