# Helper functions of the tests of signals: how a tool ends, what a program gets, a terminal.
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand, variables for and of the tests

# ended STATUS: the tool ended with it
ended() {
  wait_until gone "$tool"
  local status=0
  wait "$tool" || status=$?
  is "$status" "$1"
}

# The end as the kernel has it: wait(1) of a shell cannot tell "killed by TERM" from "exit 143".
end_of() {
  need strace
  strace -e trace=none -o "$T/end" "$@" 2>/dev/null || :
  tail -n 1 "$T/end"
}

# a program that writes the signals it gets, and "ready", to $1; the others are their names
# shellcheck disable=SC2089,SC2090 # it is a script for bash -c
recorder='
  out=$1
  shift
  for signal; do trap "echo $signal >>$out" "$signal"; done
  echo ready >>"$out"
  while :; do sleep 0.01; done'

told() {
  grep -qx "$1" "$T/told"
}

# terminal COMMAND: on a terminal of its own, which $T/keys is typed on; what it shows is in $T/screen. One that keys
# with signals are typed on is started by exec: a shell in between would die of them.
terminal() {
  need script
  mkfifo "$T/keys"
  start sh -c 'exec script -qefc "$1" "$2" <>"$3" >/dev/null' sh "$1" "$T/screen" "$T/keys"
}

# type_keys FORMAT: opened for both, so that it does not wait for a script(1) that has ended
type_keys() {
  # shellcheck disable=SC2059
  printf "$1" 1<>"$T/keys"
}

# types_till TEXT KEYS: till TEXT is on the screen: a shell that is just taking its terminal back may drop what was typed
types_till() {
  local i j
  for ((i = 0; i < 5; i++)); do
    type_keys "$2"
    for ((j = 0; j < 100; j++)); do
      if grep -q "$1" "$T/screen"; then return; fi
      pause 20
    done
  done
  echo "typed in vain, for $1: $2; on the screen:"
  cat "$T/screen"
  return 1
}

shows() {
  tr -d '\r' <"$T/screen" | grep -qx "$1"
}
