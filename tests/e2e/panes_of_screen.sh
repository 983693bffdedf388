#!/usr/bin/env bash
# Windows of screen are asked and revoked as the panes of tmux are.
set -- screen
# shellcheck source=tests/e2e/panes.sh
. "$(dirname "$0")/panes.sh"
