#!/usr/bin/env bats
# The life of what a tool starts: --init, --die-with-parent, --clone, what its starter is told, the terminal.

# shellcheck disable=SC2016,SC2030,SC2086,SC2031,SC2154 # what other shells expand; variables of the helpers
load ../lib/helpers
load ../lib/signals

setup() {
  xns_setup
  need_root
}

# json EXPRESSION: of the lines on stdin, each $_ in turn; a JSON parser reads them
json() {
  perl -MJSON::PP -ne '$_ = decode_json($_); print scalar('"$1"'), "\n"'
}

# init_of TOOL: PID 1 of its namespace, which has a child; in $init and $program
init_of() {
  child_of "$1"
  init=$child
  child_of "$init"
  program=$child
}

# tool_below PID: the xunshare that is the first of PID's descendants
tool_below() {
  local p
  for p in $(descendants "$1"); do
    ! runs "$p" xunshare || { echo "$p"; return; }
  done
}

# ---- --init ----

@test "--init: INT, TERM, HUP, QUIT and USR1 each end a program that does not handle them, at once, with 128 and the signal" {
  local signal number
  for signal in INT:2 TERM:15 HUP:1 QUIT:3 USR1:10; do
    number=${signal#*:} signal=${signal%:*}
    start "$XUNSHARE" --init sleep 60
    tool=$pid
    init_of "$tool"
    wait_until runs "$program" sleep
    kill "-$signal" "$tool"
    ended $((128 + number))
    gone "$init" && gone "$program"
  done
}

@test "--init: each signal that can be caught comes through, the real-time ones too" {
  local signal signals='HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM CONT TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS RTMIN RTMAX'
  # shellcheck disable=SC2086,SC2090
  start "$XUNSHARE" --init bash -c "$recorder" bash "$T/told" $signals
  tool=$pid
  wait_until told ready
  for signal in $signals; do
    kill "-$signal" "$tool"
    wait_until told "$signal"
  done
  # shellcheck disable=SC2086
  is "$(cat "$T/told")" "$(printf '%s\n' ready $signals)"
  kill -KILL "$tool"
}

@test "--init: the program is process 2, its status that of the tool" {
  try "$XUNSHARE" --init sh -c 'echo $$; exit 7'
  is "$status:$output:$stderr" "7:2:"
  try "$XUNSHARE" --init sh -c 'kill -9 $$'
  is "$status" 137
  try "$XUNSHARE" --init no-such-program
  is "$status" 127
}

@test "--init: 200 orphans (1,000 with XNS_LONG) leave no zombie" {
  try "$XUNSHARE" --init --mount-proc perl -e '
    for (1 .. $ARGV[0]) { next if fork; fork and exit; select undef, undef, undef, rand 0.3; exit }
    1 while wait > 0;
    my @left;
    for (1 .. 500) { # the last orphans still have to end
      @left = grep { m,/(\d+)/stat$, && $1 > 2 && $1 != $$ } glob "/proc/[0-9]*/stat";
      last unless @left;
      select undef, undef, undef, 0.02;
    }
    print scalar(@left), "\n"' "$(times 200 1000)"
  is "$status:$output:$stderr" "0:0:"
}

@test "--init: when the program ends, what it left is ended" {
  try timeout 20 "$XUNSHARE" --init sh -c 'sleep 1000 & setsid sleep 1000 & echo $!'
  is "$status" 0
  # nobody holds the pipe that try reads any more, or it would not have come back
  is "$(wc -l <<<"$output")" 1
}

@test "--init costs one process more, no thread, and less than 200 kB of its own memory" {
  start "$XUNSHARE" --init sleep 1000
  init_of "$pid"
  wait_until runs "$program" sleep
  is "$(descendants "$pid" | wc -w)" 2
  is "$(ls "/proc/$init/task")" "$init"
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: memory"
  own=$(awk '/^Private_(Clean|Dirty):/ { kb += $2 } END { print kb }' "/proc/$init/smaps_rollup")
  echo "$own kB"
  [ "$own" -lt 200 ]
}

@test "--init: the program has the signal mask and dispositions that the tool was started with" {
  show='grep -E "^Sig(Blk|Ign)" /proc/self/status'
  for how in "env" "env --block-signal=USR1,TERM" "env --ignore-signal=INT,HUP"; do
    # shellcheck disable=SC2086
    is "$($how "$XUNSHARE" --init sh -c "$show")" "$($how sh -c "$show")"
  done
}

@test "--init: no descriptor of ours reaches the program" {
  is "$("$XUNSHARE" --init --kill-child --clone -r --net ls /proc/self/fd 3>&-)" "$(ls /proc/self/fd 3>&-)"
}

@test "--init with a persistent namespace that cannot be started leaves nothing behind" {
  try private sh -c ': >"$2/ns"; "$1" --init --net="$2/ns" no-such; echo $?; stat -fc %T "$2/ns"' sh "$XUNSHARE" "$T"
  isnt "${output#*"$NL"}" nsfs
  is "${output%%"$NL"*}" 127
}

# ---- the terminal ----

@test "the interrupt key ends a program under --init at once, with 130" {
  export XUNSHARE
  terminal 'bash -c '\''"$XUNSHARE" --init sh -c "echo inside; exec sleep 60"; echo "end $?"'\'
  wait_until shows inside
  type_keys '\003'
  wait_until grep -q 'end 130' "$T/screen"
}

@test "the interrupt key comes to a program under --init once" {
  # shellcheck disable=SC2090
  export XUNSHARE recorder
  terminal 'bash -c '\''exec "$XUNSHARE" --init bash -c "$recorder" bash "$0" INT USR1'\'" $T/told"
  wait_until told ready
  type_keys '\003'
  wait_until told INT
  kill -USR1 "$(tool_below "$pid")"
  wait_until told USR1
  is "$(cat "$T/told")" "ready${NL}INT${NL}USR1"
}

@test "the suspend key stops a program under --init and gives the shell its prompt; fg goes on" {
  export XUNSHARE
  terminal 'bash --norc --noprofile -i'
  wait_until grep -q 'bash-[0-9]' "$T/screen"
  type_keys '"$XUNSHARE" --init sh -c "echo in""side; read -r line; echo got-\\$line"\n'
  wait_until grep -q inside "$T/screen"
  type_keys '\032'
  wait_until grep -q Stopped "$T/screen"
  types_till prompt-back 'echo prompt-""back\n'
  type_keys 'fg\n'
  types_till got-word 'word\n'
}

# suspends COMMAND: at a terminal, with a program that is PID 1 and reads a line, the suspend key and fg
suspends() {
  rm -f "$T/keys" "$T/screen"
  terminal 'bash --norc --noprofile -i'
  wait_until grep -q 'bash-[0-9]' "$T/screen"
  type_keys "$1"' sh -c "echo in""side \\$\\$; read -r line; echo got-\\$line"\n'
  wait_until grep -q 'inside 1' "$T/screen"
  type_keys '\032'
  wait_until grep -q Stopped "$T/screen"
  types_till prompt-back 'echo prompt-""back\n'
  type_keys 'fg\n'
  types_till got-word 'word\n'
  type_keys 'exit\n'
  wait_until gone "$pid"
}

@test "the suspend key stops a PID 1 with --forward-signals and gives the shell its prompt; fg goes on" {
  export XUNSHARE XNSENTER
  suspends '"$XUNSHARE" -p --forward-signals'
  suspends '"$XUNSHARE" -pm --forward-signals --mount-proc'
  suspends '"$XUNSHARE" --clone -p --forward-signals'
  # its child is the first in a PID namespace that has no process as yet
  suspends 'unshare -p "$XNSENTER" --uts=/proc/self/ns/uts --forward-signals'
}

# first_of ARG...: xunshare ARG..., in a process group that is not orphaned, with a PID 1; in $tool and $child. Not below
# a shell with jobs: bash's wait ends a stopped one.
first_of() {
  start perl -MPOSIX -e 'POSIX::setsid(); open STDERR, ">", shift; exec @ARGV unless fork; sleep 1000' "$T/tool.err" \
    perl -MPOSIX -e 'setpgid(0, 0); exec @ARGV' "$XUNSHARE" "$@"
  child_of "$pid"
  tool=$child
  wait_until runs "$tool" xunshare
  child_of "$tool"
  STARTED+=("$child" "$tool")
}

@test "TSTP, TTIN and TTOU stop a PID 1 with --forward-signals, and xunshare; CONT continues both" {
  local signal how
  for how in -p "--clone -p"; do
    # shellcheck disable=SC2086
    first_of $how --forward-signals sleep 1000
    wait_until runs "$child" sleep
    for signal in TSTP TTIN TTOU TSTP; do
      kill "-$signal" "$tool"
      wait_until in_state "$tool" T
      wait_until in_state "$child" T
      kill -CONT "$tool"
      wait_until in_state "$child" S
      wait_until in_state "$tool" S
    done
    kill -KILL "$child"
    wait_until gone "$tool"
  done
}

@test "a PID 1 that handles, ignores or blocks TSTP gets it, and is not stopped" {
  # shellcheck disable=SC2090
  first_of -p --forward-signals bash -c "$recorder" bash "$T/told" TSTP USR1
  wait_until told ready
  kill -TSTP "$tool"
  wait_until told TSTP
  kill -KILL "$child"
  wait_until gone "$tool"
  rm "$T/told"
  # shellcheck disable=SC2090
  first_of -p --forward-signals bash -c "trap '' TSTP; $recorder" bash "$T/told" USR1
  wait_until told ready
  kill -TSTP "$tool"
  kill -USR1 "$tool"
  wait_until told USR1
  isnt "$(state_of "$tool")" T
}

@test "in a process group that nobody could continue, TSTP stops neither" {
  start setsid "$XUNSHARE" -p --forward-signals sh -c 'trap "echo USR1 >>$1" USR1; echo ready >>"$1"; while :; do sleep 0.02; done' sh "$T/told"
  tool=$pid
  wait_until told ready
  kill -TSTP "$tool"
  kill -USR1 "$tool"
  wait_until told USR1
  isnt "$(state_of "$tool")" T
}

@test "-x says which signals a PID 1 does not get, and names --init" {
  first_of -x -p --forward-signals sleep 1000
  wait_until runs "$child" sleep
  has "$(<"$T/tool.err")" "# signals that the program, PID 1, does not handle are dropped; --init sends them on"
  for signal in TERM INT HUP; do
    kill "-$signal" "$tool"
    wait_until grep -q "# SIG$signal is dropped: the program is PID 1 and does not handle it; xunshare --init sends it on" "$T/tool.err"
  done
  alive "$child"
  kill -WINCH "$tool"
  kill -KILL "$child"
  wait_until gone "$tool"
  hasnt "$(<"$T/tool.err")" "SIGWINCH is dropped"
}

@test "where pidfd_open(2) is refused, --kill-child and --die-with-parent end the program as well" {
  need strace
  local err how starter
  for err in ENOSYS EPERM; do
    for how in "--kill-child" "--die-with-parent -f" "--die-with-parent" "-rp --kill-child" "--init --die-with-parent" "--clone -p --kill-child"; do
      # shellcheck disable=SC2086
      sh -c '"$@"; :' sh strace -D -f -qq -o /dev/null -e trace=pidfd_open -e "inject=pidfd_open:error=$err" \
        "$XUNSHARE" $how sleep 2468 3>&- &
      starter=$!
      wait_until pgrep -f -x 'sleep 2468'
      child_of "$starter"
      case $how in
        *kill-child*) kill -KILL "$child" ;;
        *) kill -KILL "$starter" ;;
      esac
      wait_until sh -c '! pgrep -f -x "sleep 2468"'
      kill -KILL "$starter" 2>/dev/null || :
      wait "$starter" 2>/dev/null || :
    done
  done
}

