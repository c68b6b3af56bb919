# shellcheck shell=bash
# Functions that the bats files share. Each file has `load helpers`, and calls xns_setup
# and xns_teardown from its setup and teardown.
#
# XUNSHARE and XNSENTER are copies of the programs that ordinary users can reach. Nothing here is done to the
# machine itself: what mounts anything does so in a mount namespace of its own, made by util-linux's
# unshare, so that a test does not lean on the program it tests.
# shellcheck disable=SC2034,SC2016 # variables for the tests; what shells inside expand

bats_require_minimum_version 1.5.0

PLAIN=64001 # an ordinary user without subordinate IDs, and without a passwd entry outside of `world`
NL=$'\n'
: "${XNS_BUILD:?is not set: run the tests through tests/run}"

# put_tool NAME PEER: a copy of the program, whole as soon as it is there, and a link with the peer's name
put_tool() {
  cp "$XNS_BUILD/bin/$1" "$BIN/$1.$$"
  chmod 755 "$BIN/$1.$$"
  ln -sf "$1" "$BIN/$2"
  mv "$BIN/$1.$$" "$BIN/$1"
}

xns_setup() {
  chmod a+x "$BATS_RUN_TMPDIR"
  T=$BATS_TEST_TMPDIR BIN=$BATS_RUN_TMPDIR/bin
  XUNSHARE=$BIN/xunshare XNSENTER=$BIN/xnsenter XLSNS=$BIN/xlsns XNETNS=$BIN/xnetns
  if [ ! -e "$XNETNS" ]; then
    mkdir -p "$BIN"
    put_tool xunshare unshare
    put_tool xnsenter nsenter
    put_tool xlsns lsns
    put_tool xnetns ip
  fi
  STARTED=()
  export XNS_TEST=$T
  unset LANGUAGE LC_MESSAGES
  export LC_ALL=C
  if [ -n "${XNS_SANITIZED:-}" ]; then # its runtime would set RLIMIT_CORE
    export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}disable_coredump=0
  fi
  cd / || return 1
}

# Ends what the test started, and what that started, and looks that nothing of it is left mounted.
xns_teardown() {
  local pid all
  for pid in "${STARTED[@]}"; do
    all=$(descendants "$pid")
    # shellcheck disable=SC2086 # a word for each
    kill -KILL "$pid" $all 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  done
  end_orphans
  if grep -qF " $BATS_TEST_TMPDIR" /proc/self/mountinfo; then
    echo "left mounted: $(grep -F " $BATS_TEST_TMPDIR" /proc/self/mountinfo)"
    return 1
  fi
}

