#!/usr/bin/env bash
# Every test, with all that it needs: sets the machine up, builds, runs.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
  cat <<'USAGE'
usage: tests/run.sh [--list] [--no-install] [--in-place] [--jobs N] [--limit SECONDS] [--short] [--except NAME] [NAME ...]
  NAME            a part of a test's name, or a shell pattern: e2e, short_login, 'unit/*claims*'
  --list          the names only
  --no-install    install nothing: fail, and name what is missing
  --in-place      in this container itself, as where no private world can be made
  --except NAME   none of these
  --short         none of those that say in a line of theirs ("# long: WHY") what they take long for
  --jobs N        so many at once (1); in place always 1
  --limit SECONDS a test that takes longer is killed, and has failed (180; in place 600)
Run it as root: what is missing is installed by apt, and tests in tests/e2e log in for real: in a private
world, or, in a container that allows none, in the container itself, which is put back at the end.
Logs: build/tests/log. The exit status is 0 if no test failed.
USAGE
}

# shellcheck source=tests/lib/setup.sh
. tests/lib/setup.sh
# shellcheck source=tests/lib/world.sh
. tests/lib/world.sh

LOGS=$BUILD/tests/log
list='' short='' no_install='' jobs=1 limit='' except=() patterns=() arguments=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --list) list=yes ;;
    --short) short=yes ;;
    --no-install) no_install=--no-install ;;
    --in-place) export C2M_IN_PLACE=yes ;;
    --except) except+=("${2:?a name}"); shift ;;
    --jobs | --limit)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 64; }
      case $1 in --jobs) jobs=$2 ;; *) limit=$2 ;; esac
      shift ;;
    --help | -h) usage; exit 0 ;;
    -*) usage >&2; exit 64 ;;
    *) patterns+=("$1") ;;
  esac
  shift
done

# --- which tests there are --------------------------------------------------------------------------------------

# A test is KIND/FILE. A C file's cases are KIND/FILE:CASE, and count one each.
files() {
  local kind
  for kind in unit integration e2e; do
    find "tests/$kind" -maxdepth 1 \( -name 'test_*.c' -o -name '*.sh' \) 2>/dev/null | sed -E 's,^tests/,,; s,\.(c|sh)$,,' | sort
  done
}

cases() { tr '\n' ' ' <"tests/$1.c" | grep -oE 'static void \w+\( *void \*\*' | sed -E 's/static void (\w+).*/\1/'; }   # FILE

