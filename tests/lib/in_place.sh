# shellcheck shell=bash
# The other way, where a private world cannot be made (world.sh): the world is this container itself. Real users, a real
# sshd on a port of its own, sudo for these users alone; PAM services, sshd's settings and keys have names of their own,
# so that no other door of the container changes. Before the first change a journal is written; the end undoes it, or,
# if that was killed, the next run does. One world at a time.
#   in_place_possible            status 1, and WORLD_REASON says why, where something of the same name is here already
#   in_place_lock                waits for other runs; held until this process and its children end
#   in_place_enter PART ... -- COMMAND ...   PARTs: root, users
#   in_place_undo                as the lock's holder: ends what a killed run left running, undoes what it changed
# For tests: world_can, at the end.

IN_PLACE_JOURNAL=/var/lib/c2m-world   # a reboot empties /run, but not /etc/passwd
IN_PLACE_MARK='made for a test of pam_c2m'
IN_PLACE_ACCOUNTS=(/etc/subgid /etc/subuid /etc/gshadow /etc/shadow /etc/group /etc/passwd)   # passwd is undone last
# What may be there and changes: put back, or removed if it was not there.
IN_PLACE_KEPT=(/etc/pam.d/sudo-i /etc/machine-id /etc/.pwd.lock /run/utmp /run/motd.dynamic /run/sshd /run/sudo /var/lib/sudo)

in_place_users() { printf '%s\n' "${WORLD_USERS[@]}" c2m-authd; }

# Of these who is the world's, and nobody that came after a run was killed.
in_place_ours() {
  local user line
  while read -r user; do
    line=$(grep "^$user:" /etc/passwd)
    [[ -n $line && $line != *":$IN_PLACE_MARK:"* ]] || echo "$user"
  done < <(in_place_users)
}

