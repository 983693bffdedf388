#!/usr/bin/env bash
# The private world that a test or the demo runs in: mount, pid, network and host name of its own, a copy of /etc,
# empty /home, /run, /tmp and /var/log, users, keys, a syslog. Nothing of the machine changes, and with the last
# command of the world every process in it dies.
# Where that is refused (a container without CAP_SYS_ADMIN) the world is the container itself: in_place.sh.
#   tests/lib/world.sh [--in-place] COMMAND [ARGUMENT ...]   runs COMMAND in a new world: `tests/lib/world.sh bash` to look around
# For scripts that source it:
#   world_possible           status 1, and WORLD_REASON says why, where no world can be made. WORLD_WAY: private, in-place;
#                            C2M_IN_PLACE=yes forces the second
#   world_way                which of them it is, and why: one line
#   world_enter COMMAND ...  runs it in a new world, and exits with its status
#   world_entered            are we in one?

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
BUILD=${C2M_BUILD:-$ROOT/build}   # what is tested
WORLD_NAME=web1                   # its host name
WORLD_PROBE=5                     # seconds; an answer that is late is none
WORLD_COVERED=(/home /tmp /var/log /run)
WORLD_USERS=(alice bob mallory)   # password: NAME-$WORLD_PASSWORD
IN_PLACE_WORLD=/run/c2m-world

# shellcheck source=tests/lib/in_place.sh
. "$ROOT/tests/lib/in_place.sh"

# What is where.
world_paths() {   # private|in-place
  WORLD_WAY=$1
  WORLD_PASSWORD=password
  WORLD=/run/world                    # the world's own files: keys, the stand-in's directory
  WORLD_LOG=/var/log                  # the programs' logs
  SSH_DIR=/etc/ssh                    # sshd_config, ssh_config
  WORLD_SUDOERS=/etc/sudoers          # what alice and bob may
  [ "$1" = in-place ] || return 0
  WORLD=$IN_PLACE_WORLD
  WORLD_LOG=${C2M_LOG_DIR:-$WORLD/log}
  SSH_DIR=$WORLD/ssh
  WORLD_SUDOERS=/etc/sudoers.d/c2m-0-world
  [ ! -r "$WORLD/password" ] || WORLD_PASSWORD=$(<"$WORLD/password")
}
world_paths "$([ "${C2M_WORLD:-}" = in-place ] && echo in-place || echo private)"

world_entered() {
  [ "${C2M_WORLD:-}" = in-place ] || [ "${C2M_WORLD:-}" = "$(readlink /proc/self/ns/mnt)" ]
}

# Sets WORLD_UNSHARE. Without the right to bring up a loopback (no CAP_NET_ADMIN) the world shares the machine's network.
# `timeout`, because Debian 12's unshare hangs for ever with some options where it is refused.
world_possible() {
  local net try='mount -t tmpfs tmpfs /run && mkdir /run/etc && mount --bind /run/etc /etc'
  WORLD_REASON=
  if [ "$(id -u)" != 0 ]; then WORLD_REASON='not root'; return 1; fi
  if [ "${C2M_IN_PLACE:-}" = yes ]; then
    WORLD_WAY=in-place WORLD_REASON='as --in-place says'
    in_place_possible
    return
  fi
  WORLD_WAY=private
  for net in --net ''; do
    WORLD_UNSHARE=(unshare --mount --pid --uts ${net:+"$net"} --fork --mount-proc --propagation private --kill-child)
    if WORLD_REASON=$(timeout -k 1 "$WORLD_PROBE" "${WORLD_UNSHARE[@]}" bash -c "${net:+ip link set lo up && }$try" 2>&1 </dev/null); then
      return 0
    fi
  done
  WORLD_REASON=${WORLD_REASON:-unshare did not answer}
  # whoever runs the tests has seen that it can be: a machine that is slow now is no reason to change it
  if [ "${C2M_PRIVATE_ONLY:-}" = yes ]; then return 1; fi
  WORLD_WAY=in-place WORLD_REASON="no private world can be made here: ${WORLD_REASON%%$'\n'*}"
  in_place_possible
}

world_way() {
  if ! world_possible; then
    echo "No world: $WORLD_REASON."
  elif [ "$WORLD_WAY" = private ]; then
    echo 'A private world, because this machine allows namespaces: nothing of it changes.'
  else
    echo "In place, in this container itself, which is put back at the end: $WORLD_REASON."
  fi
}

