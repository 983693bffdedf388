#!/usr/bin/env bash
# Each byte in what the API says, in tokens, answers and keys: terminal, logs and c2mctl show printable ASCII in lines of
# their own.
. "$(dirname "$0")/../lib/test.sh"

export PYTHONDONTWRITEBYTECODE=1
/usr/bin/python3 "$ROOT/tests/bytes/said.py" "$BUILD" "$WORLD/said" "$WORLD_LOG/syslog"
