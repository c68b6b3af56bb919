#!/usr/bin/env bats
# xnetns -batch: one child does all lines, another goes on behind one that has ended it; none of them notices the others.
# alone: it waits for processes that are to be there, or to have ended

# shellcheck disable=SC2016,SC2034 # what other shells, and perl, expand; what in_world reads
load ../lib/helpers
load ../lib/netns

in_world='
  # soon COMMAND...: waits till it succeeds
  soon() { for ((i = 0; i < 500; i++)); do ! "$@" >/dev/null 2>&1 || return 0; sleep 0.01; done; echo "never: $*"; return 1; }'

@test "a batch of 300 lines is one child; of a pipe too, for what has come; where calls are printed each has its own" {
  need strace
  try in_world 'forks() { strace -f -qq -e trace=fork,vfork,clone,clone3 -o /run/trace "$@" >/dev/null 2>&1 || echo "= $?"; grep -c "^[0-9]* *v\?\(fork\|clone3\?\)(" /run/trace; }
    for ((i = 0; i < 100; i++)); do echo "add n$i"; done >/run/b; sed "s/add/netns delete/" /run/b >/run/d
    { cat /run/b /run/d; for ((i = 0; i < 100; i++)); do echo list; done; } >/run/all
    forks "$X" -batch /run/all; cat /run/b | forks "$X" -batch -; ls /run/netns | wc -l
    forks "$X" -force -batch /run/b; forks "$X" -batch /run/d
    { echo add a; echo "# no"; echo list; echo list; } >/run/x; "$X" -x -batch /run/x 2>&1 | grep -c "^fork() = "; "$X" --dry-run -batch /run/x | grep -c "^fork()$"'
  is "$output" "1${NL}1${NL}100${NL}= 1${NL}1${NL}1${NL}3${NL}3"
}

@test "behind a line that ends the child another goes on, with the number of its own line" {
  try in_world 'printf "%s\n" "add a" "frob" "exec a true" "list" "exec a sh -c \"exit 3\"" "set nope 1" "exec a sh -c \"kill -9 \\\$\\\$\"" "exec a sh -c \"kill -9 \$\$\"" "exec a /nope" "list --all" "add \\" "a" "add ../x" "holders nope" "list" >/run/b
    sed -i "7d" /run/b
    "$X" -force -batch /run/b; echo $?; "$X" -batch /run/b 2>/dev/null; echo $?'
  is "$(grep -vE '^(net:|/)' <<<"$output")" "a${NL}a${NL}a${NL}1${NL}1"
  is "$(grep '^Command failed' <<<"$stderr" | tr '\n' ' ')" "Command failed /run/b:2 Command failed /run/b:5 Command failed /run/b:6 Command failed /run/b:7 Command failed /run/b:8 Command failed /run/b:11 Command failed /run/b:12 Command failed /run/b:13 "
}

