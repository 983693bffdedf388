# shellcheck shell=bash
# Real ssh clients, always under a time limit. A secret reaches ssh through SSH_ASKPASS from a 0600 file, never through
# an argument or the environment; the prompts that ssh showed are kept.
#
#   login USER ANSWERS [SSH OPTION ...] [-- [COMMAND ...]]            keyboard-interactive
#   login_password USER PASSWORD [SSH OPTION ...] [-- [COMMAND ...]]  the `password` method
#   login_key USER [SSH OPTION ...] [-- [COMMAND ...]]                public key
#   login_askpass USER TOKEN [SSH OPTION ...] [-- [COMMAND ...]]      c2m-askpass answers, in parts where it must
# ANSWERS: one a line, to the first prompt, the second …; ssh gives up when there are no more. Without `--` the command
# is `true`; nothing behind `--` means a login shell. Standard output, error and status are ssh's (255: no login).
#   askpass_write HOME SECTION TOKEN    the askpass.conf and the token of whoever owns HOME
#   login_prompts    the prompts of the last login, as ssh's user saw them
#
#   mux_open NAME USER ANSWERS [SSH OPTION ...]   one connection for many commands (ControlMaster)
#   mux_run NAME [COMMAND ...]
#   mux_close NAME                                and waits for its end

CLIENT_LIMIT=30   # seconds
CLIENTS=$WORLD/clients
[ "$WORLD_WAY" = in-place ] || WORLD_NAME=$(uname -n)

client_config() {
  mkdir -p "$CLIENTS"
  cat >"$SSH_DIR/ssh_config" <<-CONFIG
	Host *
	    HostName 127.0.0.1
	    HostKeyAlias $WORLD_NAME
	    Port $SSH_PORT
	    StrictHostKeyChecking yes
	    GlobalKnownHostsFile $SSH_DIR/ssh_known_hosts
	    UserKnownHostsFile none
	    IdentityAgent none
	    IdentitiesOnly yes
	    IdentityFile none
	    GSSAPIAuthentication no
	    LogLevel ERROR
	CONFIG
  cat >"$WORLD/askpass" <<-'ASKPASS'
	#!/bin/sh
	# $1: the prompt. The next line of answers, or failure when there is none.
	printf '%s\n' "$1" >>"$C2M_CLIENT/prompts"
	echo >>"$C2M_CLIENT/asked"
	answer=$(wc -l <"$C2M_CLIENT/asked")
	[ "$answer" -le "$(wc -l <"$C2M_CLIENT/answers")" ] || exit 1
	sed -n "${answer}p" "$C2M_CLIENT/answers"
	ASKPASS
  chmod 0755 "$WORLD/askpass"
}

# client_prepare DIRECTORY METHOD USER ANSWERS: sets CLIENT, the command line up to the destination
client_prepare() {
  local dir=$1 method=$2 prompts
  mkdir -m 0700 "$dir"
  (umask 077; printf '%s\n' "$4" >"$dir/answers")
  prompts=$(wc -l <"$dir/answers")
  : >"$dir/prompts"
  CLIENT=(env --default-signal "C2M_CLIENT=$dir" "SSH_ASKPASS=${CLIENT_ASKPASS:-$WORLD/askpass}" SSH_ASKPASS_REQUIRE=force setsid -w
    ssh -F "$SSH_DIR/ssh_config" -o "PreferredAuthentications=$method" -o "NumberOfPasswordPrompts=$prompts" -l "$3")
  [ "$method" != publickey ] || CLIENT+=(-i "$WORLD/key")
}

askpass_write() {
  mkdir -p "$1/.config/c2m"
  printf '%s\n' "[$2]" 'file = ~/token' >"$1/.config/c2m/askpass.conf"
  (umask 077; printf '%s\n' "$3" >"$1/token")
  chown -R --reference="$1" "$1/.config" "$1/token"
}

client_run() {   # METHOD USER ANSWERS [OPTION ...] [-- [COMMAND ...]]
  local dir options=() command=(true)
  dir=$(mktemp -u "$CLIENTS/login.XXXXXX")
  client_prepare "$dir" "$1" "$2" "$3"
  ln -sfn "$dir" "$CLIENTS/last"
  shift 3
  while [ $# -gt 0 ]; do
    if [ "$1" = -- ]; then shift; command=("$@"); break; fi
    options+=("$1"); shift
  done
  timeout -k 1 "$CLIENT_LIMIT" "${CLIENT[@]}" "${options[@]}" "$WORLD_NAME" "${command[@]}"
}

login() { client_run keyboard-interactive "$@"; }
login_password() { client_run password "$@"; }
login_key() { local user=$1; shift; client_run publickey "$user" '' "$@"; }
login_askpass() {
  local user=$1 token=$2 home=$CLIENTS/home
  shift 2
  askpass_write "$home" "host $WORLD_NAME" "$token"
  HOME=$home CLIENT_ASKPASS=/usr/local/bin/c2m-askpass client_run keyboard-interactive "$user" '' "$@"
}
login_prompts() { cat "$CLIENTS/last/prompts"; }

mux_open() {
  local socket=$CLIENTS/mux.$1 user=$2 answers=$3
  shift 3
  login "$user" "$answers" "$@" -M -S "$socket" -f -N -- >"$socket.out" 2>&1 </dev/null && return 0
  cat "$socket.out" >&2
  return 1
}
mux_run() {
  local socket=$CLIENTS/mux.$1
  shift
  timeout -k 1 "$CLIENT_LIMIT" ssh -F "$SSH_DIR/ssh_config" -S "$socket" "$WORLD_NAME" "$@"
}
mux_close() {
  local socket=$CLIENTS/mux.$1 monitor
  monitor=$(mux_monitor "$1") || return 1
  timeout -k 1 "$CLIENT_LIMIT" ssh -F "$SSH_DIR/ssh_config" -S "$socket" -O exit "$WORLD_NAME" 2>/dev/null
  wait_until 10 service_gone "$monitor"
}
mux_monitor() { mux_run "$1" "$CLIENT_MONITOR"; }   # pid of sshd's monitor of the connection

# Said in a login's shell, prints the monitor's pid: the shell's parent is the user's sshd, and its parent the monitor.
# shellcheck disable=SC2016  # for that shell to expand
CLIENT_MONITOR='sed -n "s/^PPid:[^0-9]*//p" /proc/$PPID/status'
