#!/usr/bin/env bats
# xlsns: where namespaces are found, and what HOLDERS says of them. Each test asks of a namespace of its own.
# alone: two looks at all processes have to see the same

# shellcheck disable=SC2016 # what other shells, and perl, expand
load ../lib/helpers

setup() {
  xns_setup
  need_root
}

# row INODE COLUMNS [OPTION...]: the fields of its one row, raw; fails if it has none or more
row() {
  local inode=$1 columns=$2 rows
  shift 2
  rows=$("$XLSNS" -rn -o "NS,$columns" "$@" | awk -v inode="$inode" '$1 == inode { $1 = ""; print substr($0, 2) }')
  [ "$(printf '%s\n' "$rows" | wc -l)" = 1 ] || {
    printf 'more than one row: %s\n' "$rows"
    return 1
  }
  printf '%s\n' "$rows"
}

inode() {
  stat -Lc %i "$1"
}

# left_by PROGRAM: starts a perl PROGRAM in a new network namespace which it leaves for a "sleep" in ours; its PID is in
# $pid, the inode number in $inode
left_by() {
  need perl
  rm -f "$T/inode"
  start perl -MSocket -MPOSIX -e '
    $^F = 20;
    sub made { readlink("/proc/self/ns/net") =~ /(\d+)/; open(my $f, ">", "$ARGV[1].new"); print $f $1; close $f;
      rename "$ARGV[1].new", $ARGV[1] }
    '"$1"'
    exec "nsenter", "--net=/proc/$ARGV[0]/ns/net", "sleep", 1000' $$ "$T/inode"
  wait_until runs "$pid" sleep
  inode=$(<"$T/inode")
}

@test "a namespace of a process is held by proc" {
  new_target -u
  is "$(row "$(inode "/proc/$target/ns/uts")" TYPE,NPROCS,PID,HOLDERS)" "uts 1 $target proc"
}

@test "a namespace that only a descriptor holds" {
  left_by 'syscall(272, 0x40000000) == 0 or die; made(); open($ns, "<", "/proc/self/ns/net"); dup2(fileno($ns), 9); close $ns;'
  is "$(row "$inode" TYPE,NPROCS,HOLDERS)" "net 0 fd\\x20$pid:9"
}

@test "a namespace that only a descriptor holds which was opened by the path of a mount, gone since" {
  : >"$T/net"
  unshare -n sh -c 'exec sleep 1000' 3>&- &
  STARTED+=("$!")
  wait_until runs "$!" sleep
  inode=$(inode "/proc/$!/ns/net")
  start unshare --mount --propagation private -- sh -c 'mount --bind /proc/$0/ns/net "$1" && exec 9<"$1" && umount -l "$1" && exec sleep 1000' "$!" "$T/net"
  wait_until runs "$pid" sleep
  kill -KILL "${STARTED[0]}"
  wait_until gone "${STARTED[0]}"
  is "$(row "$inode" TYPE,NPROCS,HOLDERS)" "net 0 fd\\x20$pid:9"
}

@test "descriptors with gaps between them are each found, and named once, however many there are" {
  left_by 'syscall(272, 0x40000000) == 0 or die; made(); open($ns, "<", "/proc/self/ns/net"); $^F = 3000;
    open($null, "<", "/dev/null"); POSIX::dup2(fileno($null), 20 + $_) for (100 .. 300);
    POSIX::dup2(fileno($ns), $_) for (4, 6, 7, 9, 20, 255, 1023, 900); close $ns;'
  is "$(row "$inode" HOLDERS)" "$(printf "fd\\\\x20$pid:%d\\n" 4 6 7 9 20 255 900 1023 | paste -sd ,)"
}

@test "a namespace that only a socket holds" {
  left_by 'syscall(272, 0x40000000) == 0 or die; made(); socket(my $s, AF_INET, SOCK_DGRAM, 0); dup2(fileno($s), 9); close $s;'
  is "$(row "$inode" TYPE,NPROCS,USER,HOLDERS)" "net 0 root socket\\x20$pid:9"
}

@test "a socket that several processes have is listed with each" {
  left_by 'syscall(272, 0x40000000) == 0 or die; made(); socket(my $s, AF_INET, SOCK_DGRAM, 0); dup2(fileno($s), 9); close $s;
    $other = fork; if (!$other) { exec "nsenter", "--net=/proc/$ARGV[0]/ns/net", "sleep", 1001 }'
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(row "$inode" HOLDERS)" "socket\\x20$pid:9,socket\\x20$child:9"
}

