#!/usr/bin/env bash
# Each check of `c2mctl doctor --list` has a test in tests/e2e/doctor_*.sh, or tests/package/units.sh, that breaks a
# machine in that way, sees it by its id, and finds the machine well again before it breaks the next thing. And each way
# in which such a machine breaks in practice, numbered as the comments of the tests number them, is seen by its check and
# its words.
set -u
cd "$(dirname "$0")/../.." || exit 1
wrong=0 checks=0

# Of the tests' lines: CHECK|mended|TEXT for each that waits for a finding of doctor, with `-` where the next finding
# follows without the machine being well, and `skipped` where it is one that could not be looked at. That is a line with
# the id behind its status (words that stand in a variable are put in), or the call of a function that has such a line
# with its own argument for words. Well again is what `healthy` finds, by itself or in a function.
found() { # FILE ...
  sed -E ':next; /\\$/{N; s/ *\\\n */ /; b next}' "$@" | awk '
    function end_of_if(n, depth) {
      for (depth = 1; depth > 0 && n < lines;) {
        n++
        depth += (line[n] ~ /^ *if .*then$/) - (line[n] ~ /^ *fi( |$)/)
      }
      return n
    }
    function first_word(text) { sub(/^ +/, "", text); sub(/[ ;(].*/, "", text); return text }
    /^ *#/ { next }
    /^[a-z_]+\(\) *\{/ { inside = first_word($0) }
    {
      id = ""
      if (match($0, /(WARN|FAIL|SKIP) +[a-z]+\.[a-z_]+ /)) { id = substr($0, RSTART + 5, RLENGTH - 6); gsub(/ /, "", id) }
      if (inside != "" && id != "" && /"[$][0-9]/) by[inside] = id
    }
    inside != "" {
      if (/(^|[ {;])healthy/ && inside != "healthy") heals[inside] = 1
      if (/^\}/ || (/\(\) *\{/ && /\}( *#.*)?$/)) inside = ""
      next
    }
    /^[a-z_]+='"'"'[^'"'"']*'"'"'$/ { words = $0; sub(/=.*/, "", words); value[words] = substr($0, length(words) + 3, length($0) - length(words) - 3); next }
    { line[++lines] = $0; if (id != "") of[lines] = id; else if ((word = first_word($0)) in by) of[lines] = by[word] }
    END {
      for (n = 1; n <= lines; n++) {
        if (!(n in of)) continue
        text = line[n]
        for (words in value) if ((at = index(text, "$" words)) != 0) text = substr(text, 1, at - 1) value[words] substr(text, at + length(words) + 1)
        mended = text ~ /SKIP/ ? "skipped" : heals[first_word(text)] ? "mended" : "-"
        for (m = n + 1; mended == "-" && m <= lines && !(m in of); m++) {
          if (line[m] ~ /^ *else/) { m = end_of_if(m); continue }
          word = first_word(line[m])
          if (word == "healthy" || word in heals || line[m] ~ /assert_equal .. "[$][(](doctor_with|later|labelled)/) mended = "mended"
        }
        print of[n] "|" mended "|" text
      }
    }'
}
# doctor_unread.sh breaks nothing: it looks at what others than root are told
events=$(for file in tests/e2e/doctor_*.sh tests/package/units.sh; do [[ $file == *_unread.sh ]] || found "$file"; done)

while read -r id _; do
  checks=$((checks + 1))
  grep -qE "^$id\\|(mended|-)\\|" <<<"$events" || { echo "FAIL nothing breaks $id"; wrong=1; }
done < <("${C2M_BUILD:-build}/c2mctl" doctor --list)
[ "$checks" -ge 50 ] || { echo "FAIL only $checks checks are listed"; wrong=1; }

while IFS='|' read -r id mended text; do
  [ "$mended" != - ] || { echo "FAIL $id: not seen mended before the next is broken: $text"; wrong=1; }
done <<<"$events"

# NUMBER CHECK WORDS: what is broken; the words that a test waits for, of that check
rows='
1 module.file pam_c2m.so is not in
1 module.file pam_c2m.so does not load
1 module.file not for this kind of machine
2 module.replaced that was replaced
3 stack.present no PAM service asks pam_c2m
4 stack.denied after a refused token the local password decides
4 stack.denied lets in whose session was ended
5 stack.outage enters by sshd in an outage
6 stack.keys while the helper is down everybody is refused
7 stack.early ends the account phase
8 stack.granted jumps onto pam_deny
9 stack.managed edited by hand
10 stack.session stands above pam_loginuid
10 stack.session has no session line of pam_c2m
10 helper.audit opened its last session without an audit id
11 stack.missing removing pam_c2m.so would lock out root too
12 sshd.usepam UsePAM is no
13 sshd.kbdint KbdInteractiveAuthentication is no
14 sshd.match Match sends bob past pam_c2m
15 sshd.config AuthenticationMethods asks for a method that is off
16 sshd.config /run/sshd is missing
17 sshd.alive dead clients keep their tokens alive
18 sshd.penalties sshd counts their failures together
18 sshd.penalties fail2ban
19 sudo.noninteractive sudo -n never asks pam_c2m
20 sudo.timestamp sudo remembers a login
21 sudo.pam remove !pam_acct_mgmt
21 sudo.rs is sudo-rs
22 helper.answers nobody listens
22 helper.answers masked in systemd
22 helper.answers ends at once
22 helper.enabled not after the next boot
23 helper.answers there is no socket
23 helper.directory must be root.s, 0755
24 stack.arguments takes no argument
24 helper.socket looks for the helper in
25 helper.selinux SELinux denied
25 helper.selinux SELinux labels
26 helper.apparmor denies /run/c2m
27 helper.version the helper is
27 helper.version pam_c2m.so is
27 helper.version does not say its version
28 helper.hidepid /proc hides processes
29 config.valid unknown key
30 config.placeholder still holds the placeholder
31 config.secret others may read or write it
31 config.secret the group users may read it
32 users.local there is no local user
32 users.local has expired
32 users.client client c2m_alice is
33 api.answers cannot resolve no-such-host
34 api.answers where only a proxy
34 api.answers the proxy cannot be reached
35 api.answers certificate is not accepted
35 api.answers certificate is for
36 api.answers what answers is not the API
37 api.clock s behind the API
38 api.limits the API limits this host
38 api.limits lacks tokens:revoke
38 api.limits the host.s token is over or was revoked
39 api.tokens refused: iss
39 api.tokens refused: aud
39 api.tokens refused: kid
39 api.tokens want of keys
40 state.room the file system is full
40 state.room the file system is read-only
40 state.owner the helper.s state is not c2m-authd.s
40 state.owner others may read the helper.s state
40 state.damaged was damaged and set aside
41 api.revocations revocations wait
42 helper.kernel no audit session ids
42 helper.kernel has no pidfd
43 root.way_in neither a password nor a key
44 config.scope required_scopes = any
44 sudo.reuse wants to ask each time
'
numbers=0
while read -r number id words; do
  [ "$number" = "$numbers" ] || numbers=$((numbers + 1))
  [ "$number" = "$numbers" ] || { echo "FAIL nothing is said of $numbers"; wrong=1; numbers=$number; }
  "${C2M_BUILD:-build}/c2mctl" doctor --list | grep -q "^$id " || { echo "FAIL $number: there is no check $id"; wrong=1; }
  grep "^$id|" <<<"$events" | grep -qE -- "$words" || { echo "FAIL $number: no test waits for \"$words\" of $id"; wrong=1; }
done < <(grep . <<<"$rows")
[ "$numbers" = 44 ] || { echo "FAIL $numbers ways of 44"; wrong=1; }
exit $wrong
