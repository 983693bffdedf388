# shellcheck shell=bash
# The programs of a world: the stand-in for the API, the helper, sshd. Each starts when it is ready to serve, and
# stops when it is gone. Logs: $WORLD_LOG/{standin,authd,sshd}.log; what went to syslog: $WORLD_LOG/syslog.

STANDIN_DIR=$WORLD/standin
STANDIN_PORT=8443
STATE_DIR=/var/lib/c2m
SSH_PORT=22
# a_port FROM COUNT: one that nobody listens on, as far as can be seen
a_port() {
  local port try
  for try in 1 2 3 4 5 6 7 8 9; do
    port=$(($1 + (RANDOM + try) % $2))
    (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}
if [ "${C2M_PRIVATE_NET:-}" != yes ]; then   # the machine's own network; below the ports of connections
  STANDIN_PORT=$(a_port 20000 8000) SSH_PORT=$(a_port 28000 2000)
fi
: "${STANDIN_PID:=}" "${AUTHD_PID:=}" "${SSHD_PID:=}"

# wait_until SECONDS COMMAND ...: tries COMMAND until it succeeds; status 1 if it never did. SECONDS may be 0.5
wait_until() {
  local us end
  printf -v us '%.0f' "${1}e6"; shift
  end=$((${EPOCHREALTIME/[.,]/} + us))
  until "$@"; do
    [ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || return 1
    nap 0.02
  done
}

service_lives() {   # PID: a zombie does not live
  local stat
  # not $(<FILE): without the file that ends a shell under `set -e` even here
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null && [[ ${stat##*)} != ' Z'* ]]
}
service_gone() { ! service_lives "$1"; }

# service_ready NAME PID CONDITION ...: waits for the condition; if the program dies before, shows its log
service_ready() {
  local name=$1 pid=$2 try
  shift 2
  for ((try = 0; try < 500; try++)); do
    service_lives "$pid" || break
    if "$@"; then return 0; fi
    nap 0.02
  done
  echo "$name did not get ready; its log ends:" >&2
  tail -n 20 "$WORLD_LOG/$name.log" >&2
  return 1
}

# service_stop PID SIGNAL: and waits for its end; SERVICE_STATUS is its exit status
service_stop() {
  SERVICE_STATUS=0
  [ -n "$1" ] || return 0
  kill "-$2" "$1" 2>/dev/null || :
  # without standard error, where bash would tell that it was killed
  if ! wait_until 10 service_gone "$1" 2>/dev/null; then
    echo "pid $1 does not end by SIG$2" >&2
    kill -KILL "$1"
    return 1
  fi
  wait "$1" 2>/dev/null || SERVICE_STATUS=$?
}

# listens_tcp PORT: without a connection, which a server would notice
listens_tcp() { grep -q "^ *[0-9]*: 0100007F:$(printf %04X "$1") 00000000:0000 0A " /proc/net/tcp; }
listens_unix() { grep -q "^[0-9a-f]*: [0-9A-F]* [0-9A-F]* 00010000 .* $1\$" /proc/net/unix; }

# A shell without job control makes what it starts behind `&` ignore SIGINT, and a login shell hands that on.
DAEMON=(env --default-signal)

# --- the stand-in -----------------------------------------------------------------------------------------------

# standin_start [OPTION ...]: at https://127.0.0.1:$STANDIN_PORT; a restarted one finds its directory again
standin_start() {
  install -d -m 0755 "$STANDIN_DIR"
  "${DAEMON[@]}" "$BUILD/c2m-standin" --listen "127.0.0.1:$STANDIN_PORT" --dir "$STANDIN_DIR" "$@" >>"$WORLD_LOG/standin.log" 2>&1 </dev/null &
  STANDIN_PID=$!
  service_ready standin "$STANDIN_PID" standin_answers
}
standin_answers() { ask ping >/dev/null 2>&1; }
standin_stop() { service_stop "$STANDIN_PID" TERM && STANDIN_PID=; }

# ask LINE [FIELD]: a line to the stand-in's control socket; its JSON answer, or one field of it
ask() { "$BUILD/c2m-standin" --ask "$STANDIN_DIR" "$1" ${2:+--field "$2"}; }

# --- the helper -------------------------------------------------------------------------------------------------

# config_write [SECTION.KEY=VALUE ...]: /etc/c2m/authd.conf; an empty VALUE leaves the key out
#   config_write 'service sudo.reuse=2s' 'login.max_age=10m' 'login.required_scopes='
config_write() {
  local sections=() section key value line lines=(
    "api.url=https://127.0.0.1:$STANDIN_PORT"
    'api.ca=/etc/c2m/ca.pem'
    'verify.issuer=c2m-api'
    'verify.key=/etc/c2m/verify-key.pem'
    'verify.algorithm=RS256'
    'login.accept=short long'
    'login.required_scopes=login:web1'
    'service sudo.reuse=5m'
    'delivery.scopes=jobs:submit'
    "$@"
  )
  local -A values=() keys=()
  for line in "${lines[@]}"; do   # a later line replaces an earlier one in its place
    section=${line%%.*} key=${line#*.} value=${line#*=}
    key=${key%%=*}
    [ -n "${keys[$section]+set}" ] || sections+=("$section")
    [ -n "${values[$section.$key]+set}" ] || keys[$section]+="$key "
    values[$section.$key]=$value
  done
  install -d -m 0755 /etc/c2m
  for section in "${sections[@]}"; do
    echo "[$section]"
    for key in ${keys[$section]}; do
      [ -z "${values[$section.$key]}" ] || echo "$key = ${values[$section.$key]}"
    done
    echo
  done >/etc/c2m/authd.conf
  chmod 0644 /etc/c2m/authd.conf
}

# users_write ['NAME = CLIENT ...' ...]: /etc/c2m/users
users_write() {
  install -d -m 0755 /etc/c2m
  if [ $# = 0 ]; then set -- 'alice = c2m_alice' 'bob = c2m_bob'; fi
  printf '%s\n' "$@" >/etc/c2m/users
  chmod 0644 /etc/c2m/users
}

# keys_copy: what the administrator fetches from the API once, its CA and its public key
keys_copy() {
  install -d -m 0755 /etc/c2m
  install -m 0644 "$STANDIN_DIR/ca.pem" "$STANDIN_DIR/verify-key.pem" /etc/c2m/
}

seal_key_write() {
  install -d -m 0755 /etc/c2m
  install -m 0640 -g c2m-authd /dev/null /etc/c2m/seal.key
  head -c 32 /dev/urandom >/etc/c2m/seal.key
}

# Where the network is shared, another's socket of that name is seen as well: the log is this one's own.
authd_says_ready() { grep -c '^c2m-authd .* is ready$' "$WORLD_LOG/authd.log" 2>/dev/null || :; }
authd_ready() { [ "$(authd_says_ready)" != "$1" ] && authd_listens; }   # COUNT before it started
authd_listens() { listens_unix /run/c2m/pam.sock && listens_unix /run/c2m/user.sock; }

# authd_start [OPTION ...]: AUTHD_PROGRAM, or the helper that was built
authd_start() {
  local before
  : >>"$WORLD_LOG/authd.log"
  before=$(authd_says_ready)
  install -d -m 0700 -o c2m-authd -g c2m-authd "$STATE_DIR"
  "${DAEMON[@]}" "${AUTHD_PROGRAM:-$BUILD/c2m-authd}" --config /etc/c2m/authd.conf --state-dir "$STATE_DIR" --runtime-dir /run/c2m --user c2m-authd \
    --foreground "$@" >>"$WORLD_LOG/authd.log" 2>&1 </dev/null &
  AUTHD_PID=$!
  service_ready authd "$AUTHD_PID" authd_ready "$before"
}
authd_stop() {   # status 1, and says so, if it does not end well: a sanitizer's finding, an assertion
  service_stop "$AUTHD_PID" TERM || return 1
  AUTHD_PID=
  [ "$SERVICE_STATUS" = 0 ] || { echo "authd ended with status $SERVICE_STATUS" >&2; return 1; }
}
authd_kill() { service_stop "$AUTHD_PID" KILL && AUTHD_PID=; }
authd_restart() { authd_stop && authd_start "$@"; }
authd_reload() { kill -HUP "$AUTHD_PID"; }

# The last login, as the log tells it.
login_logged() { assert_match "$1" "$(grep event=login "$WORLD_LOG/authd.log" | tail -n 1)"; }   # PATTERN

# --- sshd -------------------------------------------------------------------------------------------------------

# examples_install: the project's examples; before that the distribution's own PAM stacks are in force
examples_install() {
  local file who=
  if [ "$WORLD_WAY" = private ]; then
    install -m 0644 "$ROOT"/examples/pam.d/* /etc/pam.d/
    pam_audit_all
  else
    for file in sshd sudo; do pam_install "$file" <"$ROOT/examples/pam.d/$file"; done
    who=:$(IFS=, && echo "${WORLD_USERS[*]}")
  fi
  install -m 0644 "$ROOT"/examples/sshd_config.d/* "$SSH_DIR/sshd_config.d/"
  # in place for the world's users alone
  for file in "$ROOT"/examples/sudoers.d/*; do
    (umask 226; sed "s/^Defaults /Defaults$who /" "$file" >"/etc/sudoers.d/${file##*/}")
  done
}

# pam_edit SERVICE SED_EXPRESSION ...
pam_edit() {
  local service=$1 before after
  shift
  before=$(sed "$(pam_alias "$service" "s/ service=$service//")" "/etc/pam.d/$(pam_name "$service")")
  after=$(sed -E "${@/#/-e}" <<<"$before")
  [ "$before" != "$after" ] || { echo "pam_edit: nothing in the stack of $service matches $*" >&2; return 1; }
  pam_install "$service" <<<"$after"
}

# sshd_start [LINE ...]: lines of sshd_config that come first, which makes them count. But of MaxStartups sshd
# takes the last: SSHD_STARTUPS is its value
sshd_start() {
  local config=$SSH_DIR/sshd_config
  { [ $# = 0 ] || printf '%s\n' "$@"; cat <<-CONFIG; } >"$config"
	Include $SSH_DIR/sshd_config.d/*.conf
	ListenAddress 127.0.0.1:$SSH_PORT
	HostKey $WORLD/host_key
	PidFile none
	UsePAM yes
	KbdInteractiveAuthentication yes
	PasswordAuthentication yes
	PubkeyAuthentication yes
	PermitRootLogin yes
	PrintMotd no
	UseDNS no
	MaxStartups ${SSHD_STARTUPS:-200}
	MaxSessions 200
	LoginGraceTime 60
	LogLevel VERBOSE
	Subsystem sftp internal-sftp
	CONFIG
  # OpenSSH 10 punishes the address of wrong logins, which here is everybody's
  if /usr/sbin/sshd -t -f "$config" -o PerSourcePenalties=no 2>/dev/null; then echo 'PerSourcePenalties no' >>"$config"; fi
  sshd_program "$config"
  "$SSHD_PROGRAM" -t -f "$config" || return 1
  "${DAEMON[@]}" "$SSHD_PROGRAM" -D -f "$config" -E "$WORLD_LOG/sshd.log" </dev/null &
  SSHD_PID=$!
  service_ready sshd "$SSHD_PID" listens_tcp "$SSH_PORT"
}
sshd_stop() { service_stop "$SSHD_PID" TERM && SSHD_PID=; }   # the listener: its sessions go on

# sshd_program CONFIG: sets SSHD_PROGRAM, whose PAM service is the world's: by a line of the file, or, before OpenSSH 10,
# by the program's name.
sshd_program() {
  local name
  SSHD_PROGRAM=/usr/sbin/sshd
  name=$(pam_name sshd)
  [ "$name" != sshd ] || return 0
  if /usr/sbin/sshd -t -f "$1" -o "PAMServiceName=$name" 2>/dev/null; then
    echo "PAMServiceName $name" >>"$1"
  else
    SSHD_PROGRAM=$WORLD/$name
    ln -sf /usr/sbin/sshd "$SSHD_PROGRAM"
  fi
}

# --- all of it --------------------------------------------------------------------------------------------------

# c2m_start [SECTION.KEY=VALUE ...]: stand-in, configuration, helper, PAM stacks, sshd
c2m_start() {
  standin_start && keys_copy && seal_key_write && users_write && config_write "$@" && authd_start &&
    examples_install && sshd_start
}
