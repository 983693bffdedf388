#!/usr/bin/env bash
# The words of the log are a contract: once a release has said one, it is neither renamed nor given another meaning.
# log_contract.words holds them all, and manual.sh that the manual explains them. A line is taken out of it by nobody; one
# is added with the word.
set -u
cd "$(dirname "$0")/../.." || exit 1
found=$(mktemp)
trap 'rm -f "$found"' EXIT
mapfile -t sources < <(find helper/daemon -name '*.c')
{
  sed -n 's/.*\[REASON_[A-Z_]*\] = "\([a-z_]*\)".*/reason \1/p' helper/daemon/base/reason.c
  sed -n 's/.*\[C2M_API_[A-Z_]*\] = "\([a-z_]*\)".*/why \1/p' helper/daemon/token/api_answer.c
  sed -n 's/^ *{"\([a-z_]*\)", "\([0-9a-f]\{32\}\)"},$/event \1 \2/p' helper/daemon/base/log_journal.c
  sed -n '/^const char \*outcome_word/,/^}/s/.*return "\([a-z_]*\)".*/verdict \1/p' helper/daemon/login/outcome.c
  sed -n '/^const char \*session_state_word/,/^}/s/.*return "\([a-z_]*\)".*/state \1/p' helper/daemon/session/session.c
  sed -n '/^static const char \*state_word/,/^}/s/.*return "\([a-z_]*\)".*/state \1/p' helper/daemon/session/revocation.c
  grep -oE ' say\([^;]*"[a-z]+"' helper/daemon/session/presence.c | sed -E 's/.*"([a-z]+)"$/state \1/'
  sed -n 's/.*\[C2M_FORM_[A-Z]*\] = "\([a-z]*\)".*/form \1/p' helper/daemon/ipc/request_log.c
  sed -n 's/^ *\[SESSION_[A-Z_]*\] = "\([a-z]*\)",$/audit \1/p' helper/daemon/session/session_freshness.c
  sed -nE 's/.*"door", .* \? "([a-z]+)" : "([a-z]+)".*/door \1\ndoor \2/p' helper/daemon/ipc/request_log.c
  grep -ohE 'log_(text|bytes|number)\(&?line, "[a-z_]+"|"[a-z]+_us"' "${sources[@]}" | sed -E 's/.*"([a-z_]+)"$/key \1/'
} | LC_ALL=C sort -u >"$found"
[ "$(wc -l <"$found")" -ge 120 ] || { echo "FAIL only $(wc -l <"$found") words were read from the source"; exit 1; }
gone=$(LC_ALL=C comm -13 "$found" tests/integration/log_contract.words)
fresh=$(LC_ALL=C comm -23 "$found" tests/integration/log_contract.words)
[ -z "$gone" ] || printf 'FAIL no longer said, or renamed, though it is promised: %s\n' "${gone//$'\n'/; }"
[ -z "$fresh" ] || printf 'FAIL said and not promised: add it to log_contract.words: %s\n' "${fresh//$'\n'/; }"
[ -z "$gone$fresh" ]
