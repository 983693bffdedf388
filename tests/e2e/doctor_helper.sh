#!/usr/bin/env bash
# c2mctl doctor sees what keeps the helper from its work: its sockets, its state, the API.
# long: breaks a machine in many ways
. "$(dirname "$0")/../lib/test.sh"
# shellcheck source=tests/lib/doctor.sh
. "$ROOT/tests/lib/doctor.sh"

doctor_ready
healthy 'the examples'
c2mctl_silent() { [[ $(c2mctl status || :) == *unreachable* ]]; }
all_revoked() { [[ $(c2mctl status) == *' 0 revocations pending'* ]]; }
# what doctor finds by a clock that is an hour ahead
cc -shared -fPIC -o "$WORLD/later.so" -xc - <<'C'
#include <sys/time.h>
#include <time.h>
time_t time(time_t *out)
{
    struct timeval now;
    (void)out;
    gettimeofday(&now, NULL);
    return now.tv_sec + 3600;
}
C
later() { doctor_with "$WORLD/later.so"; }
conf=/etc/c2m/authd.conf

# 22: the helper is down, by either way, and 23: its folder
authd_stop
sees FAIL helper.answers 'the helper does not run: nobody listens \(/run/c2m\): start .*c2m-authd' /run/c2m
authd_start
healthy 'started'
authd_stop
rm -rf /run/c2m
sees FAIL helper.answers 'the helper does not run: there is no socket'
[ -z "$SEEN" ] || { mkdir -p "$WORLD/systemd/system"; SEEN_BINDS+=(-b "$WORLD/systemd:/run/systemd"); }
[ -n "$SEEN" ] || mkdir -p /run/systemd/system
assert_match ': systemctl enable --now c2m-authd.socket c2m-authd-user.socket$' "$(findings "$(doctor || :)")"
assert_equal 'systemctl enable --now c2m-authd.socket c2m-authd-user.socket' "$(doctor --fix || :)"
if [ -z "$SEEN" ]; then rmdir /run/systemd/system; else unset 'SEEN_BINDS[-1]' 'SEEN_BINDS[-1]'; fi
authd_start
healthy
chown alice /run/c2m
sees FAIL helper.directory "the sockets' folder must be root's, 0755: it is uid $(id -u alice)'s, 0755 .*: chown root:root /run/c2m" /run/c2m
as_told "$(doctor --fix || :)"
healthy
chmod 0777 /run/c2m
sees FAIL helper.directory "the sockets' folder must be root's, 0755: it is uid 0's, 0777"
chmod 0755 /run/c2m
healthy
# somebody else behind the socket
authd_stop
rm -f /run/c2m/pam.sock
install -d -o mallory "$WORLD/mallory"
# shellcheck disable=SC2016  # perl expands it
setpriv --reuid mallory --clear-groups perl -MSocket -e 'socket(S, AF_UNIX, SOCK_SEQPACKET, 0); bind(S, sockaddr_un($ARGV[0])) && listen(S, 5) or die; sleep 100' "$WORLD/mallory/sock" &
false=$!
wait_until 5 test -S "$WORLD/mallory/sock"
mv "$WORLD/mallory/sock" /run/c2m/pam.sock
sees FAIL helper.answers "it is not root who listens at the helper's socket"
kill $false; wait $false 2>/dev/null || :
rm -f /run/c2m/pam.sock
authd_start
healthy

# 27: one that was not started again after an upgrade
authd_stop
perl -MSocket -e '
  unlink $ARGV[0]; socket(S, AF_UNIX, SOCK_SEQPACKET, 0); bind(S, sockaddr_un($ARGV[0])) && listen(S, 5) or die;
  while (accept(my $peer, S)) {
    recv($peer, my $asked, 65536, 0);
    my ($magic, $wire, undef, undef, $nonce) = unpack("L S S L a16", $asked);
    send($peer, pack("L S S L a16 q2 L6 Q S a62 L2", $magic, $wire, 120, 120, $nonce, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, "0.0", 0, 0), 0);
  }' /run/c2m/pam.sock &
