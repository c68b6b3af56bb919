#!/usr/bin/env bats
# The options of xnsenter that have no file of their own, and its exit status.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
}

# letter, name, file below /proc/PID/ns, and that of what the program's process has of it
kinds='m mount mnt mnt
u uts uts uts
i ipc ipc ipc
n net net net
p pid pid pid
U user user user
C cgroup cgroup cgroup
T time time time'

# all_new: a target, in $target, that has all namespaces for itself
all_new() {
  new_target -f -r -muinpCT
}

# ns PID KIND: its namespace
ns() {
  readlink "/proc/$1/ns/$2"
}

# of a program: its namespaces, in order
all_kinds='mnt uts ipc net pid user cgroup time'
show_namespaces='exec readlink /proc/self/ns/{mnt,uts,ipc,net,pid,user,cgroup,time}'
links=()
for kind in $all_kinds; do links+=("/proc/self/ns/$kind"); done
unset kind

# joins_only KIND ARG...: with ARG... the program has the target's namespace of KIND, and no other of it
joins_only() {
  local kind=$1 k i=0 there ours
  shift
  need_kind "$kind"
  mapfile -t ours < <(readlink "${links[@]}")
  enter "$@" readlink "${links[@]}"
  mapfile -t there <<<"$output"
  for k in $all_kinds; do
    if [ "$k" = "$kind" ]; then
      is "${there[i]}" "$(ns "$target" "$k")" && isnt "${there[i]}" "${ours[i]}"
    else
      is "${there[i]}" "${ours[i]}"
    fi || return 1
    i=$((i + 1))
  done
}

# setns_of ARG...: the second arguments of the calls of setns that xnsenter ARG... true makes, in order, in $output
setns_of() {
  need strace
  succeeds strace -f -qq -e trace=setns -e signal=none -o "$T/strace" "$XNSENTER" "$@" true
  output=$(sed 's/.*setns([0-9]*[^,]*, \(.*\)) *= .*/\1/' "$T/strace")
}

# ---- namespaces ----

@test "each letter, and each long name, joins the target's namespace of its kind and no other" {
  local letter name kind
  all_new
  while read -r letter name kind _; do
    joins_only "$kind" -t "$target" "-$letter"
    joins_only "$kind" --target "$target" "--$name"
  done <<<"$kinds"
}

@test "-kFILE, -k=FILE and --kind=FILE join the namespace of a file, without a target" {
  local letter name kind
  all_new
  while read -r letter name kind _; do
    joins_only "$kind" "-$letter/proc/$target/ns/$kind"
    joins_only "$kind" "-$letter=/proc/$target/ns/$kind"
    joins_only "$kind" "--$name=/proc/$target/ns/$kind"
  done <<<"$kinds"
}

@test "several letters in one word each count" {
  all_new
  setns_of -t "$target" -u -i -n
  is "$output" 'CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWNET'
}

@test "--uts FILE is not taken: FILE is the program" {
  new_target -u
  fails 126 "$XNSENTER" -t "$target" --uts "/proc/$target/ns/uts"
  is "$stderr" "xnsenter: failed to execute /proc/$target/ns/uts: Permission denied
xnsenter: hint: /proc/$target/ns/uts is a namespace, no program; it is joined by --KIND=FILE, with the ="
}

@test "a file may be a relative path, or a bind mount" {
  new_target -u
  : >"$T/uts"
  succeeds private sh -c 'mount --bind "$1" "$2/uts" && cd "$2" && exec "$3" --uts=uts readlink /proc/self/ns/uts' \
    sh "/proc/$target/ns/uts" "$T" "$XNSENTER"
  is "$output" "$(ns "$target" uts)"
}

@test "files are opened before any namespace changes" {
  new_target -u
  local other=$target
  new_target -m
  : >"$T/uts"
  # the bind mount is in a mount namespace that the target does not have
  succeeds private sh -c 'mount --bind "$1" "$2/uts" && exec "$3" -t "$4" -m --uts="$2/uts" readlink /proc/self/ns/uts' \
    sh "/proc/$other/ns/uts" "$T" "$XNSENTER" "$target"
  is "$output" "$(ns "$other" uts)"
}

@test "a file that is not there is an error" {
  fails 1 "$XNSENTER" --net="$T/none" true
  is "$stderr" "xnsenter: cannot open $T/none: No such file or directory"
  fails 1 "$XNSENTER" --net= true
  is "$stderr" "xnsenter: cannot open : No such file or directory"
}

@test "a file and the target: each gives what is asked of it" {
  new_target -u -i
  local other=$target
  new_target -u -i
  enter -t "$target" -i --uts="/proc/$other/ns/uts" readlink /proc/self/ns/uts /proc/self/ns/ipc
  is "$output" "$(ns "$other" uts)$NL$(ns "$target" ipc)"
}

@test "the namespaces of a target are joined by one call" {
  all_new
  setns_of -t "$target" -m -u -i -n -p -U -C -T
  is "$(wc -l <<<"$output")" 1
  local flag
  for flag in NEWNS NEWUTS NEWIPC NEWNET NEWPID NEWUSER NEWCGROUP NEWTIME; do
    has "|$output|" "|CLONE_$flag|"
  done
}

@test "a kind that the target does not have for itself can be joined" {
  new_target -u
  enter -t "$target" -n readlink /proc/self/ns/net
  is "$output" "$(ns self net)"
}

@test "the host name of the target is the program's" {
  start unshare -u sh -c 'hostname xns-there && exec sleep 1000'
  wait_until runs "$pid" sleep
  enter -t "$pid" -u hostname
  is "$output" xns-there
}

@test "the namespaces of the calling shell stay" {
  local before
  before=$(bash -c "$show_namespaces")
  all_new
  enter -t "$target" -a true
  is "$(bash -c "$show_namespaces")" "$before"
}

# ---- ids of namespaces ----

@test "=:ID of no namespace is an error that quotes it" {
  fails 1 "$XNSENTER" --uts=:1 true
  has "$stderr" "xnsenter: cannot open namespace of id 1: Stale file handle"
  fails 1 "$XNSENTER" -u=:18446744073709551615 true
  has "$stderr" "xnsenter: cannot open namespace of id 18446744073709551615: Stale file handle"
  fails 1 "$XNSENTER" -u:1 true
  has "$stderr" "xnsenter: cannot open namespace of id 1: Stale file handle"
}

# before LINUX: the kernel is older than that, "6 19"
before() {
  local major minor
  IFS=.- read -r major minor _ <<<"$(uname -r)"
  [ "$major" -lt "$1" ] || { [ "$major" -eq "$1" ] && [ "$minor" -lt "$2" ]; }
}