# Ends what the test left behind: it has the test's mark in its environment. A process that outlived its test would hold
# bats's pipe open, and the whole run with it.
end_orphans() {
  local file files
  mapfile -t files < <(env -u XNS_TEST grep -lzxF "XNS_TEST=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ 2>/dev/null)
  for file in "${files[@]}"; do
    file=${file#/proc/}
    kill -KILL "${file%%/*}" 2>/dev/null || :
  done
}

# need_root, need PROGRAM...: skip the test where that is missing
need_root() {
  [ "$(id -u)" = 0 ] || skip "needs root"
}

need() {
  local program
  for program; do
    command -v "$program" >/dev/null || skip "needs $program"
  done
}

need_kind() {
  [ -e "/proc/self/ns/$1" ] || skip "this kernel has no $1 namespaces"
}

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
  start "${started_as[@]}" unshare "$@" sleep 1000
  target=$pid
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
  for ((i = 0; i < 500; i++)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.02
  done
  echo "waited in vain for: $*"
  return 1
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
  cat "/proc/$1/task/$1/children" 2>/dev/null
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
  [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]
}

# as_user UID CMD...: as an ordinary user, with a group of the same number
as_user() {
  local uid=$1
  shift
  setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"
}

# ---- what a test asks ----

# is GOT EXPECTED
is() {
  [ "$1" = "$2" ] || {
    printf 'got:      %s\nexpected: %s\n' "$1" "$2"
    return 1
  }
}

isnt() {
  [ "$1" != "$2" ] || {
    printf 'got, and should not have: %s\n' "$1"
    return 1
  }
}

# has TEXT PART
has() {
  [[ $1 == *"$2"* ]] || {
    printf 'got:         %s\nwithout its: %s\n' "$1" "$2"
    return 1
  }
}

hasnt() {
  [[ $1 != *"$2"* ]] || {
    printf 'got:           %s\nwhich has not: %s\n' "$1" "$2"
    return 1
  }
}

# try CMD...: what it writes is in $output and $stderr, its status in $status
try() {
  status=0
  output=$("$@" 2>"$BATS_TEST_TMPDIR/.stderr" 3>&-) || status=$?
  stderr=$(<"$BATS_TEST_TMPDIR/.stderr")
  printf 'command: %s\nstatus: %s\nstdout: %s\nstderr: %s\n' "$*" "$status" "$output" "$stderr"
}

# ok ARG...: xunshare ARG... succeeds, and says nothing on standard error
ok() {
  succeeds "$XUNSHARE" "$@"
}

# succeeds CMD...: the same of any command
succeeds() {
  try "$@"
  [ "$status" -eq 0 ] && [ -z "$stderr" ]
}

# fails STATUS CMD...: CMD ends with that status and a message
fails() {
  local expected=$1
  shift
  try "$@"
  [ "$status" -eq "$expected" ] && [ -n "$stderr" ]
}

# ---- places ----

# private CMD...: in a mount namespace of its own, where nothing is shared
private() {
  unshare --mount --propagation private -- "$@"
}

# world CMD...: in a private mount namespace with a small /etc, where these are the users
#   xnsplain 64001  no subordinate IDs
#   xnssub   64002  700000…700099; groups 800000…800099
#   xnsone   64003  one, 700200, by its number in the file; group 800200
#   xnsmany  64004  710000…710009, 720000…720004, 730000; groups 810000…810009, 820000…820004
#   xnsodd   64005  its group xnsgrp 64105 has the name of a line of /etc/subgid, which is not the user's
#   xnsnss   64006  not in the files
#   root            1000000…1065535, and groups 2000000…2065535
world() {
  private sh -c '
    etc=$1
    shift
    mount --bind "$etc" /etc || exit 125
    exec "$@"' sh "$(world_etc)" "$@"
}

# world_as UID CMD...: in that world as one of its users
world_as() {
  local uid=$1 gid=$1
  shift
  [ "$uid" = 64005 ] && gid=64105
  world setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"
}

world_etc() {
  local etc=$BATS_FILE_TMPDIR/etc f
  if [ ! -e "$etc" ]; then
    mkdir -p "$etc.$$"
    for f in alternatives ld.so.cache ld.so.conf ld.so.conf.d login.defs terminfo localtime; do
      [ ! -e "/etc/$f" ] || cp -a "/etc/$f" "$etc.$$/"
    done
    printf '%s: files\n' passwd group shadow subid >"$etc.$$/nsswitch.conf"
    cat >"$etc.$$/passwd" <<'END'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/sh
xnsplain:x:64001:64001::/:/bin/sh
xnssub:x:64002:64002::/:/bin/sh
xnsone:x:64003:64003::/:/bin/sh
xnsmany:x:64004:64004::/:/bin/sh
xnsodd:x:64005:64105::/:/bin/sh
xnsnss:x:64006:64006::/:/bin/sh
END
    cat >"$etc.$$/group" <<'END'
root:x:0:
nogroup:x:65534:
xnsplain:x:64001:
xnssub:x:64002:
xnsone:x:64003:
xnsmany:x:64004:
xnsgrp:x:64105:
xnsnss:x:64006:
END
    cat >"$etc.$$/subuid" <<'END'
nobody:690000:10
xnssub:700000:100
64003:700200:1
xnsmany:710000:10
xnsmany:720000:5
64004:730000:1
xnsodd:740000:10
root:1000000:65536
END
    cat >"$etc.$$/subgid" <<'END'
xnsgrp:850000:10
xnssub:800000:100
64003:800200:1
xnsmany:810000:10
xnsmany:820000:5
xnsodd:840000:10
root:2000000:65536
END
    mv "$etc.$$" "$etc"
  fi
  echo "$etc"
}

# make_root DIR PROGRAM...: a root directory with just what it takes to run these
make_root() {
  local root=$1 program lib
  shift
  mkdir -p "$root"/{proc,dev,etc,tmp,bin}
  for program; do
    cp -L "$(type -P "$program")" "$root/bin/"
    ldd "$(type -P "$program")" 2>/dev/null | grep -o '/[^ ]*' | while read -r lib; do
      mkdir -p "$root${lib%/*}"
      [ -e "$root$lib" ] || cp -L "$lib" "$root$lib"
    done
  done
}

# ---- xnsenter ----

# enter ARG...: xnsenter ARG... succeeds, and says nothing on standard error
enter() {
  succeeds "$XNSENTER" "$@"
}

# build NAME: compiles the C program on standard input to $T/NAME, which everybody may run
build() {
  need "${CC:-cc}"
  cat >"$T/$1.c"
  "${CC:-cc}" -pthread -o "$T/$1" "$T/$1.c" && chmod 755 "$T/$1"
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
