#!/usr/bin/env bash
# PAM's functions in an order that no login has, or twice: nothing is granted by it, and nothing is left behind.
. "$(dirname "$0")/../lib/test.sh"

# what pam_c2m ignores goes on to pam_permit
pam_install made <<-'PAM'
	auth    [success=done ignore=ignore default=die] pam_c2m.so
	auth    required pam_deny.so
	account [success=ok ignore=ignore default=bad] pam_c2m.so
	account required pam_permit.so
	session [success=ok ignore=ignore default=bad] pam_c2m.so
	session required pam_permit.so
PAM
c2m_start
long=$(mint alice type=long)
verdicts() { sed -nE "s/^event=(login|account|open|close) .*verdict=([a-z]+) .*/\1:\2/p" "$WORLD_LOG/authd.log" | tail -n "+$((seen + 1))" | paste -sd ' '; }
nothing_left() { [ "$(live_tokens alice)" = 1 ] && [ -z "$(c2mctl sessions)" ]; }
# What is ignored is not in the log.
# made STATUS VERDICTS OPERATION ...: and pamtester's parent ends too, so that nobody is left to open what was granted
made() {
  local seen expected=$1 said=$2
  shift 2
  seen=$(grep -cE '^event=(login|account|open|close) ' "$WORLD_LOG/authd.log") || :
  assert_status "$expected" bash -c 'pamtester "$@"; exit $?' made "$(pam_name made)" alice "$@" <<<"$long"$'\n'"$long"
  assert_equal "$said" "$(verdicts)" "$*"
  assert_within 5 nothing_left
}

made 0 '' acct_mgmt
made 0 '' open_session
made 0 '' close_session
made 0 '' open_session acct_mgmt close_session
made 0 'login:granted' close_session authenticate   # granted, and never opened
made 0 'login:granted login:granted account:granted' authenticate authenticate acct_mgmt
made 0 'login:granted open:granted' authenticate open_session    # never closed
made 0 'login:granted account:granted open:granted close:granted' \
  'setcred(PAM_ESTABLISH_CRED)' authenticate 'setcred(PAM_ESTABLISH_CRED)' acct_mgmt 'setcred(PAM_REINITIALIZE_CRED)' open_session \
  'setcred(PAM_ESTABLISH_CRED)' open_session 'setcred(PAM_REFRESH_CRED)' close_session close_session 'setcred(PAM_REFRESH_CRED)'
made 0 'login:granted open:granted close:granted' authenticate open_session close_session acct_mgmt   # without an audit id nothing tells it from a process that never had a login
