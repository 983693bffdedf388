#!/usr/bin/env bash
# What `c2mctl token` prints is for the API: it works there, it is narrow, it is dead after logout, and it never logs in.
. "$(dirname "$0")/../lib/test.sh"
needs sudo

# ES256: its tokens fit sudo's prompt of 511 bytes
standin_start --alg ES256
keys_copy; seal_key_write; users_write; config_write verify.algorithm=ES256
authd_start; examples_install; sshd_start
session_open a alice "$(mint alice type=long)"
session_open_key by_key alice
delivered=$(session_run a 'c2mctl token')
assert_equal 200 "$(api_status "$delivered")"
assert_equal jobs:submit "$(ask "token hash=$(token_hash "$delivered")" scopes | tr -d '[]" \n')"
assert_equal "$delivered" "$(session_run a 'c2mctl token')"   # one for a session

# at ssh, at sudo, at user.sock
assert_status 255 login alice "$delivered"
assert_status 130 session_run by_key 'sudo id -un' "$delivered"
printf '%s\n' 'auth required pam_c2m.so' >/etc/pam.d/c2m-locker
printf '%s\n' "$delivered" >/home/alice/token && chown alice /home/alice/token
assert_status 1 session_run a "pamtester c2m-locker alice authenticate </home/alice/token >/dev/null 2>&1"
for place in 'service=sshd' 'service=sudo' 'service=c2m-locker'; do
  assert_match "event=login .*reason=ours .*$place " "$(cat "$WORLD_LOG/authd.log")"
done

# who does not stand in the session gets none
assert_status 77 session_run by_key 'c2mctl token'
assert_fails c2mctl token

session_close a
assert_within 5 token_is revoked "$delivered"
assert_equal 401 "$(api_status "$delivered")"
assert_status 255 login alice "$delivered"
