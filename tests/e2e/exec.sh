#!/usr/bin/env bash
# `c2mctl exec -- COMMAND` runs it with a token in a file of memory that only its user reads, renews that one, and leaves
# nothing behind; with --env in a variable. The exit status is the command's.
# long: many programs
# shellcheck disable=SC2016 # expanded there
. "$(dirname "$0")/../lib/test.sh"

standin_start --short-ttl 24
keys_copy; seal_key_write; users_write; config_write
authd_start; examples_install; sshd_start
session_open a alice "$(mint alice type=long)"
in_file() { session_run a "c2mctl exec -- bash -c '$1'"; }
nothing_left() { assert_equal '' "$(compgen -G '/dev/shm/c2m-token-*' || compgen -G '/run/user/*/c2m-token-*' || :)"; }

token=$(in_file 'cat $C2M_TOKEN_FILE; stat -c %a-%U $C2M_TOKEN_FILE >stat; env >env')
assert_equal 200 "$(api_status "$token")"
assert_equal jobs:submit "$(ask "token hash=$(token_hash "$token")" scopes | tr -d '[]" \n')"
assert_equal 600-alice "$(cat /home/alice/stat)"
assert_no_match "$token" "$(cat /home/alice/env)" 'not in the environment'
assert_match '^C2M_TOKEN_FILE=/(dev/shm|run/user/)' "$(grep C2M_ /home/alice/env)"
nothing_left

# its arguments and exit status
assert_equal '-l --json x y' "$(session_run a "c2mctl exec -- printf '%s %s %s' -l --json 'x y'")"
assert_status 7 session_run a "c2mctl exec -- bash -c 'exit 7'"
assert_status 143 session_run a "c2mctl exec -- bash -c 'kill -TERM \$\$'"
assert_status 127 session_run a 'c2mctl exec -- no_such_command'
assert_status 126 session_run a 'c2mctl exec -- /etc/passwd'
assert_status 64 session_run a 'c2mctl exec'
assert_match 'exec takes a command: c2mctl exec -- COMMAND' "$(session_run a 'c2mctl exec' || :)"
assert_status 64 session_run a 'c2mctl exec --env 9X -- true'
nothing_left

# in the environment, when that is asked for
assert_equal "no file, ${#token}" "$(session_run a "c2mctl exec --env T -- bash -c 'echo \${C2M_TOKEN_FILE:-no file}, \${#T}'")"

# a longer command reads another one before the first is dead; what ends us ends it, and takes the file away
session_run a 'c2mctl exec -- bash -c "cat \$C2M_TOKEN_FILE >first; echo \$C2M_TOKEN_FILE >place; exec sleep 100" >/dev/null 2>&1 & echo $! >pid' >/dev/null
assert_within 5 test -s /home/alice/place
place=$(cat /home/alice/place)
renewed() { ! cmp -s /home/alice/first "$place"; }
assert_within 30 renewed
assert_equal 200 "$(api_status "$(cat "$place")")"
assert_equal 600 "$(stat -c %a "$place")"
kill "$(cat /home/alice/pid)"
assert_within 5 service_gone "$(cat /home/alice/pid)"
nothing_left

# no token, no command
session_close a
session_open_key k alice
assert_status 77 session_run k 'c2mctl exec -- touch ran'
[ ! -e /home/alice/ran ]
assert_status 77 c2mctl exec -- true
assert_match 'root has no token' "$output"
run c2mctl exec --json --quiet -- true
assert_match '^\{"schema":1,"ok":false,"error":\{"code":"root","message":"root has no token: [^"]*"\}\}$' "$output"
run c2mctl exec --json --quiet
assert_equal 64 "$status"
assert_match '^\{"schema":1,"ok":false,"error":\{"code":"usage","message":"exec takes a command' "$output"
