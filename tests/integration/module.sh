#!/usr/bin/env bash
# The module as a file: what it needs, what it exports, how large it is, and that libpam's own tool can use it.
# shellcheck source=tests/lib/test.sh
. "$(dirname "$0")/../lib/test.sh"

module=$BUILD/pam_c2m.so

needed=$(readelf -dW "$module" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
assert_equal 'libc.so.6 libpam.so.0 ' "$needed" 'the libraries that it needs'

flags=$(readelf -dW "$module" | grep 'FLAGS_1')
assert_match 'NOW' "$flags" 'every symbol is bound at load'
assert_match 'NODELETE' "$flags" 'it stays mapped'
assert_no_match 'TEXTREL' "$(readelf -dW "$module")" 'its code is not relocated'
assert_match 'GNU_STACK.* RW ' "$(readelf -lW "$module")" 'its stack is not executable'

exported=$(nm -D --defined-only "$module" | awk '{ print $3 }' | sort | tr '\n' ' ')
assert_equal 'pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok pam_sm_close_session pam_sm_open_session pam_sm_setcred ' \
  "$exported" 'what it exports'

# It is loaded into sshd and su: it reads no environment, starts nothing, and changes nothing of the process.
undefined=$(nm -D --undefined-only "$module" | awk '{ print $2 }' | sed 's/@.*//')
for name in getenv secure_getenv fork vfork execve posix_spawn system popen signal sigaction setlocale umask chdir setenv \
  putenv atexit pthread_create openlog fopen open creat pam_set_item pam_set_data pam_putenv pam_get_authtok; do
  assert_no_match "(^|[[:space:]])$name([[:space:]]|\$)" "$undefined" "it calls $name"
done

# No state: .data and .bss hold the eight bytes each that the linker puts there, no variable of the module's own.
for section in .data .bss; do
  bytes=$(readelf -SW "$module" | sed 's/^ *\[ *[0-9]*\] *//' | awk -v name=$section '$1 == name { print $5 }')
  [ $((16#$bytes)) -le 8 ] || fail "$section holds state" "0x$bytes bytes"
done

size=$(stat -c %s "$module")
[ "$size" -le 204800 ] || fail 'it is larger than 200 KB' "$size bytes"

LD_BIND_NOW=1 LD_PRELOAD=$module assert_status 0 true
assert_equal '' "$output" 'nothing to complain of at load'

echo "auth required $module runtime_dir=/run/c2m-absent" >/etc/pam.d/c2m-gate
run pamtester c2m-gate alice authenticate </dev/null
assert_match 'cannot retrieve authentication info' "$output" 'an absent helper is an outage'
echo "auth required $module runtime_dri=/run/c2m" >/etc/pam.d/c2m-gate
run pamtester c2m-gate alice authenticate </dev/null
assert_match 'Error in service module' "$output" 'a wrong argument is an error of the service'
