#!/usr/bin/env bats
# Signals: what the waiting xnsenter does with its own and its child's, and what the program sees.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/signals

setup() {
  xns_setup
  need_root
  new_target -p -f
}

# waiting NAME ARG...: xnsenter ARG... in the background: its PID is in $tool, its child's in $child, which runs NAME
waiting() {
  local name=$1
  shift
  start "${tool_env[@]}" "$XNSENTER" -t "$target" "$@"
  tool=$pid
  child_of "$tool"
  STARTED+=("$child")
  wait_until runs "$child" "$name"
}

# ---- dying as the child died ----

@test "as PID 1 it exits with 128 and the signal" {
  local signal
  for signal in TERM:143 KILL:137 INT:130; do
    try unshare -p -f --mount-proc sh -c '
      sleep 1000 &
      exec "$1" -t $! -p sh -c "kill -$2 \$\$"' sh "$XNSENTER" "${signal%:*}"
    is "$status" "${signal#*:}"
  done
}

# ---- signals to the waiting xnsenter ----

@test "TERM and HUP end it as they end nsenter, and the program goes on" {
  local signal tool_cmd
  for signal in TERM HUP; do
    for tool_cmd in "$XNSENTER" nsenter; do
      start "$tool_cmd" -t "$target" -p sleep 1000
      tool=$pid
      child_of "$tool"
      STARTED+=("$child")
      wait_until runs "$child" sleep
      kill "-$signal" "$tool"
      ended $((128 + $(kill -l "$signal")))
      alive "$child"
    done
  done
}

@test "INT and QUIT sent by kill end it" {
  local signal
  for signal in INT QUIT; do
    waiting sleep -p sleep 1000
    kill "-$signal" "$tool"
    ended $((128 + $(kill -l "$signal")))
    alive "$child"
  done
}

@test "INT that was ignored at the start stays ignored, and so does QUIT" {
  tool_env=(env --ignore-signal=INT --ignore-signal=QUIT)
  waiting sleep -p env --default-signal=USR1 sleep 1000
  kill -INT "$tool"
  kill -QUIT "$tool"
  kill -USR1 "$child"
  ended 138
}

@test "HUP that was ignored at the start stays ignored" {
  tool_env=(env --ignore-signal=HUP)
  waiting sleep -p sleep 1000
  kill -HUP "$tool"
  kill -USR1 "$child"
  ended 138
}

@test "INT that was blocked at the start stays blocked" {
  tool_env=(env --block-signal=INT)
  waiting sleep -p sleep 1000
  kill -INT "$tool"
  kill -USR1 "$child"
  ended 138
}

@test "no signal to xnsenter reaches the child without --forward-signals" {
  waiting bash -p bash -c "$recorder" bash "$T/told" INT TERM HUP USR1
  wait_until told ready
  kill -TERM "$tool"
  wait_until gone "$tool"
  kill -USR1 "$child"
  wait_until told USR1
  is "$(cat "$T/told")" "ready${NL}USR1"
}

# ---- stops ----

# in_a_job ARG...: as "waiting", in a process group that is not orphaned: the kernel stops no orphaned one by TSTP
in_a_job() {
  start setsid bash -c 'set -m; out=$1; shift; "$@" & echo $! >"$out"; while :; do wait; sleep 0.05; done' bash "$T/tool" \
    "$XNSENTER" -t "$target" "$@"
  wait_until test -s "$T/tool"
  tool=$(cat "$T/tool")
  child_of "$tool"
  STARTED+=("$child" "$tool")
  wait_until runs "$child" sleep
}

stops_and_goes_on() {
  kill "-$1" "$child"
  wait_until in_state "$tool" T
  in_state "$child" T
  kill -CONT "$tool"
  wait_until in_state "$child" S
  wait_until in_state "$tool" S
}

@test "when the child stops, xnsenter stops; continued, it continues the child" {
  in_a_job -p sleep 1000
  stops_and_goes_on STOP
  stops_and_goes_on TSTP
  stops_and_goes_on TTIN
  stops_and_goes_on TTOU
  kill -TERM "$child"
  wait_until gone "$tool"
}

@test "the same without a job" {
  waiting sleep -p sleep 1000
  stops_and_goes_on STOP
  stops_and_goes_on STOP
}

@test "the same with --forward-signals, of TSTP" {
  in_a_job --forward-signals -u sleep 1000
  stops_and_goes_on TSTP
}

# ---- --kill-child ----

