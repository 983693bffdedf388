#!/usr/bin/env bash
# What the source's tables name is in the manual: every key of askpass.conf, every word of the log, every command, every
# message that a user reads (manual_keys.sh: authd.conf and the arguments). The form is what mandoc(1) finds right.
set -u
cd "$(dirname "$0")/../.." || exit 1
wrong=0
documented() { # WORD PAGE
  grep -qE "(^|[[:space:](])${1//[^a-z0-9_-]/.}([[:space:],.;]|\$)" "$2" || { echo "FAIL $1 is not in $2"; wrong=1; }
}
log_section=$(sed -n '/^.Sh LOG/,/^.Sh GUESSERS/p' helper/daemon/c2m-authd.8)
in_log() {   # WORD
  grep -qE "(^|[[:space:](])$1([[:space:],.;]|\$)" <<<"$log_section" || { echo "FAIL $1 is not in LOG of c2m-authd(8)"; wrong=1; }
}
words=$(sed -n 's/.*\[REASON_[A-Z_]*\] = "\([a-z_]*\)".*/\1/p' helper/daemon/base/reason.c)
[ "$(wc -l <<<"$words")" -ge 60 ] || { echo 'FAIL the table of reasons was not read'; wrong=1; }
for word in $words; do in_log "$word"; done
# Every event has its MESSAGE_ID, and every event, key, state and verdict that a line can carry is in the manual.
mapfile -t sources < <(find helper/daemon -name '*.c')
in_sources() { grep -ohE "$1" "${sources[@]}" | sed -E "$2" | sort -u; }   # PATTERN SED
events=$(in_sources 'log_begin\(&line, "[a-z_]+"|(request_begin|begin)\(requests, peer, "[a-z_]+"|"event=[a-z_]+' 's/.*["=]([a-z_]+)"?$/\1/')
[ "$(wc -l <<<"$events")" -ge 16 ] || { echo 'FAIL the events were not read'; wrong=1; }
identified=$(sed -n 's/^ *{"\([a-z_]*\)", "[0-9a-f]\{32\}"},$/\1/p' helper/daemon/base/log_journal.c)
for event in $events; do
  in_log "$event"
  grep -qx "$event" <<<"$identified" || { echo "FAIL event=$event has no MESSAGE_ID"; wrong=1; }