world_enter() {
  local name keep=() world rc=0 ended=
  [ "${C2M_PRIVATE_ONLY:-}" != yes ] || WORLD_PROBE=60
  if [ -z "${WORLD_UNSHARE+set}" ] && ! world_possible; then
    echo "$WORLD_REASON" >&2
    if [ "${C2M_PRIVATE_ONLY:-}" = yes ] && [ "${C2M_IN_PLACE:-}" != yes ]; then exit 1; fi
    exit 77
  fi
  [ "$WORLD_WAY" = private ] || in_place_enter root users -- "$@"
  for name in "${!C2M_@}" "${!ASAN_@}" "${!UBSAN_@}"; do keep+=("$name=${!name}"); done
  [[ " ${WORLD_UNSHARE[*]} " != *' --net '* ]] || keep+=(C2M_PRIVATE_NET=yes)
  # unshare takes no notice of SIGTERM, but dies with this shell, and its world with it
  setpriv --pdeathsig KILL env -i --default-signal HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${keep[@]}" \
    "${WORLD_UNSHARE[@]}" bash "$ROOT/tests/lib/world.sh" --as-pid-1 "$@" <&0 &
  world=$!
  trap 'ended=143; kill -KILL $world' TERM
  trap 'ended=129; kill -KILL $world' HUP
  trap : INT   # Ctrl-C is for the command
  while :; do
    rc=0
    wait $world || rc=$?
    kill -0 $world 2>/dev/null || exit "${ended:-$rc}"
  done
}

# nap SECONDS: sleeps, but is no process of its own. Nobody writes into that FIFO.
nap() {
  if [ -p "$WORLD/nap" ]; then read -rt "$1" <>"$WORLD/nap" || :; else sleep "$1"; fi
}

# What follows runs as the first process of the world.

