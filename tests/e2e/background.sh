#!/usr/bin/env bash
# Started by hand the helper goes into the background when it serves, and not before; its exit status says whether it does.
. "$(dirname "$0")/../lib/test.sh"

start() { timeout 20 "$BUILD/c2m-authd" --config /etc/c2m/authd.conf --state-dir /var/lib/c2m --runtime-dir /run/c2m "$@" </dev/null; }
standin_start; keys_copy; seal_key_write; users_write; config_write; examples_install; sshd_start
install -d -m 0700 -o c2m-authd -g c2m-authd /var/lib/c2m

assert_status 0 start                  # it lets go of the output too, or this would not return
assert_status 0 c2mctl status          # at once
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
pid=$(pgrep -x c2m-authd)
assert_equal "$pid" "$(ps -o sid= -p "$pid" | tr -d ' ')"

# a second one finds the sockets taken, and says so
assert_status 69 start
assert_match 'did not start' "$(start 2>&1)"
kill "$pid"
assert_within 5 service_gone "$pid"

echo 'nonsense' >>/etc/c2m/authd.conf
assert_status 78 start
assert_match 'authd.conf:[0-9]*: ' "$(start 2>&1)"
