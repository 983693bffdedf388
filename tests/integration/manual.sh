#!/usr/bin/env bash
# What the source's tables name is in the manual: every key of authd.conf and askpass.conf, every word of the log, every
# argument, every command, every message that a user reads. The manuals' form is what mandoc(1) finds right.
set -u
cd "$(dirname "$0")/../.." || exit 1
wrong=0
documented() { # WORD PAGE
  grep -qE "(^|[[:space:](])${1//[^a-z0-9_-]/.}([[:space:],.;]|\$)" "$2" || { echo "FAIL $1 is not in $2"; wrong=1; }
}
keys=$(sed -n 's/.*\(AT\|RULE\)("\([a-z]*\)", "\([a-z_]*\)".*/\3/p' helper/daemon/config_keys.c)
[ "$(wc -l <<<"$keys")" -ge 25 ] || { echo 'FAIL the table of keys was not read'; wrong=1; }
for key in $keys; do documented "$key" helper/daemon/authd.conf.5; done
words=$(sed -n 's/.*\[REASON_[A-Z_]*\] = "\([a-z_]*\)".*/\1/p' helper/daemon/base/reason.c)
[ "$(wc -l <<<"$words")" -ge 60 ] || { echo 'FAIL the table of reasons was not read'; wrong=1; }
for word in $words; do documented "$word" helper/daemon/c2m-authd.8; done
told=$(sed -n 's/^ *{"\([a-z_]*\)", CHECK_[A-Z]*, ".*/\1/p' helper/ctl/explain_words.c)
for word in $words; do grep -qx "$word" <<<"$told" || { echo "FAIL c2mctl explain has no words for $word"; wrong=1; }; done
for option in config state-dir runtime-dir user foreground check debug; do documented "-$option" helper/daemon/c2m-authd.8; done
for argument in service runtime_dir min_uid allow_root reuse debug quiet; do documented "$argument" pam_module/pam_c2m.8; done
keys=$(grep -oE '\{"[a-z]+", ASKPASS_[A-Z]+\}' helper/ctl/askpass_config.c | cut -d '"' -f 2)
[ "$(wc -l <<<"$keys")" -ge 3 ] || { echo 'FAIL the keys of askpass.conf were not read'; wrong=1; }
for key in $keys; do documented "$key" helper/ctl/c2m-askpass.1; done
readme=$(sed -n "/^Commands:/,/^\$/p" README.md | tr "\n" " ")
commands=$(sed -n 's/^    {"\([a-z-]*\)", ".*/\1/p' helper/ctl/main.c)
[ "$(wc -l <<<"$commands")" -ge 8 ] || { echo 'FAIL the table of commands was not read'; wrong=1; }
for command in $commands; do
  documented "$command" helper/ctl/c2mctl.1
  grep -qE "[ \`|]${command}[ \`]" <<<"$readme" || { echo "FAIL $command is not in README.md"; wrong=1; }
done

# What a person reads has its next step in c2m(7), under its first words.
explained() { grep -qF -- "$1" helper/c2m.7 || { echo "FAIL \"$1\" is not in c2m(7)"; wrong=1; }; }   # TEXT
texts=$(tr -d '\n' <pam_module/texts.c | grep -oE '\{C2M_TEXT_[A-Z_]+, TEXT_[A-Z]+, *"[^%"]*' | cut -d '"' -f 2)
[ "$(wc -l <<<"$texts")" -ge 14 ] || { echo 'FAIL the table of texts was not read'; wrong=1; }
while IFS= read -r text; do explained "$text"; done <<<"$texts"
messages=$(tr -d '\n' <helper/ctl/refusal.c | grep -oE '\{C2M_[A-Z_]+, EXIT_[A-Z_]+, "[a-z_]+", *"[^:%("]*' | cut -d '"' -f 4
  sed -n 's/^    {-E[A-Z]*, "[a-z_]*", "\([^"]*\)",.*/\1/p' helper/ctl/refusal.c)
[ "$(wc -l <<<"$messages")" -ge 30 ] || { echo 'FAIL the messages of c2mctl were not read'; wrong=1; }
while IFS= read -r text; do explained "${text% }"; done <<<"$messages"

if command -v mandoc >/dev/null; then
  found=$(mandoc -T lint -W warning pam_module/*.[1-8] helper/*.[1-8] helper/*/*.[1-8] 2>&1) || { echo "FAIL mandoc: $found"; wrong=1; }
else
  echo 'there is no mandoc: the form of the manuals is not looked at'
fi
exit $wrong
