#!/usr/bin/env bash
# What `c2mctl completion SHELL` prints names every command and option, and completes them and their values in a real bash,
# and in a real zsh and fish where they are installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
c2mctl=$(realpath "${C2M_BUILD:-build}/c2mctl") wrong=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for shell in bash zsh fish; do "$c2mctl" completion $shell >"$work/$shell" || exit 1; done
fail() { echo "FAIL $*"; wrong=1; }

# every command of --help, every option of a command
commands=$("$c2mctl" --help | sed -n 's/^  \([a-z-]*\)  .*/\1/p' | grep -v '^--')
[ "$(wc -l <<<"$commands")" -ge 18 ] || fail 'the commands were not read'
for shell in bash zsh fish; do
  for word in $commands; do grep -qE "(^|[^a-z-])$word([^a-z-]|\$)" "$work/$shell" || fail "$shell: no $word"; done
  for word in json runtime-dir min-ttl outage pam-dir textfile env service; do grep -qE "(--|-l )$word" "$work/$shell" || fail "$shell: no $word"; done
done
bash -n "$work/bash" || fail 'bash'
! command -v zsh >/dev/null || zsh -n "$work/zsh" || fail 'zsh'
! command -v fish >/dev/null || fish -n "$work/fish" || fail 'fish'

# a terminal, a bash or a zsh, and its Tab
mkdir -p "$work/here/folder"
touch "$work/here/file.conf"
mkdir "$work/functions"
cp "$work/zsh" "$work/functions/_c2mctl"
complete_in() { # SHELL
  PATH=$(dirname "$c2mctl"):$PATH python3 - "$work" "$1" <<'PY' || wrong=1
import os, pty, re, select, sys, time
work, shell = sys.argv[1:3]
begin = {'bash': (['bash', '--norc', '--noprofile', '-i'],
                  'bind "set bell-style none"; bind "set enable-bracketed-paste off"; source %s/bash; ' % work),
         'zsh': (['zsh', '-f', '-i'],
                 'unset zle_bracketed_paste; unsetopt prompt_sp prompt_cr beep; fpath=(%s/functions $fpath); autoload -U compinit; compinit -u -D; ' % work)}[shell]
pid, fd = pty.fork()
if pid == 0:
    os.chdir(work + '/here')
    os.execvpe(begin[0][0], begin[0], {'PATH': os.environ['PATH'], 'PS1': '@ ', 'TERM': 'dumb', 'HISTFILE': ''})
def read(seconds):
    out, end = b'', time.time() + seconds
    while time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try: out += os.read(fd, 4096)
            except OSError: break
        elif out.endswith(b'@ '): break
    return out.decode()
read(5)
def line(text): os.write(fd, (text + '\n').encode()); return read(5)
line(begin[1] + 'c2mctl() { printf "<%s>" "$@"; echo; }')
bad = 0
for typed, wanted in [
    ('sess\t', '<sessions>'), ('config-\t', '<config-check>'), ('rep\t', '<report>'),
    ('sessions e\t', '<sessions><end>'), ('sessions end --us\troo\t', '<sessions><end><--user><root>'),
    ('rotate --user=roo\t', '<rotate><--user=root>'), ('rotate --as\t', '<rotate><--as>'),
    ('--json stat\t', '<--json><status>'), ('--timeout 5 stat\t', '<--timeout><5><status>'),
    ('doctor --config fil\t', '<doctor><--config><file.conf>'), ('rehearse --pam-dir fo\t', '<rehearse><--pam-dir><folder/>'),
    ('completion z\t', '<completion><zsh>'), ('auth-test roo\t', '<auth-test><root>'), ('exec -- mktem\t', '<exec><--><mktemp>'), ('exec mktem\t', '<exec><mktemp>'),
    ('doctor --us\t', '<doctor><--us>'), ('status fil\t', '<status><fil>')]:
    got = line('c2mctl ' + typed)
    # zsh writes an option and its value as one word, and takes a folder's slash back at the end of a line
    if shell == 'zsh': wanted = wanted.replace('<--user><', '<--user=').replace('/>', '>')
    if wanted + '\r\n' not in got:
        bad = 1
        print('FAIL', shell, 'c2mctl %r: not %s in %r' % (typed, wanted, got))
sys.exit(bad)
PY
}
complete_in bash
! command -v zsh >/dev/null || complete_in zsh

fish_offers() { # TYPED WORD
  # shellcheck disable=SC2016  # the variables of fish
  (cd "$work/here" && HOME=$work fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$work/fish" "c2mctl $1") | cut -f 1 | grep -qxF -e "$2" ||
    fail "fish: c2mctl $1: no $2"
}
if command -v fish >/dev/null; then
  for case in 'sess sessions' 'config- config-check' 'sessions e end' 'sessions end --us --user' 'rotate --us --user' '--json stat status' \
    'completion z zsh' 'doctor --co --config' 'doctor --config fil file.conf' 'auth-test roo root' 'sessions end --user roo root'; do
    fish_offers "${case% *}" "${case##* }"
  done
fi
"$c2mctl" completion tcsh 2>"$work/err" && fail 'another shell'
grep -q 'bash, zsh or fish' "$work/err" || fail 'no way out is named'
exit $wrong