@test "=:ID joins the namespace with that id; where the kernel cannot, the one that can is named" {
  local id=1
  if before 6 19; then
    fails 1 "$XNSENTER" --uts=:1 true
    has "$stderr" "6.19"
    return
  fi
  new_target -u
  need perl
  # NS_GET_ID
  id=$(perl -e 'open F, $ARGV[0]; $b = "x" x 8; ioctl(F, 0x8008b70d, $b) && print unpack("Q", $b)' "/proc/$target/ns/uts")
  enter --uts=:"$id" readlink /proc/self/ns/uts
  is "$output" "$(ns "$target" uts)"
}

@test "=: and what is no number is an error that quotes it" {
  local word
  for word in '' x -1 ' 1' 1x 0x1 +1 18446744073709551616; do
    fails 1 "$XNSENTER" --uts=:"$word" true
    has "$stderr" "xnsenter: failed to parse nsid: $word"
  done
}

@test "./ before a file that starts with a colon makes it a file" {
  cd "$T"
  fails 1 "$XNSENTER" --uts=./:1 true
  is "$stderr" "xnsenter: cannot open ./:1: No such file or directory"
}

# ---- all ----

@test "-a, --all join all of the target's" {
  local option
  all_new
  for option in -a --all; do
    enter -t "$target" "$option" bash -c "$show_namespaces"
    is "$output" "$(for k in mnt uts ipc net pid user cgroup time; do ns "$target" "$k"; done)"
  done
}

@test "-a leaves out what is the caller's own" {
  new_target -u -n
  setns_of -t "$target" -a
  is "$output" 'CLONE_NEWUTS|CLONE_NEWNET'
  enter -t "$target" -a bash -c "$show_namespaces"
  is "$output" "$(for k in mnt uts ipc net pid user cgroup time; do ns "$target" "$k"; done)"
}

@test "-a of a target that shares all with the caller joins nothing and runs the program" {
  start sleep 1000
  wait_until runs "$pid" sleep
  setns_of -t "$pid" -a
  is "$output" ""
}

@test "-a with one's own user namespace leaves the IDs as they are" {
  new_target -u
  succeeds setpriv --reuid=77 --regid=78 --groups 79 --inh-caps=+sys_admin,+sys_ptrace --ambient-caps=+sys_admin,+sys_ptrace \
    "$XNSENTER" -t "$target" -a sh -c 'id -u; id -G'
  is "$output" "77${NL}78 79"
}

@test "-a and a kind asked for by its letter: that is joined in any case" {
  new_target -u
  setns_of -t "$target" -a -n
  is "$output" 'CLONE_NEWUTS|CLONE_NEWNET'
}

@test "a file takes the place of the target's namespace in -a" {
  new_target -u
  local other=$target
  new_target -u -i
  enter -t "$target" -a --uts="/proc/$other/ns/uts" readlink /proc/self/ns/uts /proc/self/ns/ipc
  is "$output" "$(ns "$other" uts)$NL$(ns "$target" ipc)"
  enter --uts="/proc/$other/ns/uts" -t "$target" --all readlink /proc/self/ns/uts
  is "$output" "$(ns "$other" uts)"
}

@test "one's own namespace by a file keeps -a from joining the target's" {
  new_target -u -i
  enter -t "$target" -a --uts=/proc/self/ns/uts readlink /proc/self/ns/uts /proc/self/ns/ipc
  is "$output" "$(ns self uts)$NL$(ns "$target" ipc)"
}

@test "-a ends in /, in another mount namespace and in the same one" {
  cd "$T"
  new_target -m
  enter -t "$target" -a pwd
  is "$output" /
  new_target -u
  enter -t "$target" -a pwd
  is "$output" /
}

@test "-m ends in /" {
  cd "$T"
  new_target -m
  enter -t "$target" -m pwd
  is "$output" /
  new_target -u
  enter -t "$target" -m pwd
  is "$output" /
}

@test "without -m and -a the working directory stays" {
  cd "$T"
  new_target -u
  enter -t "$target" -u pwd
  is "$output" "$T"
}

@test "-a does not fork where the PID namespace is the caller's own" {
  new_target -u
  start "$XNSENTER" -t "$target" -a sleep 1000
  wait_until runs "$pid" sleep
}

@test "-a forks where the PID namespace is another one" {
  new_target -p -f
  start "$XNSENTER" -t "$target" -a sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(ns "$child" pid)" "$(ns "$target" pid)"
}

# ---- the target ----

@test "-t refuses what is no PID, and quotes it" {
  local word
  # no process has the highest PID: nothing is entered where the test fails
  for word in '' x 0 -1 2147483648 99999999999999999999 ' 2147483647' '2147483647 ' 2147483647x 0x7fffffff 2147483647.0; do
    fails 1 "$XNSENTER" -t "$word" -u true
    has "$stderr" "xnsenter: invalid PID argument: '$word'"
  done
}

@test "-t twice is an error" {
  new_target -u
  fails 1 "$XNSENTER" -t "$target" -t "$target" -u true
  has "$stderr" "xnsenter: --target can be given once only"
}

@test "-t without an argument is an error" {
  fails 1 "$XNSENTER" -t
  is "$stderr" "xnsenter: option requires an argument -- 't'${NL}Try 'xnsenter --help' for more information."
}

@test "a PID that nothing has is an error: no such process" {
  dead_pid
  fails 1 "$XNSENTER" -t "$pid" -u true
  is "$stderr" "xnsenter: failed to obtain a valid file descriptor for PID $pid: No such process"
  fails 1 "$XNSENTER" -t 2147483647 -a true
  is "$stderr" "xnsenter: failed to obtain a valid file descriptor for PID 2147483647: No such process"
}

# inode_of PID: the inode number of its pidfd
inode_of() {
  with_pidfd "$1" stat -L -c %i /proc/self/fd/9
}

on_pidfs() {
  [ "$(with_pidfd $$ stat -L -f -c %t /proc/self/fd/9)" = 50494446 ] || skip "needs Linux 6.9"
}

@test "-t PID:INODE is that process; another inode is no such process, and what is no number is refused" {
  local word
  on_pidfs
  new_target -u
  enter -t "$target:$(inode_of "$target")" -u readlink /proc/self/ns/uts
  is "$output" "$(ns "$target" uts)"
  fails 1 "$XNSENTER" -t "$target:$(($(inode_of "$target") + 1))" -u true
  is "$stderr" "xnsenter: failed to obtain a valid file descriptor for PID $target: No such process"
  for word in "$target:" "$target:x" "$target:-1" "$target:0" "$target: 1" "$target:1x" "$target:99999999999999999999" \
    "$target:1:1" :7 x:7 0:7 -1:7 99999999999999999999:7; do
    fails 1 "$XNSENTER" -t "$word" -u true
    has "$stderr" "xnsenter: invalid PID argument: "
  done
}

