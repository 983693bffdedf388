#!/usr/bin/env bash
# c2mctl doctor sees what the kernel lacks, hides or denies: hidepid, and denials of SELinux and AppArmor, as recorded.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
healthy

# 28
hidden='/proc hides processes from the helper \(hidepid=(2|invisible)\).*: use the shipped unit \(ProcSubset=pid\)'
if world_can mount; then
  mount -o remount,hidepid=2 /proc
  sees FAIL helper.hidepid "$hidden"
  as_told "$(doctor --fix || :)"
else   # as it would be told of it
  sed 's,^proc /proc proc [^ ]*,&\,hidepid=2,' /proc/self/mounts >"$WORLD/mounts"
  cc -shared -fPIC -DMOUNTS="\"$WORLD/mounts\"" -o "$WORLD/mounts.so" -xc - <<'C'
#include <mntent.h>
#include <stdio.h>
FILE *setmntent(const char *file, const char *mode)
{
    return (void)file, fopen(MOUNTS, mode);
}
C
  assert_match 'SKIP helper.hidepid +whether the helper sees processes in spite of hidepid=2: only with CAP_SYS_PTRACE' \
    "$(machine env LD_PRELOAD="$WORLD/mounts.so $SEEN_PRELOAD" c2mctl doctor --authd "$BUILD/c2m-authd")"
fi
healthy

# 25: an old denial, from before the folder got its label, says nothing; nor does one of something else
log=$SEEN/var/log/audit/audit.log
install -d -m 0700 "${log%/*}"
denied() { # SECONDS_FROM_NOW OBJECT
  echo "type=AVC msg=audit($(($(date +%s) + $1)).123:456): avc:  denied  { write } for  pid=812 comm=\"sshd\" $2 dev=\"tmpfs\" ino=77 scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=system_u:object_r:var_run_t:s0 tclass=sock_file permissive=0" >>$log
}
denied -1000 'name="pam.sock"'
denied 5 'name="other.sock"'
healthy
denied 0 'name="pam.sock"'
sleep 1.1
sees FAIL helper.selinux "SELinux denied something at the helper's socket to system_u:system_r:sshd_t:s0-s0:c0.c1023: build and load the policy module c2m, whose source is in /usr/share/doc/c2m/selinux, and restorecon -R /run/c2m"
assert_match '^# SELinux denied something .*: build and load the policy module' "$(doctor --fix || :)" 'restorecon alone would not cure it'
chown root: /run/c2m   # restorecon changes its ctime as well
healthy
rm $log

# and the label itself, which anybody may read: as the kernel tells it where SELinux is on
if can_instead && [ -d /sys/fs ]; then
  mkdir -p "$WORLD/fs/selinux"
  instead "$WORLD/fs" /sys/fs
  cc -shared -fPIC -o "$WORLD/label.so" -xc - <<'C'
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
    const char *label = getenv("LABEL");
    if (strcmp(path, "/run/c2m") != 0 || strcmp(name, "security.selinux") != 0 || !label || strlen(label) >= size)
        return -1;
    memcpy(value, label, strlen(label) + 1);
    return (ssize_t)strlen(label) + 1;
}
C
  selinux() { echo "$1" >"$WORLD/fs/selinux/enforce"; }   # 1 enforcing, 0 permissive
  labelled() { LABEL=system_u:object_r:$1 doctor_with "$WORLD/label.so"; }   # TYPE[:LEVEL]
  assert_equal '' "$(labelled var_run_t:s0)"
  selinux 1
  assert_match '^FAIL helper.selinux +SELinux labels /run/c2m as var_run_t, not c2m_runtime_t: build and load the policy module c2m, whose source is in /usr/share/doc/c2m/selinux, and restorecon -R /run/c2m$' "$(labelled var_run_t:s0)"
  assert_equal '' "$(labelled c2m_runtime_t:s0)"
  : >"$WORLD/fs/selinux/context"   # a policy that takes the label
  assert_match '^FAIL helper.selinux +SELinux labels /run/c2m as var_run_t, not c2m_runtime_t: restorecon -R /run/c2m$' "$(labelled var_run_t:s0)"
  assert_equal '' "$(labelled c2m_runtime_t:s0)"
  assert_equal 'system_u:object_r:c2m_runtime_t:s0' "$(tr -d '\0' <"$WORLD/fs/selinux/context")"
  assert_equal '' "$(doctor_with "$WORLD/label.so" 2>/dev/null)" 'no label at all'
  selinux 0
  assert_match '^WARN helper.selinux +SELinux labels /run/c2m as tmpfs_t,' "$(labelled tmpfs_t)"
  assert_equal '' "$(labelled c2m_runtime_t)"
  as_before /sys/fs
