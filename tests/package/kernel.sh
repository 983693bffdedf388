#!/usr/bin/env bash
# make kernel-test: the packages on a kernel of Debian's own (6.1 of Debian 12), in QEMU, with systemd as PID 1 and no
# network: on_kernel.sh's story. Needs what `make package-test` needs, and QEMU; KVM is used where there is one.
#   tests/package/kernel.sh [SUITE]
# The packages are those of $(BUILD)/package, built anew when the tree has changed. C2M_KEEP=yes leaves the machine.
# shellcheck disable=SC2317 # functions that timed calls
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/package/prepare.sh
. tests/package/prepare.sh

suite=${1:-bookworm} seconds=${C2M_LIMIT:-1200}
case $(dpkg --print-architecture 2>/dev/null) in
  amd64) image=linux-image-amd64 qemu=qemu-system-x86_64 package=qemu-system-x86 machine=pc console=ttyS0 ;;
  arm64) image=linux-image-arm64 qemu=qemu-system-aarch64 package=qemu-system-arm machine=virt console=ttyAMA0 ;;
  *) echo 'SKIP kernel-test: it knows the machines of amd64 and arm64'; exit 77 ;;
esac
[ "$(id -u)" = 0 ] || { echo 'kernel-test: run it as root'; exit 1; }
command -v debootstrap >/dev/null || { echo 'SKIP kernel-test: no debootstrap: apt-get install debootstrap'; exit 77; }
command -v "$qemu" >/dev/null || { echo "SKIP kernel-test: no $qemu: apt-get install --no-install-recommends $package"; exit 77; }
root_possible || { echo 'SKIP kernel-test: no namespaces here'; exit 77; }

packages() { packages_are_built || build_packages || { tail -n 20 "$work/$suite.build.log"; false; }; }

# The suite's root with a kernel, made whole or not at all.
kernel_base() {
  local root=$work/kernel-$suite
  [ ! -d "$root" ] || return 0
  root_copy "$work/$suite" "$root.part" || return 1
  rm -f "$root.part/etc/systemd/system/systemd-modules-load.service"   # the kernel is its own
  root_run "$root.part" "apt-get -qq update && apt-get -qq -y --no-install-recommends install $image initramfs-tools apparmor" \
    >"$work/$suite.kernel.log" 2>&1 || { tail -n 5 "$work/$suite.kernel.log"; return 1; }
  mv "$root.part" "$root"
}

# The story is told on the console, by a unit that powers off when it is over.
tell_at_boot() {   # ROOT
  cat >"$1/etc/systemd/system/story.service" <<'UNIT'
[Unit]
After=systemd-user-sessions.service ssh.service apparmor.service
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=oneshot
ExecStart=/bin/bash -c 'echo; bash /packages/on_kernel.sh; echo "the story ended with status $?"'
StandardInput=null
StandardOutput=tty
StandardError=inherit
TTYPath=/dev/console
UNIT
  systemctl --root="$1" --quiet add-wants multi-user.target story.service && systemctl --root="$1" --quiet mask "serial-getty@$console.service"
}

make_disk() {   # the machine's root becomes an image, without a mount
  local root=$work/machine-kernel-$suite
  prepare_machine "$work/kernel-$suite" "$root" && tell_at_boot "$root" || return 1
  rm -f "$disk"
  mke2fs -q -F -t ext4 -L root -d "$root" "$disk" "$(($(du -sm "$root" | cut -f 1) * 3 / 2 + 200))M" >"$work/$suite.disk.log" 2>&1 &&
    cp "$root"/boot/vmlinuz-* "$disk.kernel" && cp "$root"/boot/initrd.img-* "$disk.initrd"
  local rc=$?
  [ -n "${C2M_KEEP:-}" ] || rm -rf --one-file-system "$root"
  return "$rc"
}

boot() {   # SECONDS ACCELERATOR WORDS [ARGUMENT ...]: the machine, its console on stdout
  timeout --foreground -k 5 "$1" "$qemu" -machine "$machine" -accel "$2" -cpu max -smp 2 -m 1024 -nodefaults -nic none -display none -serial stdio \
    -no-reboot -kernel "$disk.kernel" -initrd "$disk.initrd" -append "console=$console panic=1 $3" "${@:4}" </dev/null 2>&1
}
# A /dev/kvm that opens is not enough: in some virtual machines no guest of it ever runs.
kvm_works() { [ -w /dev/kvm ] && boot 10 kvm '' | grep -qm 1 'Linux version'; }
run_machine() {
  local accelerator=tcg
  ! kvm_works || accelerator=kvm
  echo "$suite: $qemu, $accelerator"
  boot "$seconds" "$accelerator" 'root=/dev/vda rootdelay=300 rw quiet mitigations=off' -device virtio-rng-pci \
    -drive "file=$disk,format=raw,if=virtio,cache=unsafe" >"$disk.console"
}

story() {
  run_machine
  local rc=$?
  tr -d '\r' <"$disk.console" | sed -n '/s: Linux /,/^the story ended/p'
  grep -q '^the story ended with status 0' "$disk.console" && return
  [ "$rc" != 124 ] || echo "the machine was still running after $seconds s"
  echo "the console's last lines ($disk.console):"
  tail -n 15 "$disk.console" | tr -d '\r' | sed 's/^/  | /'
  return 1
}

disk=$work/kernel-$suite.disk
timed 'fresh root' root_base "$suite" "$work/$suite" && timed 'packages' packages && timed 'a root with a kernel' kernel_base &&
  timed 'its disk' make_disk && timed 'booted, and the story' story
rc=$?
[ -n "${C2M_KEEP:-}" ] || rm -f "$disk" "$disk.kernel" "$disk.initrd"
exit $rc
