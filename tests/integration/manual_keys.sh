#!/usr/bin/env bash
# authd.conf(5) has each key of the source's table under its section, with the value that it has by default, the words
# that it takes and the most that it may be, and no other key. c2m-authd(8) and pam_c2m(8) have each option and argument.
set -u
cd "$(dirname "$0")/../.." || exit 1
page=helper/daemon/authd.conf.5
wrong=0
fail() { echo "FAIL $*"; wrong=1; }

# SECTION|NAME|KIND|PRESET|CHOICES|HIGH, a line a key. A RULE has a base before its field, and no choices.
table() {
  sed -n '/^const struct config_key config_keys/,/^};/p' helper/daemon/config_keys.c | tr -d '\n' |
    sed -E 's/ +/ /g; s/ (AT|RULE)\(/\n\1, /g' | tr -d '"' |
    awk -F ', ' -v OFS='|' '$1 == "AT" { print $2, $3, $4, $6, $7, $9 } $1 == "RULE" { print $2, $3, $4, $7, "", $9 }'
}
# Of a section: NAME|TEXT, a line a key, the macros taken out of its text. What is listed inside an item is of its text.
items() { # SECTION
  awk -v wanted=".Ss [$1" '
    /^\.S[sh] / { inside = index($0, wanted "]") == 1 || index($0, wanted " ") == 1; depth = 0; n = 0; next }
    !inside { next }
    /^\.Bl/ { depth++; next }
    /^\.El/ { if (--depth == 0) n = 0; next }
    /^\.It Cm / && depth == 1 { names = $0; sub(/^\.It Cm /, "", names); n = split(names, key, / *, */); for (i = 1; i <= n; i++) { order[++all] = key[i]; text[key[i]] = "" }; next }
    { line = $0; sub(/^\.[A-Z][a-z] /, "", line); for (i = 1; i <= n; i++) text[key[i]] = text[key[i]] " " line }
    END { for (i = 1; i <= all; i++) print order[i] "|" text[order[i]] }' "$page"
}
# The most that a key may be, as a person writes it: 300 is 5m.
written() { # KIND HIGH
  local number=$((${2/DAY/86400})) unit
  [ "$1" != CONFIG_INTEGER ] || { echo "$number"; return; }
  [ "$1" != CONFIG_MS ] || number=$((number / 1000))
  for unit in 86400:d 3600:h 60:m 1:s; do
    [ $((number % ${unit%:*})) != 0 ] || { echo "$((number / ${unit%:*}))${unit#*:}"; return; }
  done
}
says() { grep -qE "(^|[ (])$1" <<<"$text"; }   # PATTERN

keys=0
while IFS='|' read -r section name kind preset choices high; do
  keys=$((keys + 1))
  text=$(items "$section" | sed -n "s/^$name|//p")
  [ -n "$text" ] || { fail "$name is not under [$section] in $page"; continue; }
  case $section:$preset in
    service:NULL | *:) ;;   # a section of a service begins as [login] stands
    *:NULL) [[ $kind == CONFIG_ACCEPT ]] || says 'Required\.' || fail "[$section] $name: $page does not say \"Required.\"" ;;
    *) says "${preset}[ ,;:]*(\(?the default|by default)" || says "default is $preset([ .,]|\$)" || fail "[$section] $name: $page does not say that $preset is the default" ;;
  esac
  for word in ${choices/NULL/}; do says "$word([ .,:)]|\$)" || fail "[$section] $name: $page does not name $word"; done
  if [ "$high" != 0 ] && [[ $section:$name != service:max_age ]]; then   # which is as in [login]
    high=$(written "$kind" "$(sed -E 's/\(int64_t\)|([0-9])L/\1/g' <<<"$high")")
    says "(to $high|$high at most)" || says "[Aa]t most $high" || fail "[$section] $name: $page does not say that it is $high at most"
  fi
done < <(table)
[ "$keys" -ge 45 ] || fail "only $keys keys were read"
for section in $(table | cut -d '|' -f 1 | sort -u); do
  while IFS='|' read -r name _; do
    table | grep -q "^$section|$name|" || fail "$page has $name under [$section], which the source does not know"
  done < <(items "$section")
done

# SOURCE PATTERN LEAST PAGE MACRO: each name that the pattern finds is in the page's synopsis, and an item of it
each() {
  local names name
  names=$(sed -nE "$2" "$1")
  [ "$(wc -w <<<"$names")" -ge "$3" ] || fail "the names in $1 were not read"
  for name in $names; do
    grep -qE "^\.Op $5$name( |\$)" "$4" || fail "$name is not in the synopsis of $4"
    grep -qE "^\.It (.* , )?$5$name( |\$)" "$4" || fail "$name is not explained in $4"
  done
  while read -r name; do
    grep -qxF -- "$name" <<<"$names" || fail "$4 has $name, which $1 does not know"
  done < <(sed -nE "s/^\.Op $5([a-z_-]+).*/\1/p" "$4")
}
each helper/daemon/options.c 's/^ *\{"([a-z-]+)", (no|required)_argument, .*/\1/p' 10 helper/daemon/c2m-authd.8 'Fl -'
each pam_module/arguments.c 's/^ *\{"([a-z_]+)", read_[a-z]+, .*/\1/p' 7 pam_module/pam_c2m.8 'Cm '
exit $wrong