old=$!
wait_until 5 listens_unix /run/c2m/pam.sock
sees WARN helper.version 'c2mctl and module are 0\.1, the helper is 0\.0: start the helper again'
kill $old; wait $old 2>/dev/null || :
authd_start
healthy
module=$SEEN$MODULES/pam_c2m.so
cp -p "$module" "$WORLD/"
module_as_it_was() { install -m 0644 "$WORLD/pam_c2m.so" "$module"; healthy; }
module_says() { perl -pe 's/\@\(#\)pam_c2m 0\.1/'"$1/" <"$WORLD/pam_c2m.so" >"$WORLD/other.so"; install -m 0644 "$WORLD/other.so" "$module"; }   # TEXT of the same length
module_says '\@\(#\)pam_c2m 0.0'
sees WARN helper.version 'pam_c2m.so is 0\.0, c2mctl is 0\.1 .*: (install it again|apt-get)' "$MODULES/pam_c2m.so"
module_as_it_was
module_says 'as earlier ones'
sees WARN helper.version 'pam_c2m.so does not say its version: it is not of c2mctl 0\.1 .*: (install it again|apt-get)' "$MODULES/pam_c2m.so"
module_as_it_was

# 40: the state
chown root /var/lib/c2m/state.db
sees FAIL state.owner "the helper's state is not c2m-authd's .*: chown -R c2m-authd: /var/lib/c2m" /var/lib/c2m/state.db
as_told "$(doctor --fix || :)"
healthy
chmod 0755 /var/lib/c2m
sees FAIL state.owner "others may read the helper's state" /var/lib/c2m
chmod 0700 /var/lib/c2m
healthy
damaged=/var/lib/c2m/state.db.damaged-1795600000
touch "$damaged" "$damaged-wal"
sees WARN state.damaged "the helper's state was damaged and set aside: its sessions were ended, .*: look at the disk; .*then rm $damaged\*" "$damaged"
rm "$damaged"*
healthy
# and one that really is
authd_stop
dd if=/dev/urandom of=/var/lib/c2m/state.db bs=512 count=8 conv=notrunc 2>/dev/null
authd_start
damaged=$(compgen -G '/var/lib/c2m/state.db.damaged-*' | head -n 1)
sees WARN state.damaged "the helper's state was damaged and set aside: its sessions were ended, .*: look at the disk; .*then rm $damaged\*" "$damaged"
rm "$damaged"*
healthy
full='no new logins: the file system is full .*: make room there'
read_only='no new logins: the file system is read-only .*: mount -o remount,rw'
if world_can mount; then
  mount -t tmpfs -o size=512k,mode=0700,uid=c2m-authd tmpfs /var/lib/c2m
  sees FAIL state.room "$full" /var/lib/c2m
  mount -o remount,size=64m /var/lib/c2m
  healthy 'there is room'
  mount -o remount,ro /var/lib/c2m
  sees FAIL state.room "$read_only" /var/lib/c2m
  mount -o remount,rw /var/lib/c2m
  healthy
  umount /var/lib/c2m
else   # as it would be told of it
  for flags in 0 1; do
    cc -shared -fPIC -DFLAGS=$flags -o "$WORLD/statvfs$flags.so" -xc - <<'C'
#include <sys/statvfs.h>
int statvfs(const char *restrict path, struct statvfs *restrict out)
{
    (void)path;
    *out = (struct statvfs){.f_frsize = 4096, .f_bavail = 128, .f_flag = FLAGS};
    return 0;
}
C
  done
  mv /var/lib/c2m/reserve "$WORLD/"
  assert_match "^FAIL state.room +$full" "$(doctor_with "$WORLD/statvfs0.so")"
  mv "$WORLD/reserve" /var/lib/c2m/
  healthy
  assert_match "^FAIL state.room +$read_only" "$(doctor_with "$WORLD/statvfs1.so")"
fi
healthy

# 33 to 38, as far as the helper tells, and 41: what could not be revoked since
session_open one alice "$(mint alice)"
ask down >/dev/null
session_close one
assert_within 10 c2mctl_silent
sees FAIL api.answers 'the API refuses connections, or there is no route to it; last answer: .*: correct url in \[api\]' $conf
assert_equal 'FAIL api.answers' "$(later | cut -d ' ' -f 1,2)" 'what waits follows from that'
ask up >/dev/null
assert_within 120 all_revoked   # after a backoff that may have grown
healthy
ask 'fault endpoint=revoke status=503' >/dev/null
session_open two alice "$(mint alice type=long)"
session_close two
healthy 'a minute of waiting is none'
assert_match '^WARN api.revocations +[12] revocations wait, the oldest for (1h|59m): c2mctl revocations --pending says why$' "$(later)"
ask clear >/dev/null
assert_within 60 all_revoked
assert_equal '' "$(later)"
healthy
