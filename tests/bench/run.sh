#!/usr/bin/env bash
# `make bench`: what a login costs, beside what it is compared to, in one run.
#   tests/bench/run.sh [--json] [--svg FILE]      a table, or one line of JSON; a drawing of it besides
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
arguments=("$@")

# shellcheck source=tests/lib/world.sh
. tests/lib/world.sh
if ! world_entered; then
  # shellcheck source=tests/lib/setup.sh
  . tests/lib/setup.sh
  setup_as_root "$PWD/tests/bench/run.sh" "${arguments[@]}"
  { setup_packages && setup_build benches; } >&2 || exit 1
  if ! world_possible || [ "$WORLD_WAY" = in-place ]; then
    echo "The bench needs a private world: $WORLD_REASON" >&2
    exit 77
  fi
  world_enter bash "$PWD/tests/bench/run.sh" "${arguments[@]}"
fi
for part in services tokens clients; do
  # shellcheck source=/dev/null
  . "tests/lib/$part.sh"
done

# All four kinds: for one that is missing libpam loads what /etc/pam.d/other names, which costs more than any of them.
stack() { # NAME MODULE [ARGUMENT]
  printf '%s required %s\n' auth "$2 ${3:-}" account "$2" password "$2" session "$2" >"/etc/pam.d/$1"
}
stack bench-permit pam_permit.so
stack bench-unix pam_unix.so
stack bench pam_c2m.so
stack sudo pam_c2m.so reuse
sed -i '/^session/i session required pam_loginuid.so' /etc/pam.d/bench

# a password as Debian keeps one: the worlds' own hashes cost next to nothing
# shellcheck disable=SC2016  # a salt
usermod --password "$(perl -e 'print crypt("alice-password", q($y$j9T$c2mbenchc2mbench$))')" alice

standin_start --short-ttl 3000 >&2
keys_copy
seal_key_write
users_write
settings=(api.requests_per_minute=10000 'login.accept=short long code' 'service sudo.reuse=15m')
config_write "${settings[@]}"
# the state on a real disk where there is one: a commit on a tmpfs costs nothing
disk=$(mktemp -d "$BUILD/bench-state.XXXXXX")
trap 'authd_stop; umount /var/lib/c2m "$disk"; rm -rf "$disk"' EXIT
mount --bind "$disk" "$disk"
mkdir -p /var/lib/c2m && mount --bind "$disk" /var/lib/c2m
chown c2m-authd: /var/lib/c2m
authd_start >&2 || exit 1

umask 077
for use in login session one among 100 1000 10000; do mint alice >"/run/short.$use"; done   # each is dead when its part is over
mint alice type=long >/run/long
for ((n = 0; n < 100; n++)); do code alice; done >/run/codes
results=/run/results
: >"$results"
bench() { "$BUILD/tests/bench/$1" "${@:2}" >>"$results" || { echo "bench: $*: status $?" >&2; exit 1; }; }
say() { printf '%s=%s\n' "$1" "$2" >>"$results"; }
# what a part has left to be revoked is done: it would be measured with the next one
quiet() { [ "$(c2mctl status --json | grep -o '"pending":[0-9]*')" = '"pending":0' ]; }
settle() { wait_until 120 quiet || echo 'revocations are still pending' >&2; }
# the server as a client sees it that does nothing else
exchange() { "$BUILD/tests/bench/exchange" "https://127.0.0.1:$STANDIN_PORT" "$STANDIN_DIR/ca.pem" /run/long; }

# Without what it costs to wake a processor that sleeps, four times a sudo.
on_one_processor() {
  taskset -acp 0 "$AUTHD_PID" >/dev/null
  taskset -c 0 "$BUILD/tests/bench/login" session /run/short.one | sed 's/^session/session_one/' >>"$results"
  taskset -acp "0-$(($(nproc) - 1))" "$AUTHD_PID" >/dev/null
}
one_login() {
  (cd /run && bench floor)
  bench login module "$(echo /usr/lib/*/security/pam_c2m.so)"
  bench login commit /var/lib/c2m
  bench login short /run/short.login
  bench login session /run/short.session
  on_one_processor
  bench login codes /run/codes
  settle
}