killed_with_parent() {
  waiting sleep "$@" sleep 1000
  kill -KILL "$tool"
  wait_until gone "$child"
}

@test "--kill-child: the child dies with the xnsenter that is killed by -9" {
  killed_with_parent --kill-child -u
}

@test "--kill-child in a PID namespace" {
  killed_with_parent --kill-child -p
}

@test "--kill-child when the IDs change" {
  local round
  for round in 1 2 3 4 5; do
    echo "round $round"
    killed_with_parent --kill-child -p -S 1000 -G 1000
  done
}

@test "--kill-child in user and PID namespaces" {
  new_target -Urmp -f --mount-proc
  killed_with_parent --kill-child -a
  killed_with_parent --kill-child -U -p --keep-caps
}

@test "without --kill-child it does not" {
  waiting bash -p bash -c "$recorder" bash "$T/told" USR1
  wait_until told ready
  kill -KILL "$tool"
  wait_until gone "$tool"
  kill -USR1 "$child"
  wait_until told USR1
}

@test "--kill-child=SIGNAL sends that one" {
  waiting bash --kill-child=USR2 -p bash -c "$recorder" bash "$T/told" USR1 USR2 TERM
  wait_until told ready
  kill -KILL "$tool"
  wait_until told USR2
  is "$(cat "$T/told")" "ready${NL}USR2"
}

@test "--kill-child refuses what is no signal" {
  local word hint="kill -l lists the signals"
  for word in FOO 0 -1 65 SIG '' 9x RTMIN-1; do
    fails 1 "$XNSENTER" -t "$target" -u --kill-child="$word" true
    [ "$word" != RTMIN-1 ] || hint="did you mean RTMIN?"
    is "$stderr" "xnsenter: unknown signal: $word${NL}xnsenter: hint: $hint"
  done
}

@test "--kill-child: a parent that dies before the child asks for the signal is noticed" {
  need strace
  start sh -c 'strace -D -f -qq -o /dev/null -e trace=prctl -e inject=prctl:delay_enter=60000000:when=1 "$@"; :' \
    sh "$XNSENTER" -t "$target" -p --kill-child touch "$T/ran"
  wait_until has_held_child "$pid"
  tracer=$(awk '$1 == "TracerPid:" { print $2 }' "/proc/$child/status")
  STARTED+=("$tracer" "$tool" "$child")
  kill -KILL "$tool"
  wait_until gone "$tool"
  kill -KILL "$tracer"
  wait_until gone "$child"
  [ ! -e "$T/ran" ]
}

# the tool below PID $1 has forked, and strace holds its child
has_held_child() {
  tool=$(children "$1")
  tool=${tool%% *}
  [ -n "$tool" ] && runs "$tool" xnsenter || return 1
  child=$(children "$tool")
  child=${child%% *}
  [ -n "$child" ] && in_state "$child" t
}

# ---- --forward-signals ----

@test "--forward-signals forks without a PID namespace, too" {
  waiting sleep --forward-signals -u sleep 1000
  kill -TERM "$tool"
  ended 143
  gone "$child"
}

@test "--forward-signals in a user namespace" {
  new_target -Urmp -f --mount-proc
  waiting sleep --forward-signals -a sleep 1000
  kill -TERM "$tool"
  ended 143
  gone "$child"
}

@test "--forward-signals: TERM at a random moment ends the program, 20 times of 20" {
  local round delay
  for ((round = 0; round < 20; round++)); do
    printf -v delay '0.%03d1' $((RANDOM % 21))
    status=0
    timeout --foreground --preserve-status -k 20 "$delay" "$XNSENTER" -t "$target" -p --forward-signals sleep 40 3>&- || status=$?
    is "$status" 143
    # nobody is left in the PID namespace but its first process
    wait_until alone
  done
}

alone() {
  local pids
  pids=$(readlink /proc/[0-9]*/ns/pid 2>/dev/null | grep -cxF "$(readlink "/proc/$target/ns/pid")")
  [ "$pids" = 1 ]
}

# ---- in place ----

@test "without a PID namespace, and with --no-fork, the program is executed in place" {
  local args
  new_target -mup -f
  for args in -u '-m -u' '-p -F' '-a -F'; do
    # shellcheck disable=SC2086 # a word for each
    succeeds sh -c 'echo $$; exec "$@"' sh "$XNSENTER" -t "$target" $args sh -c 'exec readlink /proc/self'
    is "${output%%"$NL"*}" "${output##*"$NL"}"
  done
}