# Where others may not enter / (a root directory that mktemp made, say), which no user could log in to, this mount
# namespace gets a / of its own with the same in it.
world_root() {
  local entry run here=$PWD
  world_root_closed || return 0
  exec {run}</run
  mount -t tmpfs -o mode=0755 tmpfs /run
  for entry in /* /.[!.]*; do
    if [ -L "$entry" ]; then
      cp -a "$entry" /run/
    elif [ "$entry" = /run ]; then
      mkdir /run/run
      mount --no-canonicalize --rbind "/proc/self/fd/$run" /run/run
    elif [ -d "$entry" ]; then
      mkdir "/run$entry"
      mount --rbind "$entry" "/run$entry"
    fi
  done
  exec {run}<&-
  mkdir /run/.world-old
  cd /run
  pivot_root . .world-old
  umount -l /.world-old
  rmdir /.world-old
  cd "$here"
}
world_root_closed() { [ $((8#$(stat -c %a /) & 1)) = 0 ]; }

world_mount() {
  local path fd keep=() covered
  # descriptors keep what a tmpfs is about to cover: the checkout may well be in /home or /tmp
  for path in "$ROOT" "$BUILD" "$PWD" ${C2M_LOG_DIR:+"$C2M_LOG_DIR"}; do
    if [ -d "$path" ]; then exec {fd}<"$path"; keep+=("$fd $path"); fi
  done
  for covered in "${WORLD_COVERED[@]}"; do
    mount -t tmpfs -o mode=0755 tmpfs "$covered"
  done
  chmod 1777 /tmp
  for path in "${keep[@]}"; do
    fd=${path%% *} path=${path#* }
    if [ ! -e "$path" ]; then
      mkdir -p "$path"
      mount --no-canonicalize --bind "/proc/self/fd/$fd" "$path"
    fi
    exec {fd}<&-
  done
  cd "$PWD"   # the same name, in the new mount
  [ -z "${C2M_LOG_DIR:-}" ] || mount --bind "$C2M_LOG_DIR" /var/log

  : >/var/log/lastlog; : >/var/log/wtmp
  (umask 0117; : >/var/log/btmp)
  mkdir -p "$WORLD" /run/sshd /run/lock
  mkfifo -m 0600 "$WORLD/nap"
  cp -a /etc "$WORLD/etc"
  mount --bind "$WORLD/etc" /etc
  world_extend /var/lib
  rm -f /var/lib/sudo /var/lib/c2m
  install -d -m 0700 /var/lib/sudo
}

# DIR stays as it is for who reads it, but can be added to: a tmpfs with links to what was there.
world_extend() {
  local dir under
  [ "$WORLD_WAY" = private ] || return 0   # in place it is added to, and removed
  dir=$(readlink -f "$1") && [ -d "$dir" ] || return 0
  under=$WORLD/under$dir
  mkdir -p "$under"
  mount --rbind "$dir" "$under"
  mount -t tmpfs -o mode=0755 tmpfs "$dir"
  find "$under" -mindepth 1 -maxdepth 1 -exec ln -s -t "$dir" {} +
}

# A /dev of its own, so that /dev/log and the terminals are the world's.
world_dev() {
  local node old=$WORLD/dev
  mkdir "$old"
  mount --rbind /dev "$old"
  mount -t tmpfs -o mode=0755 tmpfs /dev
  # where no nodes may be made, they are lent
  cp -a "$old"/{null,zero,full,random,urandom,tty} /dev/ 2>/dev/null || for node in null zero full random urandom tty; do
    rm -f "/dev/$node"
    : >"/dev/$node"
    mount --bind "$old/$node" "/dev/$node"
  done
  mkdir -m 0755 /dev/pts
  mkdir -m 1777 /dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts /dev/pts 2>/dev/null || mount --rbind "$old/pts" /dev/pts
  ln -s pts/ptmx /dev/ptmx
  cp -a "$old"/{fd,stdin,stdout,stderr} /dev/
}

world_network() {
  [ "${C2M_PRIVATE_NET:-}" != yes ] || ip link set lo up
  echo "$WORLD_NAME" >/etc/hostname
  { echo "$WORLD_NAME" >/proc/sys/kernel/hostname; } 2>/dev/null || WORLD_NAME=$(uname -n)
  printf '%s\n' "127.0.0.1 localhost $WORLD_NAME" '::1 localhost' >/etc/hosts
  # the machine may look users up elsewhere, and a server that is out of reach takes its time
  printf '%s\n' 'passwd: files' 'group: files' 'shadow: files' 'gshadow: files' 'hosts: files' 'services: files' >/etc/nsswitch.conf
}

world_users() {
  local user uid=1001 file files=() hashes
  for file in /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/subuid /etc/subgid; do
    [ ! -e "$file" ] || files+=("$file")
  done
  sed -i -E "/^($(IFS='|'; echo "${WORLD_USERS[*]}")|c2m-authd):/d; /^[^:]*:[^:]*:(1001|1002|1003):/d" "${files[@]}"
  rm -f /etc/nologin
  touch /etc/default/locale   # pam_env complains of its absence
  useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin c2m-authd
  # hashes that cost little: a world is made for each test
  # shellcheck disable=SC2016  # a salt
  mapfile -t hashes < <(perl -e 'print crypt($_, q($5$rounds=1000$world)), "\n" for @ARGV' "${WORLD_USERS[@]/%/-$WORLD_PASSWORD}")
  for user in "${WORLD_USERS[@]}"; do
    useradd --create-home --uid "$uid" --user-group --shell /bin/bash --password "${hashes[uid - 1001]}" "$user"
    : >"/home/$user/.hushlogin"
    uid=$((uid + 1))
  done
  world_sudoers >/etc/sudoers
  rm -rf /etc/sudoers.d
  install -d -m 0755 /etc/sudoers.d
}

world_sudoers() {
  cat <<-SUDOERS
	Defaults env_reset, !lecture, !fqdn, timestamp_timeout=0
	Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	root ALL=(ALL:ALL) ALL
	alice ALL=(ALL:ALL) ALL
	bob ALL=(ALL:ALL) ALL
	@includedir /etc/sudoers.d
	SUDOERS
}

# One key opens each user's door: "$WORLD/key". sshd's configuration is written when it starts.
world_keys() {
  local user
  rm -rf "$SSH_DIR/sshd_config.d"
  install -d -m 0755 "$SSH_DIR/sshd_config.d"
  ssh-keygen -q -t ed25519 -N '' -C world -f "$WORLD/host_key"
  ssh-keygen -q -t ed25519 -N '' -C client -f "$WORLD/key"
  for user in "${WORLD_USERS[@]}"; do
    install -d -m 0700 -o "$user" -g "$user" "/home/$user/.ssh"
    install -m 0600 -o "$user" -g "$user" "$WORLD/key.pub" "/home/$user/.ssh/authorized_keys"
  done
  echo "* $(<"$WORLD/host_key.pub")" >"$SSH_DIR/ssh_known_hosts"
}

# What `make install` would put there, as far as it is built.
world_install() {
  local dir
  for dir in /usr/lib/*/security /usr/lib/security; do
    if [ -e "$dir/pam_unix.so" ] && [ -e "$BUILD/pam_c2m.so" ]; then
      world_extend "$dir"
      install -m 0644 "$BUILD/pam_c2m.so" "$(readlink -f "$dir")/pam_c2m.so"
      break
    fi
  done
  world_extend /usr/local/bin
  if [ -e "$BUILD/c2mctl" ]; then
    install -m 0755 "$BUILD/c2mctl" /usr/local/bin/c2mctl
    ln -sf c2mctl /usr/local/bin/c2m-askpass
  fi
}

