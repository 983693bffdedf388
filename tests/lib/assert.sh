# shellcheck shell=bash
# Assertions. One that does not hold prints the test's line, what was expected and what was got, and ends the test.
#
#   run COMMAND ...                     never fails; sets `status` and `output` (standard output and error)
#   assert_status N COMMAND ...         run, and the status is N
#   assert_fails COMMAND ...            run, and it says no: the status is not 0, nor one of a command that could not judge
#   assert_equal EXPECTED GOT [WHAT]
#   assert_match REGEX TEXT [WHAT]      extended; also assert_no_match
#   assert_within SECONDS COMMAND ...   COMMAND succeeds by then
#   assert_nowhere TEXT PATH ...        no file in or under PATH holds it
#   skip REASON, fail MESSAGE ...
#   can pty|sudo|presence|su|mount|trace|audit     for a part of a test: says that it is left out where it cannot be tried
#   needs pty|sudo|presence|su|mount|trace|audit   skips the test where that cannot be tried (in_place.sh)
#                                       presence: sudo that asks nobody

fail() {
  local frame=0
  # the innermost line that is not of this library
  while [[ ${BASH_SOURCE[frame + 1]:-} == "$ROOT"/tests/lib/* ]]; do frame=$((frame + 1)); done
  printf '%s:%s: %s\n' "${BASH_SOURCE[frame + 1]:-$0}" "${BASH_LINENO[frame]}" "$1" >&2
  shift
  [ $# = 0 ] || printf '    %s\n' "$@" >&2
  trap - ERR
  exit 1
}

skip() {
  echo "$*"
  trap - ERR
  exit 77
}

# can WHAT: status 1, and it is said beside the test's result, where that part of it cannot be tried
can() { world_can "$1" || { echo "counted: a part is left out: $WORLD_REASON"; return 1; }; }

needs() { world_can "$1" || skip "$WORLD_REASON"; }

run() {
  status=0
  output=$("$@" 2>&1) || status=$?
}

assert_status() {
  local expected=$1
  shift
  run "$@"
  [ "$status" = "$expected" ] || fail "$(shown "$@")" "expected: status $expected" "got:      status $status" "output:   $output"
}

assert_fails() {
  run "$@"
  case $status in
    0) fail "$(shown "$@")" 'expected: failure' 'got:      status 0' "output:   $output" ;;
    126 | 127) fail "$(shown "$@")" 'expected: failure' "got:      status $status: it did not run" "output:   $output" ;;
    2) case $1 in test | '[' | grep) fail "$(shown "$@")" 'expected: failure' 'got:      status 2: it could not tell' "output:   $output" ;; esac ;;
  esac
}

assert_equal() {
  [ "$1" = "$2" ] || fail "${3:-not equal}" "expected: $1" "got:      $2"
}

assert_match() {
  [[ $2 =~ $1 ]] || fail "${3:-no match}" "expected: /$1/" "got:      $2"
}

assert_no_match() {
  [[ ! $2 =~ $1 ]] || fail "${3:-a match}" "expected: not /$1/" "got:      $2"
}

assert_within() {
  wait_until "$@" || fail "$(shown "${@:2}")" "expected: success within $1 s" 'got:      none'
}

assert_nowhere() {
  local text=$1 found
  shift
  found=$(printf '%s' "$text" | grep -rlaF -f - -- "$@" 2>/dev/null) || :
  [ -z "$found" ] || fail 'text that should be nowhere' 'expected: no file' "got:      $found"
}

# A command as it was called, but with long words, which may be tokens, cut.
shown() {
  local word
  for word; do
    [ ${#word} -le 60 ] || word="${word:0:20}…"
    printf '%s ' "$word"
  done
}