@test "an interactive shell under --init has job control, and the terminal can be read when it has ended" {
  export XUNSHARE
  terminal 'bash -c '\''"$XUNSHARE" --init -r --mount-proc bash --norc --noprofile -i; echo "end $?"
    read -r word </dev/tty && echo "got:$word"'\'
  wait_until grep -q 'bash-[0-9]' "$T/screen"
  type_keys 'sleep 1357\n'
  wait_until pgrep -f -x 'sleep 1357'
  type_keys '\032'
  wait_until grep -q Stopped "$T/screen"
  type_keys 'kill -9 %%1; while jobs %%1 >/dev/null 2>&1; do sleep 0.02; done; echo job-""killed\n'
  wait_until grep -q job-killed "$T/screen"
  wait_until sh -c '! pgrep -f -x "sleep 1357"' # or the shell would not end: there are stopped jobs
  type_keys 'exit 3\n'
  wait_until shows 'end 3' || { cat -v "$T/screen"; return 1; }
  type_keys 'word\n'
  wait_until shows got:word
}

@test "an interactive shell in a PID namespace can be suspended, and gone on with" {
  export XUNSHARE
  terminal 'bash --norc --noprofile -i'
  wait_until grep -q 'bash-[0-9]' "$T/screen"
  type_keys '"$XUNSHARE" --init bash --norc --noprofile -i\n'
  type_keys 'echo in""side $$\n'
  wait_until grep -q 'inside 2' "$T/screen"
  type_keys 'suspend\n'
  wait_until grep -q 'Stopped' "$T/screen"
  type_keys 'echo out""side $$\n'
  wait_until grep -q 'outside [0-9]' "$T/screen"
  type_keys 'fg\n'
  type_keys 'echo again-""in $$\n'
  wait_until grep -q 'again-in 2' "$T/screen"
}