# What is of the world alone: it must not be there before, and is removed.
in_place_made() {
  local path
  for path in /usr/lib/*/security /usr/lib/security; do
    [ ! -e "$path/pam_unix.so" ] || echo "$path/pam_c2m.so"
  done
  compgen -G '/etc/pam.d/c2m-*'
  compgen -G '/etc/sudoers.d/c2m*'
  printf '%s\n' /etc/c2m /run/c2m /var/lib/c2m /usr/local/bin/c2mctl "$IN_PLACE_WORLD"
}

# What is here may be another run's, killed or in the middle of it: the journal says so, also one that came meanwhile.
in_place_possible() {
  local reason=$WORLD_REASON
  if [ "$(id -u)" != 0 ]; then WORLD_REASON='not root'; return 1; fi
  if [ -e "$IN_PLACE_JOURNAL" ] || in_place_free "$reason" || [ -e "$IN_PLACE_JOURNAL" ]; then
    WORLD_REASON=$reason
    return 0
  fi
  return 1
}

in_place_free() {   # REASON: nobody and nothing of the names that the world takes is here
  local user path
  while read -r user; do
    if getent passwd "$user" >/dev/null || getent group "$user" >/dev/null; then
      WORLD_REASON="a user or group $user is here already; $1"
      return 1
    fi
  done < <(in_place_users)
  while read -r path; do
    if [ -e "$path" ]; then WORLD_REASON="$path is here, and a test in place would overwrite it; $1"; return 1; fi
  done < <(in_place_made; printf '%s\n' "${WORLD_USERS[@]/#//home/}")
}

in_place_lock() {
  [ -z "${C2M_IN_PLACE_LOCK:-}" ] || return 0   # who started this one holds it, and it inherited that
  exec {IN_PLACE_FD}<"${C2M_IN_PLACE_LOCK_AT:-/var/lib}"
  if ! flock -n "$IN_PLACE_FD"; then
    echo 'Another run is in place here; waiting for its end.' >&2
    flock "$IN_PLACE_FD" || return 1
  fi
  export C2M_IN_PLACE_LOCK=$IN_PLACE_FD
}

# --- the journal ------------------------------------------------------------------------------------------------

in_place_begin() {
  local path new=$IN_PLACE_JOURNAL.new
  rm -rf "$new"
  mkdir -m 0700 "$new" "$new/saved"
  stat -c %a / >"$new/mode"
  [ ! -e /dev/log ] || : >"$new/log"
  for path in "${IN_PLACE_ACCOUNTS[@]}" "${IN_PLACE_ACCOUNTS[@]/%/-}" "${IN_PLACE_KEPT[@]}"; do
    if [ -d "$path" ]; then
      mkdir -p "$new/saved$path"
    elif [ -e "$path" ]; then
      mkdir -p "$new/saved${path%/*}"
      cp -a "$path" "$new/saved$path"
    fi
  done
  find "$new" -type f -exec sync {} +
  mv -T "$new" "$IN_PLACE_JOURNAL"
  sync /var/lib
}

in_place_put_back() {   # PATH
  local saved=$IN_PLACE_JOURNAL/saved$1
  if [ ! -e "$saved" ]; then
    rm -rf "$1"
  elif [ -f "$saved" ] && ! cmp -s "$saved" "$1"; then
    # whole or not at all; but what a container mounts there cannot be replaced
    cp -a "$saved" "$1.c2m-world"
    mv -f "$1.c2m-world" "$1" 2>/dev/null || { rm -f "$1.c2m-world"; cat "$saved" >"$1"; }
  fi
}

# The lines of the world's users go; if nothing else changed meanwhile, the file is the very one that it was.
in_place_accounts() {   # USER ...
  local file users rest
  users=$(IFS='|' && echo "$*")
  for file in "${IN_PLACE_ACCOUNTS[@]}"; do
    in_place_unlock "$file"
    rest=$(grep -vE "^($users):" "$file" 2>/dev/null; echo x)
    if [ "$rest" = "$(cat "$IN_PLACE_JOURNAL/saved$file" 2>/dev/null; echo x)" ]; then
      in_place_put_back "$file-"
      in_place_put_back "$file"
    else
      [ ! -e "$file-" ] || sed -i -E "/^($users):/d" "$file-"
      sed -i -E "/^($users):/d" "$file"
    fi
  done
}

in_place_unlock() {   # FILE: a useradd that was killed leaves these
  local lock pid
  for lock in "$1".lock "$1".[0-9]* "$1"+; do
    [ -e "$lock" ] || continue
    pid=$(tr -cd 0-9 <"$1.lock" 2>/dev/null) || pid=
    if [ -z "$pid" ] || [ ! -e "/proc/$pid" ]; then rm -f "$lock"; fi
  done
}

# Every process of the world: who has its mark, whose user or login is one of its users, its sshds, and all children.
in_place_kill() {
  # shellcheck disable=SC2046  # each uid a word
  perl -e '
    my ($world, %user) = (shift, map { $_ => 1 } @ARGV);
    sub text { open(my $f, "<", "/proc/$_[0]") or return ""; local $/; my $t = <$f>; defined $t ? $t : "" }
    for (1 .. 200) {
      my (%parent, %mine, %above);
      for my $pid (map { /(\d+)/ } glob "/proc/[0-9]*") {
        my $status = text("$pid/status");
        next if $status =~ /^State:\s+[ZX]/m or $status !~ /^PPid:\s+(\d+)/m;
        $parent{$pid} = $1;
        $mine{$pid} = 1 if ($status =~ /^Uid:\s+(\d+)/m and $user{$1}) or $user{text("$pid/loginuid")}
          or text("$pid/environ") =~ /(^|\0)C2M_WORLD=in-place\0/ or text("$pid/cmdline") =~ /^\S*sshd[: \0].*\Q$world\E/s;
      }
      for (my $pid = $$; $pid; $pid = $parent{$pid} || 0) { $above{$pid} = 1 }
      for my $pid (keys %parent) {
        my $up = $pid;
        $up = $parent{$up} || 0 while $up and not $mine{$up};
        $mine{$pid} = 1 if $up;
      }
      my @pids = grep { not $above{$_} } keys %mine or exit 0;
      kill KILL => @pids;
      select undef, undef, undef, 0.02;
    }
    exit 1' "$IN_PLACE_WORLD" $(in_place_uids)
}

in_place_uids() { sed -n "s/^[^:]*:[^:]*:\([0-9]*\):[0-9]*:$IN_PLACE_MARK:.*/\1/p" /etc/passwd; }

in_place_undo() {
  local path uid user ours
  rm -rf "$IN_PLACE_JOURNAL.new"
  [ -e "$IN_PLACE_JOURNAL" ] || return 0
  in_place_kill || echo 'Some processes of the world do not end.' >&2
  if [ -e "$IN_PLACE_JOURNAL/users" ]; then
    for uid in $(in_place_uids); do rm -f "/run/sudo/ts/$uid" "/var/lib/sudo/lectured/$uid"; done
    mapfile -t ours < <(in_place_ours)
    for user in "${ours[@]}"; do rm -rf "/home/${user:?}" "/run/sudo/ts/$user" "/var/lib/sudo/lectured/$user"; done
    in_place_made | while read -r path; do rm -rf "$path"; done
    for path in "${IN_PLACE_KEPT[@]}"; do in_place_put_back "$path"; done
    in_place_accounts "${ours[@]}"
    if [ -e /dev/log.c2m-world ]; then mv -f /dev/log.c2m-world /dev/log; elif [ ! -e "$IN_PLACE_JOURNAL/log" ]; then rm -f /dev/log; fi
  fi
  chmod "$(<"$IN_PLACE_JOURNAL/mode")" /
  rm -rf "$IN_PLACE_JOURNAL"
}

# --- the world --------------------------------------------------------------------------------------------------

in_place_init() {   # PART ...
  local user part
  set -e
  umask 022
  export C2M_WORLD=in-place
  in_place_begin
  for part; do
    case $part in
      # others must be able to enter / (see world_root)
      root) ! world_root_closed || chmod 0755 / ;;
      users)
        : >"$IN_PLACE_JOURNAL/users"
        mkdir -p "$WORLD" "$WORLD_LOG" "$SSH_DIR/sshd_config.d" /run/sshd
        mkfifo -m 0600 "$WORLD/nap"
        install -d -m 1777 "$WORLD/tmp"
        useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --comment "$IN_PLACE_MARK" c2m-authd
        for user in "${WORLD_USERS[@]}"; do
          useradd --create-home --user-group --shell /bin/bash --comment "$IN_PLACE_MARK" "$user"
          touch "/home/$user/.hushlogin"
        done
        # where others may come in, nobody's password is known
        WORLD_PASSWORD=$(head -c 10 /dev/urandom | od -An -tx1 | tr -d " \n")
        (umask 077; echo "$WORLD_PASSWORD" >"$WORLD/password")
        for user in "${WORLD_USERS[@]}"; do echo "$user:$user-$WORLD_PASSWORD"; done | chpasswd
        in_place_sudoers
        world_keys
        world_install
        pam_install sshd </etc/pam.d/sshd
        pam_install sudo </etc/pam.d/sudo
        [ ! -e /dev/log ] || mv -T /dev/log /dev/log.c2m-world
        world_syslog
        ;;
    esac
  done
}