@test "what lines print is what the peer's batch prints: quotes, continuation, IDs, names of this namespace" {
  need ip
  try in_world 'printf "%s\n" "# names" "netns add \"a b\"" "" "netns add \\" "c" "netns add d # done" "netns identify" "netns set c 5" "netns list-id" "netns pids c" \
      "netns add d" "netns delete nope" "netns list" "netns exec c sh -c '\''echo \"\$0\" here'\''" "netns exec c true" "netns delete d" "netns identify" "netns set c 7" "netns add e" "netns list-id" "netns set nope 9" "netns list" >/run/b
    silent="^\$"; [ -n "$(ip netns set nope 9 2>&1)" ] || silent="^Cannot open network namespace .nope" # iproute2 6.15
    for force in -force ""; do for program in ip "$X"; do
      $program $force -batch /run/b </dev/null >"/run/${program##*/}.out" 2>"/run/${program##*/}.err"; echo $? >>"/run/${program##*/}.out"
      for name in /run/netns/*; do umount "$name"; rm "$name"; done
      soon eval "ip netns add probe; ip netns set probe 5; ip netns list-id | grep -q \"nsid 5 .*probe\"; s=\$?; ip netns delete probe; [ \$s = 0 ]"
      soon eval "[ -z \"\$(ip netns list-id)\" ]"
    done; diff /run/ip.out /run/xnetns.out; diff /run/ip.err <(grep -v "$silent" /run/xnetns.err); wc -l <"/run/xnetns.out"; done'
  is "$status" 0
  hasnt "$output" "<"
  hasnt "$output" ">"
}

@test "a line leaves the next one nothing: namespace, options, lock, working file, descriptors, memory" {
  # monitor stays, and the child that all lines have passed through can be looked at
  try in_world '"$X" add z; "$X" set z 9
    few="add a\nidentify\nset a auto\nlist\nlist -l\nlist-id\npids a\nrename a b\nattach c /proc/self/ns/net\nidentify\ndelete b c\ndelete --if-exists nope\nadd --up a\ndelete a\nadd x y\nlink x y\ndelete x y\nprune\n"
    see() { # TIMES
      { for ((n = 0; n < $1; n++)); do printf "$few"; done; echo monitor; } >/run/b
      "$X" -batch /run/b >/run/out & batch=$!
      soon eval "grep -qs \"^inotify wd\" /proc/\$(pgrep -P $batch)/fdinfo/*" || exit
      child=$(pgrep -P $batch)
      echo "$(ls /proc/$child/fd | wc -l) $(awk "/^VmData/ { print \$2 }" /proc/$child/status) $(readlink /proc/$child/ns/net)"
      flock -n /run/netns true || echo locked
      kill $child $batch; wait $batch 2>/dev/null; }
    see 1; see 60; readlink /proc/self/ns/net; grep -c "^c$" /run/out
    printf "delete --if-exists no\ndelete no\n" >/run/b; "$X" -batch /run/b'
  mapfile -t lines <<<"$output"
  read -r fds memory net <<<"${lines[0]}"
  read -r fds_after memory_after net_after <<<"${lines[1]}"
  is "$fds:$net:$net" "$fds_after:$net_after:${lines[2]}"
  [ -n "${XNS_SANITIZED:-}" ] || [ $((memory_after - memory)) -le 200 ] # their runtime frees late
  is "${lines[3]}" 60
  has "$stderr" "Command failed /run/b:2"
}

@test "lines of a pipe are done as they come; what is not read yet is the next one's who reads" {
  try in_world 'mkfifo /run/f; "$X" -batch /run/f & exec 9>/run/f
    printf "add a\nadd " >&9; soon test -e /run/netns/a; printf "b\nadd c" >&9; soon test -e /run/netns/b; ls /run/netns; exec 9>&-; wait $!; echo $?; ls /run/netns
    printf "list\nfrob\nthe rest\n" >/run/b; { "$X" -batch - >/dev/null 2>&1; cat; } </run/b'
  is "$output" "a${NL}b${NL}0${NL}a${NL}b${NL}c${NL}the rest"
}

@test "a line add costs at most 12 calls, a line delete at most 7, and three more mounts on the name nine" {
  need strace
  # without statmount, which strace before 6.9 does not know and does not count
  try in_world 'calls() {
      strace -f -c -qq -U name,calls -o /run/trace "$X" -batch /run/b
      awk "\$1 == \"total\" { n += \$2 } \$1 == \"statmount\" { n -= \$2 } END { print n }" /run/trace
    }
    batch_of() { for ((i = 0; i < $2; i++)); do echo "$1 n$i"; done >/run/b; }
    batch_of add 20; few=$(calls); batch_of add 120; sed -i 1,20d /run/b; more=$(calls); echo $((((more - few) + 79) / 80))
    batch_of delete 20; few=$(calls); batch_of add 20; calls >/dev/null
    for i in 1 2 3; do unshare --net mount --bind /proc/self/ns/net /run/netns/n0; done; batch_of delete 20; echo $(($(calls) - few))
    batch_of delete 120; sed -i 1,20d /run/b; more=$(calls); echo $((((more - few) + 79) / 80)); ls /run/netns; grep -c " - nsfs " /proc/self/mountinfo'
  is "$output:$stderr" "12${NL}9${NL}7${NL}0:"
}

@test "the directory is locked for each line, and no longer; one that was made anew meanwhile is the one that is locked" {
  need strace
  try in_world 'begin() { "$X" add a b; printf "delete a\ndelete b\n" >/run/b
      strace -f -qq -o /run/trace -e trace=openat,getppid -e inject=getppid:delay_enter=1500000:when=1 "$X" -batch /run/b & tracer=$!
      soon test ! -e /run/netns/a; soon flock -n /run/netns true; }
    opened() { wait $tracer; echo "$? $(grep -c "openat.*\"/run/netns\"" /run/trace): $(ls /run/netns)"; }
    begin; opened
    begin; umount /run/netns/b; umount -l /run/netns; rm /run/netns/b; rmdir /run/netns; mkdir /run/netns; : >/run/netns/b; opened'
  is "$output:$stderr" "0 1: ${NL}0 2: :"
}

@test "a batch that is killed does the line it is at, and no other" {
  need strace
  try in_world '"$X" add a; "$X" exec a bash -c "trap : TERM; echo >/run/up; while :; do read -r -t 0.05 <>/run/pipe; [ ! -e /run/go ] || exit; done" & inside=$!; mkfifo /run/pipe
    soon test -e /run/up; printf "delete --kill a\nadd late\n" >/run/b; "$X" -batch /run/b & batch=$!
    soon pgrep -P $batch; child=$(pgrep -P $batch); kill -9 $batch; wait $batch 2>/dev/null; : >/run/go; wait $inside
    soon test ! -e /run/netns/a; soon test ! -e /proc/$child; ls /run/netns
    # before the child could ask who its parent is
    printf "add %s\n" a b c >/run/b; strace -f -qq -o /dev/null -e trace=getppid -e inject=getppid:delay_enter=1500000 "$X" -batch /run/b & tracer=$!
    soon pgrep -P $tracer xnetns; batch=$(pgrep -P $tracer xnetns); soon pgrep -P $batch; child=$(pgrep -P $batch); kill -9 $batch; wait $tracer; soon test ! -e /proc/$child; ls /run/netns'
  is "$output" a
}
