#!/usr/bin/env bash
# What is accepted from elsewhere is apart from what is accepted here: over ssh a code is neither asked for nor sent, at
# su and sudo it logs in; and what opened a session by ssh proves presence to sudo only where sudo accepts that kind.
. "$(dirname "$0")/../lib/test.sh"

c2m_start 'login.accept=short long code' 'login.accept_remote=short long'

# from elsewhere, though it be 127.0.0.1
alices=$(code alice)
ask reset-requests >/dev/null
assert_status 255 login alice "$alices"
assert_match 'C2M token: $' "$(login_prompts | head -n 1)"
login_logged 'verdict=denied reason=form_not_accepted user=alice service=.*form=code'
assert_equal 0 "$(api_requests)" 'the code never left this host'
assert_equal alice "$(login alice "$(mint alice)" -- id -un)"

# here: the code is still good
if can su; then
  session_open b bob "$(mint bob)"
  assert_equal alice "$(session_run b 'su alice -c "id -un"' "$alices")"
  assert_match 'C2M token or code: $' "$(session_prompts b)"
  login_logged 'verdict=granted reason=credential user=alice service=.*form=code'
  session_close b
fi

# sudo's own word for what is typed here is no word on what opened the session
if can sudo; then
  config_write 'login.accept=short long' 'service sudo.accept_local=code' 'service sudo.accept_remote=long short'
  authd_restart
  session_open a alice "$(mint alice)"
  assert_equal root "$(session_run a 'sudo id -un' "$(code alice)")"
  assert_match 'C2M code: $' "$(session_prompts a)"
  session_close a
fi

# nothing from elsewhere: the stack goes on without us
config_write 'login.accept=short long' 'login.accept_remote=none'
authd_restart
assert_status 255 login alice "$(mint alice)"
assert_no_match C2M "$(login_prompts)"
