# shellcheck shell=bash
# Roots of a suite: made once by debootstrap, copied for each use, entered in namespaces of their own. Sourced; needs
# root and CAP_SYS_ADMIN. The mirror and its proxy are those of this machine.

# What each test finds: a small server on which users have a systemd of their own, before anything of ours.
ROOT_PACKAGES=systemd,systemd-sysv,dbus,openssh-server,openssh-client,sudo,procps,iproute2,ca-certificates
ROOT_LATER='libpam-systemd dbus-user-session'   # by apt: debootstrap cannot configure them

root_possible() { timeout -k 1 5 unshare -m -p -f true 2>/dev/null && command -v debootstrap >/dev/null; }

root_mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE 'https?://[^ ]+' | grep -E '/debian/?$' | head -n 1
}

# root_base SUITE DIR: made whole or not at all; one that is there is taken
root_base() {
  local suite=$1 dir=$2
  [ ! -d "$dir" ] || return 0
  rm -rf "$dir.part"
  if ! debootstrap --variant=minbase --include="$ROOT_PACKAGES" "$suite" "$dir.part" "$(root_mirror)" >"$dir.log" 2>&1; then
    tail -n 3 "$dir.log"
    return 1
  fi
  apt-config dump | grep -E '^Acquire::https?::' >"$dir.part/etc/apt/apt.conf.d/90host"
  ln -sf /dev/null "$dir.part/etc/systemd/system/systemd-modules-load.service"   # the kernel is the host's
  if ! root_run "$dir.part" "apt-get -qq update && apt-get -qq -y --no-install-recommends install $ROOT_LATER" >"$dir.log" 2>&1; then
    tail -n 3 "$dir.log"
    return 1
  fi
  mv "$dir.part" "$dir"
}

root_copy() { rm -rf --one-file-system "$2" && cp -a --reflink=auto "$1" "$2" && chmod 0755 "$2"; }   # FROM TO

# root_run ROOT COMMAND: in it, with the network, without services; pivot_root, because a chroot allows no namespaces
root_run() {
  local root=$1
  cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || :
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 0755 "$root/usr/sbin/policy-rc.d"
  unshare -m -p -f --propagation private --kill-child bash -c "
    mount --bind '$root' '$root' && cd '$root' && mkdir -p .old && mount --rbind /dev dev && mount -t tmpfs tmp run && mount -t tmpfs tmp tmp
    pivot_root . .old && mount -t proc proc /proc && umount -l /.old
    exec env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c \"\$1\"" \
    root "$2" </dev/null
  local rc=$?
  rm -f "$root/usr/sbin/policy-rc.d"
  return $rc
}