@test "a zombie is an error that says so, with -a too" {
  make_zombie
  fails 1 "$XNSENTER" -t "$zombie" -u true
  has "$stderr" "xnsenter: reassociate to namespaces failed: No such process"
  has "$stderr" "xnsenter: hint: process $zombie is a zombie"
  fails 1 "$XNSENTER" -t "$zombie" -a true
  has "$stderr" "No such process"
  has "$stderr" "xnsenter: hint: process $zombie is a zombie"
}

@test "the ID of a thread that is not the first of its process is taken" {
  build threads <<'END'
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
static void *other(void *arg) { if (unshare(CLONE_NEWUTS) == 0) pause(); return arg; }
int main(void) { pthread_t t; pthread_create(&t, NULL, other, NULL); pthread_join(t, NULL); return 1; }
END
  start "$T/threads"
  local tid='' leader
  another_thread() {
    for tid in "/proc/$pid/task"/*; do
      tid=${tid##*/}
      [ "$tid" != "$pid" ] && [ "$(ns "$tid" uts)" != "$(ns self uts)" ] && return 0
    done
    return 1
  }
  wait_until another_thread
  another_thread
  leader=$(ns "$pid" uts)
  is "$leader" "$(ns self uts)"
  enter -t "$tid" -u readlink /proc/self/ns/uts
  is "$output" "$(ns "$tid" uts)"
  enter -t "$tid" -a readlink /proc/self/ns/uts
  is "$output" "$(ns "$tid" uts)"
}

@test "--pidfd takes an inherited pidfd for the target" {
  all_new
  succeeds with_pidfd "$target" "$XNSENTER" --pidfd 9 -u -n readlink /proc/self/ns/uts /proc/self/ns/net
  is "$output" "$(ns "$target" uts)$NL$(ns "$target" net)"
  succeeds with_pidfd "$target" "$XNSENTER" --pidfd=9 -a readlink /proc/self/ns/uts
  is "$output" "$(ns "$target" uts)"
}

@test "--pidfd gives the rest of the target as well" {
  start env XNS_WORD=there unshare -u sh -c 'cd /proc; exec sleep 1000'
  wait_until runs "$pid" sleep
  succeeds with_pidfd "$pid" "$XNSENTER" --pidfd 9 -u -e -w sh -c 'echo "$XNS_WORD"; pwd'
  is "$output" "there${NL}/proc"
}

@test "--pidfd of a descriptor that is no pidfd, or none at all, is an error" {
  fails 1 "$XNSENTER" --pidfd 0 -u true
  is "$stderr" "xnsenter: descriptor 0 is no pidfd"
  fails 1 "$XNSENTER" --pidfd 99 -u true
  is "$stderr" "xnsenter: descriptor 99 is no pidfd"
}

@test "--pidfd of a process that has ended is an error" {
  need perl
  # the process ends, and is waited for, after its pidfd was made
  fails 1 perl -MPOSIX -e '$pid = fork; $pid or POSIX::pause(), exit;
    $fd = syscall(434, $pid, 0); POSIX::dup2($fd, 9); kill 9, $pid; waitpid $pid, 0; exec @ARGV; exit 125' \
    "$XNSENTER" --pidfd 9 -u true
  is "$stderr" "xnsenter: the process of pidfd 9 has ended: No such process"
}

@test "--pidfd refuses what is no descriptor number, and quotes it" {
  local word
  for word in '' x -1 2147483648 ' 1' 1x; do
    fails 1 "$XNSENTER" --pidfd "$word" -u true
    has "$stderr" "xnsenter: failed to parse file descriptor: '$word'"
  done
}

@test "--pidfd with --target is an error" {
  new_target -u
  fails 1 with_pidfd "$target" "$XNSENTER" --pidfd 9 -t "$target" -u true
  is "$stderr" "xnsenter: options --target and --pidfd cannot be combined"
}

# ---- the socket of a target ----

# socket_target: in $target a process whose socket, descriptor 9, is of another network namespace, whose name is in
# $socket_ns
socket_target() {
  need perl
  start unshare -n perl -MPOSIX -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0) or die; POSIX::dup2(fileno(S), 9);
    open(F, ">", "$ARGV[0]/there.new"); print F readlink("/proc/self/ns/net"); close F;
    rename "$ARGV[0]/there.new", "$ARGV[0]/there"; exec "unshare", "-n", "sleep", "1000"' "$T"
  target=$pid
  wait_until runs "$target" sleep
  socket_ns=$(<"$T/there")
  isnt "$socket_ns" "$(ns "$target" net)"
}

@test "-N, --net-socket join the network namespace of the target's socket, with -a and --pidfd too" {
  socket_target
  enter -t "$target" -N 9 readlink /proc/self/ns/net
  is "$output" "$socket_ns"
  enter -t "$target" --net-socket=9 readlink /proc/self/ns/net
  is "$output" "$socket_ns"
  enter -t "$target" -a -N 9 readlink /proc/self/ns/net
  is "$output" "$socket_ns"
  succeeds with_pidfd "$target" "$XNSENTER" --pidfd 9 -N 9 readlink /proc/self/ns/net
  is "$output" "$socket_ns"
}

@test "-N of what is no socket, not open, no number or of no target is an error" {
  local word
  new_target -u
  fails 1 "$XNSENTER" -t "$target" -N 1 true
  has "$stderr" "SIOCGSKNS"
  fails 1 "$XNSENTER" -t "$target" -N 99 true
  has "$stderr" "xnsenter: pidfd_getfd("
  has "$stderr" ", 99): Bad file descriptor"
  for word in '' x -1 2147483648 ' 1' 1x; do
    fails 1 "$XNSENTER" -t "$target" -N "$word" true
    has "$stderr" "xnsenter: failed to parse file descriptor: '$word'"
  done
  fails 1 "$XNSENTER" -N 3 true
  is "$stderr" "xnsenter: no target PID specified"
}

# ---- the parent of a user namespace ----

