#!/usr/bin/env bash
# Boots systemd as PID 1 in a root, in namespaces of its own, the network too, runs a command there and powers it off.
#   tests/package/boot.sh ROOT COMMAND [ARGUMENT ...]
# BOOT_NET=kept: with the network of the caller. Each boot has an id of its own, as a machine's has.
# Exits with the command's status; 77 where cgroups or namespaces are refused.
# shellcheck disable=SC2317 # functions that check, within and traps call
set -u
root=$(realpath -e "${1:?root}") || exit 1
shift
[ -x "$root/lib/systemd/systemd" ] || { echo "there is no systemd in $root"; exit 1; }
work=$(mktemp -d)
mkdir "$work/cgroup"
if ! mount -t cgroup2 none "$work/cgroup" 2>/dev/null; then
  rm -r "$work"
  echo 'no cgroup2 can be mounted here'
  exit 77
fi
group=$work/cgroup/c2m-package.$$
boot='' pid=''
clean_up() {
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
  [ -z "$boot" ] || wait "$boot" 2>/dev/null
  [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
  umount "$work/cgroup" && rmdir "$work/cgroup" "$work"
}
trap clean_up EXIT
trap 'exit 143' TERM HUP INT
mkdir "$group" 2>/dev/null || { echo 'no cgroup can be made here'; exit 77; }

# What PID 1 must find. /proc/sys read-only, or systemd-sysctl writes the host's; devices by mknod; rshared for
# LoadCredential, which mounts.
# shellcheck disable=SC2016 # $1 is the inner shell's
inside='
  mount --bind "$1" "$1" && cd "$1" && mkdir -p .old || exit 9
  mount -t proc proc proc && mount --bind proc/sys proc/sys && mount -o remount,ro,bind proc/sys || exit 9
  mount -t tmpfs -o mode=755 tmpfs run && cat proc/sys/kernel/random/uuid >run/boot_id || exit 9
  mount --bind run/boot_id proc/sys/kernel/random/boot_id && mount -o remount,ro,bind proc/sys/kernel/random/boot_id || exit 9
  mount -t sysfs -o ro sysfs sys && mount -t cgroup2 cgroup2 sys/fs/cgroup || exit 9
  mount -t tmpfs tmpfs tmp && mount -t tmpfs -o mode=755 tmpfs dev || exit 9
  for node in null zero full random urandom tty; do mknod -m 666 dev/$node c $(stat -c "%Hr %Lr" /dev/$node) || exit 9; done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts || exit 9
  ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
  ip link set lo up
  pivot_root . .old && umount -l /.old && mount --make-rshared / || exit 9
  exec env -i container=lxc PATH=/usr/sbin:/usr/bin /lib/systemd/systemd'
(
  echo "$BASHPID" >"$group/cgroup.procs" || exit 9
  net=-n
  [ "${BOOT_NET:-own}" = own ] || net=
  exec unshare -m -p -f -C -u -i $net --propagation private --kill-child bash -c "$inside" boot "$root"
) </dev/null >"$work.log" 2>&1 &
boot=$!
state=''
for _ in $(seq 600); do
  [ -d "/proc/$boot" ] || break
  pid=$(tr -d ' ' 2>/dev/null <"/proc/$boot/task/$boot/children")
  [ -z "$pid" ] || state=$(timeout 5 nsenter -t "$pid" -a systemctl is-system-running 2>/dev/null)
  case $state in running | degraded) break ;; esac
  sleep 0.1
done
case $state in
  running | degraded) ;;
  *)
    echo "systemd did not start (${state:-no answer}): $(tail -n 1 "$work.log")"
    rm -f "$work.log"
    [ -n "$pid" ] && exit 1
    exit 77
    ;;
esac
rm -f "$work.log"
rc=0
timeout "${BOOT_TIMEOUT:-300}" nsenter -t "$pid" -a env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb "$@" </dev/null || rc=$?
nsenter -t "$pid" -a systemctl poweroff --force >/dev/null 2>&1
for _ in $(seq 100); do [ -d "/proc/$pid" ] || { pid=''; break; }; sleep 0.05; done
exit $rc
