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
  world_enter bash "$PWD/tests/bench/run.sh" "${arguments[@]}"
fi
for part in services tokens clients; do
  # shellcheck source=/dev/null
  . "tests/lib/$part.sh"
done

stack() { # NAME AUTH_LINE ACCOUNT_LINE [SESSION_LINE ...]
  local name=$1
  printf 'auth %s\naccount %s\n' "$2" "$3" >"/etc/pam.d/$name"
  shift 3
  [ $# = 0 ] || printf 'session %s\n' "$@" >>"/etc/pam.d/$name"
}
stack bench-permit 'required pam_permit.so' 'required pam_permit.so'
stack bench-unix 'required pam_unix.so' 'required pam_unix.so'
stack bench 'required pam_c2m.so' 'required pam_c2m.so' 'required pam_loginuid.so' 'required pam_c2m.so'
stack sudo 'required pam_c2m.so reuse' 'required pam_c2m.so'

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
ask reset-requests >/dev/null
BENCH_PART=long bench >>"$results" || exit 1
{
  echo "long_requests=$(ask 'requests endpoint=short' count)"
  echo "long_connections=$(ask requests connections)"
  echo "standin_total_us=$(ask serve-time total_us)"
  echo "standin_count=$(ask serve-time count)"
  echo "module_bytes=$(stat -c %s "$BUILD/pam_c2m.so")"
} >>"$results"

declare -A value
while IFS='=' read -r name number; do value[$name]=$number; done <"$results"
own=$(awk -v t="${value[long_p50]}" -v s="${value[standin_total_us]}" -v n="${value[standin_count]}" 'BEGIN { printf "%.1f", t - s / n }')
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }

if [ "${1:-}" = --json ]; then
  {
    printf '{"schema":1'
    sort "$results" | while IFS='=' read -r name number; do printf ',"%s":%s' "$name" "$number"; done
    printf ',"long_own_p50":%s}\n' "$own"
  }
  exit 0
fi

row() { printf '%-46s %10s %10s   %s\n' "$@"; }
row 'pam_start to pam_end, µs' p50 p99 'to reach'
row 'pam_permit' "${value[permit_p50]}" "${value[permit_p99]}" ''
row 'pam_unix' "${value[unix_p50]}" "${value[unix_p99]}" ''
row 'one FULL commit, the same disk' "${value[commit_p50]}" "${value[commit_p99]}" ''
row 'pam_c2m, short token' "${value[short_p50]}" "${value[short_p99]}" ''
row '  without the commit' "$(less "${value[short_p50]}" "${value[commit_p50]}")" '' '<= 250'
row "pam_c2m, session (sudo's path)" "${value[session_p50]}" "${value[session_p99]}" '<= 250'
row 'pam_c2m, long token' "${value[long_p50]}" "${value[long_p99]}" ''
row "  without the stand-in's own time" "$own" '' ''
row '  and without the commit' "$(less "$own" "${value[commit_p50]}")" '' '<= 400'
printf '\nrequests and new connections of %s long logins on a warm helper: %s and %s\n' "${value[long_requests]}" \
  "${value[long_requests]}" "${value[long_connections]}"
printf 'logins a second, 100 at once (short): %s, of which failed: %s\n' "${value[logins_per_second]}" "${value[at_once_failed]}"
printf 'module: %s bytes (<= 200000); in a process: %s libraries beyond libpam, %s kB private\n' "${value[module_bytes]}" \
  "${value[module_libraries]}" "${value[module_private_kb]}"
printf 'helper: %s kB resident, %s kB with 1,000 sessions\n' "${value[helper_rss_before_kb]}" "${value[helper_rss_1000_kb]}"
