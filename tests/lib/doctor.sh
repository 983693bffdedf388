# shellcheck shell=bash
# shellcheck disable=SC2154 # run sets output and status
# c2mctl doctor, of a machine that is well until a test breaks it. For a private world: doctor looks at /etc itself.
#
#   doctor_ready [SECTION.KEY=VALUE ...]   c2m_start, and what a careful administrator does besides
#   healthy [WHAT]                         nothing is wrong, and nothing was skipped
#   sees STATUS ID REGEX [FILE[:LINE]]     exactly this one is wrong: WARN or FAIL, its words and cure, and its place
#   doctor [OPTION ...]
#   doctor_with LIBRARY   what it finds when LIBRARY is loaded before libc

doctor() { c2mctl doctor --authd "$BUILD/c2m-authd" "$@"; }

doctor_ready() {
  needs machine
  [ "$WORLD_WAY" = private ] || skip 'doctor looks at /etc itself'
  echo "root:root-$WORLD_PASSWORD" | chpasswd
  c2m_start "$@"
}

healthy() {
  run doctor
  assert_match '^[0-9]+ ok, 0 skipped, 0 warnings, 0 failures$' "$output" "${1:-not healthy}"
  assert_equal 0 "$status"
}

doctor_with() {
  local sanitizer
  sanitizer=$(ldd /usr/local/bin/c2mctl | sed -n 's/.* => \(.*libasan[^ ]*\) .*/\1/p')
  findings "$(LD_PRELOAD="$sanitizer $1" doctor || :)"
}

# doctor's lines about what is wrong
findings() { grep -E '^(WARN|FAIL) ' <<<"$1" || :; }

sees() {
  local line place=${4:-}
  run doctor
  line=$(findings "$output")
  assert_equal "$([ "$1" = FAIL ] && echo 2 || echo 1)" "$status" "$output"
  assert_match "^$1 +$2 +$3" "$line"
  [ "$(wc -l <<<"$line")" = 1 ] || fail 'several findings for one cause' "$line"
  [[ -z $place || $line == *"($place"[:\)]* ]] || fail 'another place' "expected: $place" "got: $line"
}
line_of() { grep -nE "$2" "$1" | head -n 1 | sed "s,:.*,,;s,^,$1:,"; }   # FILE REGEX
