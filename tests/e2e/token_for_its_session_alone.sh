#!/usr/bin/env bash
# `c2mctl token` prints to who stands in the session, and to nobody else: not to her key-only login, not to who becomes
# her by sudo or su, not to a job of hers, and not after logout.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
session_open a alice "$(mint alice type=long)"
session_open_key by_key alice
session_open b bob "$(mint bob)"

assert_match '^eyJ[^ ]+$' "$(session_run a 'c2mctl token')"
! can audit || assert_match '^eyJ[^ ]+$' "$(session_run a 'setsid -w c2mctl token </dev/null')"   # no terminal is needed

none() { # NAME COMMAND [ANSWER]
  run session_run "$@"
  assert_match '=77=' "$output" "$2"
  assert_no_match 'eyJ' "$output" "$2"
}
none by_key 'c2mctl token; echo =$?='
if can presence; then
  none a 'sudo c2mctl token; echo =$?='   # root stands in none
  none b 'sudo -u alice c2mctl token; echo =$?='
  none b 'sudo -u alice setsid -w c2mctl token; echo =$?='
  echo 'Defaults use_pty' >>"$WORLD_SUDOERS"
  none b 'sudo -u alice c2mctl token; echo =$?='
fi
# By su, which asks root for nothing. (Where su was given her own token, that is a login of its own: su_to_another.)
if can su; then
  none b 'sudo su alice -c "c2mctl token; echo =\$?="'
  none b 'sudo su - alice -c "c2mctl token; echo =\$?="'
fi
# as cron and atd start a job
assert_status 77 setpriv --reuid alice --regid alice --init-groups env -i "PATH=$PATH" c2mctl token

# what outlives the session
session_type a "setsid sh -c 'until [ -e go ]; do sleep 0.05; done; c2mctl token >late 2>&1; echo =\$?= >>late' >/dev/null 2>&1 &"
session_close a
touch /home/alice/go
assert_within 5 grep -q '^=' /home/alice/late
assert_match '=77=' "$(cat /home/alice/late)"
assert_no_match 'eyJ' "$(cat /home/alice/late)"
