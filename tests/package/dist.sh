#!/usr/bin/env bash
# make dist packs the commit byte for byte the same, from any folder; what it packs builds, and two builds of it in
# folders of different names give the same bytes.
set -eu
cd "$(dirname "$0")/../.."
skip() { echo "$*"; exit 77; }
git rev-parse HEAD >/dev/null 2>&1 || skip 'not a checkout: there is nothing to pack'
# shellcheck source=tests/lib/make.sh
. tests/lib/make.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quiet dist BUILD="$work/a"
sleep 1   # another second, another clone
git clone -q . "$work/clone"
(umask 027 && cd "$work/clone" && quiet dist BUILD="$work/b")
tarball=$(basename "$work"/a/*.tar.gz)
cmp "$work/a/$tarball" "$work/b/$tarball" || fail 'two tarballs of a commit differ'
# `&& !` would hide a failure from set -e
if tar -tzf "$work/a/$tarball" | grep -qvE "^pam_c2m-[0-9.]+/"; then fail 'it unpacks outside of its folder'; fi

for place in one a/longer/folder; do
  mkdir -p "$work/$place"
  tar -xzf "$work/a/$tarball" -C "$work/$place"
  (cd "$work/$place"/pam_c2m-* && quiet -j2 BUILD=build shipped)
done
for file in pam_c2m.so c2m-authd c2mctl; do
  cmp "$work"/one/pam_c2m-*/build/$file "$work"/a/longer/folder/pam_c2m-*/build/$file || fail "$file depends on the folder that it is built in"
done
