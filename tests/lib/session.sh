# shellcheck shell=bash
# An interactive login shell on a terminal of its own, held open through `ssh -tt`: what is typed goes into a FIFO,
# what the terminal shows into a file. Where a terminal cannot be had (world_can pty) it is a shell that reads its input,
# whose sudo asks there too (-S).
#
#   session_open NAME USER ANSWERS [SSH OPTION ...]   status 1, and what ssh said, if there is no login
#   session_open_key NAME USER [SSH OPTION ...]       the same by public key
#   session_open_console NAME USER ANSWERS    login(1) on a terminal, as getty starts it
#   session_run NAME COMMAND [ANSWER ...]   runs COMMAND there, prints what the terminal showed, returns its status.
#       A program that asks for a token or password gets the next ANSWER typed; one that asks when there is none left
#       is interrupted: status 130.
#   session_asked NAME, session_prompts NAME    how often the last session_run was asked, and how
#   session_type NAME TEXT          types a line, whoever reads it
#   session_expect NAME REGEX [SECONDS]   waits until the terminal shows it (after what the last one matched); prints the match
#   session_close NAME              logs out; waits for the end of the client and of sshd's monitor, or of login
#   session_drop NAME               kills the client, as a lost machine would
#   session_monitor NAME, session_shell NAME, session_client NAME, session_audit NAME    pids; the audit session id
#   session_ended NAME              has sshd's monitor ended?

SESSIONS=$WORLD/sessions
SESSION_LIMIT=20   # seconds
SESSION_PROMPT=$'(^|\n)[^\n]*(C2M [a-z0-9 ,]+|[Pp]assword( for [a-z]+)?): $'   # in the last line

session_open() { session_start keyboard-interactive "$@"; }
session_open_key() { local name=$1 user=$2; shift 2; session_start publickey "$name" "$user" '' "$@"; }

session_start() {   # METHOD NAME USER ANSWERS [OPTION ...]
  local method=$1 name=$2 user=$3 answers=$4 terminal=-tt
  shift 4
  world_can pty || terminal=-T
  session_prepare "$name" "$method" "$user" "$answers"
  # shellcheck disable=SC2153  # set by client_prepare
  session_launch "$name" "${CLIENT[@]}" "$@" $terminal "$WORLD_NAME"
  session_ready "$name" "$CLIENT_MONITOR"
}

# Its prompts are answered as they come, and nothing is typed before the shell asks for it: both throw away what is early.
session_open_console() {   # NAME USER ANSWERS
  local name=$1 answer
  session_prepare "$name" login "$2" "$3"
  session_launch "$name" setsid -w script -qefc "exec login $2" /dev/null
  while read -r answer; do
    session_expect "$name" "($SESSION_PROMPT|login: $)" >>"$SESSIONS/$name/prompts" || return 1
    session_type "$name" "$answer"
  done <"$SESSIONS/$name/answers"
  session_expect "$name" '\$ $' >/dev/null || return 1
  # shellcheck disable=SC2016  # for that shell to expand
  session_ready "$name" 'echo $PPID'
}

session_prepare() {   # NAME METHOD USER ANSWERS
  local dir=$SESSIONS/$1
  mkdir -p "$SESSIONS"
  [ ! -e "$dir" ] || mv "$dir" "$(mktemp -u "$SESSIONS/old.XXXXXX")"
  client_prepare "$dir" "$2" "$3" "$4"
  ln -sfn "$dir" "$CLIENTS/last"
  mkfifo "$dir/in"
  echo 0 >"$dir/mark"; echo 0 >"$dir/number"; : >"$dir/out"
}

session_launch() {   # NAME COMMAND ...
  local dir=$SESSIONS/$1
  shift
  # opened for both, so that it never ends, and by this shell too, because a FIFO that nobody has open forgets
  exec {SESSION_HOLD}<>"$dir/in"
  "$@" <&"$SESSION_HOLD" >"$dir/out" 2>"$dir/err" &
  echo $! >"$dir/client"
  disown $!
}

session_ready() {   # NAME MONITOR: a command that prints the monitor's pid
  local name=$1 dir=$SESSIONS/$1 client shell monitor audit
  client=$(session_client "$name")
  # no line editing, no echo, no prompt: what comes back is the commands' own
  session_type "$name" "set +o emacs; set +o vi; if [ -t 0 ]; then stty -echo; else exec 2>&1; sudo() { case \" \$* \" in *' -A '*) command sudo \"\$@\";; *) command sudo -S \"\$@\";; esac; }; fi; PS1= PS2= PROMPT_COMMAND="
  session_type "$name" "printf '%s%s %s %s %s\\n' @@ ready \$\$ \$($2) \$(cat /proc/self/sessionid)"
  if ! session_expect "$name" '@@ready ([0-9]+) ([0-9]+) ([0-9]+)' >"$dir/ready" 2>"$dir/failed"; then
    if service_lives "$client"; then cat "$dir/failed" >&2; else cat "$dir/err" >&2; fi
    kill -KILL "$client" 2>/dev/null
    exec {SESSION_HOLD}<&-
    return 1
  fi
  exec {SESSION_HOLD}<&-
  read -r _ shell monitor audit <"$dir/ready"
  echo "$shell" >"$dir/shell"; echo "$monitor" >"$dir/monitor"; echo "$audit" >"$dir/audit"
}