@test "a namespace that only a mount holds" {
  : >"$T/uts"
  try private sh -c '
    unshare -u mount --bind /proc/self/ns/uts "$1"
    "$0" -rn -o TYPE,NPROCS,NSFS,HOLDERS -t uts | grep -F "$1"' "$XLSNS" "$T/uts"
  is "$output" "uts 0 $T/uts mount\\x20$T/uts"
}

@test "a namespace that only a mount in another mount namespace holds" {
  mkdir "$T/dir"
  start unshare --mount --propagation private -- sh -c 'mount -t tmpfs xns "$1" && : >"$1/ipc" && unshare -i mount --bind /proc/self/ns/ipc "$1/ipc" &&
    exec sleep 1000' sh "$T/dir"
  wait_until runs "$pid" sleep
  inode=$(inode "/proc/$pid/root$T/dir/ipc")
  is "$(row "$inode" TYPE,NPROCS,USER,ONS,HOLDERS)" \
    "ipc 0 root $(inode /proc/self/ns/user) mount\\x20$pid:$T/dir/ipc"
  is "$(row "$inode" NSFS)" ""
}

@test "a user namespace that only its child holds" {
  as_new_target "$PLAIN" -Ur unshare -Ur
  wait_until runs "$target" sleep
  parent=$("$XLSNS" -rn -o NS,PNS | awk -v ns="$(inode "/proc/$target/ns/user")" '$1 == ns { print $2 }')
  is "$(row "$parent" TYPE,NPROCS,USER,PNS,DEPTH,HOLDERS)" "user 0 $PLAIN $(inode /proc/self/ns/user) 1 child"
}

@test "a user namespace that only a namespace of its owning holds" {
  : >"$T/net"
  try private sh -c '
    unshare -Ur unshare -n sh -c "readlink /proc/self/ns/user /proc/self/ns/net; exec sleep 1000" >"$1/names" &
    until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.02; done
    mount --bind /proc/$!/ns/net "$1/net"
    kill -KILL $!
    wait $! 2>/dev/null
    user=$(sed -n "1s/[^0-9]//gp" "$1/names")
    "$0" -rn -o NS,NPROCS,HOLDERS | grep "^$user "' "$XLSNS" "$T"
  is "$output" "$(sed -n '1s/[^0-9]//gp' "$T/names") 0 child"
}

@test "a PID namespace in which the next child will be" {
  need perl
  start unshare -p perl -e 'if (!fork) { sleep 1000 } sleep 1000'
  child_of "$pid"
  inode=$(inode "/proc/$child/ns/pid")
  isnt "$inode" "$(inode "/proc/$pid/ns/pid")"
  is "$(row "$inode" NPROCS,NSPID,DEPTH,HOLDERS)" "1 1 $(($(row "$(inode /proc/self/ns/pid)" DEPTH) + 1)) proc,for_children\\x20$pid"
}

@test "a time namespace that nobody is in but the next child" {
  need_kind time
  need perl
  start perl -e 'syscall(272, 0x80) == 0 or die; sleep 1000'
  wait_until [ -e "/proc/$pid/ns/time_for_children" ]
  wait_until sh -c '[ "$(stat -Lc %i "/proc/$0/ns/time_for_children")" != "$(stat -Lc %i /proc/self/ns/time)" ]' "$pid"
  is "$(row "$(inode "/proc/$pid/ns/time_for_children")" TYPE,NPROCS,HOLDERS)" "time 0 for_children\\x20$pid"
}

