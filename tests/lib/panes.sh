# shellcheck shell=bash
# alice's tmux or screen, without a client: what is typed into a pane, and what it shows. Sourced by the tests of it.
#
#   panes_start tmux|screen PREFIX ...   two panes, 0 and 1; the server is started by PREFIX: session_run NAME, or as_alice
#   pane_run PANE COMMAND [ANSWER]       like session_run: prints what COMMAND said, returns its status; 130: it asked, and
#                                        was interrupted
#   pane_asked                           how often the last pane_run was asked
#   pane_close PANE                      its shell ends
#   panes_attach NAME, panes_detach      in the terminal of session NAME
#   as_alice COMMAND ...                 by nobody's login: a client of the server

PANES=$WORLD/panes
PANES_TMUX="tmux -S /home/alice/panes"
PANES_SCREEN="env SCREENDIR=/home/alice/.screen screen"

as_alice() {
  setpriv --reuid alice --regid alice --init-groups env -i HOME=/home/alice "PATH=$PATH" SHELL=/bin/bash TERM=vt100 LANG=C.UTF-8 "$@" </dev/null
}

panes_start() {
  local kind=$1 pane
  shift
  mkdir -p "$PANES"
  echo "$kind" >"$PANES/kind"
  case $kind in
    tmux) "$@" "$PANES_TMUX -f /dev/null new-session -d -s panes; $PANES_TMUX new-window -t panes" ;;
    # screen -dmS ends before its server listens
    screen) "$@" "$PANES_SCREEN -dmS panes" && wait_until 10 panes_second_window ;;
  esac
  for pane in 0 1; do wait_until 10 pane_ready "$pane" || return 1; done
}

# shellcheck disable=SC2086  # words
panes_second_window() { as_alice $PANES_SCREEN -S panes -X screen >/dev/null; }

# What is typed before the shell reads may be lost. Without line editing nothing is, later.
pane_ready() {   # PANE
  rm -f "/home/alice/ready.$1"
  pane_type "$1" "set +o emacs; PS1=; >ready.$1"
  wait_until 1 test -e "/home/alice/ready.$1"
}

pane_type() { pane_keys "$1" "$2"$'\r'; }   # PANE TEXT

# shellcheck disable=SC2086  # words
pane_keys() {
  case $(<"$PANES/kind") in
    tmux) as_alice $PANES_TMUX send-keys -t "panes:$1" -l "$2" ;;
    screen) as_alice $PANES_SCREEN -S panes -p "$1" -X stuff "${2//$'\003'/^C}" ;;
  esac
}

# shellcheck disable=SC2086  # words
pane_shows() {
  case $(<"$PANES/kind") in
    tmux) as_alice $PANES_TMUX capture-pane -p -t "panes:$1" ;;
    screen)
      rm -f /home/alice/shown
      as_alice $PANES_SCREEN -S panes -p "$1" -X hardcopy /home/alice/shown
      wait_until 2 test -e /home/alice/shown && cat /home/alice/shown
      ;;
  esac
}

# pane_prompts PANE NUMBER: how often the command of that number asked; what the pane shows above it is another's
pane_prompts() { pane_shows "$1" | sed -n "/^@@run-$2 *\$/,\$p" | grep -c 'C2M token:'; }

pane_run() {
  local pane=$1 command=$2 asked=0 end=$((SECONDS + 20)) number
  shift 2
  number=$(($(cat "$PANES/number" 2>/dev/null || echo 0) + 1))
  echo "$number" >"$PANES/number"
  rm -f /home/alice/{said,status}
  pane_type "$pane" "clear; echo @@run''-$number; { $command; } >said; echo \$? >status.new; mv status.new status"
  while [ ! -e /home/alice/status ]; do
    if [ "$(pane_prompts "$pane" "$number")" -gt "$asked" ]; then
      asked=$((asked + 1))
      echo "$asked" >"$PANES/asked"
      if [ $# = 0 ]; then pane_interrupt "$pane"; return 130; fi
      pane_type "$pane" "$1"
      shift
    elif [ $SECONDS -ge $end ]; then
      printf 'pane %s: %s does not end; it shows:\n%s\n' "$pane" "$command" "$(pane_shows "$pane")" >&2
      return 124
    fi
    nap 0.05
  done
  echo "$asked" >"$PANES/asked"
  cat /home/alice/said
  return "$(cat /home/alice/status)"
}

# Ctrl-C, after which the shell throws the rest of its line away; what is typed before the program noticed may be lost.
pane_interrupt() {
  pane_keys "$1" $'\003'
  wait_until 10 pane_ready "$1"
}

# shellcheck disable=SC2086  # words
panes_attached() {
  case $(<"$PANES/kind") in
    tmux) as_alice $PANES_TMUX list-clients | grep -q . ;;
    screen) as_alice $PANES_SCREEN -ls | grep -q Attached ;;
  esac
}

panes_attach() {
  case $(<"$PANES/kind") in
    tmux) session_type "$1" "TERM=vt100 $PANES_TMUX attach" ;;
    screen) session_type "$1" "TERM=vt100 $PANES_SCREEN -r panes" ;;
  esac
  session_shell "$1" >"$PANES/attached"
  wait_until 10 panes_attached
}

# shellcheck disable=SC2086  # words
panes_detach() {
  case $(<"$PANES/kind") in
    tmux) as_alice $PANES_TMUX detach-client -s panes ;;
    screen) as_alice $PANES_SCREEN -S panes -d >/dev/null ;;
  esac
  # which throws away what was typed before its end
  wait_until 10 panes_client_ended
}
panes_client_ended() { ! pgrep -P "$(<"$PANES/attached")" >/dev/null; }

pane_asked() { cat "$PANES/asked"; }
pane_close() { pane_type "$1" exit; }