session_client() { cat "$SESSIONS/$1/client"; }
session_shell() { cat "$SESSIONS/$1/shell"; }
session_monitor() { cat "$SESSIONS/$1/monitor"; }
session_audit() { cat "$SESSIONS/$1/audit"; }
session_asked() { cat "$SESSIONS/$1/asked"; }
session_ended() { service_gone "$(session_monitor "$1")"; }

session_type() {
  local LC_ALL=C
  # a terminal's line is at most 4095 bytes
  [ "${#2}" -lt 4095 ] || { echo "session_type: ${#2} bytes are more than a terminal takes" >&2; return 1; }
  printf '%s\n' "$2" 1<>"$SESSIONS/$1/in"
}

session_read() {   # sets SESSION_TEXT to what the terminal showed since the mark; without a process, it is called often
  local mark text LC_ALL=C IFS=
  read -r mark <"$SESSIONS/$1/mark"
  mapfile -d '' -t text <"$SESSIONS/$1/out"
  SESSION_TEXT=${text[*]} SESSION_TEXT=${SESSION_TEXT:mark}
}

session_mark() {   # NAME TEXT: has been seen
  local LC_ALL=C
  echo $(($(<"$SESSIONS/$1/mark") + ${#2})) >"$SESSIONS/$1/mark"
}

# session_match NAME REGEX SECONDS: sets SESSION_TEXT, up to and with the match, and BASH_REMATCH
session_match() {
  local name=$1 regex=$2 end client LC_ALL=C
  end=$((${EPOCHREALTIME/[.,]/} + $3 * 1000000))
  client=$(session_client "$name")
  while :; do
    session_read "$name"
    if [[ $SESSION_TEXT =~ $regex ]]; then
      SESSION_TEXT=${SESSION_TEXT%%"${BASH_REMATCH[0]}"*}${BASH_REMATCH[0]}
      return 0
    fi
    [ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || return 1
    service_lives "$client" || end=0   # once more, for its last words
    nap 0.02
  done
}

session_expect() {
  if session_match "$1" "$2" "${3:-$SESSION_LIMIT}"; then
    session_mark "$1" "$SESSION_TEXT"
    printf '%s\n' "${BASH_REMATCH[0]}"
    return 0
  fi
  printf 'session %s does not show /%s/, but:\n%s\n' "$1" "$2" "$SESSION_TEXT" >&2
  return 1
}

session_run() {
  local name=$1 command=$2 dir=$SESSIONS/$1 number asked=0 output='' status='' interrupted=
  shift 2
  number=$(($(<"$dir/number") + 1))
  echo "$number" >"$dir/number"
  echo 0 >"$dir/asked"
  : >"$dir/prompts"
  session_type "$name" "printf '%s%s\\n' @@ begin-$number; eval ${command@Q}; printf '\\n%s%s %d\\n' @@ end-$number \$?"
  session_expect "$name" "@@begin-$number"$'\r?\n' >/dev/null || return 124
  while [ -z "$status" ]; do
    if ! session_match "$name" $'\r?\n'"@@end-$number ([0-9]+)"$'\r?\n'"|$SESSION_PROMPT" "$SESSION_LIMIT"; then
      printf 'session %s: %s does not end; it showed:\n%s\n' "$name" "$command" "$output$SESSION_TEXT" >&2
      return 124
    fi
    status=${BASH_REMATCH[1]}
    session_mark "$name" "$SESSION_TEXT"
    output+=${SESSION_TEXT%"${BASH_REMATCH[0]}"}
    if [ -z "$status" ]; then
      asked=$((asked + 1))
      echo "$asked" >"$dir/asked"
      printf '%s\n' "${BASH_REMATCH[0]#$'\n'}" >>"$dir/prompts"
      if [ $# -gt 0 ]; then
        session_type "$name" "$1"
        shift
      else
        session_interrupt "$name" "$number"
        interrupted=yes
      fi
    fi
  done
  output=${output//$'\r'/}
  # as it does where no terminal can be had either
  output=${output//'sudo: unable to send audit message: Operation not permitted'$'\n'/}
  # the end of the line that the answer would have been on
  [ "$asked" = 0 ] || output=${output#$'\n'}
  output=${output%$'\n'}
  [ -z "$output" ] || printf '%s\n' "$output"
  [ -z "$interrupted" ] || return 130
  return "$status"
}

# Ctrl-C, or what that does where there is no terminal, and the command's end. Nothing is typed before the program
# noticed: it would take that for its answer. A shell that threw the rest of its line away is told to say the end.
session_interrupt() {
  local try
  if world_can pty; then
    printf '\003' 1<>"$SESSIONS/$1/in"
  else
    pkill -INT -P "$(session_shell "$1")" || :
  fi
  session_match "$1" . 1 || :
  for ((try = 0; try < 5; try++)); do
    ! session_match "$1" "@@end-$2 [0-9]+" 1 || return 0
    session_type "$1" "printf '\\n%s%s %d\\n' @@ end-$2 130"
  done
}

session_prompts() { cat "$SESSIONS/$1/prompts"; }

session_close() {
  local client monitor
  client=$(session_client "$1") monitor=$(session_monitor "$1")
  session_type "$1" exit
  if wait_until 10 service_gone "$client" && wait_until 10 service_gone "$monitor"; then return 0; fi
  session_read "$1"
  printf 'session %s does not end; it shows:\n%s\n' "$1" "$SESSION_TEXT" >&2
  return 1
}

session_drop() { kill -KILL "$(session_client "$1")"; }