wanted() {   # NAME
  local pattern
  for pattern in "${except[@]}"; do
    # shellcheck disable=SC2053  # a pattern
    [[ $1 != *$pattern* ]] || return 1
  done
  [ ${#patterns[@]} -gt 0 ] || return 0
  for pattern in "${patterns[@]}"; do
    # shellcheck disable=SC2053  # a pattern
    [[ $1 != *$pattern* ]] || return 0
  done
  return 1
}

wanted_cases() {   # FILE: of its cases those that are wanted by their own name
  local name
  while read -r name; do
    ! wanted "$1:$name" || echo "$name"
  done < <(cases "$1")
}

chosen=()
while read -r file; do
  if [ -n "$short" ] && [ -e "tests/$file.sh" ] && grep -q '^# long: ' "tests/$file.sh"; then continue; fi
  if wanted "$file" || { [ -e "tests/$file.c" ] && [ -n "$(wanted_cases "$file")" ]; }; then chosen+=("$file"); fi
done < <(files)
if [ ${#chosen[@]} = 0 ]; then
  echo "no test is called ${patterns[*]:-anything}; --list names them" >&2
  exit 1
fi
if [ -n "$list" ]; then
  for file in "${chosen[@]}"; do
    if [ ! -e "tests/$file.c" ]; then
      echo "$file"
    else
      wanted_cases "$file" | sed "s,^,$file:,"
    fi
  done
  exit 0
fi

# --- the machine ------------------------------------------------------------------------------------------------

[ -n "$no_install" ] || setup_as_root "$0" "${arguments[@]}"
world_way
setup_packages --forge ${no_install:+"$no_install"} || exit 1
setup_build tests || exit 1
worlds=
if world_possible; then worlds=$WORLD_WAY; fi
[ "$worlds" != private ] || export C2M_PRIVATE_ONLY=yes
: "${limit:=$([ "$worlds" = in-place ] && echo 600 || echo 180)}"
if [ "$worlds" = in-place ]; then   # its tests share /etc and /run
  jobs=1
  in_place_lock
  in_place_undo
fi

# --- one file ---------------------------------------------------------------------------------------------------
# Each result is a line `PASS|FAIL|SKIP SECONDS NAME [REASON]`; what a failure printed follows it, indented.

now() { echo "${EPOCHREALTIME/[.,]/}"; }
seconds() { printf '%d.%02d' $(($1 / 1000000)) $(($1 % 1000000 / 10000)); }   # MICROSECONDS

result() { printf '%s %7s s  %s\n' "$1" "$2" "$3"; }
excerpt() { tail -n 40 | sed 's/^/        /'; }

limited() { timeout --foreground -s KILL "$limit" "$@" </dev/null 2>&1; }
ended() {   # STATUS: in words
  case $1 in
    137) echo "killed; the time limit is $limit s" ;;
    13[0-9] | 14[0-9]) echo "ended by signal $(($1 - 128)) ($(kill -l $(($1 - 128))))" ;;
    *) echo "status $1" ;;
  esac
}

# A program of cmocka's: a case is what stands between `[ RUN` and its verdict, and takes the time between them.
# These are of the program that is read: its FILE and log, the cases that are wanted (all of them: empty), the present
# case, when it began, what it printed, and how many failed.
program='' log='' only='' name='' started=0 output='' failures=0

case_ended() {   # OK|FAILED|ERROR|SKIPPED [WHY]
  local time
  time=$(seconds $(($(now) - started)))
  if [[ -z $only || $only == *" $name "* ]]; then
    case $1 in
      OK) result PASS "$time" "$program:$name" ;;
      SKIPPED) result SKIP "$time" "$program:$name"; excerpt <<<"${output:-it does not say why}" ;;
      *) result FAIL "$time" "$program:$name"; excerpt <<<"$output"; echo "        ${2:+$2; }the whole log: $log" ;;
    esac
  fi
  case $1 in OK | SKIPPED) ;; *) failures=$((failures + 1)) ;; esac
  name=
}