@test "several threads find what one finds: who is in it, who holds it, the first process, in every form" {
  need taskset
  [ "$(nproc)" -gt 1 ] || skip "one CPU has one thread"
  cat >"$T/crowd" <<'END'
for group in 1 2 3; do unshare -nu sh -c 'i=0; while [ $i -lt 60 ]; do sleep 1000 & i=$((i + 1)); done; wait' & done
for group in 1 2 3 4; do
  # who holds one that nobody is in, a crowd, and who holds one that others are in
  unshare -n sh -c 'exec 9</proc/self/ns/net; exec nsenter -n -t "$1" sleep 1000' sh $$ &
  for ((i = 0; i < 250; i++)); do sleep 1000 & done
  unshare -u sleep 1000 9</proc/$!/ns/net &
done
until [ "$(pgrep -cx sleep)" -eq 1188 ]; do sleep 0.05; done
cpu=$(taskset -pc $$) cpu=${cpu##*: } cpu=${cpu%%[-,]*}
for options in "-o NS,TYPE,NPROCS,PID,HOLDERS" "-t net -o NS,NPROCS,PID,NETNSID,HOLDERS" "-J -o NS,TYPE,NPROCS,PID,PATH,OWNER,HOLDERS" \
  "-Towner -o NS,NPROCS,PID" "--threads -o NS,NPROCS,HOLDERS" "--persistent -o NS,HOLDERS" --dot; do
  "$X" $options >many && taskset -c "$cpu" "$X" $options >one && diff many one && [ -s many ] || { echo "of: $options"; exit 1; }
done
grep -c . many
END
  cd "$T"
  succeeds env X="$XLSNS" unshare -mpf --mount-proc --propagation slave --kill-child bash "$T/crowd"
}

@test "a thread in a namespace of its own is found with --threads" {
  build threads <<'EOF2'
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
static void *other(void *arg)
{
	unshare(CLONE_NEWUTS);
	pause();
	return arg;
}
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, other, 0);
	pause();
}
EOF2
  start "$T/threads"
  wait_until sh -c '[ "$(cat /proc/$0/task/*/comm | wc -l)" = 2 ]' "$pid"
  for tid in "/proc/$pid/task/"*; do tid=${tid##*/}; done
  wait_until sh -c '[ "$(readlink /proc/$0/ns/uts)" != "$(readlink /proc/self/ns/uts)" ]' "$tid"
  inode=$(inode "/proc/$tid/ns/uts")
  is "$(row "$inode" PID)" ""
  is "$(row "$inode" TYPE,NPROCS,PID,PATH,HOLDERS --threads)" "uts 1 $tid /proc/$tid/ns/uts thread\\x20$tid"
}

@test "each namespace is listed once, whatever holds it" {
  : >"$T/net"
  start unshare --mount --propagation private -- sh -c 'unshare -n sh -c "mount --bind /proc/self/ns/net \"\$0/net\"; exec 8</proc/self/ns/net 9<\"\$0/net\"; exec sleep 1000" "$0"' "$T"
  child_of "$pid"
  wait_until runs "$child" sleep
  inode=$(inode "/proc/$child/ns/net")
  is "$(row "$inode" NPROCS,HOLDERS)" "1 proc,mount\\x20$pid:$T/net,fd\\x20$child:8,fd\\x20$child:9"
  is "$("$XLSNS" -rn -o NS | sort | uniq -d)" ""
}

@test "what vanishes under a mount that covers another is no error" {
  : >"$T/net"
  try private sh -c '
    unshare -n mount --bind /proc/self/ns/net "$1"
    inode=$(stat -c %i "$1")
    mount --bind /dev/null "$1"
    "$0" -rn -o NS,TYPE,NSFS,ONS | grep "^$inode"' "$XLSNS" "$T/net"
  is "$status" 0
  has "$output" " net $T/net 0"
}

@test "a FIFO where another mount namespace has its mount is not opened" {
  mkdir "$T/dir"
  start unshare --mount --propagation private -- sh -c 'mount -t tmpfs xns "$1" && : >"$1/ns" && unshare -i mount --bind /proc/self/ns/ipc "$1/ns" &&
    mkfifo "$1/fifo" && mount --bind "$1/fifo" "$1/ns" && exec sleep 1000' sh "$T/dir"
  wait_until runs "$pid" sleep
  succeeds timeout 20 "$XLSNS"
}

@test "our own mounts have names: those of ip netns, of Docker and of CRI-O" {
  try private sh -c "$own_run"'
    mkdir -p /run/netns /run/docker/netns /run/utsns /run/user/7/netns
    : >/run/netns/blue; : >/run/docker/netns/0123456789ab; : >/run/utsns/pod; : >/run/user/7/netns/mine; : >/run/other
    for f in netns/blue docker/netns/0123456789ab user/7/netns/mine other; do
      unshare -n mount --bind /proc/self/ns/net /run/$f
    done
    unshare -u mount --bind /proc/self/ns/uts /run/utsns/pod
    "$0" -rn -P -o NSFS,NAME | grep ^/run | sort' "$XLSNS" # not by inode numbers, which may be used again
  is "$output" "/run/docker/netns/0123456789ab 0123456789ab
/run/netns/blue blue
/run/other 
/run/user/7/netns/mine mine
/run/utsns/pod pod"
}