# pam_install SERVICE <TEXT: sshd, sudo. In place the module is told which of them it is.
pam_install() { sed -e "$(pam_alias "$1" "s/pam_c2m\.so/& service=$1/")" -e "$(pam_audit)" >"/etc/pam.d/$(pam_name "$1")"; }

# Where these processes have an audit id and may not change it (a container that a login started), no login gets one of
# its own, and pam_loginuid would refuse it.
pam_audit() { [ ! -e /proc/self/loginuid ] || audit_changes || printf '%s\n' 's/required\([[:space:]]*pam_loginuid\)/optional\1/'; }
pam_audit_all() {
  local edit
  edit=$(pam_audit)
  [ -z "$edit" ] || sed -i "$edit" /etc/pam.d/*
}
audit_changes() { bash -c 'id=$(</proc/self/loginuid) && echo "$id" >/proc/self/loginuid' 2>/dev/null; }

# The service's own name. The module knows sudo by sudo's names alone, and of these `sudo -i` is what the container's
# other users are least likely to need meanwhile.
pam_name() {
  case $WORLD_WAY.$1 in
    private.*) echo "$1" ;;
    *.sudo) echo sudo-i ;;
    *) echo "c2m-$1" ;;
  esac
}
pam_alias() { [ "$(pam_name "$1")" = "$1" ] || echo "$2"; }   # SERVICE TEXT: only where it has another name

# Everything that is sent to syslog is in the world's own.
world_syslog() {
  (
  [ -z "${C2M_IN_PLACE_LOCK:-}" ] || exec {C2M_IN_PLACE_LOCK}<&-
  exec perl -MIO::Socket::UNIX -e '
    my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die "/dev/log: $!";
    chmod 0666, "/dev/log";
    $| = 1;
    while (defined $log->recv(my $line, 65536)) { $line =~ s/[\0\n]*\z/\n/; print $line }
  ' >"$WORLD_LOG/syslog" 2>&1 </dev/null
  ) &
  until [ -S /dev/log ] || ! kill -0 $!; do nap 0.01; done
}

world_init() {
  set -e
  umask 022
  # like a machine that has just booted: no login has marked these processes yet
  { echo 4294967295 >/proc/self/loginuid; } 2>/dev/null || :
  world_root
  world_mount
  world_dev
  world_network
  world_users
  world_keys
  world_install
  pam_audit_all
  world_syslog
  set +e
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  if [ "${1:-}" = --as-pid-1 ]; then
    shift
    world_init
    export C2M_WORLD TMPDIR=/tmp
    C2M_WORLD=$(readlink /proc/self/ns/mnt)
    "$@"   # not by exec: this shell stays, reaps the orphans, and ends the world with the command
    exit $?
  fi
  if [ "${1:-}" = --with-root ]; then   # for unit tests: no world, but a / that others may enter
    shift
    if [ "${1:-}" = --in-place ]; then
      shift
      in_place_enter root -- "$@"
    fi
    set -e
    world_root
    exec "$@"
  fi
  if [ "${1:-}" = --in-place ]; then export C2M_IN_PLACE=yes; shift; fi
  [ $# -gt 0 ] || { echo "usage: $0 [--in-place] COMMAND [ARGUMENT ...]" >&2; exit 64; }
  world_enter "$@"
fi
