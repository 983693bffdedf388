#!/usr/bin/env bash
# What the source's tables name is in the manual: every key of authd.conf and askpass.conf, every word of the log, every
# argument, every command.
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
exit $wrong
