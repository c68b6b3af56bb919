#!/usr/bin/env bats
# Signals: what the waiting xunshare does with its own and its child's, and what the program sees.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/signals

# waiting ARG...: xunshare ARG... in the background: its PID is in $tool, its child's in $child, till that runs NAME
waiting() {
  local name=$1
  shift
  start "$XUNSHARE" "$@"
  tool=$pid
  child_of "$tool"
  STARTED+=("$child")
  wait_until runs "$child" "$name"
}

# ---- dying as the child died ----

@test "as PID 1 it exits with 128 and the signal" {
  need_root
  try "$XUNSHARE" -pf "$XUNSHARE" -f sh -c 'kill -TERM $$'
  is "$status" 143
  try "$XUNSHARE" -pf "$XUNSHARE" -f sh -c 'kill -KILL $$'
  is "$status" 137
}

# ---- stops ----

# in_a_job ARG...: as "waiting", in a process group that is not orphaned: the kernel stops no orphaned one by TSTP
in_a_job() {
  start setsid bash -c 'set -m; out=$1; shift; "$@" & echo $! >"$out"; while :; do wait; sleep 0.05; done' bash "$T/tool" "$XUNSHARE" "$@"
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

@test "when the child stops, xunshare stops; continued, it continues the child" {
  in_a_job -f sleep 1000
  stops_and_goes_on TSTP
}

@test "the same with --forward-signals" {
  in_a_job --forward-signals sleep 1000
  stops_and_goes_on TSTP
}

@test "it can stop more than once, and each signal that stops does it" {
  in_a_job -f sleep 1000
  stops_and_goes_on TSTP
  stops_and_goes_on TTIN
  stops_and_goes_on TTOU
  kill -TERM "$child"
  wait_until gone "$tool"
}

@test "who stops the child by STOP, without a terminal, can continue it alone" {
  waiting bash -f bash -c "$recorder" bash "$T/told" USR1
  wait_until told ready
  kill -STOP "$child"
  wait_until in_state "$child" T
  kill -CONT "$child"
  kill -USR1 "$child"
  wait_until told USR1
  isnt "$(state_of "$tool")" T
}

# ---- while it waits ----

@test "INT and TERM do not end the waiting xunshare" {
  waiting sleep -f sleep 1000
  kill -INT "$tool"
  kill -TERM "$tool"
  kill -USR1 "$child"
  ended 138
}

@test "INT and TERM do not reach the child without --forward-signals" {
  waiting bash -f bash -c "$recorder" bash "$T/told" INT TERM USR1
  wait_until told ready
  kill -INT "$tool"
  kill -TERM "$tool"
  kill -USR1 "$child"
  wait_until told USR1
  is "$(cat "$T/told")" "ready${NL}USR1"
}

# ---- --kill-child ----

killed_with_parent() {
  waiting sleep "$@" sleep 1000
  kill -KILL "$tool"
  wait_until gone "$child"
}

@test "--kill-child: the child dies with the xunshare that is killed by -9" {
  killed_with_parent --kill-child
}

@test "without --kill-child it does not" {
  waiting bash -f bash -c "$recorder" bash "$T/told" USR1
  wait_until told ready
  kill -KILL "$tool"
  wait_until gone "$tool"
  kill -USR1 "$child"
  wait_until told USR1
}

@test "--kill-child with -S and -G: the child dies with its parent, each time" {
  need_root
  local round
  for round in 1 2 3 4 5 6 7 8 9 10; do
    echo "round $round"
    killed_with_parent --kill-child -S 1000 -G 1000
  done
}

@test "--kill-child in new PID and user namespaces" {
  need_root
  killed_with_parent --kill-child -p
  killed_with_parent --kill-child -rp --mount-proc
}

@test "--kill-child=SIGNAL sends that one" {
  waiting bash --kill-child=USR2 bash -c "$recorder" bash "$T/told" USR1 USR2 TERM
  wait_until told ready
  kill -KILL "$tool"
  wait_until told USR2
  is "$(cat "$T/told")" "ready${NL}USR2"
}

@test "--kill-child=SIGNAL takes names with and without SIG, in any case, numbers and real-time signals" {
  local word
  for word in TERM:TERM SIGTERM:TERM sigterm:TERM term:TERM 15:TERM USR1:USR1 9:KILL RTMIN:RT_2 RTMIN+1:RT_3 RTMAX:RT_32; do
    ok --dry-run --kill-child="${word%:*}" true
    has "$output" "prctl(PR_SET_PDEATHSIG, SIG${word#*:})"
  done
}

@test "--kill-child refuses what is no signal" {
  local word hint="kill -l lists the signals"
  for word in FOO 0 -1 65 999 SIG '' 9x RTMIN-1; do
    fails 1 "$XUNSHARE" --kill-child="$word" true
    [ "$word" != RTMIN-1 ] || hint="did you mean RTMIN?"
    is "$stderr" "xunshare: unknown signal: $word${NL}xunshare: hint: $hint"
  done
}

@test "--kill-child: a parent that dies before the child asks for the signal is noticed" {
  need strace
  start sh -c 'strace -D -f -qq -o /dev/null -e trace=prctl -e inject=prctl:delay_enter=60000000:when=1 "$@"; :' \
    sh "$XUNSHARE" --kill-child touch "$T/ran"
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
  [ -n "$tool" ] && runs "$tool" xunshare || return 1
  child=$(children "$tool")
  child=${child%% *}
  [ -n "$child" ] && in_state "$child" t
}

# ---- --forward-signals ----

@test "--forward-signals: what the kernel sends to the tool alone is sent on" {
  need perl
  has "$(end_of perl -e 'alarm 1; exec @ARGV' "$XUNSHARE" --forward-signals sleep 60)" "killed by SIGALRM"
}

@test "--forward-signals: the program ends by the signal, and so does xunshare" {
  waiting sleep --forward-signals sleep 1000
  kill -TERM "$tool"
  ended 143
  gone "$child"
}

@test "--forward-signals in a new PID namespace: PID 1 gets what it handles" {
  need_root
  waiting bash --forward-signals -p bash -c "$recorder" bash "$T/told" TERM
  wait_until told ready
  kill -TERM "$tool"
  wait_until told TERM
}

# random_moment PROGRAM...: TERM comes up to 20 ms after the start; afterwards neither is left. It is sent by timeout(1):
# a background process of this shell would still have the shell's own handlers for a moment. A program that would
# never get the signal must end by itself: what outlives a test holds bats's pipe open, and the whole run with it.
random_moment() {
  local delay left=0
  rm -f "$T/fifo"
  mkfifo "$T/fifo"
  # shellcheck disable=SC2094 # open for both, so that neither open waits
  exec 5<>"$T/fifo" 4<"$T/fifo"
  printf -v delay '0.%03d1' $((RANDOM % 21))
  status=0
  timeout --foreground --preserve-status -k 20 "$delay" "$XUNSHARE" --forward-signals "$@" >&5 3>&- 4>&- 5>&- || status=$?
  exec 5>&-
  # whoever holds the other end is the tool or the program: the end of file is the end of both
  read -r -t 10 -u 4 _ || left=$?
  exec 4<&-
  is "$left" 1
}

@test "--forward-signals: TERM at a random moment ends the program, 30 times of 30" {
  local round
  for ((round = 0; round < 30; round++)); do
    random_moment sleep 40
    is "$status" 143
  done
}

@test "--forward-signals: TERM at a random moment ends the program or is handled by its trap" {
  # not a shell: bash reads a trap's text with the same parser that it may be interrupted in
  need perl
  local round
  for ((round = 0; round < 30; round++)); do
    random_moment perl -e '$SIG{TERM} = sub { exit 7 }; alarm 40; select(undef, undef, undef, 0.05) while 1'
    [ "$status" = 7 ] || is "$status" 143
  done
}

@test "--forward-signals: it comes through although it was blocked or ignored at the start" {
  waiting bash --forward-signals env --default-signal --block-signal=WINCH bash -c "$recorder" bash "$T/told" HUP TERM
  wait_until told ready
  kill -HUP "$tool"
  wait_until told HUP
}

# ---- what the program sees ----

signals_of() {
  succeeds "$@" sed -n '/^Sig[BIC]/p' /proc/self/status
}

@test "the program's signal mask and dispositions are those at the start" {
  local plain way
  signals_of env --block-signal=USR1 --block-signal=TERM --ignore-signal=HUP --ignore-signal=INT env
  plain=$output
  has "$plain" SigBlk
  for way in '' -f --forward-signals --kill-child; do
    # shellcheck disable=SC2086 # no word or one
    signals_of env --block-signal=USR1 --block-signal=TERM --ignore-signal=HUP --ignore-signal=INT "$XUNSHARE" $way
    is "$output" "$plain"
  done
}

@test "the same behind helpers" {
  need_root
  local plain way
  signals_of env --block-signal=USR2 --ignore-signal=TERM env
  plain=$output
  for way in '' -f --forward-signals; do
    # shellcheck disable=SC2086
    signals_of env --block-signal=USR2 --ignore-signal=TERM "$XUNSHARE" -r --map-users 1:100000:10 $way
    is "$output" "$plain"
  done
}

@test "SIGPIPE keeps its disposition" {
  local plain
  signals_of env --ignore-signal=PIPE env
  plain=$output
  signals_of env --ignore-signal=PIPE "$XUNSHARE" -f
  is "$output" "$plain"
  signals_of env --default-signal=PIPE env
  plain=$output
  signals_of env --default-signal=PIPE "$XUNSHARE" -f
  is "$output" "$plain"
}

# ---- the terminal ----

@test "after an interactive shell in a new PID namespace the terminal can be read" {
  need_root
  export XUNSHARE
  terminal 'bash -c '\''"$XUNSHARE" -rpf --mount-proc bash --norc -ic "echo inner" </dev/tty
    echo ready; read -r word </dev/tty && echo "got:$word"; echo "end $?"'\'
  wait_until shows ready
  type_keys "word\n"
  wait_until shows 'end [0-9]*'
  shows got:word
}

@test "a job that ends in the background leaves the terminal to its shell" {
  need_root
  export XUNSHARE
  terminal 'bash --norc --noprofile -i'
  wait_until grep -q 'bash-[0-9]' "$T/screen"
  type_keys '"$XUNSHARE" -pf sh -c "echo in""side; sleep 1"\n'
  wait_until grep -q inside "$T/screen"
  type_keys '\032'
  wait_until grep -q Stopped "$T/screen"
  type_keys 'bg; wait; echo prompt-""back\n'
  wait_until grep -q prompt-back "$T/screen"
}

@test "without --forward-signals the interrupt key comes to the program once" {
  # shellcheck disable=SC2090
  export XUNSHARE recorder
  terminal 'bash -c '\''exec "$XUNSHARE" -f bash -c "echo child:\$\$; $recorder" bash "$0" INT USR1'\'" $T/told"
  wait_until told ready
  type_keys "\003"
  wait_until told INT
  kill -USR1 "$(tr -d '\r' <"$T/screen" | sed -n 's/^child://p')"
  wait_until told USR1
  is "$(cat "$T/told")" "ready${NL}INT${NL}USR1"
}