fi

# 26
cat >$SEEN/var/log/kern.log <<LOG
Nov 25 10:00:00 web1 kernel: [  12.3] audit: type=1400 audit($(($(date +%s) - 5)).123:31): apparmor="DENIED" operation="connect" class="file" profile="/usr/sbin/sshd" name="/run/c2m/pam.sock" pid=811 comm="sshd" requested_mask="wr" denied_mask="wr" fsuid=0 ouid=0
Nov 25 10:00:00 web1 kernel: [  12.4] audit: type=1400 audit($(($(date +%s) - 4)).123:32): apparmor="DENIED" operation="open" class="file" profile="man_groff" name="/etc/x" pid=812 comm="man" requested_mask="r" denied_mask="r" fsuid=0 ouid=0
LOG
local=/etc/apparmor.d/local/usr.sbin.sshd
sees FAIL helper.apparmor "AppArmor's profile /usr/sbin/sshd denies /run/c2m .*: add /run/c2m/\* rw, to it, and load it again" $local
install -d $SEEN/etc/apparmor.d/local
fix=$(doctor --fix || :)
as_told "${fix% && *}"
assert_equal '/run/c2m/* rw,' "$(tail -n 1 $SEEN$local)"
healthy
# who can write to the log writes no commands
echo "Nov 25 10:00:00 web1 mallory: audit($(($(date +%s) + 100)).1:1): apparmor=\"DENIED\" profile=\"x;touch\${IFS}/tmp/owned\" name=\"/run/c2m/x\"" >>$SEEN/var/log/kern.log
assert_equal '' "$(doctor --fix)"
healthy
rm -r "$SEEN/var/log/kern.log" "$SEEN/etc/apparmor.d/local"

# Without auditd and rsyslog it stands in the kernel's own log alone; with systemd, in the journal.
[ "$WORLD_WAY" != private ] || [ -e /dev/kmsg ] || : >/dev/kmsg   # its /dev is its own
if can_instead && [ -e /dev/kmsg ]; then
  mkdir -p "$WORLD/module/apparmor/parameters"
  # able Y|N FILESYSTEM: what could deny, whatever this machine has
  able() { echo "$1" >"$WORLD/module/apparmor/parameters/enabled"; printf 'nodev\t%s\n' sysfs "$2" ext4 >"$WORLD/filesystems"; }
  able Y selinuxfs
  instead "$WORLD/module" /sys/module
  instead "$WORLD/filesystems" /proc/filesystems
  : >"$WORLD/kmsg"
  instead "$WORLD/kmsg" /dev/kmsg
  mkdir -p "$WORLD/log"
  instead "$WORLD/log" /var/log   # no auditd, no rsyslog
  unread="denials: neither the audit log nor the kernel's can be read"
  for id in helper.selinux helper.apparmor; do assert_match "SKIP $id +$unread" "$(doctor)"; done
  able N tmpfs
  [ -e /proc/self/attr/apparmor ] || healthy 'where nobody can deny anything, no log is missed'
  able Y selinuxfs
  stamp="audit($(($(date +%s) + 1)).123:9)"
  avc="audit: type=1400 $stamp: avc:  denied  { connectto } for  pid=8 comm=\"sshd\" path=\"/run/c2m/pam.sock\" scontext=system_u:system_r:sshd_t:s0 tcontext=system_u:system_r:c2m_t:s0 tclass=unix_stream_socket permissive=0"
  aa="audit: type=1400 $stamp: apparmor=\"DENIED\" operation=\"connect\" profile=\"/usr/sbin/sshd\" name=\"/run/c2m/pam.sock\" pid=8 comm=\"sshd\""
  echo '5,0,0,-;Linux version 6.1' >"$WORLD/kmsg"
  healthy 'a log without denials'
  echo "5,1,7,-;$avc" >>"$WORLD/kmsg"
  sees FAIL helper.selinux "SELinux denied something at the helper's socket to system_u:system_r:sshd_t:s0"
  echo '5,0,0,-;Linux version 6.1' >"$WORLD/kmsg"   # in place: another file would not be the one that stands there
  healthy
  echo "5,1,7,-;$aa" >"$WORLD/kmsg"
  sees FAIL helper.apparmor "AppArmor's profile /usr/sbin/sshd denies /run/c2m"
  echo '5,0,0,-;Linux version 6.1' >"$WORLD/kmsg"
  healthy
  if [ -x /usr/bin/journalctl ] && [ -x /usr/bin/systemctl ]; then
    # journalctl as it answers who may read it, and who may not
    cat >"$WORLD/journalctl" <<SH
