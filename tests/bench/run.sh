#!/usr/bin/env bash
# `make bench`: what a login costs, beside what it is compared to, in one run. Prints a table, and with --json one line.
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

standin_start --short-ttl 900 >&2
keys_copy
seal_key_write
users_write
config_write api.requests_per_minute=10000 'service sudo.reuse=15m'
# the state on a real disk where there is one: a commit on a tmpfs costs nothing
disk=$(mktemp -d "$BUILD/bench-state.XXXXXX")
trap 'authd_stop; umount /var/lib/c2m "$disk"; rm -rf "$disk"' EXIT
mount --bind "$disk" "$disk"
mkdir -p /var/lib/c2m && mount --bind "$disk" /var/lib/c2m
chown c2m-authd: /var/lib/c2m
authd_start >&2 || exit 1

umask 077
mint alice >/run/short
mint alice type=long >/run/long
module=$(ls /usr/lib/*/security/pam_c2m.so)
results=/run/results
bench() { "$BUILD/tests/bench/login" /run/short /run/long /var/lib/c2m "$AUTHD_PID" "$module"; }
bench >"$results" || exit 1

# the long token's part, with the stand-in's own share of it and its count of requests
BENCH_PART=warm bench || exit 1 # a connection is there
# what the parts before have left to be revoked is done: it would be measured with this one
quiet() { [ "$(c2mctl status --json | grep -o '"pending":[0-9]*')" = '"pending":0' ]; }
wait_until 60 quiet || echo 'revocations are still pending' >&2
# the server as a client sees it that does nothing else: before and after, because the machine is not always as fast
exchange() { "$BUILD/tests/bench/exchange" "https://127.0.0.1:$STANDIN_PORT" "$STANDIN_DIR/ca.pem" /run/long; }
exchange >/run/before || exit 1
ask reset-requests >/dev/null
BENCH_PART=long bench >>"$results" || exit 1
{
  echo "long_requests=$(ask 'requests endpoint=short' count)"
  echo "long_connections=$(ask requests connections)"
  echo "standin_total_us=$(ask serve-time total_us)"
  echo "standin_count=$(ask serve-time count)"
  exchange | sort - /run/before | awk -F= '{ t[$1] += $2 } END { for (n in t) print n "=" t[n] / 2 }'
  echo "module_bytes=$(stat -c %s "$BUILD/pam_c2m.so")"
} >>"$results"

declare -A value
while IFS='=' read -r name number; do value[$name]=$number; done <"$results"
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }
short_own=$(less "${value[short_beyond_p50]}" "${value[commit_p50]}")
long_own=$(less "$(less "${value[long_beyond_p50]}" "${value[exchange_p50]}")" "${value[commit_p50]}")

if [ "${1:-}" = --json ]; then
  {
    printf '{"schema":1'
    sort "$results" | while IFS='=' read -r name number; do printf ',"%s":%s' "$name" "$number"; done
    printf ',"short_own_p50":%s,"long_own_p50":%s}\n' "$short_own" "$long_own"
  }
  exit 0
fi

row() { printf '%-46s %10s %10s   %s\n' "$@"; }
row 'pam_start to pam_end, µs' p50 p99 'to reach'
row 'pam_permit' "${value[permit_p50]}" "${value[permit_p99]}" ''
row 'pam_unix' "${value[unix_p50]}" "${value[unix_p99]}" ''
row 'one FULL commit, the same disk' "${value[commit_p50]}" "${value[commit_p99]}" ''
row 'pam_c2m, short token' "${value[short_p50]}" "${value[short_p99]}" ''
row '  beyond pam_permit and the commit' "$short_own" '' '<= 250'
row "pam_c2m, session (sudo's path)" "${value[session_p50]}" "${value[session_p99]}" ''
row '  beyond pam_permit' "${value[session_beyond_p50]}" "${value[session_beyond_p99]}" '<= 250'
row 'pam_c2m, long token' "${value[long_p50]}" "${value[long_p99]}" ''
row 'the same exchange by libcurl alone' "${value[exchange_p50]}" "${value[exchange_p99]}" ''
row '  beyond pam_permit, exchange and commit' "$long_own" '' '<= 400'
printf '\nrequests and new connections of %s long logins on a warm helper: %s and %s\n' "${value[long_requests]}" \
  "${value[long_requests]}" "${value[long_connections]}"
printf 'logins a second, 100 at once (short): %s, of which failed: %s\n' "${value[logins_per_second]}" "${value[at_once_failed]}"
printf 'module: %s bytes (<= 200000); in a process: %s libraries beyond libpam, %s kB private\n' "${value[module_bytes]}" \
  "${value[module_libraries]}" "${value[module_private_kb]}"
printf 'helper: %s kB resident, %s kB with 1,000 sessions\n' "${value[helper_rss_before_kb]}" "${value[helper_rss_1000_kb]}"
