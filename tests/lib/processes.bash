# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# Processes: what a test starts, and the state it waits for.

# start CMD...: run the program CMD in the background, to be ended by xns_teardown; its PID is in $pid.
# The shell lets a background process ignore INT and QUIT; here it does not.
start() {
  env --default-signal=INT,QUIT "$@" 3>&- &
  pid=$!
  STARTED+=("$pid")
}

# new_target OPTION...: a process "sleep 1000" in new namespaces, made by util-linux's unshare with these options; in
# $target. With -f it is the child.
new_target() {
  "${started_as[@]}" unshare "$@" sleep 1000 3>&- &
  target=$! pid=$!
  STARTED+=("$pid")
  case " $* " in *" -f "*)
    child_of "$target"
    target=$child
    ;;
  esac
  wait_until runs "$target" sleep
}

# as_new_target UID OPTION...: the same of an ordinary user
as_new_target() {
  local started_as=(setpriv --reuid="$1" --regid="$1" --clear-groups --)
  shift
  new_target "$@"
}

# wait_until CMD...: till CMD succeeds, for ten seconds or so
wait_until() {
  local i
  for ((i = 0; i < 510; i++)); do
    "$@" >/dev/null 2>&1 && return 0
    pause $((i < 10 ? 4 : 20))
  done
  echo "waited in vain for: $*"
  return 1
}

# pause MILLISECONDS: without a process; nothing ever comes out of that FIFO
pause() {
  local seconds
  printf -v seconds '0.%03d' "$1"
  read -rt "$seconds" seconds <>"$NEVER" || :
}

# alive PID, gone PID; a zombie is gone
alive() {
  local state
  state=$(state_of "$1") && [ "$state" != Z ] && [ "$state" != X ]
}

gone() {
  ! alive "$1"
}

# state_of PID: the letter of proc(5)'s stat
state_of() {
  local name state
  while read -r name state _; do
    [ "$name" = State: ] && echo "$state" && return 0
  done <"/proc/$1/status" 2>/dev/null
  return 1
}

in_state() {
  [ "$(state_of "$1")" = "$2" ]
}

# children PID: the PIDs of its children
children() {
  local all=
  read -r all 2>/dev/null <"/proc/$1/task/$1/children" || : # the line has no end
  [ -z "$all" ] || echo "$all"
}

has_child() {
  [ -n "$(children "$1")" ]
}

# descendants PID: the PIDs of its children, their children, ...
descendants() {
  local c
  for c in $(children "$1"); do
    echo "$c"
    descendants "$c"
  done
}

# child_of PID: the one child, waited for; in $child
child_of() {
  wait_until has_child "$1" || return 1
  child=$(children "$1")
  child=${child%% *}
}

# runs PID NAME: PID executes a program called NAME
runs() {
  local name=
  read -r name 2>/dev/null <"/proc/$1/comm" || :
  [ "$name" = "$2" ]
}

# with_pidfd PID CMD...: CMD inherits a pidfd of PID, descriptor 9
with_pidfd() {
  need perl
  perl -MPOSIX -e '$fd = syscall(434, shift() + 0, 0); # pidfd_open
    $fd >= 0 && POSIX::dup2($fd, 9) or exit 125;
    exec @ARGV; exit 125' "$@"
}

# The ID of a process that has ended, in $pid
dead_pid() {
  true &
  pid=$!
  wait "$pid"
}

# A zombie, in $zombie
make_zombie() {
  need perl
  start perl -e 'fork or exit; sleep 1000'
  child_of "$pid"
  zombie=$child
  wait_until in_state "$zombie" Z
}