#!/bin/sh
[ "\$*" != "\${*%--lines=1}" ] && exec cat "$WORLD/journal.last"
pattern=
for word; do pattern=\$word; done
grep -iE "\$pattern" "$WORLD/journal"
SH
    chmod 0755 "$WORLD/journalctl"
    mkdir -p "$WORLD/systemd/system"
    [ -n "$SEEN" ] || mkdir -p /run/systemd
    instead "$WORLD/systemd" /run/systemd
    instead "$WORLD/journalctl" /usr/bin/journalctl
    # the units are not asked about: systemctl has none of them here
    printf '#!/bin/sh\necho LoadState=not-found\n' >"$WORLD/systemctl"
    chmod 0755 "$WORLD/systemctl"
    instead "$WORLD/systemctl" /usr/bin/systemctl
    : >"$WORLD/kmsg"
    echo 'Linux version 6.1' | tee "$WORLD/journal" >"$WORLD/journal.last"
    healthy 'a journal without denials'
    echo "$aa" >>"$WORLD/journal"
    sees FAIL helper.apparmor "AppArmor's profile /usr/sbin/sshd denies /run/c2m"
    : >"$WORLD/journal.last"
    for id in helper.selinux helper.apparmor; do assert_match "SKIP $id +$unread" "$(doctor)"; done
    for path in /usr/bin/systemctl /usr/bin/journalctl /run/systemd; do as_before $path; done
    [ -n "$SEEN" ] || rmdir /run/systemd
  else
    echo 'counted: the journal is left out: this machine has no systemd'
  fi
  for path in /var/log /dev/kmsg /proc/filesystems /sys/module; do as_before $path; done
fi
: >"$SEEN/var/log/kern.log"
healthy

# 42: what an older kernel answers to pidfd_open
cc -o "$WORLD/without_pidfd" -xc - <<'C'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int count, char **words)
{
    struct sock_filter lines[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog filter = {sizeof lines / sizeof lines[0], lines};
    return count < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0 || execvp(words[1], words + 1) != 0;
}
C
run machine env LD_PRELOAD="$SEEN_PRELOAD" "$WORLD/without_pidfd" c2mctl doctor --authd "$BUILD/c2m-authd"
assert_match '^FAIL helper.kernel +this kernel has no pidfd: Linux 5.3 or later$' "$(findings "$output")"
assert_equal 2 "$status"
healthy
# one without CONFIG_AUDIT, as doctor would be told of it
cc -shared -fPIC -o "$WORLD/no_audit.so" -xc - <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>
int access(const char *path, int mode)
{
    if (strcmp(path, "/proc/self/sessionid") == 0) {
        errno = ENOENT;
        return -1;
    }
    return faccessat(-100, path, mode, 0);
}
C
assert_match '^WARN helper.kernel +no audit session ids: sessions are recognised by the terminal.s leader alone: a kernel with CONFIG_AUDIT$' \
  "$(doctor_with "$WORLD/no_audit.so")"
healthy
