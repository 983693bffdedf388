#!/usr/bin/env bash
# Killed (SIGKILL) again and again under logins and logouts at full speed, the helper loses no close that it
# acknowledged. A small `make kill-test`.
# long: make kill-test
set -- 20
. "$(dirname "$0")/../kill/run.sh"
