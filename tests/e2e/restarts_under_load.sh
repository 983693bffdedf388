#!/usr/bin/env bash
# Restarted again and again under logins and logouts at full speed, the helper loses no session and refuses no good
# token. A small `make restart-test`.
# long: make restart-test
set -- 20
. "$(dirname "$0")/../kill/restarts.sh"
