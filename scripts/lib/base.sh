# shellcheck shell=bash
# What every script needs: messages, clean-up, running a program so that a signal reaches it.
#
# Sourced, never run. Works with the bash 3.2 of macOS. Everything said here goes to stderr: stdout belongs to the
# program that a script runs (`scripts/dev --json` promises one JSON object and nothing else).

set -euo pipefail

# The root of the checkout.
repo=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

# Prints the comment that opens a script: its help. From line 2 to the first line that is no comment.
print_help() { sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' "$1"; }

# ---- clean-up -------------------------------------------------------------------------------------------------------

# Commands to run at the end, the newest first. Each is a function name with at most one argument.
cleanups=()
on_exit() { cleanups=("$*" ${cleanups[@]+"${cleanups[@]}"}); }

# shellcheck disable=SC2317 # called by the trap
run_cleanups() {
  local status=$? entry
  trap - EXIT
  trap '' INT TERM HUP # a second Ctrl-C must not leave servers behind
  stop_child
  for entry in ${cleanups[@]+"${cleanups[@]}"}; do
    if [ "${entry#* }" = "$entry" ]; then "$entry"; else "${entry%% *}" "${entry#* }"; fi || true
  done
  exit "$status"
}
trap run_cleanups EXIT

# ---- a program and its signals --------------------------------------------------------------------------------------

# The process group of the program that runs now; 0 = none.
child=0
signals=0

# The first signal is passed on as it is, the second asks again as TERM, the third ends the program.
# shellcheck disable=SC2317 # called by the traps
pass_on() {
  signals=$((signals + 1))
  [ "$child" -ne 0 ] || exit $((128 + $2))
  case $signals in
    1) kill "-$1" -- "-$child" ;;
    2) kill -TERM -- "-$child" ;;
    *) kill -KILL -- "-$child" ;;
  esac 2>/dev/null || true
}
trap 'pass_on HUP 1' HUP
trap 'pass_on INT 2' INT
trap 'pass_on TERM 15' TERM

stop_child() {
  [ "$child" -eq 0 ] || kill -TERM -- "-$child" 2>/dev/null || true
  child=0
}

# Runs a program, or a function of ours, in a process group of its own; `run_status` is its exit status.
# Never fails itself: called in a condition, bash would switch off `set -e` inside the function too.
# Plain `program` would not do: bash runs no trap before a foreground program ends, so a TERM sent to the script alone
# (a supervisor, `timeout`, CI) would never reach it. `exec` would not do either: nobody would stop the servers.
# shellcheck disable=SC2034 # for the callers
run_status=0
# shellcheck disable=SC2034
run() {
  local seen
  signals=0
  set -m # a group of its own, with SIGINT not ignored
  "$@" 9>&- &
  child=$!
  set +m
  while :; do
    seen=$signals
    run_status=0
    wait "$child" || run_status=$?
    [ "$signals" -ne "$seen" ] || break # else `wait` was cut short by a signal
  done
  child=0
}

# For `run in_repo program …`.
in_repo() { cd "$repo" && exec "$@"; }

# True when the last program that ran was asked to stop.
was_interrupted() { [ "$signals" -gt 0 ]; }

# ---- locks ----------------------------------------------------------------------------------------------------------

# Holds the file as long as this script lives; fails when another one holds it. One lock a script (descriptor 9).
lock_file() {
  if command -v flock >/dev/null; then
    exec 9>>"$1"
    flock -n 9
  else # macOS: good enough where nobody starts two at the same instant
    if [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; then return 1; fi
    echo $$ >"$1"
  fi
}

# True when nobody holds the file.
is_abandoned() {
  if command -v flock >/dev/null; then
    (exec 8>>"$1" && flock -n 8)
  else
    if kill -0 "$(cat "$1" 2>/dev/null || echo none)" 2>/dev/null; then return 1; fi
  fi
}

random_hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