# nested OPTION...: in $target a process in a user namespace, with OPTION, below another, whose name is in $outer
nested() {
  start "${nested_as[@]}" unshare -Urn sh -c 'readlink /proc/self/ns/user >"$0/outer.new" && mv "$0/outer.new" "$0/outer" &&
    exec unshare "$@" sleep 1000' "$T" "$@"
  target=$pid
  wait_until runs "$target" sleep
  outer=$(<"$T/outer")
  isnt "$outer" "$(ns "$target" user)"
}

@test "--user-parent joins the parent of the target's user namespace, with -U in its place, by a file without a target" {
  nested -Ur
  enter -t "$target" --user-parent readlink /proc/self/ns/user
  is "$output" "$outer"
  enter -t "$target" -U --user-parent readlink /proc/self/ns/user
  is "$output" "$outer"
  enter --user="/proc/$target/ns/user" --user-parent readlink /proc/self/ns/user
  is "$output" "$outer"
}

@test "--user-parent with the file of another kind joins its owner" {
  nested -Urn
  enter --net="/proc/$target/ns/net" --user-parent readlink /proc/self/ns/user /proc/self/ns/net
  is "$output" "$(ns "$target" user)$NL$(ns "$target" net)"
}

@test "-n --user-parent works for an ordinary user" {
  local nested_as=(setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups --)
  chmod a+rwx "$T"
  nested -Ur
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -n --user-parent sh -c 'id -u; readlink /proc/self/ns/user /proc/self/ns/net'
  is "$output" "0$NL$outer$NL$(ns "$target" net)"
}

@test "-a --user-parent joins the parent and all else of the target" {
  nested -Uru
  enter -t "$target" -a --user-parent readlink /proc/self/ns/user /proc/self/ns/uts
  is "$output" "$outer$NL$(ns "$target" uts)"
}

@test "--user-parent of the outermost user namespace is an error" {
  new_target -u
  fails 1 "$XNSENTER" -t "$target" --user-parent true
  is "$stderr" "xnsenter: failed to open parent namespace: Operation not permitted"
}

@test "--user-parent without a target or a file is an error" {
  fails 1 "$XNSENTER" --user-parent true
  is "$stderr" "xnsenter: no target PID specified"
}

# ---- the PID namespace of the target's children ----

@test "--pid-for-children joins the PID namespace of the target's next child, -p its own" {
  start unshare -p bash -c 'sleep 1000 & exec tail -f /dev/null'
  wait_until runs "$pid" tail
  isnt "$(ns "$pid" pid_for_children)" "$(ns "$pid" pid)"
  enter -t "$pid" --pid-for-children readlink /proc/self/ns/pid
  is "$output" "$(ns "$pid" pid_for_children)"
  enter -t "$pid" -p readlink /proc/self/ns/pid
  is "$output" "$(ns "$pid" pid)"
}

@test "--pid-for-children where no child has been forked yet is an error" {
  new_target -p
  fails 1 "$XNSENTER" -t "$target" --pid-for-children true
  has "$stderr" "xnsenter: cannot open /proc/$target/ns/pid_for_children: "
}

# ---- what is missing ----

@test "no namespace asked for is an error" {
  new_target -u
  fails 1 "$XNSENTER" true
  is "$stderr" "xnsenter: no namespace specified${NL}xnsenter: hint: -a enters all that differ from the caller's, of the process that -t names"
  fails 1 "$XNSENTER" -t "$target" true
  is "$stderr" "xnsenter: no namespace specified${NL}xnsenter: hint: -a enters all that differ from the caller's, of the process that -t names"
  fails 1 "$XNSENTER" -t "$target" -r -w -e true
  is "$stderr" "xnsenter: no namespace specified${NL}xnsenter: hint: -a enters all that differ from the caller's, of the process that -t names"
}

@test "a namespace without a target or a file is an error" {
  local option
  for option in -u --net -a --pid-for-children; do
    fails 1 "$XNSENTER" "$option" true
    is "$stderr" "xnsenter: no target PID specified"
  done
  fails 1 "$XNSENTER" --uts=/proc/self/ns/uts -n true
  is "$stderr" "xnsenter: no target PID specified"
}