# with the stand-in's own share of it and its count of requests; the server before and after: the machine is not always as fast
long_logins() {
  exchange >/run/before || exit 1
  "$BUILD/tests/bench/login" long warm /run/long 1 >/dev/null || exit 1   # a connection is there
  settle
  ask reset-requests >/dev/null
  bench login long long /run/long
  say long_requests "$(ask 'requests endpoint=short' count)"
  say long_connections "$(ask requests connections)"
  exchange | sort - /run/before | awk -F= '{ t[$1] += $2 } END { for (n in t) print n "=" t[n] / 2 }' >>"$results"
  settle
}

# the same over a network of 40 ms there and back: what is kept alive is worth more than what is fast
far_away() {
  local port=$((STANDIN_PORT + 1))
  "$BUILD/tests/bench/delay" "$port" "$STANDIN_PORT" 20 &
  authd_stop
  config_write "${settings[@]}" "api.url=https://127.0.0.1:$port"
  authd_start >&2 || exit 1
  "$BUILD/tests/bench/login" long warm /run/long 1 >/dev/null || exit 1
  settle
  ask reset-requests >/dev/null
  bench login long far /run/long 50
  say far_requests "$(ask 'requests endpoint=short' count)"
  say far_connections "$(ask requests connections)"
  settle
  authd_stop
  kill %%
  config_write "${settings[@]}"
  authd_start >&2 || exit 1
}

many() {
  authd_restart >&2   # the logins above opened nothing, and would take up places for two minutes
  bench crowd at-once 100 /run/short.100
  bench crowd at-once 1000 /run/short.1000
  authd_restart >&2   # of those memory is what is measured, not of what came before
  mkfifo /run/hold
  "$BUILD/tests/bench/crowd" sessions 10000 /run/short.10000 "$AUTHD_PID" </run/hold >/run/held &
  exec 9>/run/hold
  wait_until 600 grep -q '^held=' /run/held || { echo 'bench: 10,000 sessions cannot be opened' >&2; exit 1; }
  grep -v '^held=' /run/held >>"$results"
  starts_with_all 9>&-   # the helper would hold it open for ever
  "$BUILD/tests/bench/login" session /run/short.among | sed 's/^session/session_10000/' >>"$results"
  exec 9>&-
  wait_until 300 no_session || echo 'sessions are still open' >&2
}
sessions_there() { c2mctl status --json 2>/dev/null | grep -o '"sessions":[0-9]*' | cut -d : -f 2; }
no_session() { [ "$(sessions_there)" = 0 ]; }
# from the start of the program to its first answer, with what it finds in its database
starts_with_all() {
  local from
  authd_stop
  from=${EPOCHREALTIME/[.,]/}
  authd_start >&2 || exit 1
  until c2mctl status >/dev/null 2>&1; do :; done
  say start_10000_ms $(((${EPOCHREALTIME/[.,]/} - from) / 1000))
  say start_10000_sessions "$(sessions_there)"
  say start_10000_rss_kb "$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$AUTHD_PID/status")"
}

one_login
long_logins
far_away
many
bench verify --values
say module_bytes "$(stat -c %s "$BUILD/pam_c2m.so")"

declare -A value
while IFS='=' read -r name number; do value[$name]=$number; done <"$results"
derived() { value[$1]=$(awk "BEGIN { printf \"%.1f\", $2 }"); say "$1" "${value[$1]}"; }
derived short_own_p50 "${value[short_beyond_p50]} - ${value[commit_p50]}"
derived long_own_p50 "${value[long_beyond_p50]} - ${value[exchange_p50]} - ${value[commit_p50]}"
derived session_floors "${value[session_beyond_p50]} / ${value[floor_two_p50]}"
derived session_one_floors "${value[session_one_beyond_p50]} / ${value[floor_two_p50]}"
derived short_floors "${value[short_beyond_p50]} / ${value[floor_two_p50]}"
derived long_floors "${value[long_beyond_p50]} / ${value[floor_two_p50]}"

