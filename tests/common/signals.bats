#!/usr/bin/env bats
# Signals of the tools that wait for a child: what is the same of xunshare and xnsenter. What is not stands in theirs.
# shellcheck disable=SC2016,SC2030,SC2031,SC2090,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/signals

setup() {
  xns_setup
  tools=(xunshare)
  if [ "$(id -u)" = 0 ]; then
    new_target -p -f
    tools+=(xnsenter)
  fi
}

# each_tool COMMAND...: COMMAND with $forks, the tool's name and options with which it waits for a child, and a directory
# of its own, $T
each_tool() {
  local tool
  for tool in "${tools[@]}"; do
    case $tool in
      xunshare) forks=("$XUNSHARE" -f) ;;
      xnsenter) forks=("$XNSENTER" -t "$target" -p) ;;
    esac
    echo "$tool:"
    T=$BATS_TEST_TMPDIR/$tool
    mkdir "$T"
    "$@"
  done
}

# ---- dying as the child died ----

dies_as_its_child() {
  local signal
  for signal in HUP INT QUIT ILL ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM XCPU SYS; do
    is "$(end_of "${forks[@]}" sh -c "kill -$signal \$\$")" "+++ killed by SIG$signal +++"
  done
  try "${forks[@]}" sh -c 'kill -KILL $$'
  is "$status" 137
}

@test "a child killed by a signal, whichever ends a process: the tool dies of it itself" {
  each_tool dies_as_its_child
}

exits_as_its_child() {
  is "$(end_of "${forks[@]}" sh -c 'exit 143')" "+++ exited with 143 +++"
}

@test "a child that exits with 143 is no child killed by TERM" {
  each_tool exits_as_its_child
}

dumps_no_core() {
  is "$(cd "$T" && ulimit -c unlimited 2>/dev/null; end_of "${forks[@]}" sh -c 'ulimit -c 0; kill -QUIT $$')" \
    "+++ killed by SIGQUIT +++"
}

@test "the tool dumps no core where the child did" {
  each_tool dumps_no_core
}

dies_though_it_ignores() {
  is "$(end_of env --ignore-signal=HUP --block-signal=HUP "${forks[@]}" \
    env --default-signal=HUP bash -c 'kill -KILL $$')" "+++ killed by SIGKILL +++"
  is "$(end_of env --ignore-signal=TERM "${forks[@]}" env --default-signal=TERM sh -c 'kill -TERM $$')" \
    "+++ killed by SIGTERM +++"
  is "$(end_of env --block-signal=TERM "${forks[@]}" bash -c 'kill -KILL $$')" "+++ killed by SIGKILL +++"
}

@test "a signal that the tool ignores or blocks still ends it as it ended the child" {
  each_tool dies_though_it_ignores
}

# ---- --forward-signals ----

forwards_each() {
  local tool signal signals='HUP INT QUIT USR1 USR2 TERM ALRM WINCH CONT'
  # shellcheck disable=SC2086 # one word for each
  start "${forks[@]}" --forward-signals bash -c "$recorder" bash "$T/told" $signals
  tool=$pid
  wait_until told ready
  for signal in $signals; do
    kill "-$signal" "$tool"
    wait_until told "$signal"
  done
  # shellcheck disable=SC2086
  is "$(cat "$T/told")" "$(printf '%s\n' ready $signals)"
}

@test "--forward-signals sends each signal on" {
  each_tool forwards_each
}

# ---- the terminal ----

forwards_no_key() {
  export recorder FORKS="${forks[*]}"
  terminal 'exec bash -c '\''exec strace -qq -e trace=kill -e signal=none -o "$1" $FORKS --forward-signals \
    bash -c "$recorder" bash "$0" INT USR1'\'" $T/told $T/kills"
  wait_until told ready
  type_keys "\003"
  wait_until told INT
  kill -USR1 "$(pid_of_tool "$pid")"
  wait_until told USR1
  # signals are sent on in the order they came: USR1's turn is after INT's
  is "$(cat "$T/told")" "ready${NL}INT${NL}USR1"
  is "$(grep -o 'SIG[A-Z0-9]*' "$T/kills")" SIGUSR1
}

# pid_of_tool PID: the first of PID's descendants that is the tool
pid_of_tool() {
  local p
  for p in $(descendants "$1"); do
    ! runs "$p" "$tool" || { echo "$p"; return; }
  done
}

@test "the interrupt key, which comes to the program anyway, is not forwarded" {
  need strace
  each_tool forwards_no_key
}

gives_the_prompt() {
  export FORKS="${forks[*]}"
  terminal 'bash --norc --noprofile -i'
  wait_until grep -q 'bash-[0-9]' "$T/screen"
  echo 'kill -STOP $$; echo went-on' >"$T/suspend"
  type_keys "\$FORKS sh $T/suspend\n"
  wait_until grep -q Stopped "$T/screen"
  types_till prompt-back 'echo prompt-""back\n'
  type_keys 'fg\n'
  wait_until grep -q went-on "$T/screen"
}

@test "a program that stops itself at a terminal gives the shell its prompt, and goes on with fg" {
  each_tool gives_the_prompt
}
