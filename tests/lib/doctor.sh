# shellcheck shell=bash
# shellcheck disable=SC2154 # run sets output and status
# c2mctl doctor, of a machine that is well until a test breaks it. In a private world that is /etc itself; in place a
# copy of it, which doctor is made to take for /etc by proot(1): the machine's own is never broken.
#
#   $SEEN                                  stands before /etc, /home, /root, /var/log and the folder of PAM's modules:
#                                          empty, or where the copies are
#   machine COMMAND ...                    runs it where these are the machine's
#   doctor_sees                            makes the copies, as c2m_start and a private world would have set them up
#   doctor_ready [SECTION.KEY=VALUE ...]   c2m_start, and what a careful administrator does besides
#   healthy [WHAT]                         nothing is wrong, and nothing was skipped
#   sees STATUS ID REGEX [FILE[:LINE]]     exactly this one is wrong: WARN or FAIL, its words and cure, and its place
#   doctor [OPTION ...]
#   instead FILE PATH, as_before PATH      the machine has that file, or folder, in the place of PATH; needs mount, or a copy
#   doctor_with LIBRARY   what it finds when LIBRARY is loaded before libc

SEEN='' MODULES=$(dirname "$(compgen -G '/usr/lib/*/security/pam_unix.so' || compgen -G '/usr/lib/security/pam_unix.so')")
SEEN_BINDS=() SEEN_PRELOAD=
machine() { if [ -z "$SEEN" ]; then "$@"; else proot "${SEEN_BINDS[@]}" "$@"; fi; }
machine_c2mctl() { machine env LD_PRELOAD="$SEEN_PRELOAD" c2mctl "$@"; }   # ARGUMENT ...
doctor() { machine_c2mctl doctor --authd "$BUILD/c2m-authd" "$@"; }
as_told() { machine bash -c "$1"; }   # COMMANDS: what --fix printed
as_alice() { # COMMAND ...
  local command=(setpriv --reuid alice --regid alice --clear-groups)
  # root would not be allowed to trace her there
  [ -z "$SEEN" ] || command+=(env HOME=/ proot "${SEEN_BINDS[@]}")
  "${command[@]}" "$@"
}

doctor_ready() {
  c2m_start "$@"
  doctor_sees
  [ -z "$SEEN" ] || rm -f "$SEEN"/etc/pam.d/c2m-*
  echo "root:root-$WORLD_PASSWORD" | machine chpasswd
  : >"$SEEN/var/log/kern.log"   # a machine may be a container, which cannot read the kernel's log
}

# But the helper and its configuration are those of the world.
doctor_sees() {
  [ "$WORLD_WAY" != private ] || return 0
  command -v proot >/dev/null || skip 'proot is not installed, and without it doctor would look at the machine itself'
  SEEN=$WORLD/seen
  mkdir -p "$SEEN$MODULES" "$SEEN/root" "$SEEN/home" "$SEEN/var/log"
  cp -a /etc "$SEEN/"
  cp -a "$MODULES" "${SEEN}${MODULES%/*}/"
  chmod 0700 "$SEEN/root"
  rm -rf "$SEEN"/etc/{c2m,sudoers.d,ssh}
  mkdir -p "$SEEN"/etc/{c2m,sudoers.d}
  cp -a "$SSH_DIR" "$SEEN/etc/ssh"
  sed -i "s,$SSH_DIR,/etc/ssh,; /^PAMServiceName/d" "$SEEN/etc/ssh/sshd_config"
  install -m 0644 "$ROOT"/examples/pam.d/* "$SEEN/etc/pam.d/"
  install -m 0440 "$ROOT"/examples/sudoers.d/* "$SEEN/etc/sudoers.d/"
  world_sudoers >"$SEEN/etc/sudoers"
  SEEN_BINDS=(-v -1 -b "$SEEN/etc:/etc" -b /etc/c2m:/etc/c2m -b "$SEEN/root:/root" -b "$SEEN/home:/home" -b "$SEEN/var/log:/var/log"
    -b "$SEEN$MODULES:$MODULES")
  # doctor rehearses as nobody, whom proot may not trace in a container
  SEEN_PRELOAD=$WORLD/undropped.so
  cc -shared -fPIC -o "$SEEN_PRELOAD" -xc - <<'C'
#define _GNU_SOURCE
#include <grp.h>
#include <unistd.h>
int setgroups(size_t count, const gid_t *groups) { return (void)count, (void)groups, 0; }
int setresgid(gid_t real, gid_t effective, gid_t saved) { return (void)real, (void)effective, (void)saved, 0; }
int setresuid(uid_t real, uid_t effective, uid_t saved) { return (void)real, (void)effective, (void)saved, 0; }
C
}

healthy() {
  run doctor
  assert_match '^[0-9]+ ok, 0 skipped, 0 warnings, 0 failures$' "$output" "${1:-not healthy}"
  assert_equal 0 "$status"
}

doctor_with() {
  local sanitizer
  sanitizer=$(ldd /usr/local/bin/c2mctl | sed -n 's/.* => \(.*libasan[^ ]*\) .*/\1/p')
  findings "$(machine env LD_PRELOAD="$sanitizer $1 $SEEN_PRELOAD" c2mctl doctor --authd "$BUILD/c2m-authd" || :)"
}

can_instead() { [ -n "$SEEN" ] || can mount; }
instead() { if [ -n "$SEEN" ]; then SEEN_BINDS+=(-b "$1:$2"); else mount --bind "$1" "$2"; fi; }
as_before() { if [ -n "$SEEN" ]; then unset 'SEEN_BINDS[-1]' 'SEEN_BINDS[-1]'; else umount "$1"; fi; }

# doctor's lines about what is wrong
findings() { grep -E '^(WARN|FAIL) ' <<<"$1" || :; }

sees() {
  local line place=${4:-}
  run doctor
  line=$(findings "$output")
  assert_equal "$([ "$1" = FAIL ] && echo 2 || echo 1)" "$status" "$output"
  assert_match "^$1 +$2 +$3" "$line"
  [ "$(wc -l <<<"$line")" = 1 ] || fail 'several findings for one cause' "$line"
  [[ -z $place || $line == *"($place"[:\)]* ]] || fail 'another place' "expected: $place" "got: $line"
}
line_of() { grep -nE "$2" "$SEEN$1" | head -n 1 | sed "s,:.*,,;s,^,$1:,"; }   # FILE REGEX