while [ $# -gt 0 ]; do
  case $1 in
    --json) json=yes ;;
    --svg) tests/bench/draw.sh "$results" >"$2" || exit 1; shift ;;
    *) echo "usage: tests/bench/run.sh [--json] [--svg FILE]" >&2; exit 64 ;;
  esac
  shift
done
if [ -n "${json:-}" ]; then
  sort "$results" | awk -F= '{ printf ",\"%s\":%s", $1, $2 }' | sed 's/^/{"schema":1/; s/$/}\n/'
  exit 0
fi

row() { printf '%-46s %10s %10s   %s\n' "$@"; }
of() { row "$1" "${value[$2_p50]}" "${value[$2_p99]}" "${3:-}"; }
row 'pam_start to pam_end, µs' p50 p99 'to reach'
of 'pam_permit' permit
of 'pam_unix' unix
of 'one FULL commit, the same disk' commit
of 'two echoes over the same kind of socket' floor_two
of "pam_c2m, session (sudo's path)" session
of '  beyond pam_permit' session_beyond '<= 250'
row '  as many times the two echoes' "${value[session_floors]}" '' '<= 2'
row '  the same on one processor alone' "${value[session_one_floors]}"
of '  among 10,000 sessions' session_10000
of 'pam_c2m, short token' short
row '  beyond pam_permit and the commit' "${value[short_own_p50]}" '' '<= 250'
row '  as many times the two echoes' "${value[short_floors]}"
of 'pam_c2m, long token' long
of 'the same exchange by libcurl alone' exchange
row '  beyond pam_permit, exchange and commit' "${value[long_own_p50]}" '' '<= 400'
row '  as many times the two echoes' "${value[long_floors]}"
of 'pam_c2m, code' code
of 'pam_c2m, long token, 40 ms to the server' far
echo
for where in long far; do
  printf 'requests and new connections of %s long logins on a warm helper%s: %s and %s\n' "$([ $where = far ] && echo 51 || echo 101)" \
    "$([ $where = far ] && echo ', 40 ms away')" "${value[${where}_requests]}" "${value[${where}_connections]}"
done
for many in 100 1000; do
  printf 'logins a second, %s at once (short): %s, of which failed: %s\n' "$many" "${value[at_once_${many}_per_second]}" "${value[at_once_${many}_failed]}"
done
printf 'module: %s bytes (<= 200000); in a process: %s libraries beyond libpam, %s kB private\n' "${value[module_bytes]}" \
  "${value[module_libraries]}" "${value[module_private_kb]}"
printf 'helper: %s kB resident, %s kB with 1,000 sessions, %s kB with 10,000 (<= 32768)\n' "${value[helper_rss_0_kb]}" \
  "${value[helper_rss_1000_kb]}" "${value[helper_rss_10000_kb]}"
printf 'start with %s sessions in the database: %s ms to the first answer, %s kB resident\n\n' "${value[start_10000_sessions]}" \
  "${value[start_10000_ms]}" "${value[start_10000_rss_kb]}"
checked() { printf '%-24s %10s %10s %10s %10s   %s\n' "$@"; }
checked 'check a token, µs' RS256 PS256 ES256 EdDSA 'to reach'
for way in first:'verifier, first time' remembered:'verifier, remembered' openssl:'OpenSSL alone' libjwt:libjwt; do
  word=${way%%:*}
  checked "${way#*:}" "${value[RS256_$word]}" "${value[PS256_$word]:--}" "${value[ES256_$word]}" "${value[EdDSA_$word]:--}" \
    "$([ "$word" = first ] && echo '<= 2 x OpenSSL')"
done
