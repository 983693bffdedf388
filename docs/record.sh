#!/usr/bin/env bash
# Makes docs/demo.svg, a recording of examples/demo.sh, from a real run of it: each line appears when it was printed.
#   docs/record.sh [OUTPUT]          as root; what the demo needs it installs
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
out=${1:-docs/demo.svg}

lines=() times=() status=
start=${EPOCHREALTIME/[.,]/}
while IFS= read -r line; do
  [[ $line == "status "* ]] && { status=${line#status }; continue; }
  lines+=("$line")
  times+=($((${EPOCHREALTIME/[.,]/} - start)))
done < <(./examples/demo.sh </dev/null 2>/dev/null; echo "status $?")
[ "$status" = 0 ] || { echo "the demo ended with status ${status:-none}: nothing was recorded" >&2; exit 1; }

# What came before the story (packages, the build) is left out.
first=0
while [ "$first" -lt ${#lines[@]} ] && [[ ${lines[first]} != 'A short-term token'* ]]; do first=$((first + 1)); done
[ "$first" -lt ${#lines[@]} ] || { echo 'the story did not begin' >&2; exit 1; }

escape() { local text=$1; text=${text//&/&amp;}; text=${text//</&lt;}; printf '%s' "${text//>/&gt;}"; }
colour() { # of a line, by what it is
  case $1 in
    '  $ '* | '  alice@'* | '  root# '*) echo '#e6edf3' ;;
    '    '*) echo '#7ee787' ;;
    '  '*) echo '#8b949e' ;;
    *) echo '#79c0ff' ;;
  esac
}

columns=112 height=19 window=28 slower=6
count=$((${#lines[@]} - first))
moment() { echo $(((times[$1] - times[first]) * slower / 1000)); }   # of a line, in ms
seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }
whole=$(($(moment $((${#lines[@]} - 1))) + 4000))

# The terminal scrolls by a line whenever one is printed below the window.
scrolling() {
  local i at positions='0 0' moments=0
  for ((i = window; i < count; i++)); do
    at=$(moment $((first + i)))
    positions+=";0 -$(((i - window + 1) * height))"
    moments+=";$(awk -v a="$at" -v w="$whole" 'BEGIN { printf "%.4f", a / w }')"
  done
  printf '<animateTransform attributeName="transform" type="translate" calcMode="discrete" repeatCount="indefinite" dur="%ss" values="%s" keyTimes="%s"/>\n' \
    "$(seconds "$whole")" "$positions" "$moments"
}

one_line() { # NUMBER, from 0: hidden until its moment; a viewer that animates nothing shows it
  local text=${lines[first + $1]} at part
  at=$(moment $((first + $1)))
  [ ${#text} -le $columns ] || text=${text:0:columns}…
  printf '<text x="20" y="%d" fill="%s" xml:space="preserve">%s' $(($1 * height + 30)) "$(colour "${lines[first + $1]}")" "$(escape "$text")"
  part=$(awk -v a="$at" -v w="$whole" 'BEGIN { printf "%.4f", a / w }')
  [ "$at" = 0 ] ||
    printf '<animate attributeName="visibility" calcMode="discrete" repeatCount="indefinite" dur="%ss" values="hidden;visible" keyTimes="0;%s"/>' \
      "$(seconds "$whole")" "$part"
  printf '</text>\n'
}

{
  printf '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="%d" font-family="monospace" font-size="13">\n' $((window * height + 30))
  printf '<title>A real run of examples/demo.sh, shown %d times slower</title>\n' "$slower"
  printf '<rect width="960" height="%d" rx="8" fill="#0d1117"/>\n' $((window * height + 30))
  printf '<clipPath id="window"><rect width="960" height="%d" y="14"/></clipPath>\n<g clip-path="url(#window)"><g>\n' $((window * height + 4))
  for ((n = 0; n < count; n++)); do one_line "$n"; done
  scrolling
  printf '</g></g>\n</svg>\n'
} >"$out.new" && mv "$out.new" "$out"
echo "$out: $count lines, $(((times[-1] - times[first]) / 1000000)) s"
