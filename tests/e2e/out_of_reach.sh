#!/usr/bin/env bash
# What no rule of a host can tell from alice herself, shown so that nobody believes otherwise (SECURITY.md): a process of
# hers that takes her terminal, and a debugger that makes a process of her session run sudo.
. "$(dirname "$0")/../lib/test.sh"
needs presence

c2m_start
session_open a alice "$(mint alice)"
session_open_key by_key alice
assert_equal root "$(session_run a 'sudo id -un')"

# in the background it is asked; whoever ignores SIGTTOU may take the front
session_run a 'set -m; sudo -n id -un >asked 2>&1 </dev/null & wait; set +m' >/dev/null || :
assert_match 'a password is required' "$(cat /home/alice/asked)"
# shellcheck disable=SC2016  # for perl
session_run a 'set -m; perl -MPOSIX -e '"'"'$SIG{TTOU} = "IGNORE"; open(my $t, "+<", "/dev/tty"); POSIX::tcsetpgrp(fileno $t, getpgrp); exec qw(sudo -n id -un)'"'"' >taken 2>&1 </dev/null & wait; set +m' >/dev/null || :
assert_within 5 test -s /home/alice/taken
assert_match '^root' "$(cat /home/alice/taken)"
session_close a

command -v gdb >/dev/null || { echo 'counted: a part is left out: gdb is not installed'; exit 0; }
[ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" = 0 ] || { echo 'counted: a part is left out: Yama forbids it'; exit 0; }
session_open b alice "$(mint alice)"
assert_status 130 session_run by_key 'sudo id -un'
session_run by_key "gdb -nx -batch -p $(session_shell b) -ex 'call (int)system(\"sudo -n id -un >injected 2>&1\")' >gdb.out 2>&1" >/dev/null || :
assert_match '^root' "$(cat /home/alice/injected 2>/dev/null || tail -n 5 /home/alice/gdb.out)"
