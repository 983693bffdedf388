#!/usr/bin/env bash
# Each sentence that a program complains with stands in the manual, with its next step: c2mctl's in c2m(7),
# c2m-askpass's in its own page, those of c2m-authd --check in authd.conf(5). So does each word that the module gives as
# its reason, in pam_c2m(8).
set -u
cd "$(dirname "$0")/../.." || exit 1
wrong=0
section() { sed -n "/^\.S[hs] $2\$/,/^\.S[hs] /p" "$1" | tr -s '[:space:]' ' '; }   # PAGE TITLE

# sentences CALL FILE ...: what stands in the calls that CALL, a pattern, matches: a line for each run of words between
# what a format puts there and quotes. A single word is a code.
sentences() {
  perl -0777 -e '
    my $call = shift;
    for my $file (@ARGV) {
      open my $in, "<", $file or die;
      my $text = <$in>;
      while ($text =~ /(?:$call)((?:"(?:\\.|[^"\\])*"|[^;"])*);/g) {
        (my $said = $1) =~ s/(?<!\\)"\s*"//g;
        while ($said =~ /"((?:\\.|[^"\\])*)"/g) {
          for my $words (split /%[-0-9.*]*(?:ll|z)?[a-z]|\\"/, $1) {
            $words =~ s/^[\s:,;()\[\]]+|[\s:,;()\[\]]+$//g;
            print "$words\n" if $words =~ /[a-z]{3}/ && $words =~ / /;
          }
        }
      }
    }' "$@" | sort -u
}
# documented LEAST PAGE TITLE: each line read is there; fewer than LEAST were not read as they should be
documented() {
  local text words count=0
  text=$(section "$2" "$3")
  while IFS= read -r words; do
    count=$((count + 1))
    [[ $text == *"$words"* ]] || { echo "FAIL \"$words\" is not in $3 of $2"; wrong=1; }
  done
  [ "$count" -ge "$1" ] || { echo "FAIL $3 of $2: only $count sentences were read from the source"; wrong=1; }
}

mapfile -t commands < <(grep -lF 'refusal_tell(options' helper/ctl/*.c)
sentences '\brefusal_tell\(|\bsnprintf\(message,|\bwrong =' "${commands[@]}" | documented 24 helper/c2m.7 'What c2mctl says'
sentences '\bcomplain\(|\bwrong =|\breturn (?=[^;]*")' helper/ctl/askpass*.c helper/ctl/own_file.c | documented 30 helper/ctl/c2m-askpass.1 DIAGNOSTICS
{
  sentences '\breading_(?:fault|warn)\(|\bcomplain\(' helper/daemon/*.c
  sentences '\breturn (?=[^;]*")' helper/daemon/config_value.c
} | documented 35 helper/daemon/authd.conf.5 DIAGNOSTICS

reasons=$(sed -n '/outage_of(int/,/^}/p; /decide(/,/;/p' pam_module/*.c | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u)
[ "$(wc -l <<<"$reasons")" -ge 17 ] || { echo 'FAIL the reasons of the module were not read'; wrong=1; }
log=$(sed -n '/^\.Sh LOG$/,/^\.Sh FILES$/s/^\.It //p' pam_module/pam_c2m.8 | sed 's/ , /\n/g')
for reason in $reasons; do grep -qx "$reason" <<<"$log" || { echo "FAIL reason=$reason is not in LOG of pam_c2m(8)"; wrong=1; }; done
for reason in $log; do grep -qx "$reason" <<<"$reasons" || { echo "FAIL the module gives no reason=$reason, which pam_c2m(8) names"; wrong=1; }; done
exit $wrong