@test "what is executed in place dies of its signals" {
  start "$XNSENTER" -t "$target" -u sleep 1000
  tool=$pid
  wait_until runs "$tool" sleep
  kill -TERM "$tool"
  ended 143
}

# ---- what the program sees ----

signals_of() {
  succeeds "$@" sed -n '/^Sig[BIC]/p' /proc/self/status
}

@test "the program's signal mask and dispositions are those at the start" {
  local way
  local at_start=(env --block-signal=USR1 --block-signal=TERM --ignore-signal=HUP --ignore-signal=INT --ignore-signal=PIPE)
  signals_of "${at_start[@]}"
  local plain=$output
  has "$plain" SigBlk
  for way in -u -p '-p -F' '-p --forward-signals' '-u --forward-signals' '-u --kill-child' '-u --new-session' \
    '-p -S 5 --close-fds --no-new-privs'; do
    # shellcheck disable=SC2086 # a word for each
    signals_of "${at_start[@]}" "$XNSENTER" -t "$target" $way
    is "$output" "$plain"
  done
}

@test "SIGPIPE and INT keep their default dispositions" {
  local way
  signals_of env --default-signal
  local plain=$output
  for way in -u -p '-p --forward-signals'; do
    # shellcheck disable=SC2086
    signals_of env --default-signal "$XNSENTER" -t "$target" $way
    is "$output" "$plain"
  done
}

# ---- the terminal ----

# at_a_key KEY SIGNAL: the key comes to the program once, which goes on; xnsenter stays till it ends
at_a_key() {
  # shellcheck disable=SC2090
  export XNSENTER target recorder
  terminal 'exec bash -c '\''trap : INT QUIT; "$XNSENTER" -t "$target" -p bash -c "$recorder; exit" bash "$0" '"$2"' USR1; echo "end $?"'\'" $T/told"
  wait_until told ready
  type_keys "$1"
  wait_until told "$2"
  tool=$(tool_of "$pid")
  child_of "$tool"
  kill -USR1 "$child"
  wait_until told USR1
  is "$(cat "$T/told")" "ready${NL}$2${NL}USR1"
  runs "$tool" xnsenter
  kill -KILL "$child"
  wait_until shows 'end 137'
}

# tool_of PID: the xnsenter below PID that waits
tool_of() {
  local p
  for p in $(descendants "$1"); do
    ! runs "$p" xnsenter || { echo "$p"; return; }
  done
}

@test "the interrupt key comes to the program once, and does not end xnsenter before it" {
  at_a_key '\003' INT
}

@test "the same of the quit key" {
  at_a_key '\034' QUIT
}

@test "the interrupt key ends a program without a handler, and xnsenter by the same signal" {
  export XNSENTER target
  terminal 'exec bash -c '\''trap : INT; "$XNSENTER" -t "$target" -p sh -c "echo ready; exec sleep 1000"; echo "end $?"'\'
  wait_until shows ready
  wait_until child_runs_sleep
  type_keys '\003'
  wait_until shows '.*end 130' # after the echo of the key
}

child_runs_sleep() {
  local p
  for p in $(descendants "$pid"); do
    ! runs "$p" sleep || return 0
  done
  return 1
}

@test "--new-session: the interrupt key does not reach the program" {
  # shellcheck disable=SC2090
  export XNSENTER recorder target
  terminal 'exec bash -c '\''trap : INT; "$XNSENTER" -t "$target" -u --new-session bash -c "echo child:\$\$; $recorder" bash "$0" INT USR1; echo "end $?"'\'" $T/told"
  wait_until told ready
  type_keys "\003"
  wait_until shows '.*end 130' # after the echo of the key
  child=$(tr -d '\r' <"$T/screen" | sed -n 's/^child://p')
  STARTED+=("$child")
  kill -USR1 "$child"
  wait_until told USR1
  is "$(cat "$T/told")" "ready${NL}USR1"
}

@test "after an interactive shell in the PID namespace the terminal can be read" {
  new_target -Urmp -f --mount-proc
  export XNSENTER target
  terminal 'exec bash -c '\''"$XNSENTER" -t "$target" -a bash --norc -ic "echo inner" </dev/tty
    echo ready; read -r word </dev/tty && echo "got:$word"; echo "end $?"'\'
  wait_until shows ready
  type_keys "word\n"
  wait_until shows 'end [0-9]*'
  shows got:word
}
