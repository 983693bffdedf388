#!/usr/bin/env bash
# c2m-askpass by hand: whom it answers, with what, and that everything else gets exit 1, a word on standard error and
# nothing on standard output.
. "$(dirname "$0")/../lib/test.sh"

conf=/home/alice/.config/c2m/askpass.conf
secret=/home/alice/token
as_alice() { setpriv --reuid alice --regid alice --clear-groups env -i HOME=/home/alice PATH=/usr/local/bin:/usr/bin:/bin "$@"; }
askpass() { as_alice c2m-askpass "$@" </dev/null; }
configure() {
  printf '%s\n' "$@" >"$conf"
  chown alice: "$conf"
}
keep() { # TOKEN
  printf '%s\n' "$1" >"$secret"
  chown alice: "$secret"
  chmod 600 "$secret"
}
answers() { # EXPECTED PROMPT
  assert_equal "$1" "$(askpass "$2")" "$2"
}
refuses() { # REGEX PROMPT ...
  local regex=$1
  shift
  assert_status 1 askpass "$@"
  assert_match "^c2m-askpass: $regex" "$output"
  assert_equal '' "$(askpass "$@" 2>/dev/null || :)" 'standard output'
}
plain='(alice@web1) C2M token: '

install -d -o alice -g alice /home/alice/.config /home/alice/.config/c2m
keep lt_0123456789
refuses 'No such file' "$plain"
# shellcheck disable=SC2016 # for the command's shell to expand
configure '[host web1]' "file = $secret" '[host web2]' 'command = echo lt_from_$USERS$((40 + 2))' '[sudo]' 'file = ~/token'
chmod 600 "$conf"

answers lt_0123456789 "$plain"
answers lt_0123456789 '(alice@WEB1) C2M: not accepted (ref 7f3a91c2). C2M token or code: '
answers lt_from_42 '(bob@web2) C2M token: '

# whom it does not answer
refuses 'askpass.conf has no section' '(alice@web3) C2M token: '
refuses 'not a question' "alice@web1's password: "
refuses 'not a question' "The authenticity of host 'web1' can't be established. (yes/no/[fingerprint])? "
refuses 'not a question' $'(alice@web1) \e[2JC2M token: '
assert_no_match $'\e' "$output" 'what it complains of is shown filtered'
refuses 'not a question' '(alice@web1) C2M code: '
refuses 'ssh and sudo call this'
refuses 'ssh and sudo call this' "$plain" "$plain"
assert_status 1 as_alice SSH_ASKPASS_PROMPT=confirm c2m-askpass "$plain"
assert_match 'not a question' "$output"
# no host, and the parent is root: sudo; no root: an ssh that does not say where it is
run as_alice sh -c 'c2m-askpass "C2M token: "; exit $?'
assert_match 'answered to sudo only' "$output"
assert_equal 1 "$status"
assert_equal lt_0123456789 "$(
  env -i HOME=/home/alice PATH=/usr/bin:/bin bash -c 'setpriv --reuid alice --regid alice --clear-groups /usr/local/bin/c2m-askpass "C2M token: "; exit $?'
)" 'a program of root asks'

# in parts
long=lt_$(head -c 1000 /dev/zero | tr '\0' x)
keep "$long"
tag=$(token_hash "$long" | cut -c 1-8)
answers "$long" "$plain"
keep "${long}yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
tag=$(token_hash "$(<"$secret")" | cut -c 1-8)
answers "c2m 1/3 $tag:${long:0:481}" "$plain"
answers "c2m 2/3 $tag:${long:481:481}" '(alice@web1) C2M token, part 2 of 3: '
refuses 'this is not the token' '(alice@web1) C2M token, part 2 of 4: '
refuses 'not a question' '(alice@web1) C2M token, part 33 of 33: '

# where the token may come from
keep lt_0123456789
chmod 640 "$secret"
refuses 'others have access to it' "$plain"
chmod 604 "$secret"
refuses 'others have access to it' "$plain"
chmod 600 "$secret"
chown bob "$secret"
refuses 'Permission denied' "$plain"
rm "$secret"
ln -s /etc/passwd "$secret"
refuses 'a symbolic link' "$plain"
rm "$secret"
mkfifo -m 600 "$secret"
chown alice "$secret"
refuses 'not a regular file' "$plain"
rm "$secret"
keep 'two words'
refuses 'more than one word' "$plain"
assert_no_match 'two' "$output" 'what was in the file'
keep ''
refuses 'no token came from' "$plain"
keep "$(head -c 8193 /dev/zero | tr '\0' x)"
refuses 'more than 8192 bytes' "$plain"
configure '[host web1]' 'command = echo lt_0123456789; exit 3'
refuses 'this command failed' "$plain"
configure '[host web1]' 'command = yes lt_0123456789'
refuses '(this command failed|more than)' "$plain"
configure '[host web1]' 'command = cat'
refuses 'no token came from' "$plain"
configure '[host web1]' 'terminal = yes'
refuses 'there is no terminal' "$plain"

# a file that others may write could name any command
configure '[host web1]' "file = $secret"
keep lt_0123456789
answers lt_0123456789 "$plain"
chmod 620 "$conf"
refuses 'others can write it' "$plain"
chmod 600 "$conf"
configure '[host web1]' "file = $secret" 'fiel = x'
refuses "$conf:3: a section has one source" "$plain"

# by its own name it is c2mctl
assert_match '^c2mctl ' "$(c2mctl version)"
