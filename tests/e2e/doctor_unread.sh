#!/usr/bin/env bash
# What c2mctl doctor cannot read is no OK, nor is what rests on it; who is not root is told the rest.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
doctor_of_alice() { as_alice c2mctl doctor "$@"; }
status_of() { # ID JSON
  python3 -c 'import json, sys
c = next((c for c in json.loads(sys.argv[2])["checks"] if c["id"] == sys.argv[1]), {})
print(c.get("status", ""), c.get("cause") or "-", end="")' "$1" "$2"
}

# `sshd -G` (OpenSSH 9.3 and later) tells the configuration to anybody
sshd=skip
! as_alice /usr/sbin/sshd -G >/dev/null 2>&1 || sshd=ok
json=$(doctor_of_alice --json)
assert_equal "$sshd -" "$(status_of sshd.config "$json")"
for id in module.replaced sudo.readable config.readable users.local root.way_in state.owner state.room; do
  assert_equal 'skip -' "$(status_of $id "$json")" $id
done
[ $sshd = ok ] || assert_equal 'skip sshd.config' "$(status_of sshd.kbdint "$json")"
assert_equal 'skip sudo.readable' "$(status_of sudo.timestamp "$json")"
assert_equal 'skip config.readable' "$(status_of config.secret "$json")"
for id in module.file stack.denied helper.answers helper.version api.answers; do
  assert_equal 'ok -' "$(status_of $id "$json")" $id
done
# whatever became of it, a check has the same keys
assert_equal 'file fix id line mend status what' "$(python3 -c 'import json, sys
checks = json.loads(sys.argv[1])["checks"]
print("\n".join(sorted({" ".join(sorted(c.keys() - {"cause"})) for c in checks})), end="")' "$json")"
assert_match '"id":"helper.answers","status":"ok","what":"[^"]*","mend":null,"fix":null,"file":null,"line":null\}' "$json"
assert_status 0 doctor_of_alice
[ $sshd = ok ] || assert_match 'SKIP sshd.config +sshd.s configuration: only root can tell' "$output"
assert_match 'SKIP users.local +whether accounts have expired: only root can tell' "$output"
assert_match 'SKIP state.room +whether its reserve is whole: only root can tell' "$output"
assert_match '^[0-9]+ ok, [0-9]+ skipped, 0 warnings, 0 failures$' "$(tail -n 1 <<<"$output")"

# whoever cannot be looked up is not said to be missing
machine chmod 0600 /etc/passwd
json=$(doctor_of_alice --json || :)
machine chmod 0644 /etc/passwd
for id in users.local state.owner; do assert_equal 'skip -' "$(status_of $id "$json")" $id; done
assert_match 'whether there is a user \\"[a-z0-9-]+\\": only root can tell' "$json"

# what only root can see, and is wrong: an account that has expired, denials in a closed folder while the kernel's log
# can be read, a reserve that was cut short
audit=$SEEN/var/log/audit
machine chage -E 1 bob
for id in helper.selinux helper.apparmor; do assert_equal 'ok -' "$(status_of $id "$json")" $id; done
install -d -m 0700 "$audit"
stamp="msg=audit($(($(date +%s) + 60)).1:1):"
cat >"$audit/audit.log" <<LOG
type=AVC $stamp avc:  denied  { write } for  pid=8 comm="sshd" name="pam.sock" scontext=system_u:system_r:sshd_t:s0 tclass=sock_file
type=AVC $stamp apparmor="DENIED" operation="connect" profile="/usr/sbin/sshd" name="/run/c2m/pam.sock" pid=8 comm="sshd"
LOG
mv /var/lib/c2m/reserve "$WORLD/reserve"
head -c 4096 /dev/zero >/var/lib/c2m/reserve
all=$(doctor --json || :)
assert_equal 'warn - fail - fail - warn -' "$(for id in users.local helper.selinux helper.apparmor state.room; do status_of $id "$all"; echo; done | xargs)"
json=$(doctor_of_alice --json)
for id in users.local helper.selinux helper.apparmor state.room; do assert_equal 'skip -' "$(status_of $id "$json")" $id; done
assert_match 'SKIP helper.apparmor +denials in /var/log/audit/audit.log: only root can tell' "$(doctor_of_alice)"
rm -r "$audit"
mv "$WORLD/reserve" /var/lib/c2m/reserve
machine chage -E -1 bob
healthy

# what is wrong and can be seen is told all the same; the exit status is Nagios' own
authd_stop
assert_status 2 doctor_of_alice
assert_match 'FAIL helper.answers +the helper does not run' "$output"
assert_match '^FAIL helper.answers .*$' "$(doctor_of_alice --quiet || :)"
json=$(doctor_of_alice --json || :)
assert_match '^\{"schema":1,"ok":false,' "$json"
assert_equal 'fail -' "$(status_of helper.answers "$json")"
assert_equal 'skip helper.answers' "$(status_of api.revocations "$json")"
assert_equal "$(doctor_of_alice --list | wc -l)" "$(doctor_of_alice --list --json | grep -o '"id"' | wc -l)"
assert_status 64 doctor_of_alice --outage

# who was not asked is not well: a service without pam_c2m, and no service at all
assert_equal 'skip -' "$(status_of helper.directory "$(doctor --runtime-dir "$WORLD/nowhere" --json || :)")"
authd_start
for service in sshd sudo; do sed -i '/pam_c2m/d' "$SEEN/etc/pam.d/$service"; done
json=$(doctor --json)
for id in sshd.config sudo.rs; do assert_equal 'skip -' "$(status_of $id "$json")" $id; done
for id in sshd.usepam sshd.kbdint sshd.match sshd.alive; do assert_equal 'skip sshd.config' "$(status_of $id "$json")" $id; done
for id in readable timestamp noninteractive reuse pam; do assert_equal 'skip sudo.rs' "$(status_of sudo.$id "$json")" $id; done
assert_match 'SKIP sshd.config +sshd does not ask pam_c2m' "$(doctor)"
sed -i '/pam_c2m/d' "$SEEN"/etc/pam.d/*
json=$(doctor --json || :)
assert_equal 'fail -' "$(status_of stack.present "$json")"
for id in sshd.config sshd.usepam sshd.kbdint sshd.match sshd.alive sshd.penalties sudo.rs sudo.readable sudo.timestamp sudo.pam; do
  assert_equal 'skip stack.present' "$(status_of $id "$json")" $id
done
install -m 0644 "$ROOT"/examples/pam.d/* "$SEEN/etc/pam.d/"
# what reuse does is in sudo's stack, which may be one that libpam cannot read
echo 'auth required' >>"$SEEN/etc/pam.d/sudo"
json=$(doctor --json || :)
for id in noninteractive reuse; do assert_equal 'skip -' "$(status_of sudo.$id "$json")" $id; done
