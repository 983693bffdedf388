#!/usr/bin/env bash
# Programs that open a session and authenticate nobody: cron and runuser. They run as before, have no session of ours,
# and neither sudo nor c2mctl takes them for one.
. "$(dirname "$0")/../lib/test.sh"
needs su
command -v cron >/dev/null || skip 'cron is not installed'

c2m_start
for service in cron runuser runuser-l; do
  # first in the stack, where it cannot be passed by
  { echo 'account required pam_c2m.so'; echo 'session required pam_c2m.so'; cat "/etc/pam.d/$service"; } >"$WORLD/stack"
  sed -E 's/required pam_c2m/[success=ok ignore=ignore default=bad] pam_c2m/' "$WORLD/stack" >"/etc/pam.d/$service"
done

session_open a alice "$(mint alice)"
assert_equal alice "$(session_run a 'sudo runuser -u alice -- id -un')"
assert_equal alice "$(runuser -l alice -c 'id -un')"
# a session of the kernel of its own, within that of alice
assert_status 1 session_run a 'sudo runuser -l alice -c "sudo id"'   # it has no terminal to be asked on

job() { # runs alice's job, as at a boot; its output in $output
  rm -f /tmp/job /run/crond.reboot
  cron -f -L 15 &
  cron=$!
  assert_within 10 "$@"
  kill $cron
  wait $cron 2>/dev/null || :
  output=$(cat /tmp/job 2>/dev/null) || :
}
job_ended() { grep -q '^done$' /tmp/job 2>/dev/null; }
job_refused() { grep -qE 'CRON.*(Permission denied|Authentication failure|expired)' "$WORLD_LOG/syslog"; }
# as it is at a boot: without alice's session among cron's ancestors; one of hers is open, and is no help
cat >/var/spool/cron/crontabs/alice <<-'CRON'
	PATH=/usr/local/bin:/usr/bin:/bin
	@reboot exec >/tmp/job 2>&1; id -un; c2mctl token; echo "token $?"; sudo id; echo "sudo $?"; echo; echo done
CRON
chown alice:crontab /var/spool/cron/crontabs/alice
chmod 0600 /var/spool/cron/crontabs/alice

job job_ended
assert_match $'^alice\n.*you stand in no C2M session.*\ntoken 77\n.*sudo 1\n' "$output"
assert_match 'alice sshd' "$(c2mctl sessions)"
assert_equal 1 "$(c2mctl sessions | wc -l)"

# who wants no logins but C2M's says so
config_write 'account.unknown=deny'
authd_restart
job job_refused
assert_equal '' "$output"
