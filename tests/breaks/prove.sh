#!/usr/bin/env bash
# `make prove`: each patch beside this script breaks a copy of the source in one place that guards a grant; the test
# that it is named after, or that its first line names, must fail then. One that still passes is worth nothing.
#   tests/breaks/prove.sh [NAME ...]
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/lib/setup.sh
. tests/lib/setup.sh
setup_as_root "$PWD/tests/breaks/prove.sh" "$@"
setup_packages --forge || exit 1

copy=$(mktemp -d /var/tmp/c2m-prove.XXXXXX)
trap 'rm -rf "$copy"' EXIT
chmod 0755 "$copy"
cp -a Makefile include pam_module helper tests examples "$copy/"
cd "$copy" || exit 1
export C2M_BUILD=$copy/build

build() { make -s -j "$(nproc)" "$@" >make.log 2>&1 </dev/null; }
build all || { tail -n 20 make.log; exit 1; }

# The program that a unit test's case is in, or the script of that name.
find_test() { # NAME
  local file
  file=$(grep -lE "(static void |TEST\()$1\b" tests/unit/*.c tests/integration/*.c 2>/dev/null)
  # two files with a case of that name: which of them is meant must be said
  [[ $file != *$'\n'* ]] || { echo "$1 stands in $(tr '\n' ' ' <<<"$file")" >&2; return; }
  if [ -n "$file" ]; then
    echo "build/${file%.c}"
  elif [ -e "tests/${1%.sh}.sh" ]; then
    echo "tests/${1%.sh}.sh"
  fi
}

# Status 0: the test failed, as it must.
sees() { # NAME PROGRAM
  local wanted
  case $2 in
    *.sh)
      build all && { [[ $2 != tests/integration/* && $2 != tests/neighbour/* && $2 != *monitor_execs* ]] || build harnesses; } && { [[ $2 != *fuzz* ]] || build fuzzers; } && { [[ $2 != *next_version* ]] || build newer; } && ! timeout -k 1 200 bash "$2" >out.log 2>&1 </dev/null
      ;;
    *)
      wanted="^\[  FAILED  \] $1\$"
      [[ $1 != */* ]] || wanted='^\[  FAILED  \]'
      build "$2" && { [[ $2 != */integration/* ]] || build all; } && ! timeout -k 1 200 "$2" >out.log 2>&1 </dev/null && { grep -qE "$wanted" out.log || ! grep -q 'PASSED' out.log; }
      ;;
  esac
}

wanted=("$@")
seen=0 unseen=0
for name in "${wanted[@]}"; do
  [ -e "tests/breaks/$name.patch" ] || { echo "FAIL $name: there is no such patch"; unseen=$((unseen + 1)); }
done
for patch in tests/breaks/*.patch; do
  name=$(basename "$patch" .patch)
  [ ${#wanted[@]} = 0 ] || [[ " ${wanted[*]} " == *" $name "* ]] || continue
  test=$(sed -n 's/^test: //p' "$patch" | head -n 1)
  program=$(find_test "${test:-$name}")
  [[ ${test:-} != unit/* ]] || program=build/tests/$test
  if [ -z "$program" ]; then
    echo "FAIL $name: there is no such test"
    unseen=$((unseen + 1))
  elif ! patch -s -f -p1 --dry-run <"$patch" >patch.log; then
    echo "FAIL $name: the patch does not apply any more"
    unseen=$((unseen + 1))
  else
    patch -s -p1 <"$patch"
    if sees "${test:-$name}" "$program"; then
      echo "ok   $name"
      seen=$((seen + 1))
    else
      echo "FAIL $name: the test passes all the same, or it does not build"
      unseen=$((unseen + 1))
    fi
    patch -s -R -p1 <"$patch"
  fi
done
echo "$seen breaks were seen, $unseen were not"
[ "$unseen" = 0 ]
