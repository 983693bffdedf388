#!/usr/bin/env bash
# What a reviewer should not have to look for: format, warnings of two compilers, what three analyzers find in the code
# that ships, the order of the rooms, one library in one file. Prints the sizes of files and functions.
set -u
cd "$(dirname "$0")/../.." || exit 1

wrong=0
fail() {
    wrong=$((wrong + 1))
    printf 'lint: %s\n' "$*"
}

missing=
for tool in clang clang-format-19 clang-tidy-19 cppcheck shellcheck; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "lint: installing$missing"
    # shellcheck disable=SC2086 # a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || exit 1
fi

mapfile -t sources < <(git ls-files '*.c' '*.h' 2>/dev/null || find . -name '*.[ch]' -not -path './build/*')
mapfile -t scripts < <(git ls-files '*.sh' .ci/run debian/tests/login 'debian/*.p*inst' 'debian/*.p*rm' 2>/dev/null || find . -name '*.sh' -not -path './build/*')

clang-format-19 --dry-run --Werror "${sources[@]}" || fail "clang-format-19 -i would change the files above"
# one that sources the libraries takes seconds: several at once
printf '%s\0' "${scripts[@]}" | xargs -0 -n 4 -P "$(nproc)" shellcheck -x || fail "shellcheck"

# A clean checkout may have gcc's objects where the tests look for them: .ci/run does, and builds once less.
gcc_build=${C2M_LINT_BUILD:-build/lint-gcc}
build() { # COMPILER CFLAGS TARGET ...
    local dir=build/lint-$1 optimize=-O0 # clang warns before it optimizes
    [ "$1" != gcc ] || dir=$gcc_build optimize='-O2 -g'
    make -s -k -j"$(nproc)" CC="$1" CFLAGS="$optimize $2" WERROR=1 BUILD="$dir" "${@:3}" >/dev/null || fail "$1 warns"
}

# gcc builds what ships under its analyzer; the tests' faults end with the test.
analyzer='-fanalyzer -fdiagnostics-path-format=none'
# C2M_LINT=quick: without the analyzers and clang, which take most of the time
[ "${C2M_LINT:-}" != quick ] || analyzer=
# Before 13 it takes what is stored behind a pointer that is itself behind one (login/user_map.c) for a leak.
[ "$(gcc -dumpversion)" -ge 13 ] || analyzer="$analyzer -Wno-analyzer-malloc-leak"
build gcc "$analyzer" "$gcc_build"/{pam_c2m.so,c2m-authd,c2m-standin}
# c2mctl's descriptors end with it, and what dup2 gives a child's standard streams is meant to stay.
build gcc "$analyzer -Wno-analyzer-fd-leak" "$gcc_build/c2mctl"
build gcc '' all tests benches
[ "${C2M_LINT:-}" = quick ] || build clang '' all tests benches

# Its checks stand in .clang-tidy. It does not know the cleanup attribute, so that what such a variable holds is a leak
# to it: that one message of unix.Malloc is passed over. gcc's analyzer, which knows it, looks for leaks.
mapfile -t shipped < <(printf '%s\n' "${sources[@]}" | grep -E '^(\./)?(helper|pam_module)/.*\.c$')
mapfile -t tidy < <(make -Bn CC=clang BUILD=build/lint-clang all |
    sed -nE '/ (helper|pam_module)[^ ]+\.c$/s,^[^ ]+ (.*) -c -o [^ ]+ ([^ ]+)$,clang-tidy-19 --quiet \2 -- \1,p')
[ ${#tidy[@]} = ${#shipped[@]} ] || fail "clang-tidy would see ${#tidy[@]} files of ${#shipped[@]}"
[ "${C2M_LINT:-}" != quick ] || tidy=(true)
found=$(
    set -o pipefail
    printf '%s\n' "${tidy[@]}" | xargs -d '\n' -n 1 -P "$(nproc)" sh -c 2>/dev/null |
        awk '/: (warning|error): / { told = !/Potential leak of memory .*\[clang-analyzer-unix\.Malloc\]$/ } told'
) || fail "clang-tidy-19 ends with an error"
[ -z "$found" ] || fail "clang-tidy-19:"$'\n'"$found"

# memleak: as above. normalCheckLevelMaxBranches is advice to look longer. It knows no header of the system, and queue.h
# is the one without which it cannot read the code.
[ "${C2M_LINT:-}" = quick ] || cppcheck --std=c11 -j "$(nproc)" --quiet --error-exitcode=1 --enable=warning,performance,portability \
    --suppress=memleak --suppress=normalCheckLevelMaxBranches --template='{file}:{line}: {message} [{id}]' \
    --include="/usr/include/$(gcc -print-multiarch)/sys/queue.h" \
    -D_GNU_SOURCE -DC2M_HELPER_VERSION='""' -Iinclude -I. -Ihelper/daemon -Ihelper/ctl -Ipam_module \
    helper pam_module || fail "cppcheck"

# What a merge left undone, which a manual's reader would be the first to see.
! git grep -nE '^(<<<<<<<|>>>>>>>) ' 2>/dev/null || fail "a conflict that nobody resolved"

# A stranger reads the top level first: nothing lies there but what is named here.
top='.ci .clang-format .clang-tidy .gitignore .shellcheckrc CHANGELOG.md CONTRIBUTING.md LICENSE Makefile README.md SECURITY.md debian docs examples helper include pam_module tests'
stray=$(git ls-files 2>/dev/null | cut -d / -f 1 | sort -u | grep -vxF -f <(tr ' ' '\n' <<<"$top"))
[ -z "$stray" ] || fail "at the top level: $stray"

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
    fail "$file includes from the top, which is above every room"
done < <(grep -lE "#include \"($(cd helper/daemon && printf '%s\n' *.h | paste -sd "|" | sed 's/[.]/[.]/g'))\"" helper/daemon/*/*.[ch])

mapfile -t found < <(grep -lE '# *include *"([.][.]?|helper)/' "${sources[@]}")
[ ${#found[@]} = 0 ] || fail "included by a way around the rooms: ${found[*]}"

# A third-party library is named in one file of a program, or in those of one noun: store.c, store_disk.c.
one_file() { # HEADER FILE ...
    local header=$1 found
    shift
    mapfile -t found < <(grep -lE "#include <$header" "$@" | sed -E 's/(_[a-z]+)*[.][ch]$//' | sort -u)
    [ ${#found[@]} -le 1 ] || fail "$header is named by several nouns: ${found[*]}"
}
for header in curl/ json-c/ jwt.h jansson.h openssl/ssl.h "openssl/([^s]|s([^s]|s[^l]))" event2/ sqlite3.h sodium.h seccomp.h ini.h; do
    one_file "$header" helper/daemon/*.[ch] helper/daemon/*/*.[ch]
done
for header in json-c/ sodium.h; do
    one_file "$header" helper/ctl/*.[ch]
done
! grep -lE '#include <(curl|json-c|jwt|jansson|openssl|event2|sqlite3|sodium|seccomp|ini|microhttpd)' pam_module/*.[ch] helper/client/*.[ch] ||
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