@test "a new window size comes to a program under --init" {
  export XUNSHARE
  terminal 'bash -c '\''exec "$XUNSHARE" --init bash -c "trap \"stty size >$0\" WINCH; stty rows 10 cols 20; echo ready; while :; do sleep 0.02; done"'\'" $T/size"
  wait_until shows ready
  wait_until grep -qx '10 20' "$T/size"
}

@test "when the terminal hangs up, nothing is left of it" {
  export XUNSHARE
  terminal 'bash -c '\''exec "$XUNSHARE" --init sh -c "echo inside; sleep 1000"'\'
  wait_until shows inside
  tool=$(tool_below "$pid")
  init_of "$tool"
  kill -KILL "$pid"
  wait_until gone "$tool"
  wait_until gone "$init"
}

# ---- who dies with whom ----

# chain KILLED OPTION...: up to 25 ms after the start a process of the chain is killed: one of it, or its starter
# (KILLED is any, starter). Whoever holds the other end of the FIFO is one of the chain: within a second there is its end,
# or within ten where more wants to run than there are CPUs.
chain() {
  local killed=$1 left=0 all starter load seconds=1
  shift
  rm -f "$T/fifo"
  mkfifo "$T/fifo"
  # shellcheck disable=SC2094 # open for both, so that neither open waits
  exec 5<>"$T/fifo" 4<"$T/fifo"
  sh -c '"$@"; :' sh "$XUNSHARE" "$@" sleep 1000 >/dev/null 2>&1 3>&- 4>&- &
  starter=$!
  exec 5>&-
  sleep "0.0$((RANDOM % 25 + 100))"
  wait_until has_child "$starter" # its own death is nothing to the others, but for --die-with-parent
  read -ra all <<<"$(descendants "$starter")"
  [ "$killed" = any ] && [ ${#all[@]} -gt 0 ] || all=("$starter")
  kill -KILL "${all[RANDOM % ${#all[@]}]}" 2>/dev/null || :
  [ "$killed" = any ] || sleep 0
  read -r load _ </proc/loadavg
  [ "${load%%.*}" -lt "$(nproc)" ] || seconds=10
  read -r -t "$seconds" -u 4 _ || left=$?
  exec 4<&-
  wait "$starter" 2>/dev/null || :
  is "$left" 1
}

# chains ROUNDS KILLED OPTION...
chains() {
  local round rounds=$1
  shift
  ok "${@:2}" true
  for ((round = 0; round < rounds; round++)); do
    chain "$@" || { echo "round $round of: $*"; return 1; }
  done
}

@test "whichever process is killed by -9, within a second nothing of the chain is left: 60 of 60 (300 with XNS_LONG)" {
  chains "$(times 12 60)" any --init --die-with-parent --mount-proc
  chains "$(times 12 60)" any --init --kill-child -r
  chains "$(times 12 60)" any --init --die-with-parent -S 65534 -G 65534
  chains "$(times 12 60)" any --clone --init --kill-child --map-users 0:100000:10 --map-groups 0:100000:10 -S 1 -G 1
  chains "$(times 12 60)" any --kill-child -p -S 65534 -G 65534
}

@test "--die-with-parent: nothing is left when the process that started it is killed, in 20 of 20 (100 with XNS_LONG)" {
  chains "$(times 5 25)" starter --die-with-parent
  chains "$(times 5 25)" starter --die-with-parent -S 65534 -G 65534
  chains "$(times 5 25)" starter --die-with-parent --init -r
  chains "$(times 5 25)" starter --die-with-parent --clone -pm -S 65534 -G 65534
}

@test "without --die-with-parent it lives on" {
  sh -c '"$1" --init sh -c "echo >\"\$1\"; exec sleep 1000" sh "$2"; :' sh "$XUNSHARE" "$T/ready" 3>&- &
  starter=$!
  wait_until [ -s "$T/ready" ]
  child_of "$starter"
  tool=$child
  kill -KILL "$starter"
  wait "$starter" 2>/dev/null || :
  alive "$tool"
  kill -KILL "$(children "$tool")" "$tool"
}

@test "xnsenter --die-with-parent: in place and as a child, with another user, nothing is left" {
  new_target -p -f --mount-proc
  for options in "-n" "-p" "-n -S 65534 -G 65534" "-p -S 65534 -G 65534" "-p --forward-signals"; do
    # shellcheck disable=SC2086
    sh -c '"$@"; :' sh "$XNSENTER" -t "$target" --die-with-parent $options sleep 1234 3>&- &
    starter=$!
    wait_until pgrep -f -x 'sleep 1234'
    child_of "$starter"
    kill -KILL "$starter"
    wait "$starter" 2>/dev/null || :
    wait_until gone "$child"
    ! pgrep -f -x 'sleep 1234' || wait_until sh -c '! pgrep -f -x "sleep 1234"'
  done
}

# ---- readiness ----

@test "--info-fd: its JSON has the PID and the inode numbers of /proc, at the end the status" {
  mkfifo "$T/info"
  start bash -c '"$@" 9>"$0"' "$T/info" "$XUNSHARE" -munipCT --init --info-fd 9 sh -c 'exec sleep 1000'
  exec 6<"$T/info"
  read -r -u 6 line
  pid=$(json '$_->{pid}' <<<"$line")
  for kind in mnt uts ipc net pid user cgroup time; do
    is "$kind:[$(json "\$_->{namespaces}{$kind}" <<<"$line")]" "$(readlink "/proc/$pid/ns/$kind")"
  done
  child_of "$pid"
  wait_until runs "$child" sleep
  kill -TERM "$child"
  read -r -u 6 line
  is "$(json 'join ":", map { $_ // "-" } @$_{qw(pid status signal)}' <<<"$line")" "$pid:143:-"
  more=0
  read -r -u 6 line || more=$?
  is "$more" 1
  exec 6<&-
}

@test "--info-fd: a signal that ended the program is in the last line" {
  try bash -c '"$0" -f --info-fd 9 sh -c "kill -9 \$\$" 9>&1' "$XUNSHARE"
  is "$(tail -n 1 <<<"$output" | json 'join ":", @$_{qw(status signal)}')" "137:9"
}

@test "--info-fd: the maps are written before the first line, 100 times of 100 (500 with XNS_LONG)" {
  need perl
  try perl -MJSON::PP -e '
    my ($tool, $times, $bad) = (@ARGV, 0);
    for (1 .. $times) {
      pipe my $read, my $write; pipe my $wait, my $go;
      my $pid = fork // die;
      if (!$pid) {
        require Fcntl; fcntl $_, Fcntl::F_SETFD(), 0 for $write, $wait;
        exec $tool, "-U", "--map-users", "0:100000:50", "--map-groups", "0:200000:50", ("--clone") x ($_ % 2),
          "--info-fd", fileno $write, "--block-fd", fileno $wait, "-f", "true";
      }
      close $write; close $wait;
      my $info = decode_json(scalar <$read>);
      for my $map (["uid_map", 100000], ["gid_map", 200000]) {
        open my $f, "<", "/proc/$info->{pid}/$map->[0]" or ++$bad, next;
        ++$bad unless (<$f> // "") =~ /^\s*0\s+$map->[1]\s+50$/;
      }
      close $go; # the end of the file lets it start
      waitpid $pid, 0; ++$bad if $?;
      ++$bad unless decode_json(scalar <$read>)->{status} == 0;
    }
    print "$bad\n"' "$XUNSHARE" "$(times 100 500)"
  is "$status:$output:$stderr" "0:0:"
}

@test "--info-fd and --block-fd work without a fork as well, and are closed in the program" {
  try bash -c '"$0" -n --info-fd 9 --block-fd 8 sh -c "echo \$\$; ls /proc/self/fd" 9>"$1" 8</dev/null 3>&-' "$XUNSHARE" "$T/info"
  is "$status:$stderr" "0:"
  is "$(json '$_->{pid}' <"$T/info"):$(wc -l <"$T/info")" "${output%%"$NL"*}:1"
  local inside=${output#*"$NL"}
  try ls /proc/self/fd
  is "$inside" "$output"
}

@test "--info-fd 1 leaves the program its standard output" {
  try "$XUNSHARE" --info-fd 1 -n echo out
  is "$(tail -n 1 <<<"$output")" out
}

@test "--info-fd that nobody reads: a message, and the program is not started" {
  try bash -c 'exec 9> >(:); wait $!; "$0" -f --info-fd 9 touch "$1/made"; echo $?' "$XUNSHARE" "$T"
  is "$output" 1
  is "$stderr" "xunshare: cannot write to descriptor 9 of --info-fd: Broken pipe"
  [ ! -e "$T/made" ]
}

@test "--block-fd: the program starts at a byte, or at the end of the file; TERM ends it before" {
  local how
  for how in byte end TERM; do
    rm -f "$T/made" "$T/block"
    mkfifo "$T/block"
    exec 6<>"$T/block"
    start bash -c 'exec "$0" -f --forward-signals --block-fd 9 touch "$1/made" 9<"$1/block" 6>&-' "$XUNSHARE" "$T"
    tool=$pid
    wait_until has_child "$tool"
    child_of "$tool"
    wait_until in_state "$child" S
    [ ! -e "$T/made" ]
    case $how in
      byte) echo >&6 ;;
      end) exec 6>&- ;;
      TERM) kill -TERM "$tool" ;;
    esac
    if [ $how = TERM ]; then
      ended 143
      [ ! -e "$T/made" ]
    else
      ended 0
      [ -e "$T/made" ]
    fi
    exec 6>&-
  done
}

@test "descriptors that are not open are refused, before anything is done" {
  for option in --info-fd --block-fd; do
    fails 1 "$XUNSHARE" -n $option 77 touch "$T/made"
    is "$stderr" "xunshare: cannot use descriptor 77 of $option: Bad file descriptor"
    fails 1 "$XUNSHARE" $option 1x true
    is "$stderr" "xunshare: failed to parse file descriptor: '1x'"
  done
  [ ! -e "$T/made" ]
}

@test "--pid-file has the child's PID, whole as soon as it is there" {
  cd "$T"
  start "$XUNSHARE" --init --mount-proc -R / -w / --pid-file pid sleep 1000
  tool=$pid
  wait_until [ -e pid ]
  is "$(cat pid)" "$(children "$tool" | tr -d ' ')"
  is "$(ls)" pid
  try "$XUNSHARE" -n -w / --pid-file own sh -c 'echo $$'
  is "$(cat own)" "$output"
}

@test "--pid-file replaces an old one, touches no other, and goes again when the program cannot be started" {
  cd "$T"
  echo old >pid
  echo stale >.pid.0
  echo other >pid.new
  inode=$(stat -c %i pid)
  ok -f --pid-file pid true
  [[ $(<pid) =~ ^[0-9]+$ ]]
  isnt "$(stat -c %i pid)" "$inode"
  for fork in "-f" "-n" "--init" "--clone" "-rn" "-n -S 64001" "-f -S 64001" "-r -f" "--owner 64001:64001 -n" "--owner 64001:64001 -f"; do
    rm -f pid
    fails 127 "$XUNSHARE" $fork --pid-file pid /no-such
    is "$(ls -A):$(<pid.new):$(<.pid.0)" ".pid.0${NL}.stderr${NL}pid.new:other:stale"
  done
  fails 1 "$XUNSHARE" -f --pid-file no/such/dir/pid true
  is "$stderr" "xunshare: cannot write no/such/dir/pid: No such file or directory"
}

@test "--pid-file: a symbolic link stays, and its target is written, or made" {
  cd "$T"
  mkdir d
  ln -s d/one link
  ln -s ../link d/two
  for file in link d/two; do
    ok -f --pid-file "$file" true
    is "$(stat -c %F link d/two d/one)" "symbolic link${NL}symbolic link${NL}regular file"
    [[ $(<d/one) =~ ^[0-9]+$ ]]
    fails 127 "$XUNSHARE" -f --pid-file "$file" no-such
    is "$(ls -A d) $(readlink link)" "two d/one"
  done
  ln -s round round
  fails 1 "$XUNSHARE" -f --pid-file round true
  is "$stderr" "xunshare: cannot write round: Too many levels of symbolic links"
  ln -s /proc/self/fd/1 stdout # as /dev/stdout is one
  is "$("$XUNSHARE" -f --pid-file stdout true | tr -d 0-9)" ""
  "$XUNSHARE" -f --pid-file stdout true >out
  [[ $(<out) =~ ^[0-9]+$ ]]
  is "$(readlink stdout)" /proc/self/fd/1
}

@test "--pid-file: a device is written to, and stays, also when the program cannot be started" {
  mkdir "$T/d"
  for program in true no-such; do
    try private sh -c 'mount -t tmpfs xnstest "$1" && mknod "$1/null" c 1 3 && cd "$1" && i=$(stat -c %i null) && ln -s null link
      "$2" -f --pid-file null "$3" 2>&-; "$2" -n --pid-file link "$3" 2>&-
      ls; [ "$(stat -c %F null) $(stat -c %i null)" = "character special file $i" ] && echo same' sh "$T/d" "$XUNSHARE" $program
    is "$output" "link${NL}null${NL}same"
  done
  fails 1 private sh -c 'mount -t tmpfs xnstest "$1" && mknod "$1/full" c 1 7 && cd "$1" && exec "$2" -f --pid-file full true' sh "$T/d" "$XUNSHARE"
  is "$stderr" "xunshare: cannot write full: No space left on device"
}

@test "--pid-file: a FIFO's reader gets the PID and the end; without one it is an error, before anything is made" {
  cd "$T"
  mkfifo fifo
  for option in -f -n --init --clone; do
    cat fifo >out &
    reader=$!
    start "$XUNSHARE" $option --pid-file fifo sleep 1000
    wait "$reader"
    [[ $(<out) =~ ^[0-9]+$ ]]
    [ -d "/proc/$(<out)" ]
    [ -p fifo ]
  done
  fails 1 timeout 20 "$XUNSHARE" -x -f --pid-file fifo true
  is "$(tail -n 1 <<<"$stderr")" "xunshare: cannot write fifo: No such device or address"
  hasnt "$stderr" fork
  [ -p fifo ]
}

@test "--pid-file: a directory and a socket are an error, before anything is made" {
  cd "$T"
  mkdir d
  perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
  ln -s d link
  for file in d d/ link . socket:"No such device or address"; do
    why=${file#*:}
    [ "$why" != "$file" ] || why="Is a directory"
    fails 1 "$XUNSHARE" -x -n -f --pid-file "${file%%:*}" true
    is "$stderr" "xunshare: cannot write ${file%%:*}: $why"
  done
  is "$(ls d) $(stat -c %F socket)" " socket"
}

@test "--pid-file: what has come in its place since is not undone, nor replaced where it is no file" {
  cd "$T"
  mkfifo block
  exec 6<>block
  start "$XUNSHARE" -f --pid-file pid --block-fd 6 /no-such
  wait_until [ -s pid ]
  rm pid
  echo theirs >pid
  echo >&6
  status=0
  wait "$pid" || status=$?
  exec 6>&-
  is "$status $(<pid)" "127 theirs"
}

@test "--pid-file is made and undone by who started it, whatever user or namespace follows" {
  chmod 755 "$T"
  mkdir "$T/d"
  chown "$PLAIN" "$T/d"
  cd "$T/d"
  new_target --net
  for options in "-S $PLAIN" "-f -S $PLAIN" "-r" "-r -f" "--owner $PLAIN:$PLAIN" "--owner $PLAIN:$PLAIN -f" "--map-users 0:$PLAIN:1 -S 0" "-r --clone"; do
    ok $options --pid-file pid true
    is "$(stat -c %u pid)" 0
    rm pid
    fails 127 "$XUNSHARE" $options --pid-file pid /no-such
    is "$(ls -A)" ""
  done
}

@test "--init: nothing of ours is open in it, but what the program has too" {
  mkfifo "$T/block"
  exec 6<>"$T/block"
  start "$XUNSHARE" -rn --init --pid-file "$T/pid" --info-fd 7 --block-fd 6 sleep 1000 7>"$T/info"
  wait_until [ -s "$T/info" ]
  init=$(<"$T/pid")
  wait_until has_child "$init"
  is "$(readlink "/proc/$init/fd/"* | grep -cxF -e "$T" -e /proc)" 0
  exec 6>&-
}

@test "slirp4netns, attached by --info-fd and --block-fd, gives the network its device before the program starts" {
  need slirp4netns
  [ -c /dev/net/tun ] || skip "no /dev/net/tun"
  mkfifo "$T/info" "$T/block"
  exec 6<>"$T/block"
  start bash -c 'exec "$0" -rn --lo-up --info-fd 8 --block-fd 9 sh -c "ls /sys/class/net; cat /proc/net/dev" 8>"$1/info" 9<"$1/block" >"$1/out" 6>&-' "$XUNSHARE" "$T"
  tool=$pid
  read -r line <"$T/info"
  target=$(json '$_->{pid}' <<<"$line")
  start bash -c 'exec slirp4netns --configure --ready-fd 7 "$0" tap0 7>"$1/ready" >"$1/slirp" 2>&1 6>&-' "$target" "$T"
  wait_until [ -s "$T/ready" ]
  exec 6>&-
  ended 0
  grep -q '^ *tap0:' "$T/out"
}

# ---- --clone ----

@test "--clone leaves the tool in its namespaces" {
  start "$XUNSHARE" --clone -munipCTU -r sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  for kind in mnt uts ipc net pid user cgroup time; do
    is "$(readlink "/proc/$pid/ns/$kind")" "$(readlink "/proc/self/ns/$kind")"
    isnt "$(readlink "/proc/$child/ns/$kind")" "$(readlink "/proc/self/ns/$kind")"
  done
}

@test "--clone forks once: no helper" {
  need strace
  strace -f -qq -e trace=clone,clone3,fork,vfork -o "$T/strace" "$XUNSHARE" --clone --map-users 0:100000:9 --map-groups 0:100000:9 --net="$T/net" -m true
  umount "$T/net"
  is "$(grep -c clone "$T/strace")" 1
}

@test "--clone writes each map that unshare writes" {
  for maps in "-r" "-c" "-U --map-user 5 --map-group 6" "--map-users 0:100000:9 --map-groups 0:200000:9" "-U --setgroups deny" "-r --map-users 1:100000:9" "-r --setgroups deny"; do
    # shellcheck disable=SC2086
    is "$("$XUNSHARE" --clone $maps cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups)" \
      "$("$XUNSHARE" $maps cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups)"
  done
}

@test "--clone as an ordinary user: a map of one ID, and by newuidmap" {
  is "$(as_user 64001 "$XUNSHARE" --clone -r --init --mount-proc sh -c 'id -u; id -g; echo $$')" "0${NL}0${NL}2"
  need newuidmap
  is "$(world_as 64004 "$XUNSHARE" --clone --map-auto cat /proc/self/uid_map | tr -s ' ')" " 0 710000 10"
}

@test "--clone binds from outside, each kind, and undoes it when the program cannot be started" {
  for kind in mount uts ipc net pid user cgroup time; do
    mkdir -p "$T/ns"
    try private sh -c '"$1" --clone "--$2=$3/$2" true && stat -fc %T "$3/$2" && umount "$3/$2" && rm "$3/$2" || echo "failed"
      "$1" --clone "--$2=$3/$2" no-such 2>/dev/null; ls "$3"' sh "$XUNSHARE" $kind "$T/ns"
    is "$output" nsfs
  done
}

@test "--clone --set-tid: the PID outside, in a new PID namespace too" {
  tid=$(($(cat /proc/sys/kernel/pid_max) - 7))
  is "$("$XUNSHARE" --clone --set-tid $tid sh -c 'echo $$')" $tid
  start "$XUNSHARE" --clone --init --set-tid $tid --pid-file "$T/pid" sleep 1000
  wait_until [ -s "$T/pid" ]
  is "$(cat "$T/pid"):$(awk '/^NSpid:/ { print $NF }' /proc/$tid/status)" "$tid:1"
  fails 1 "$XUNSHARE" --clone --set-tid $tid true
  is "$stderr" "xunshare: clone failed: File exists${NL}xunshare: hint: the PID of --set-tid is in use"
  fails 1 "$XUNSHARE" --clone --set-tid 0 true
  is "$stderr" "xunshare: invalid PID argument: '0': $(range)"
}

range() {
  perl -e '$! = 34; print "$!"'
}

@test "--clone --into-cgroup: it begins there" {
  cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [ -n "$cgroups" ] || skip "no cgroup2"
  mkdir "$cgroups/xns-$$"
  try "$XUNSHARE" --clone --into-cgroup "$cgroups/xns-$$" --init grep ^0: /proc/self/cgroup
  rmdir "$cgroups/xns-$$"
  is "$output:$stderr" "0::/xns-$$:"
  fails 1 "$XUNSHARE" --clone --into-cgroup "$T" true
  is "$stderr" "xunshare: clone failed: Bad file descriptor${NL}xunshare: hint: the directory of --into-cgroup is not in a cgroup2 file system"
  fails 1 "$XUNSHARE" --clone --into-cgroup /no/such true
  is "$stderr" "xunshare: cannot open /no/such: No such file or directory"
}

@test "--clone with time offsets" {
  is "$("$XUNSHARE" --clone -T --boottime 1000000.5 cat /proc/self/timens_offsets | tr -s ' ' | tail -n 1)" "boottime 1000000 500000000"
}

@test "--clone where there is no clone3(2) says so" {
  need strace
  try strace -f -qq -o /dev/null -e inject=clone3:error=ENOSYS "$XUNSHARE" --clone -n true
  is "$status" 1
  is "$stderr" "xunshare: clone failed: Function not implemented${NL}xunshare: hint: --clone needs clone3(2), from Linux 5.3 on; a seccomp filter can hide it"
}

@test "--set-tid, --into-cgroup and --owner: what cannot be combined" {
  for option in "--set-tid 5" "--into-cgroup /"; do
    # shellcheck disable=SC2086
    fails 1 "$XUNSHARE" $option true
    is "$stderr" "xunshare: options --set-tid and --into-cgroup need --clone"
  done
  fails 1 "$XUNSHARE" --clone --owner 5:5 true
  is "$stderr" "xunshare: options --clone and --owner cannot be combined"
}

# ---- small things ----

@test "--hostname and --domainname: in a UTS namespace of its own" {
  is "$("$XUNSHARE" --hostname blue --domainname green sh -c 'uname -n; cat /proc/sys/kernel/domainname')" "blue${NL}green"
  isnt "$(uname -n)" blue
  fails 1 "$XUNSHARE" --hostname "$(printf '%065d' 0)" true
  has "$stderr" "xunshare: cannot set the host name '000"
}

@test "--lo-up: 127.0.0.1 and ::1 answer" {
  need ping
  ok --lo-up sh -c 'ping -c 1 -W 5 127.0.0.1 && { [ ! -e /proc/net/if_inet6 ] || ping -c 1 -W 5 ::1; }'
}

@test "--no-new-privs and --new-session" {
  is "$("$XUNSHARE" --no-new-privs awk '/^NoNewPrivs:/ { print $2 }' /proc/self/status)" 1
  is "$("$XUNSHARE" awk '/^NoNewPrivs:/ { print $2 }' /proc/self/status)" 0
  is "$("$XUNSHARE" --new-session sh -c 'set -- $(cat /proc/self/stat); [ "$6" = $$ ] && echo leader')" leader
  is "$("$XUNSHARE" --init --mount-proc --new-session sh -c 'set -- $(cut -d" " -f6 /proc/self/stat); echo $1')" 2
}

@test "--join: a file, a PID, several, before the new ones are made" {
  new_target --net --uts --ipc
  inside() { readlink "/proc/$target/ns/$1"; }
  is "$("$XUNSHARE" --join "net=$target" readlink /proc/self/ns/net)" "$(inside net)"
  is "$("$XUNSHARE" --join "uts=/proc/$target/ns/uts" --join "ipc=$target" --net readlink /proc/self/ns/uts /proc/self/ns/ipc)" "$(inside uts)$NL$(inside ipc)"
  is "$("$XUNSHARE" --clone --join "net=$target" -p sh -c 'readlink /proc/self/ns/net; echo $$')" "$(inside net)${NL}1"
}

@test "--join: a PID namespace implies a fork; a user namespace gives the right for the rest" {
  new_target -p -f --mount-proc
  is "$("$XUNSHARE" --join "pid=$target" readlink /proc/self/ns/pid)" "$(readlink "/proc/$target/ns/pid")"
  as_new_target 64001 -r --net
  is "$(as_user 64001 "$XUNSHARE" --join "user=$target" --join "net=$target" --uts readlink /proc/self/ns/user /proc/self/ns/net)" \
    "$(readlink "/proc/$target/ns/user")$NL$(readlink "/proc/$target/ns/net")"
}

@test "--join pid --no-fork: in place, its children are inside, and the new proc shows that namespace on each kernel" {
  need setarch
  local older root
  new_target -p -f
  for older in "" "setarch --uname-2.6"; do
    for root in "" "--root=/" "--tmpfs=/mnt" "--new-root=/"; do
      printf '%s\n' "$older $root"
      # shellcheck disable=SC2016,SC2086 # expanded inside; words
      try private $older sh -c 'echo $$; exec "$0" "$@"' "$XUNSHARE" --join "pid=$target" --no-fork --mount-proc $root \
        sh -c 'echo $$; echo /proc/[0-9]*; (exec readlink /proc/self)'
      is "${output#*"$NL"}" "${output%%"$NL"*}
/proc/1
$(tail -n 1 <<<"$output")"
      [ "$(tail -n 1 <<<"$output")" -gt 1 ]
    done
  done
  fails 1 "$XUNSHARE" --join "pid=$target" --no-fork --kill-child true
  is "$stderr" "xunshare: options --no-fork and --fork, --kill-child, ... cannot be combined"
}

# container OPTION...: a user namespace with IDs that are nobody's outside, and a network; in $target
container() {
  start "$XUNSHARE" -n -u "$@" sleep 1000
  target=$pid
  wait_until runs "$target" sleep
}

@test "--join user=: root is not root of the outside any more, whatever follows" {
  container --map-users 0:100000:65536 --map-groups 0:100000:65536
  echo secret >"$T/secret"
  chmod 600 "$T/secret"
  for options in "" "--join net=$target" --fork "--clone" "--clone -n" "-i --hostname x" "--init --mount-proc" "--die-with-parent --clone"; do
    try "$XUNSHARE" --join "user=$target" $options sh -c 'id -u; id -G; cat "$1"' sh "$T/secret"
    is "$output" "0${NL}0"
    has "$stderr" "Permission denied"
  done
  ids='tr -s " " </proc/self/uid_map; tr -s " " </proc/self/gid_map; id -u; cat "$1" 2>&1 | grep -c denied'
  for options in -r -c "-r -f" "-r --clone" "-r --init" "-r -m" "-r -T --boottime 5" "-r --clone -T --boottime 5" "-r --die-with-parent"; do
    try "$XUNSHARE" --join "user=$target" $options sh -c "$ids" sh "$T/secret"
    is "$output" " 0 0 1${NL} 0 0 1${NL}0${NL}1"
  done
  try "$XUNSHARE" --join "user=$target" --map-users 5:10:20 --map-users 0:0:1 --map-groups all --clone sh -c "$ids" sh "$T/secret"
  is "$output" " 5 10 20${NL} 0 0 1${NL} 0 0 65536${NL}0${NL}1"
  is "$("$XUNSHARE" --join "user=$target" -S 5 -G 6 sh -c 'id -u; id -G; awk "/^Cap(Eff|Prm)/ { print \$2 }" /proc/self/status')" \
    "5${NL}6${NL}0000000000000000${NL}0000000000000000"
  isnt "$("$XUNSHARE" --join "user=$target" -S 5 -G 6 --keep-caps awk '/^CapEff/ { print $2 }' /proc/self/status)" 0000000000000000
}

@test "--join mount=: the maps of a new user namespace are written, though the /proc there is another's" {
  new_target -m -p -f --mount-proc
  is "$("$XUNSHARE" --join "mount=$target" -r id -u)" 0
  is "$("$XUNSHARE" --join "mount=$target" --join "pid=$target" -r sh -c 'tr -s " " </proc/self/uid_map')" " 0 0 1"
}

@test "--join user=: a namespace is bound, a PID written by who started it" {
  container --map-users 0:100000:65536 --map-groups 0:100000:65536
  mkdir "$T/d"
  for options in "" -f --clone "-r --clone" "-r"; do
    try private sh -c '"$1" --join user="$2" $3 --uts="$4/uts" --pid-file "$4/pid" true && stat -fc %T "$4/uts" && stat -c %u "$4/pid" && umount "$4/uts" && rm "$4/pid" "$4/uts"
      "$1" --join user="$2" $3 --uts="$4/uts" --pid-file "$4/pid" no-such 2>&-; ls "$4"' sh "$XUNSHARE" "$target" "$options" "$T/d"
    is "$output" "nsfs${NL}0"
  done
}

@test "--join user=: from the join to the exec nobody in there can look into us" {
  container --map-users 0:100000:65536 --map-groups 0:100000:65536
  mkfifo "$T/block"
  exec 6<>"$T/block"
  for options in "" -r -U "-r -f" "-r --init" "-r --clone" "-f -S 5" "--map-users all --map-groups all" "-r --clone -T"; do
    start "$XUNSHARE" -x --join "user=$target" $options --info-fd 1 --block-fd 6 true >"$T/info" 2>"$T/trace"
    wait_until [ -s "$T/info" ]
    inside=$(sed 's/^{"pid":\([0-9]*\).*/\1/' "$T/info")
    is "$(stat -c %u "/proc/$pid/environ" "/proc/$inside/environ")" "0${NL}0"
    is "$(hidepid off nsenter -t "$target" -U -S 0 -G 0 sh -c 'id -u; cat "/proc/$1/environ"' sh "$inside" 2>&1 | tr '\0' ' ')" "0${NL}cat: /proc/$inside/environ: Permission denied"
    is "$(grep -v "^#" "$T/trace" | grep -n -m 1 -e DUMPABLE -e setns | cut -d "(" -f 1)" "1:prctl"
    is "$(grep -c SUID_DUMP_USER "$T/trace")" 0
    echo >&6
    wait "$pid"
    : >"$T/info"
  done
  exec 6>&-
}

@test "--join user=: where 0 is not mapped it is -S and -G, or it is refused" {
  container --map-users 1000:100000:10 --map-groups 1000:100000:10
  for options in "" -r "--join net=$target" "-S 1001" "-G 1001"; do
    fails 1 "$XUNSHARE" --join "user=$target" $options id
    has "$stderr" "Invalid argument${NL}xunshare: hint: ID 0 is not in the"
  done
  is "$("$XUNSHARE" --join "user=$target" -S 1001 -G 1002 sh -c 'id -u; id -G')" "1001${NL}1002"
  isnt "$("$XUNSHARE" --join "user=$target" -S 1001 -G 1002 --keep-caps awk '/^CapEff/ { print $2 }' /proc/self/status)" 0000000000000000
}

@test "--join user= as an ordinary user: 0 there, or who one is; groups that cannot be dropped are refused" {
  as_new_target 64001 -r
  for options in -r -c "-r --clone" "-r --init" "-r -T --boottime 5"; do
    is "$(as_user 64001 "$XUNSHARE" --join "user=$target" $options sh -c 'tr -s " " </proc/self/uid_map; id -u')" " 0 0 1${NL}0"
  done
  fails 1 setpriv --reuid=64001 --regid=64001 --groups=64001,64009 "$XUNSHARE" --join "user=$target" true
  has "$stderr" "xunshare: hint: setgroups is denied in the user namespace that is joined"
  as_new_target 64001 -c
  is "$(as_user 64001 "$XUNSHARE" --join "user=$target" id -u)" 64001
  is "$(as_user 64001 "$XUNSHARE" --join "user=$target" -r id -u)" 0
}

@test "--join: a PID that is named several times is opened once" {
  need strace
  new_target --net --uts --ipc
  strace -f -qq -e trace=pidfd_open,openat -o "$T/trace" "$XUNSHARE" --join "net=$target" --join "uts=$target" --join "ipc=$target" true
  is "$(grep -c "pidfd_open($target" "$T/trace") $(grep -c "\"/proc/$target" "$T/trace")" "1 1"
  dead_pid
  fails 1 "$XUNSHARE" --join "net=$pid" --join "uts=$pid" true
  is "$stderr" "xunshare: failed to obtain a valid file descriptor for PID $pid: No such process"
  fails 1 "$XUNSHARE" --join net=99999999999 true
  is "$stderr" "xunshare: invalid PID argument: '99999999999': Numerical result out of range"
}

@test "--join: what is no kind, no file, no namespace" {
  for word in x net= nets=1 =5 ""; do
    fails 1 "$XUNSHARE" --join "$word" true
    is "${stderr%%$'\n'*}" "xunshare: failed to parse --join: '$word'"
  done
  fails 1 "$XUNSHARE" --join net=/no/such true
  is "$stderr" "xunshare: cannot open /no/such: No such file or directory"
  fails 1 "$XUNSHARE" --join net=/dev/null true
  is "${stderr%%"$NL"*}" "xunshare: cannot join /dev/null: Invalid argument"
}

@test "time offsets take fractions, also of negative ones" {
  is "$("$XUNSHARE" -T --monotonic -1.5 --boottime 2.25 cat /proc/self/timens_offsets | tr -s ' ')" "monotonic -2 500000000${NL}boottime 2 250000000"
}
