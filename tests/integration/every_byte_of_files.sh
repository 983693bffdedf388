#!/usr/bin/env bash
# Each byte in each place of the configuration, of the users file, of a PAM stack and in c2mctl's arguments: what the
# helper, syslog and c2mctl say of it is printable ASCII, in lines of their own.
. "$(dirname "$0")/../lib/test.sh"

WORKERS=4
standin_start; keys_copy; seal_key_write; users_write; config_write

# A value, a key and a section of each kind. A control character ends the reading, and no file that is named is looked for.
config_odd() {   # TEXT, for printf
  # shellcheck disable=SC2059
  printf "[api]
url = https://127.0.0.1:1/$1
ca = /etc/c2m/$1
requests_per_minute = $1
$1 = 1
[$1]
[service $1]
reuse = $1
[verify]
issuer = $1
key = /etc/c2m/$1
algorithm = $1
[login]
users = /etc/c2m/$1
accept = $1
required_scopes = $1
[host]
key = /etc/c2m/$1
[revocation]
seal_key = /etc/c2m/$1
" >authd.conf
}
users_odd() {   # LINE, for printf
  # shellcheck disable=SC2059
  printf "$1\n" >users
}

# helper_says [--check]: a start by hand says it on standard error and in syslog; neither comes as far as to serve
helper_says() {
  local status=0
  timeout 20 "$BUILD/c2m-authd" --config "$PWD/authd.conf" --state-dir "$STATE_DIR" --runtime-dir "$WORLD/none" "$@" >>helper 2>&1 || status=$?
  assert_equal 78 "$status" "$odd $*"
}
ctl_says() { c2mctl "$@" --authd "$BUILD/c2m-authd" --config "$PWD/authd.conf" >>"$1" 2>&1 || :; }

arguments_odd() {   # TEXT
  c2mctl "$1" || :
  c2mctl explain "$1" || :
  c2mctl sessions --runtime-dir "/$1" || :
  c2mctl config-check --authd "$BUILD/c2m-authd" --config "/$1" || :
} >>arguments 2>&1

# Each WORKERSth byte, in a folder of its own.
bytes_from() {
  local number odd text
  mkdir "$WORLD/odd$1"
  cd "$WORLD/odd$1"
  for ((number = $1; number < 256; number += WORKERS)); do
    printf -v odd 'a\\x%02xevent=forged' "$number"
    odd=${odd/\\x25/%%}
    config_odd "$odd"
    helper_says
    helper_says --check
    ctl_says config-check --json
    ctl_says doctor --quiet
    config_odd "$odd\n$odd"   # a line by itself
    helper_says --check
    sed "s,^\[login\],&\nusers = $PWD/users," /etc/c2m/authd.conf >authd.conf
    for line in "$odd = c2m_alice" "alice = c2m_$odd!"; do
      users_odd "$line"
      helper_says --check
    done
    users_odd "[$odd]"
    helper_says
    printf '%b = c2m_%b\n[%b]\n' "$odd" "$odd" "$odd" >>all
    printf -v text %b "$odd"   # up to a NUL
    arguments_odd "$text"
    printf "auth required pam_unix.so\nauth sufficient pam_c2m.so %b=1\nauth %b pam_%b.so\n@include %b\n" "$odd" "$odd" "$odd" "$odd" >"$WORLD/pam.d/${text//\//s}"
  done
}
mkdir "$WORLD/pam.d"
workers=()
for ((worker = 0; worker < WORKERS; worker++)); do
  bytes_from "$worker" &
  workers+=($!)
done
for worker in "${workers[@]}"; do wait "$worker"; done

# c2mctl reads on where the helper stops
cd "$WORLD"
cp odd0/authd.conf authd.conf
sed -i "s,^users = .*,users = $WORLD/users," authd.conf
cat odd*/all >users
ctl_says doctor
ctl_says report
c2mctl doctor --fix --authd "$BUILD/c2m-authd" --config "$PWD/authd.conf" >fix 2>&1 || :
c2mctl rehearse --pam-dir "$WORLD/pam.d" >rehearsed 2>&1 || :
for stack in pam.d/*; do
  c2mctl rehearse --pam-dir "$WORLD/pam.d" "${stack#*/}" || :
done >>rehearsed 2>&1
cat odd*/arguments >arguments
cat odd*/helper >helper
cat odd*/config-check >config-check
cat odd*/doctor >>doctor
grep -F 'c2m-authd[' "$WORLD_LOG/syslog" >syslog

# clean NAME LINES PATTERN: so many at least, and each begins so
clean() {
  local odd
  odd=$(LC_ALL=C grep -naP '[^\x20-\x7e]' "$1" | cat -v || :)
  assert_equal '' "$(head -n 3 <<<"$odd")" "what is not printable: $1"
  assert_equal '' "$(grep -nvE "$3" "$1" | head -n 3 || :)" "lines of somebody else's: $1"
  [ "$(wc -l <"$1")" -ge "$2" ] || fail "$(wc -l <"$1") lines of $1, not $2"
}
clean helper 5000 "^(warning: )?($WORLD/odd[0-9]/(authd\.conf|users)|/etc/c2m/)"
clean syslog 2000 '^<[0-9]+>[A-Z][a-z]{2} [ 0-9]+:[0-9]{2}:[0-9]{2} c2m-authd\[[0-9]+\]: (warning: )?/'
clean config-check 256 '^\{"schema":1,'
clean doctor 2000 '^(OK|SKIP|WARN|FAIL|[0-9]+ ok,)'
clean fix 100 '^(# |passwd root|useradd )'
clean arguments 1024 '^(c2mctl: |/a|/users: )'
clean rehearsed 255 ''
clean report 500 ''
# the bytes came so far, and a filter met them
for byte in 80 9b ff; do
  grep -qF "a\\x${byte}event=forged" syslog || fail "no $byte in syslog"
done
grep -qF '/etc/c2m/a?event=forged' helper || fail 'no path in what the helper says'
echo "lines: $(wc -l helper syslog config-check doctor fix report arguments rehearsed | awk '{ printf "%s %s, ", $2, $1 }')"
