#!/usr/bin/env bash
# What a reviewer should not have to look for: format, warnings of two compilers, the order of the rooms, one
# library in one file, what the repository must not name. Prints the sizes of files and functions.
set -u
cd "$(dirname "$0")/../.." || exit 1

wrong=0
fail() {
    wrong=$((wrong + 1))
    printf 'lint: %s\n' "$*"
}

missing=
for tool in clang clang-format-19 shellcheck; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "lint: installing$missing"
    # shellcheck disable=SC2086 # a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || exit 1
fi

mapfile -t sources < <(git ls-files '*.c' '*.h' 2>/dev/null || find . -name '*.[ch]' -not -path './build/*')
mapfile -t scripts < <(git ls-files '*.sh' .ci/run 2>/dev/null || find . -name '*.sh' -not -path './build/*')

clang-format-19 --dry-run --Werror "${sources[@]}" || fail "clang-format-19 -i would change the files above"
shellcheck -x "${scripts[@]}" || fail "shellcheck"

for compiler in gcc clang; do
    make -s -j"$(nproc)" CC=$compiler WERROR=1 BUILD=build/lint-$compiler all tests benches >/dev/null || fail "$compiler warns"
done

# A room includes only the rooms below it: the Makefile says which, from the lowest to the highest.
read -ra rooms < <(sed -n 's/^ROOMS := //p' Makefile)
[ ${#rooms[@]} -gt 1 ] || fail "the Makefile names no ROOMS"
any_room=$(IFS='|' && echo "${rooms[*]}")
rank() {
    for i in "${!rooms[@]}"; do [ "${rooms[i]}" = "$1" ] && echo "$i"; done
}
while IFS=: read -r file _ include; do
    from=${file#helper/daemon/}
    from=${from%%/*}
    to=${include#*\"}
    to=${to%%/*}
    [ "$(rank "$to")" -le "$(rank "$from")" ] || fail "$file includes from the room above: $include"
done < <(grep -nE "#include \"($any_room)/" helper/daemon/*/*.[ch])
while read -r file; do
    fail "$file reads the configuration: only the top does"
done < <(grep -lE '#include "(config|rules|daemon|options)' helper/daemon/*/*.[ch])

# A third-party library is named in one file of a program.
one_file() { # HEADER FILE ...
    local header=$1 found
    shift
    mapfile -t found < <(grep -lE "#include <$header" "$@")
    [ ${#found[@]} -le 1 ] || fail "$header is named in several files: ${found[*]}"
}
for header in curl/ json-c/ jwt.h jansson.h openssl/ event2/ sqlite3.h sodium.h seccomp.h ini.h; do
    one_file "$header" helper/daemon/*.c helper/daemon/*/*.c
done
for header in json-c/ sodium.h; do
    one_file "$header" helper/ctl/*.c
done
! grep -lE '#include <(curl|json-c|jwt|jansson|openssl|event2|sqlite3|sodium)' pam_module/*.c helper/client/*.c ||
    fail "the module and its client need libpam and libc only"

echo "lint: files over 250 lines:"
wc -l "${sources[@]}" | awk '$1 > 250 && $2 != "total" && $2 !~ /^tests\// { print "  " $1, $2 }'
echo "lint: functions over 40 lines:"
for file in "${sources[@]}"; do
    case $file in *.c) ;; *) continue ;; esac
    awk -v file="$file" '/^[a-zA-Z_].*\)$/ { head = $0 } /^\{/ { start = NR }
        /^\}/ { if (start && NR - start > 40) print "  " NR - start, file, head; start = 0 }' "$file"
done

[ "$wrong" = 0 ] && echo "lint: clean"
exit $((wrong > 0))