done
for event in $identified; do grep -qx "$event" <<<"$events" || { echo "FAIL event=$event has a MESSAGE_ID, and nobody says it"; wrong=1; }; done
keys=$(in_sources 'log_(text|bytes|number)\(&?line, "[a-z_]+"|"[a-z]+_us"' 's/.*"([a-z_]+)"$/\1/')
keys+=" $(grep -ohE '"event=[^"]*' "${sources[@]}" | grep -oE '[a-z_]+=' | tr -d =)"
[ "$(wc -w <<<"$keys")" -ge 20 ] || { echo 'FAIL the keys of the log were not read'; wrong=1; }
for key in $(tr ' ' '\n' <<<"$keys" | sort -u); do in_log "$key"; done
returned() { sed -n "/$2/,/^}/p" "$1" | grep -oE 'return "[a-z_]+"' | cut -d '"' -f 2; }   # FILE FUNCTION
states=$(returned helper/daemon/session/session.c '^const char \*session_state_word'
  returned helper/daemon/session/revocation.c '^static const char \*state_word'
  grep -oE ' say\([^;]*"[a-z]+"' helper/daemon/session/presence.c | cut -d '"' -f 2)
[ "$(wc -w <<<"$states")" -ge 10 ] || { echo 'FAIL the states were not read'; wrong=1; }
for state in $states; do in_log "$state"; done
own=$(sed -n 's/^ *\[SESSION_[A-Z_]*\] = "\([a-z]*\)",$/\1/p' helper/daemon/session/session_freshness.c)
[ "$(wc -w <<<"$own")" -ge 7 ] || { echo 'FAIL the words of an audit session were not read'; wrong=1; }
for word in $own; do in_log "$word"; done
forms=$(sed -n 's/.*\[C2M_FORM_[A-Z]*\] = "\([a-z]*\)".*/\1/p' helper/daemon/ipc/request_log.c)
[ "$(wc -w <<<"$forms")" -ge 5 ] || { echo 'FAIL the words of a form were not read'; wrong=1; }
for form in $forms; do in_log "$form"; done
doors=$(sed -nE 's/.*"door", .* \? "([a-z]+)" : "([a-z]+)".*/\1 \2/p' helper/daemon/ipc/request_log.c)
[ "$(wc -w <<<"$doors")" = 2 ] || { echo 'FAIL the words of a door were not read'; wrong=1; }
for door in $doors; do in_log "$door"; done
whys=$(sed -n 's/.*\[C2M_API_[A-Z_]*\] = "\([a-z_]*\)".*/\1/p' helper/daemon/token/api_answer.c)
[ "$(wc -w <<<"$whys")" -ge 8 ] || { echo 'FAIL the words of an outage were not read'; wrong=1; }
for why in $whys; do in_log "$why"; done
verdicts=$(returned helper/daemon/login/outcome.c '^const char \*outcome_word')
[ "$(wc -w <<<"$verdicts")" -ge 7 ] || { echo 'FAIL the verdicts were not read'; wrong=1; }
for verdict in $verdicts; do in_log "$verdict"; done
# Its sentences are in Sentences, whatever a format puts between their words.
sentences=$(sed -n '/^.Ss Sentences/,/^.Sh GUESSERS/p' helper/daemon/c2m-authd.8 | tr -s '[:space:]' ' ')
said=$(perl -0777 -ne '
  while (/\blog_message\((.*?)\);/gs) {
    my $call = $1;
    next if $call =~ /"event=/;
    $call =~ s/strn?cmp\([^()]*\)|"\s*"//g;
    while ($call =~ /"((?:\\.|[^"\\])*)"/g) {
      for my $words (split /%[-0-9.*]*(?:ll|z)?[a-z]/, $1) {
        $words =~ s/^[\s:,;"\\()]+|[\s:,;"\\()]+$//g;
        print "$words\n" if $words =~ /[a-z]{3}/ && $words ne "ref=";
      }
    }
  }' "${sources[@]}" | sort -u)
[ "$(wc -l <<<"$said")" -ge 60 ] || { echo 'FAIL the sentences of the log were not read'; wrong=1; }
while IFS= read -r words; do
  [[ $sentences == *"$words"* ]] || { echo "FAIL \"$words\" is not in Sentences of c2m-authd(8)"; wrong=1; }
done <<<"$said"
told=$(sed -n 's/^ *{"\([a-z_]*\)", CHECK_[A-Z]*, ".*/\1/p' helper/ctl/explain_words.c)
for word in $words; do grep -qx "$word" <<<"$told" || { echo "FAIL c2mctl explain has no words for $word"; wrong=1; }; done
keys=$(grep -oE '\{"[a-z]+", ASKPASS_[A-Z]+\}' helper/ctl/askpass_config.c | cut -d '"' -f 2)
[ "$(wc -l <<<"$keys")" -ge 3 ] || { echo 'FAIL the keys of askpass.conf were not read'; wrong=1; }
for key in $keys; do documented "$key" helper/ctl/c2m-askpass.1; done
metrics=$(grep -oE '\{C2M_METRIC_[A-Z_]+, "c2m_[a-z_]+' helper/ctl/metrics.c | cut -d '"' -f 2 | sed -E 's/_(bucket|sum|count)$//' | sort -u)
[ "$(wc -l <<<"$metrics")" -ge 14 ] || { echo 'FAIL the table of metrics was not read'; wrong=1; }
for metric in $metrics; do documented "$metric" helper/ctl/c2mctl.1; done
checks=$("${C2M_BUILD:-build}/c2mctl" doctor --list | cut -d ' ' -f 1)
[ "$(wc -l <<<"$checks")" -ge 50 ] || { echo 'FAIL the checks of doctor were not read'; wrong=1; }
doctor_section=$(sed -n '/^.Sh DOCTOR/,/^.Sh EXIT/p' helper/ctl/c2mctl.1)
for check in $checks; do grep -qx ".It Cm $check" <<<"$doctor_section" || { echo "FAIL $check is not in DOCTOR of c2mctl(1)"; wrong=1; }; done
named=$(sed -n 's/^.It Cm \([a-z]*\.[a-z_]*\)$/\1/p' <<<"$doctor_section")
for check in $named; do
  grep -qx "$check" <<<"$checks" || { echo "FAIL doctor knows no $check, which c2mctl(1) names"; wrong=1; }