in_place_sudoers() {
  local file=$WORLD/sudoers
  cat >"$file" <<-SUDOERS
	Defaults:alice,bob,mallory pam_service=sudo-i, pam_login_service=sudo-i, !lecture, !fqdn, timestamp_timeout=0
	alice ALL=(ALL:ALL) ALL
	bob ALL=(ALL:ALL) ALL
	SUDOERS
  chmod 0440 "$file"
  # whole, or sudo refuses everybody
  visudo -cqf "$file" && cp -a "$file" "$WORLD_SUDOERS.new" && mv "$WORLD_SUDOERS.new" "$WORLD_SUDOERS"
}

in_place_stop() { [ -z "$command" ] || kill -KILL "$command" 2>/dev/null; }
in_place_end() {
  trap '' INT TERM HUP
  in_place_undo
}

in_place_enter() {
  local parts=() name keep=() command='' rc=0 ended=
  set +eEu +o pipefail
  while [ "$1" != -- ]; do parts+=("$1"); shift; done
  shift
  trap '' PIPE   # `| head` ends the command, not this
  in_place_lock || exit 1
  in_place_undo
  in_place_possible || { echo "$WORLD_REASON" >&2; exit 77; }
  # after any end but SIGKILL
  trap in_place_end EXIT
  trap 'ended=143; in_place_stop' TERM
  trap 'ended=129; in_place_stop' HUP
  trap 'ended=130' INT   # Ctrl-C is for the command; it reached that too
  world_paths in-place
  (in_place_init "${parts[@]}")   # with the lock: killed here, it goes on to its end, and the next run waits for that
  rc=$?
  [ -z "$ended" ] || exit "$ended"
  [ $rc = 0 ] || { echo 'The world in place could not be made.' >&2; exit 1; }
  [ ! -d "$WORLD/tmp" ] || keep+=("TMPDIR=$WORLD/tmp")
  for name in "${!C2M_@}" "${!ASAN_@}" "${!UBSAN_@}"; do
    [ "$name" = C2M_IN_PLACE_LOCK ] || keep+=("$name=${!name}")
  done
  setpriv --pdeathsig KILL env -i --default-signal HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${keep[@]}" C2M_WORLD=in-place "$@" \
    <&0 {C2M_IN_PLACE_LOCK}<&- &
  command=$!
  while :; do
    rc=0
    wait $command || rc=$?
    kill -0 $command 2>/dev/null || exit "${ended:-$rc}"
  done
}

# world_can pty|sudo|presence|su|mount|trace|audit: status 1, and WORLD_REASON says why, for what cannot be tried in place
# (audit: in no world that inherits an audit id)
world_can() {
  if [ "$1" = audit ]; then
    WORLD_REASON='these processes have an audit id already, and may not change it (CAP_AUDIT_CONTROL)'
    audit_changes
    return
  fi
  [ "$WORLD_WAY" = in-place ] || return 0
  case $1 in
    # sshd ends a session on a terminal that it cannot tell the kernel's audit of
    pty) WORLD_REASON='a terminal over ssh needs CAP_AUDIT_WRITE'; (($(in_place_capabilities) >> 29 & 1)) ;;
    # by which sudo recognises its user
    presence) world_can sudo && world_can pty ;;
    sudo) WORLD_REASON='sudo refuses to run under no_new_privs'; [[ $(</proc/self/status) != *NoNewPrivs:?1* ]] ;;
    su) WORLD_REASON='su, login, cron and runuser have one PAM service each, which is left alone in place'; false ;;
    # neither is dumpable
    trace) WORLD_REASON='to look into sshd or the helper needs CAP_SYS_PTRACE'; (($(in_place_capabilities) >> 19 & 1)) ;;
    mount) WORLD_REASON='it needs a mount, which is refused here'; false ;;
  esac
}
in_place_capabilities() { sed -n 's/^CapEff:[^0-9a-f]*/0x/p' /proc/self/status; }
