# shellcheck shell=bash
# Sourced by what runs on a machine that is thrown away: alice, a stand-in for the API, logins by ssh.
# C2M_STANDIN is the stand-in's program, STANDIN_DIR (/run/standin) its folder. PATIENCE=N: on a machine that is so many
# times slower than others.
# shellcheck disable=SC2317 # functions that `within` and other arguments call

STANDIN_DIR=${STANDIN_DIR:-/run/standin}

within() {   # SECONDS COMMAND ...: until it is so
  local end=$((SECONDS + $1 * ${PATIENCE:-1}))
  until "${@:2}" >/tmp/said 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done
}

# --- the API ----------------------------------------------------------------------------------------------------

standin_start() {
  install -d -m 0700 "$STANDIN_DIR"
  setsid "$C2M_STANDIN" --listen 127.0.0.1:8443 --dir "$STANDIN_DIR" </dev/null >/tmp/standin.log 2>&1 &
  standin=$!
  within 10 ask help
}
standin_stop() { [ -z "${standin:-}" ] || kill "$standin"; }
ask() { "$C2M_STANDIN" --ask "$STANDIN_DIR" "$1" ${2:+--field "$2"}; }   # LINE [FIELD]
mint() { ask "mint client=c2m_alice ${1:-}" token; }
token_is() { [ "$(ask "token hash=$(printf %s "$2" | sha256sum | cut -d ' ' -f 1)" state)" = "$1" ]; }   # STATE TOKEN

# What the administrator writes into the two files, in place of the placeholders.
configure() {
  install -m 0644 "$STANDIN_DIR/verify-key.pem" /etc/c2m/api-key.pem
  install -m 0644 "$STANDIN_DIR/ca.pem" /etc/c2m/api-ca.pem
  sed -i -e 's,<https://api.example.com/v2>,https://127.0.0.1:8443\nca = /etc/c2m/api-ca.pem,' -e 's,<c2m-api>,c2m-api,' \
    -e 's,</etc/c2m/api-key.pem>,/etc/c2m/api-key.pem,' -e 's,<login:web1>,login:web1,' /etc/c2m/authd.conf
  sed -i 's,<c2m_abc123>,c2m_alice,' /etc/c2m/users
}

# --- users ------------------------------------------------------------------------------------------------------

user_with_password() { useradd --create-home --shell /bin/bash "$1" && echo "$1:$1-password" | chpasswd; }   # USER

# ssh_as USER SECRET COMMAND: on a terminal; the secret is typed at whatever asks first. What ssh said: /run/ssh.err
ssh_as() {
  printf '#!/bin/sh\ncat /run/typed\n' >/tmp/askpass && chmod 0755 /tmp/askpass   # nothing is executed in /run
  (umask 077; printf '%s\n' "$2" >/run/typed)
  SSH_ASKPASS=/tmp/askpass SSH_ASKPASS_REQUIRE=force timeout -k 2 "$((40 * ${PATIENCE:-1}))" setsid -w ssh -tt -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o PreferredAuthentications=keyboard-interactive,password -o NumberOfPasswordPrompts=1 \
    -o LogLevel=ERROR "$1@127.0.0.1" "$3" </dev/null 2>/run/ssh.err | tr -d '\r'
}
logs_in() { [ "$(ssh_as "$1" "$2" 'id -un')" = "$1" ]; }   # USER SECRET

# A session of alice that obeys: each line of /run/orders is run in it, and its output stands in /tmp/told afterwards.
session_open() {   # TOKEN
  rm -f /run/orders /tmp/told /tmp/open
  mkfifo -m 0644 /run/orders
  # shellcheck disable=SC2016 # the session's shell
  ssh_as alice "$1" 'touch /tmp/open; while read -r line; do eval "$line" >/tmp/told.new 2>&1 </dev/null; mv /tmp/told.new /tmp/told; done </run/orders' >/dev/null &
  session=$!
  exec 9<>/run/orders   # opened for writing alone it would wait for a session that may never come
  within 10 test -e /tmp/open
}
session_run() {   # COMMAND: what it prints
  rm -f /tmp/told
  echo "$1" >&9
  within 10 test -e /tmp/told && cat /tmp/told
}
session_close() { exec 9>&-; wait "$session"; rm -f /tmp/open; }