done
readme=$(sed -n "/^Commands:/,/^\$/p" README.md | tr "\n" " ")
commands=$(sed -n 's/^    {"\([a-z-]*\)", ".*/\1/p' helper/ctl/commands.c)
[ "$(wc -l <<<"$commands")" -ge 8 ] || { echo 'FAIL the table of commands was not read'; wrong=1; }
for command in $commands; do
  documented "$command" helper/ctl/c2mctl.1
  grep -qE "[ \`|]${command}[ \`]" <<<"$readme" || { echo "FAIL $command is not in README.md"; wrong=1; }
done

read -r ok _ skipped _ warnings _ failures _ < <(grep -E '^[0-9]+ ok, [0-9]+ skipped' helper/ctl/c2mctl.1)
[ $((ok + skipped + warnings + failures)) = "$(wc -l <<<"$checks")" ] || { echo 'FAIL the example of doctor in c2mctl(1) counts other checks than there are'; wrong=1; }

# What a person reads has its next step in c2m(7), under its first words.
explained() { grep -qF -- "$1" helper/c2m.7 || { echo "FAIL \"$1\" is not in c2m(7)"; wrong=1; }; }   # TEXT
texts=$(tr -d '\n' <pam_module/texts.c | grep -oE '\{C2M_TEXT_[A-Z_]+, TEXT_[A-Z]+, *"[^%"]*' | cut -d '"' -f 2)
[ "$(wc -l <<<"$texts")" -ge 14 ] || { echo 'FAIL the table of texts was not read'; wrong=1; }
while IFS= read -r text; do explained "$text"; done <<<"$texts"
messages=$(tr -d '\n' <helper/ctl/refusal.c | grep -oE '\{C2M_[A-Z_]+, EXIT_[A-Z_]+, "[a-z_]+", *"[^:%("]*' | cut -d '"' -f 4
  sed -n 's/^    {-E[A-Z]*, "[a-z_]*", "\([^"]*\)",.*/\1/p' helper/ctl/refusal.c)
[ "$(wc -l <<<"$messages")" -ge 30 ] || { echo 'FAIL the messages of c2mctl were not read'; wrong=1; }
while IFS= read -r text; do explained "${text% }"; done <<<"$messages"

# To mandoc a quote goes on behind a comma, to the end of the line.
quoted=$(grep -nE '^\.([A-Z][a-z] )*(Ql|Sq|Dq|Qq) .* , .' pam_module/*.[1-8] helper/*.[1-8] helper/*/*.[1-8])
[ -z "$quoted" ] || { echo "FAIL a quote around several words: $quoted"; wrong=1; }
if command -v mandoc >/dev/null; then
  found=$(mandoc -T lint -W warning pam_module/*.[1-8] helper/*.[1-8] helper/*/*.[1-8] 2>&1) || { echo "FAIL mandoc: $found"; wrong=1; }
else
  echo 'counted: a part is left out: mandoc is not installed'
fi
exit $wrong