run_cases() {   # FILE
  local command=("$BUILD/tests/$1") line rc=0
  program=$1 log=$LOGS/$1/output
  if [ ! -x "${command[0]}" ]; then result FAIL 0.00 "$program"; echo "        it was not built"; return; fi
  wanted "$program" || only=" $(wanted_cases "$program" | tr '\n' ' ')"
  if [[ -n $worlds && $program == integration/* ]]; then
    # there is a user c2m-authd, and nothing that the machine could notice
    command=("$ROOT/tests/lib/world.sh" "${command[@]}")
  elif [ "$worlds" = in-place ] && world_root_closed; then
    command=("$ROOT/tests/lib/world.sh" --with-root --in-place "${command[@]}")
  elif [ -n "$worlds" ] && world_root_closed; then
    command=(unshare --mount --propagation private "$ROOT/tests/lib/world.sh" --with-root "${command[@]}")
  fi
  while IFS= read -r line; do
    if [[ $line == '[ ENDED ] '* ]]; then rc=${line#*] }; continue; fi
    printf '%s\n' "$line" >>"$log"
    if [[ $line == '[ RUN      ] '* ]]; then
      [ -z "$name" ] || case_ended FAILED 'it did not say how it ended'
      name=${line#*] } started=$(now) output=
    elif [[ -n $name && $line =~ ^\[\ +(OK|FAILED|ERROR|SKIPPED)\ +\]\ "$name"$ ]]; then
      case_ended "${BASH_REMATCH[1]}"
    else
      output+=${output:+$'\n'}$line
    fi
  done < <(limited "${command[@]}"; echo "[ ENDED ] $?")
  if [ -n "$name" ]; then
    case_ended FAILED "$(ended "$rc")"
  elif [ "$rc" != 0 ] && [ $failures = 0 ]; then   # it died outside of its cases
    result FAIL 0.00 "$program"
    excerpt <"$log"
    echo "        $(ended "$rc"); the whole log: $log"
  fi
}

run_script() {   # FILE
  local file=$1 log=$LOGS/$1/output started rc=0 verdict program=(bash "tests/$1.sh")
  if [ "$worlds" = private ]; then
    program=("$ROOT/tests/lib/world.sh" "${program[@]}")
  elif [[ -z $worlds && $file == e2e/* ]]; then
    result SKIP 0.00 "$file"
    echo "        $WORLD_REASON"
    return
  fi
  mkdir "$LOGS/$file/var"
  started=$(now)
  C2M_LOG_DIR=$LOGS/$file/var limited "${program[@]}" >"$log" || rc=$?
  case $rc in 0) verdict=PASS ;; 77) verdict=SKIP ;; *) verdict=FAIL ;; esac
  result $verdict "$(seconds $(($(now) - started)))" "$file"
  case $verdict in
    PASS) sed -n 's/^counted: /        /p' "$log" ;;   # a test that counts says so
    SKIP) tail -n 1 "$log" | excerpt ;;
    FAIL) excerpt <"$log"; echo "        $(ended $rc); the whole log: $log; the programs' logs: $LOGS/$file/var" ;;
  esac
}

run_file() {   # FILE
  rm -rf "${LOGS:?}/$1"
  mkdir -p "$LOGS/$1"
  if [ -e "tests/$1.c" ]; then run_cases "$1"; else run_script "$1"; fi
}

# --- all of them ------------------------------------------------------------------------------------------------

# Job control gives each test a process group, which ends as one.
set -m
work=$(mktemp -d) passed=0 failed=0 skipped=0
declare -A running=()

cleanup() {
  local pid
  trap '' INT TERM HUP PIPE
  exec 2>/dev/null   # bash would tell of each that it was killed
  for pid in "${!running[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
  rm -rf "$work"
  if [ "$worlds" = in-place ]; then in_place_undo; fi
  [ -z "${SUDO_UID:-}" ] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$LOGS"
}
trap 'cleanup; exit 129' HUP; trap 'cleanup; exit 130' INT; trap 'cleanup; exit 143' TERM
trap 'cleanup; exit 141' PIPE
trap cleanup EXIT

collect() {   # waits for one test, prints and counts its results
  local pid='' results
  wait -n -p pid "${!running[@]}"
  [ -n "$pid" ] || return
  results=${running[$pid]}
  unset "running[$pid]"
  kill -KILL -- "-$pid" 2>/dev/null   # what it left running
  cat "$results" || exit 141   # nobody reads on
  passed=$((passed + $(grep -c '^PASS ' "$results")))
  failed=$((failed + $(grep -c '^FAIL ' "$results")))
  skipped=$((skipped + $(grep -c '^SKIP ' "$results")))
}

mkdir -p "$LOGS"
begun=$SECONDS number=0
for file in "${chosen[@]}"; do
  while [ ${#running[@]} -ge "$jobs" ]; do collect; done
  number=$((number + 1))
  run_file "$file" >"$work/$number" 2>&1 &
  running[$!]=$work/$number
done
while [ ${#running[@]} -gt 0 ]; do collect; done

echo "in $((SECONDS - begun)) s"
[ $skipped = 0 ] && skipped= || skipped=", $skipped skipped"
echo "$passed passed, $failed failed$skipped"
[ "$failed" = 0 ]
