#!/usr/bin/env bash
# Whoever runs code in the helper: what he could try fails, and what the helper lives from works. And who has the helper's
# uid, but is not the helper, cannot look into it.
. "$(dirname "$0")/../lib/test.sh"

inside=$WORLD/inside
tried() { grep -qx "$1" "$inside" || fail "not so: $1" "$(grep -F -- "${1%% *}" "$inside" || echo 'it was not tried')"; }

standin_start; keys_copy; seal_key_write; users_write; config_write; examples_install
perl -MIO::Socket::INET -e '$l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => shift, Listen => 9, ReuseAddr => 1) or die; sleep 600' \
  $((STANDIN_PORT + 1)) &
assert_within 5 listens_tcp $((STANDIN_PORT + 1))
C2M_INSIDE=$inside C2M_INSIDE_PORT=$STANDIN_PORT C2M_INSIDE_STATE=$STATE_DIR LD_PRELOAD=$BUILD/tests/inside/inside.so authd_start
assert_within 5 grep -qx "done" "$inside"

uid=$(id -u c2m-authd)
tried "Uid:	$uid	$uid	$uid	$uid"
for set in CapInh CapPrm CapEff CapAmb; do tried "$set:	0000000000000000"; done
tried 'NoNewPrivs:	1'; tried 'Seccomp:	2'; tried 'Groups:	 '; tried 'dumpable 0'; tried 'core 0'
tried 'raise:capabilities EPERM'; tried 'become:root EPERM'; tried 'run:true EPERM'
tried 'make:own OK'; tried 'remove:own OK'; tried 'read:configuration OK'; tried 'connect:api OK'
for file in write:passwd read:shadow own:memory; do tried "$file EACCES"; done

abi=$(sed -n 's/.*sandbox: seccomp, Landlock ABI //p' "$WORLD_LOG/authd.log")
if [ "$abi" -ge 1 ]; then
  for file in read:program list:bin read:log make:tmp; do tried "$file EACCES"; done
fi
if [ "$abi" -ge 4 ]; then
  for port in connect:else bind:any; do tried "$port EACCES"; done
  assert_no_match '^fastopen:else OK' "$(cat "$inside")"
fi
assert_equal '' "$(grep '^call ' "$inside" | grep -v ' EPERM$' || :)"
calls=$(grep -c '^call ' "$inside")
[ "$calls" -ge 60 ] || fail "only $calls calls were tried"

# from outside, with the same uid and no capability, as another service of that user would be
neighbour() { setpriv --reuid c2m-authd --regid c2m-authd --clear-groups --bounding-set=-all "$@"; }
for file in mem environ maps auxv; do
  run neighbour cat "/proc/$AUTHD_PID/$file"
  assert_match 'Permission denied|Operation not permitted' "$output"
done
run neighbour ls "/proc/$AUTHD_PID/fd"
assert_match 'Permission denied' "$output"
cat >"$WORLD/peek.pl" <<'PERL'
my ($pid, $buffer) = (0 + shift, "\0" x 64);   # a number, or perl passes its address
my $iovec = pack "P Q", $buffer, 64;
my $there = pack "Q Q", 0x400000, 64;
my %call = (ptrace => [101, 16, $pid, 0, 0], process_vm_readv => [310, $pid, $iovec, 1, $there, 1, 0],
    process_vm_writev => [311, $pid, $iovec, 1, $there, 1, 0]);
for my $name (sort keys %call) {
    my ($number, @arguments) = @{$call{$name}};
    printf "%s %s\n", $name, syscall($number, @arguments) == -1 ? ($!{EPERM} ? "EPERM" : "$!") : "OK";
}
PERL
if [ "$(uname -m)" = x86_64 ]; then
  assert_equal $'process_vm_readv EPERM\nprocess_vm_writev EPERM\nptrace EPERM' "$(neighbour perl "$WORLD/peek.pl" "$AUTHD_PID")"
fi

# it serves as before
sshd_start
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
echo "calls tried from inside: $calls; Landlock ABI $abi"