@test "what is to be the target's needs a target" {
  local option what
  while read -r option what; do
    # shellcheck disable=SC2086 # -S follow is two words
    fails 1 "$XNSENTER" --uts=/proc/self/ns/uts ${option//+/ } true
    is "$stderr" "xnsenter: neither filename nor target pid supplied for $what"
  done <<'END'
-r root
--root root
-w cwd
--wd cwd
-e environ
--env environ
-S+follow uid
-G+follow gid
-c cgroup
--join-cgroup cgroup
END
}

# ---- root and working directory ----

# places: $T/root, the root directory of a target of its own, which is in its /sub; the test is in $T/out. Each
# directory says its name in the file "here", and a root "mark".
places() {
  local d
  make_root "$T/root" sh sleep readlink
  mkdir "$T/root/sub" "$T/out" "$T/out/rel"
  : >"$T/root/mark"
  for d in root root/sub out out/rel; do
    echo "$d" >"$T/$d/here"
  done
  start unshare -u chroot "$T/root" /bin/sh -c 'cd /sub && exec /bin/sleep 1000'
  target=$pid
  wait_until runs "$target" sleep
  cd "$T/out" || return
}

# is_at ROOT WD ARG...: with -u and ARG... the program's root is the new (in) or the old one (out), its directory WD
is_at() {
  local expected="$1 $2"
  shift 2
  # the shell complains of a directory that it cannot reach from its root
  try "$XNSENTER" -t "$target" -u "$@" /bin/sh -c 'if [ -e /mark ]; then root=in; else root=out; fi
    read -r wd <here; echo "$root $wd"'
  is "$status $output" "0 $expected"
}

@test "root and working directory by each of -r, -w and -W, without and with DIR, alone and together" {
  places
  # without -r, -w and -W root and working directory stay
  is_at out out
  # -r alone: the target's root; the working directory stays outside
  is_at in out -r
  is_at in out --root
  # -rDIR alone: that root; the working directory stays outside
  is_at in out -r"$T/root"
  is_at in out -r="$T/root"
  is_at in out --root="$T/root"
  is_at in out -r../root
  # -w alone: the target's working directory
  is_at out root/sub -w
  is_at out root/sub --wd
  # -wDIR alone: that directory, as seen from here
  is_at out root -w"$T/root"
  is_at out root -w="$T/root"
  is_at out root --wd="$T/root"
  is_at out out/rel -wrel
  # -WDIR alone: that directory, as seen from inside
  is_at out root -W"$T/root"
  is_at out root -W="$T/root"
  is_at out root --wdns="$T/root"
  is_at out out/rel -Wrel
  # -r -w: both of the target
  is_at in root/sub -r -w
  is_at in root/sub -w -r
  # -r -wDIR: the target's root, a directory as seen from here
  is_at in out/rel -r -w"$T/out/rel"
  is_at in out/rel -r -wrel
  # -r -WDIR: the target's root, a directory in it
  is_at in root/sub -r -W/sub
  is_at in root/sub -r -Wsub
  is_at in root -r -W/
  # -rDIR -w: that root, the target's directory
  is_at in root/sub -r"$T/root" -w
  # -rDIR -wDIR: both as seen from here
  is_at in out/rel -r../root -w"$T/out/rel"
  is_at in root/sub -r../root -w../root/sub
  # -rDIR -WDIR: that root, a directory in it
  is_at in root/sub -r"$T/root" -W/sub
}

@test "-W without a directory changes nothing, and -x says so" {
  places
  is_at out out -W
  is_at in out -r -W
  try "$XNSENTER" -x -t "$target" -u -W true
  is "$status" 0
  has "$stderr" "# --wdns has no effect"
}

@test "-r, -w, -W: a directory that is none, empty or not there is an error, and so are -w and -W; DIR apart is the program" {
  places
  fails 1 "$XNSENTER" -t "$target" -u -w -W true
  is "$stderr" "xnsenter: options --wd and --wdns cannot be combined"
  fails 1 "$XNSENTER" -t "$target" -u -W/ -w/ true
  is "$stderr" "xnsenter: options --wd and --wdns cannot be combined"
  fails 126 "$XNSENTER" -t "$target" -u -r /sub
  has "$stderr" "xnsenter: failed to execute /sub: Permission denied"
  fails 126 "$XNSENTER" -t "$target" -u -w "$T"
  fails 126 "$XNSENTER" -t "$target" -u -W "$T"
  fails 1 "$XNSENTER" -t "$target" -u -r/none true
  is "$stderr" "xnsenter: cannot open /none: No such file or directory"
  fails 1 "$XNSENTER" -t "$target" -u -w/none true
  is "$stderr" "xnsenter: cannot open /none: No such file or directory"
  fails 1 "$XNSENTER" -t "$target" -u -W/none true
  has "$stderr" "No such file or directory"
  fails 1 "$XNSENTER" -t "$target" -u -r -W"$T" true
  has "$stderr" "No such file or directory"
  fails 1 "$XNSENTER" -t "$target" -u -r"$T/out/here" true
  has "$stderr" "Not a directory"
  fails 1 "$XNSENTER" -t "$target" -u -w"$T/out/here" true
  has "$stderr" "Not a directory"
  fails 1 "$XNSENTER" -t "$target" -u -W"$T/out/here" true
  has "$stderr" "Not a directory"
  fails 1 "$XNSENTER" -t "$target" -u -r= true
  fails 1 "$XNSENTER" -t "$target" -u -w= true
  fails 1 "$XNSENTER" -t "$target" -u -W= true
}

@test "-w of another mount namespace is opened here, before it is joined, -W in the target's" {
  places
  new_target -m
  succeeds private sh -c 'mount -t tmpfs none "$1" && echo hidden >"$1/here" && shift && exec "$@"' sh "$T/out" \
    "$XNSENTER" -t "$target" -m -w"$T/out" cat here
  is "$output" hidden
  succeeds private sh -c 'mount -t tmpfs none "$1" && echo hidden >"$1/here" && shift && exec "$@"' sh "$T/out" \
    "$XNSENTER" -t "$target" -m -W"$T/out" cat here
  is "$output" out
}

@test "-a -r -w: a chroot inside of its mount namespace" {
  places
  start unshare -m -u chroot "$T/root" /bin/sh -c 'cd /sub && exec /bin/sleep 1000'
  wait_until runs "$pid" sleep
  enter -t "$pid" -a -r -w /bin/sh -c 'pwd; read -r wd <here; echo "$wd"'
  is "$output" "/sub${NL}root/sub"
}

# ---- environment ----

# in_env WORD... : in $target a process with the variables WORD alone, in a UTS namespace of its own
in_env() {
  start "$(type -P env)" -i "$@" "$(type -P unshare)" -u "$(type -P sleep)" 1000
  target=$pid
  wait_until runs "$target" sleep
}

@test "without -e the environment is handed on" {
  in_env A=there
  succeeds env -i A=here "$XNSENTER" -t "$target" -u /usr/bin/env
  is "$output" A=here
}

@test "-e, --env: the environment is the target's, and nothing of ours" {
  in_env A=1 "B=two words" C= "D=line${NL}break"
  succeeds env E=5 "$XNSENTER" -t "$target" -u -e /usr/bin/env
  is "$output" "A=1${NL}B=two words${NL}C=${NL}D=line${NL}break"
  succeeds env E=5 "$XNSENTER" -t "$target" -u --env /usr/bin/env
  has "$output" "B=two words"
  hasnt "$output" E=5
}

@test "-e: an empty environment" {
  in_env
  enter -t "$target" -u -e /usr/bin/env
  is "$output" ""
}

@test "-e: words without = are left out, those around them stay" {
  build odd <<'END'
#include <unistd.h>
int main(int argc, char **argv)
{
	char *env[] = { "NONE", "A=1", "", "B=2", "LAST", 0 };
	return argc < 2 || execve(argv[1], argv + 1, env);
}
END
  start "$T/odd" "$(type -P unshare)" -u "$(type -P sleep)" 1000
  wait_until runs "$pid" sleep
  enter -t "$pid" -u -e /usr/bin/env
  is "$output" "A=1${NL}B=2"
}

@test "-e: a megabyte" {
  local i words=() value
  value=$(head -c 100000 /dev/zero | tr '\0' x)
  for i in 0 1 2 3 4 5 6 7 8 9; do
    words+=("V$i=$value")
  done
  in_env "${words[@]}"
  enter -t "$target" -u -e /usr/bin/env
  is "$(md5sum <<<"$output")" "$(printf '%s\n' "${words[@]}" | md5sum)"
}

@test "-e: the program is looked for in the PATH of the target's environment" {
  mkdir "$T/dir"
  printf '#!/bin/sh\necho theirs\n' >"$T/dir/xns-prog"
  chmod +x "$T/dir/xns-prog"
  in_env PATH="$T/dir"
  enter -t "$target" -u -e xns-prog
  is "$output" theirs
  fails 127 env PATH="$T/dir:$PATH" "$XNSENTER" -t "$target" -u xns-none
  in_env PATH=/usr/bin:/bin
  fails 127 env PATH="$T/dir:$PATH" "$XNSENTER" -t "$target" -u -e xns-prog
}

@test "-e: with no program it is SHELL of the target's environment" {
  printf '#!/bin/sh\necho theirs\n' >"$T/theirs"
  chmod +x "$T/theirs"
  in_env SHELL="$T/theirs"
  succeeds env SHELL=/no/such/shell "$XNSENTER" -t "$target" -u -e
  is "$output" theirs
}

# ---- the default program ----

@test "with no program it is \$SHELL, with a - before its name" {
  new_target -u
  ln -s /bin/sh "$T/showshell"
  succeeds env SHELL="$T/showshell" "$XNSENTER" -t "$target" -u <<<'echo "$0 $#"'
  is "$output" "-showshell 0"
}

# shell_root: in $T/root a root directory whose passwd gives root a shell of its own
shell_root() {
  make_root "$T/root" sh echo sleep
  printf 'root:x:0:0::/:/bin/myshell\nxnsplain:x:64001:64001::/:/bin/othershell\n' >"$T/root/etc/passwd"
  printf '#!/bin/sh\necho of the target\n' >"$T/root/bin/myshell"
  printf '#!/bin/sh\necho of the other user\n' >"$T/root/bin/othershell"
  chmod +x "$T/root/bin/myshell" "$T/root/bin/othershell"
}

@test "with no program and no SHELL the passwd of the target's root tells the shell" {
  shell_root
  start unshare -u chroot "$T/root" /bin/sleep 1000
  wait_until runs "$pid" sleep
  succeeds env -u SHELL "$XNSENTER" -t "$pid" -u -r -w
  is "$output" "of the target"
  succeeds env SHELL= "$XNSENTER" -t "$pid" -u -r -w
  is "$output" "of the target"
  succeeds env -u SHELL "$XNSENTER" -t "$pid" -u -r"$T/root" -W/
  is "$output" "of the target"
}

@test "the shell is that of the user who the program runs as" {
  shell_root
  start unshare -u chroot "$T/root" /bin/sleep 1000
  wait_until runs "$pid" sleep
  succeeds env -u SHELL "$XNSENTER" -t "$pid" -u -r -w -S 64001
  is "$output" "of the other user"
}

@test "the passwd of the target's mount namespace tells the shell" {
  shell_root
  sed "s,/bin/myshell,$T/root/bin/myshell," "$T/root/etc/passwd" >"$T/passwd"
  start unshare -m --propagation private sh -c 'mount --bind "$1" /etc/passwd && exec sleep 1000' sh "$T/passwd"
  wait_until runs "$pid" sleep
  succeeds env -u SHELL "$XNSENTER" -t "$pid" -m
  is "$output" "of the target"
}

@test "nothing is loaded out of the target's root to find the shell" {
  need strace
  shell_root
  echo 'passwd: trap files' >"$T/root/etc/nsswitch.conf"
  start unshare -u chroot "$T/root" /bin/sleep 1000
  wait_until runs "$pid" sleep
  succeeds env -u SHELL strace -qq -e trace=open,openat,execve -o "$T/strace" "$XNSENTER" -t "$pid" -u -r -w
  is "$output" "of the target"
  # from the first file of the new root to exec
  is "$(sed -n '/"\/etc\/passwd"/,/execve("\/bin\/myshell"/p' "$T/strace" | sed 's/^\([a-z]*\)(\(AT_FDCWD, \)\?"\([^"]*\)".*/\1 \3/')" \
    "openat /etc/passwd${NL}execve /bin/myshell"
  hasnt "$(<"$T/strace")" nsswitch
}

@test "with no program, SHELL or passwd it is /bin/sh" {
  shell_root
  rm "$T/root/etc/passwd"
  start unshare -u chroot "$T/root" /bin/sleep 1000
  wait_until runs "$pid" sleep
  try env -u SHELL "$XNSENTER" -t "$pid" -u -r -w <<<'echo "$0"'
  is "$status $output" "0 -sh"
}

@test "a passwd that is a FIFO, a directory or longer than a line may be holds nothing up" {
  shell_root
  start unshare -u chroot "$T/root" /bin/sleep 1000
  wait_until runs "$pid" sleep
  rm "$T/root/etc/passwd"
  mkfifo "$T/root/etc/passwd"
  try timeout 10 env -u SHELL "$XNSENTER" -t "$pid" -u -r -w <<<'echo "$0"'
  is "$status $output" "0 -sh"
  rm "$T/root/etc/passwd"
  mkdir "$T/root/etc/passwd"
  try timeout 10 env -u SHELL "$XNSENTER" -t "$pid" -u -r -w <<<'echo "$0"'
  is "$status $output" "0 -sh"
}

# ---- fork ----

@test "without a PID namespace the program has xnsenter's PID" {
  new_target -u
  start "$XNSENTER" -t "$target" -u sleep 1000
  wait_until runs "$pid" sleep
}

@test "-p: the program is a child, in the PID namespace" {
  new_target -p -f
  start "$XNSENTER" -t "$target" -p sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(ns "$child" pid)" "$(ns "$target" pid)"
}

@test "-F, --no-fork: the program stays in its PID namespace, its children do not" {
  local option
  new_target -p -f
  for option in -F --no-fork --no-f --no- --no; do
    enter -t "$target" -p "$option" bash -c 'readlink /proc/$$/ns/pid; bash -c "readlink /proc/self/ns/pid"; :'
    is "$output" "$(ns self pid)$NL$(ns "$target" pid)"
  done
}

@test "--new-session: the program leads a session of its own" {
  local leads='read -r pid _ _ _ _ sid _ </proc/self/stat; [ "$pid" = "$sid" ] && echo leads || echo follows'
  new_target -u
  enter -t "$target" -u bash -c "$leads"
  is "$output" follows
  enter -t "$target" -u --new-session bash -c "$leads"
  is "$output" leads
}

@test "--new-session works where xnsenter leads a session already" {
  new_target -u
  succeeds setsid -w "$XNSENTER" -t "$target" -u --new-session echo ran
  is "$output" ran
}

no_new_privs_of() {
  enter "$@" sh -c 'while read -r name value; do [ $name = NoNewPrivs: ] && echo $value; done </proc/self/status; :'
}

@test "--no-new-privs: the program gains no rights" {
  new_target -u
  no_new_privs_of -t "$target" -u
  is "$output" 0
  no_new_privs_of -t "$target" -u --no-new-privs
  is "$output" 1
}

# descriptors PID: what it has open
descriptors() {
  find "/proc/$1/fd" -mindepth 1 -printf "%f\n" | sort -n | tr '\n' ' '
}

@test "--close-fds: only 0, 1 and 2 are left" {
  all_new
  start "$XNSENTER" -t "$target" -u --close-fds sleep 1000 7</dev/null 12</dev/null
  wait_until runs "$pid" sleep
  is "$(descriptors "$pid")" "0 1 2 "
}

@test "--close-fds with all that opens descriptors leaves only 0, 1 and 2" {
  all_new
  start "$XNSENTER" -t "$target" -a -r -w -e --close-fds sleep 1000 7</dev/null
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(descriptors "$child")" "0 1 2 "
}

@test "--close-fds with --pidfd and -N, which are of the caller" {
  socket_target
  succeeds with_pidfd "$target" "$XNSENTER" --pidfd 9 -N 9 --close-fds readlink /proc/self/ns/net
  is "$output" "$socket_ns"
}

@test "the program inherits what xnsenter did, and nothing of ours" {
  all_new
  start sleep 1000 7</dev/null
  wait_until runs "$pid" sleep
  local inherited
  inherited=$(descriptors "$pid")
  has "$inherited" " 7 "
  start "$XNSENTER" -t "$target" -a -r -w -e sleep 1000 7</dev/null
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(descriptors "$child")" "$inherited"
  start "$XNSENTER" --uts="/proc/$target/ns/uts" --user="/proc/$target/ns/user" -r/ -w/ sleep 1000 7</dev/null
  wait_until runs "$pid" sleep
  is "$(descriptors "$pid")" "$inherited"
}

@test "--kill-child: the program dies with xnsenter" {
  new_target -u
  start "$XNSENTER" -t "$target" -u --kill-child sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  kill -KILL "$pid"
  wait_until gone "$child"
}

@test "--kill-child with a user namespace and other IDs: it dies all the same" {
  new_target -Ur
  start "$XNSENTER" -t "$target" -U --kill-child sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  kill -KILL "$pid"
  wait_until gone "$child"
  start "$XNSENTER" -t "$target" -u -S 1234 -G 1234 --kill-child sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  kill -KILL "$pid"
  wait_until gone "$child"
}

@test "--kill-child=SIGNAL sends that signal" {
  local signal
  new_target -u
  for signal in TERM SIGTERM 15; do
    rm -f "$T/got"
    start "$XNSENTER" -t "$target" -u --kill-child="$signal" bash -c 'trap "echo got >\"$0/got\"; exit" TERM
      echo >"$0/ready"; while :; do sleep 0.02; done' "$T"
    child_of "$pid"
    wait_until [ -e "$T/ready" ]
    kill -KILL "$pid"
    wait_until [ -s "$T/got" ]
    wait_until gone "$child"
    rm "$T/ready"
  done
}

@test "--kill-child refuses what is no signal" {
  new_target -u
  fails 1 "$XNSENTER" -t "$target" -u --kill-child=nonsense true
  has "$stderr" nonsense
}

@test "--forward-signals: the program gets the signals that xnsenter gets" {
  new_target -u
  start "$XNSENTER" -t "$target" -u --forward-signals bash -c 'trap "echo got >\"$0/got\"; exit 42" USR1
    echo >"$0/ready"; while :; do sleep 0.02; done' "$T"
  wait_until [ -e "$T/ready" ]
  kill -USR1 "$pid"
  wait_until [ -s "$T/got" ]
  local status=0
  wait "$pid" || status=$?
  is "$status" 42
}

@test "--no-fork with what needs a child is an error" {
  local option
  new_target -u
  for option in --kill-child --new-session --forward-signals; do
    fails 1 "$XNSENTER" -t "$target" -u -F "$option" true
    is "$stderr" "xnsenter: options --no-fork and $option cannot be combined"
  done
}

# ---- exit status ----

@test "the status is the program's, and so is the signal that kills it" {
  new_target -p -f
  try "$XNSENTER" -t "$target" -u sh -c 'exit 42'
  is "$status" 42
  try "$XNSENTER" -t "$target" -p sh -c 'exit 43'
  is "$status" 43
  try "$XNSENTER" -t "$target" -u sh -c 'kill -TERM $$'
  is "$status" 143
  try "$XNSENTER" -t "$target" -p sh -c 'kill -TERM $$'
  is "$status" 143
  try "$XNSENTER" -t "$target" -p sh -c 'kill -KILL $$'
  is "$status" 137
}

@test "a program that stops itself is continued, and its status is kept" {
  need setsid
  new_target -p -f
  start setsid "$XNSENTER" -t "$target" -p bash -c 'kill -STOP $$; echo went on >"$0/on"; exit 44' "$T"
  wait_until in_state "$pid" T
  kill -CONT "$pid"
  wait_until [ -s "$T/on" ]
  local status=0
  wait "$pid" || status=$?
  is "$status" 44
}

@test "127: the program is not there; 126: it is not executable" {
  new_target -p -f
  fails 127 env PATH=/usr/bin:/bin "$XNSENTER" -t "$target" -u no-such-program
  is "$stderr" "xnsenter: failed to execute no-such-program: No such file or directory"
  fails 127 "$XNSENTER" -t "$target" -p /no/such/program
  is "$stderr" "xnsenter: failed to execute /no/such/program: No such file or directory"
  fails 127 "$XNSENTER" -t "$target" -u ''
  : >"$T/plain"
  fails 126 "$XNSENTER" -t "$target" -u "$T/plain"
  is "$stderr" "xnsenter: failed to execute $T/plain: Permission denied
xnsenter: hint: $T/plain has no execute permission; chmod +x gives it one"
  fails 126 "$XNSENTER" -t "$target" -p "$T/plain"
  fails 126 "$XNSENTER" -t "$target" -u "$T"
}

@test "1: the namespace is refused" {
  new_target -u
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -u true
  has "$stderr" "xnsenter: reassociate to namespaces failed: Operation not permitted"
  fails 1 "$XNSENTER" --uts="/proc/$target/ns/net" true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/uts' failed: Invalid argument"
}

# ---- the command line ----

@test "options end at the first word that is none" {
  new_target -u
  enter -t "$target" -u echo -u --fork -x
  is "$output" "-u --fork -x"
  enter -t "$target" -u -- echo -- -a
  is "$output" "-- -a"
}

@test "an unambiguous abbreviation is the option" {
  all_new
  enter --tar "$target" --ut readlink /proc/self/ns/uts
  is "$output" "$(ns "$target" uts)"
  enter --targ="$target" --user readlink /proc/self/ns/user
  is "$output" "$(ns "$target" user)"
}

@test "an ambiguous abbreviation is an error that lists what it could be" {
  fails 1 "$XNSENTER" --set 1 true
  has "$stderr" "option '--set' is ambiguous"
  has "$stderr" "'--setuid'"
  has "$stderr" "'--setgid'"
}

@test "an unknown option is an error with the advice to try --help" {
  fails 1 "$XNSENTER" --no-such true
  is "$stderr" "xnsenter: unrecognized option '--no-such'${NL}Try 'xnsenter --help' for more information."
  fails 1 "$XNSENTER" -f true
  is "$stderr" "xnsenter: invalid option -- 'f'${NL}Try 'xnsenter --help' for more information."
}

@test "an argument to an option that takes none is an error" {
  fails 1 "$XNSENTER" --all=1 true
  has "$stderr" "option '--all' doesn't allow an argument"
}

@test "-h, --help print the usage and succeed" {
  enter -h
  has "$output" "Usage:${NL} xnsenter [options]"
  local first=$output
  enter --help
  is "$output" "$first"
}

@test "-V, --version print name and version and succeed" {
  enter -V
  [[ $output =~ ^xnsenter\ from\ xns\ [0-9]+\.[0-9]+ ]]
  enter --version
  [[ $output =~ ^xnsenter\ from\ xns\ [0-9]+\.[0-9]+ ]]
}

@test "under the name nsenter the version says what it is compatible with" {
  succeeds "$BIN/nsenter" --version
  [[ ${output%%"$NL"*} =~ ^nsenter\ from\ xns\ [0-9.]+\ \(util-linux\ 2\.[0-9]+\ compatible\)$ ]]
  [[ ${output#*"$NL"} =~ ^features:\ [a-z-]+(,\ [a-z-]+)*$ ]]
}

@test "messages and usage carry the name it was started by" {
  succeeds "$BIN/nsenter" --help
  has "$output" " nsenter [options]"
  fails 1 "$BIN/nsenter" true
  is "${stderr%%"$NL"*}" "nsenter: no namespace specified"
  has "$stderr" "${NL}nsenter: hint: "
  fails 1 "$BIN/nsenter" --no-such
  has "$stderr" "Try 'nsenter --help'"
}

@test "a full disk on standard output is an error, a closed one is not" {
  to_full() { "$@" >/dev/full; }
  to_closed() { "$@" >&-; }
  fails 1 to_full "$XNSENTER" --help
  is "$stderr" "xnsenter: write error: No space left on device"
  succeeds to_closed "$XNSENTER" --version
}

# ---- closed descriptors ----

@test "with closed standard descriptors none of ours takes their place" {
  need strace
  all_new
  try strace -f -qq -e trace=execve,setns,fchdir -e signal=none -o "$T/strace" sh -c 'exec "$@" <&- >&- 2>&-' sh \
    "$XNSENTER" -t "$target" --uts="/proc/$target/ns/uts" -n -U -r -w true
  is "$status" 0
  # how many calls with a descriptor, and how many of those with one of the three
  is "$(grep -c -e 'setns([0-9]' -e 'fchdir([0-9]' "$T/strace") $(grep -c -e 'setns([012],' -e 'fchdir([012])' "$T/strace")" "4 0"
}

@test "standard input is the program's" {
  new_target -p -f
  try "$XNSENTER" -t "$target" -p cat <<<"a line"
  is "$status $output" "0 a line"
}

# ---- learning ----

@test "--dry-run runs nothing" {
  new_target -u
  enter --dry-run -t "$target" -u touch "$T/file"
  has "$output" 'setns('
  has "$output" 'execve('
  [ ! -e "$T/file" ]
}

@test "-x prints the calls with their results, and runs them" {
  new_target -u
  try "$XNSENTER" -x -t "$target" -u echo ran
  is "$status $output" "0 ran"
  has "$stderr" "CLONE_NEWUTS) = 0"
}

@test "--keep-caps without a user namespace has no effect, and -x says so" {
  new_target -u
  enter -t "$target" -u --keep-caps true
  try "$XNSENTER" -x -t "$target" -u --keep-caps true
  is "$status" 0
  has "$stderr" "# --keep-caps has no effect"
}

@test "-Z without SELinux has no effect, and -x says so" {
  [ ! -e /sys/fs/selinux/enforce ] || skip "SELinux is here"
  new_target -u
  enter -t "$target" -u -Z true
  enter -t "$target" -u --follow-context true
  try "$XNSENTER" -x -t "$target" -u -Z true
  is "$status" 0
  has "$stderr" "# --follow-context has no effect"
}

@test "-t where /proc is that of another PID namespace: one process, by our number" {
  need_root
  # the target is 2 in the new PID namespace; in /proc, which is the outer one's, that number is another's
  succeeds unshare -p -f sh -c '
    unshare -u sh -c "cd /usr; hostname inner; exec sleep 1000" & target=$!
    until [ "$("$1" -t "$target" -u hostname)" = inner ]; do sleep 0.02; done
    "$1" -t "$target" -u -w sh -c "hostname; pwd"
    "$1" -t "$target" -a hostname
    kill "$target"' sh "$XNSENTER"
  is "$output" "inner${NL}/usr${NL}inner"
}

@test "--pid-for-children where the PID namespace is named by a file is an error" {
  fails 1 "$XNSENTER" -t $$ --pid=/proc/self/ns/pid --pid-for-children true
  has "$stderr" "options --pid=FILE and --pid-for-children cannot be combined"
}

@test "-N: where standard error is closed nothing is written to what the target has open" {
  need_root
  start sh -c 'exec 7>>"$1"; exec sleep 1000' sh "$T/victim"
  wait_until test -e "/proc/$pid/fd/7"
  try sh -c 'exec "$1" -t "$2" -N 7 true 2>&-' sh "$XNSENTER" "$pid"
  is "$status" 1
  is "$(cat "$T/victim")" ""
}

@test "-a joins the PID namespace that is the target's where our children would get another" {
  need_root
  succeeds unshare -p "$XNSENTER" -t $$ -a sh -c 'readlink /proc/self/ns/pid'
  is "$output" "$(readlink /proc/self/ns/pid)"
}

@test "-e: what the target's environment names is not loaded into xnsenter" {
  need_root
  need strace
  start env -i LC_ALL=de_DE.UTF-8 LANGUAGE=de LOCPATH="$T/locpath" sleep 1000
  wait_until runs "$pid" sleep
  status=0
  strace -f -o "$T/strace" "$XNSENTER" -t "$pid" -u -e no-such-program 2>"$T/err" || status=$?
  is "$status" 127
  is "$(grep -c locpath "$T/strace")" 0
}
