#!/usr/bin/env bats
# Listings of xlsns and xnetns that must be whole: a signal while they read, a dump that changed meanwhile, more namespaces
# than descriptors, a clock that was set back.
# alone: measures time

# shellcheck disable=SC2016,SC2034 # what other shells expand; what in_world reads
load ../lib/helpers
load ../lib/netns

world_has=(--pid --fork --mount-proc)

# Names, a link, processes in them, one that holds one; $ours is a PID in a
population='
  "$X" add a b c && "$X" link b c && "$X" set a 7 && touch -d 2020-01-01 /run/netns/stale || exit 125
  for i in {1..12}; do nsenter --net=/run/netns/a sleep 1000 & done
  nsenter --net=/run/netns/b unshare -u -i sleep 1000 9</run/netns/c &
  ours=$! i=0
  while [ $i -lt 500 ] && ! [ "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -cx sleep)" = 13 ]; do sleep 0.02; i=$((i + 1)); done
  sleep 1.1 & wait $! # a file without a namespace is young for a second
'

# What is asked of that population, a line each
questions='"$L" -rno NS,TYPE,NPROCS,PID,NSFS
"$L" -t net
"$L" -p $ours
"$L" -J -o+NSPID,HOLDERS
"$L" --dot
"$L" -T
"$L" --persistent --output-all
"$L" $(stat -Lc %i /run/netns/a)
"$L" --threads -rno NS,NPROCS
"$X" list
"$X" list --all -l
"$X" list-id
"$X" pids a
"$X" identify $ours
"$X" holders c
"$X" --dry-run prune'

# ---- signals ----

@test "a signal at any getdents64, recvmsg, recvmmsg, read or wait4 of any listing changes nothing of it" {
  need strace
  try in_world "$population"'
    ask() { # INJECTION: the answer, without the numbers of the processes that ask it
      eval "strace -f -o /dev/null $1 -- $2" 2>&1; echo "status $?"
    }
    calls=getdents64,recvmsg,recvfrom,recvmmsg,read,wait4
    asked=0 bad=0 ends=0
    while read -r question; do
      ask "-e trace=$calls" "$question" >/run/quiet
      grep -qx "status 0" /run/quiet && [ "$(wc -l </run/quiet)" -gt 1 ] || { echo "nothing: $question"; cat /run/quiet; }
      for when in 1+ 1 2 3; do
        for call in "$calls" getdents64 recvmsg; do
          [ "$when" != 1+ ] || [ "$call" = "$calls" ] || continue
          ask "-e trace=$calls -e inject=$call:signal=SIGCONT:when=$when" "$question" >/run/disturbed
          asked=$((asked + 1))
          cmp -s /run/quiet /run/disturbed && continue
          bad=$((bad + 1))
          echo "$call:when=$when: $question"; diff /run/quiet /run/disturbed | head -n 3
        done
      done
    done <<<"$1"
    echo "asked $asked, bad $bad"' "$questions"
  is "$output" "asked 160, bad 0"
}

@test "delete --kill ends all that run inside, whatever signals come" {
  need strace
  try in_world "$population"'
    strace -o /dev/null -e inject=getdents64:signal=SIGCONT -- "$X" delete --kill a; echo "status $?"
    cat /proc/[0-9]*/comm 2>/dev/null | grep -cx sleep'
  is "$output" "status 0${NL}1"
}

# ---- dumps ----

# Preloaded, it lets the first $DUMPS dumps of netlink be those that changed meanwhile: the flag is in their first message.
change_dumps() {
  need "${CC:-cc}"
  "${CC:-cc}" -shared -fPIC -o "$T/change.so" -x c - <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	static int changed, begun;
	ssize_t (*next)(int, struct msghdr *, int) = (ssize_t(*)(int, struct msghdr *, int))dlsym(RTLD_NEXT, "recvmsg");
	ssize_t n = next(fd, msg, flags);
	struct nlmsghdr *m = msg->msg_iov->iov_base;
	int left = (int)n;

	if (n <= 0 || !(m->nlmsg_flags & NLM_F_MULTI) || changed >= atoi(getenv("DUMPS")))
		return n;
	if (!begun)
		m->nlmsg_flags |= NLM_F_DUMP_INTR;
	begun = 1;
	for (; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left))
		if (m->nlmsg_type == NLMSG_DONE)
			begun = 0, changed++;
	return n;
}
END
}

@test "a dump of netlink that changed meanwhile is asked again, nine times, and what was heard is thrown away" {
  change_dumps
  try in_world "$population"'
    bad=0
    while read -r question; do
      case $question in *" list"* | *prune* | *--dot*) ;; *) continue ;; esac
      eval "$question" >/run/quiet 2>&1; echo "status $?" >>/run/quiet
      eval "ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 LD_PRELOAD=$T/change.so DUMPS=9 $question" >/run/disturbed 2>&1
      echo "status $?" >>/run/disturbed
      grep -qx "status 0" /run/quiet && cmp -s /run/quiet /run/disturbed && continue
      bad=$((bad + 1))
      echo "$question"; diff /run/quiet /run/disturbed | head -n 4
    done <<<"$1"
    echo "bad $bad"' "$questions"
  is "$output" "bad 0"
}

@test "a dump that changed ten times is an error with status 1, and no list" {
  change_dumps
  try in_world "$population"'
    export LD_PRELOAD=$T/change.so DUMPS=10 ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
    for question in "\"\$L\" --dot" "\"\$X\" list --all -l" "\"\$X\" list" "\"\$X\" list-id"; do
      eval "$question" >/run/out 2>/run/err; echo "$? $(grep -c . /run/out) $(grep -c . /run/err)"
    done
    "$X" prune >/run/out 2>&1; echo "$?"; grep -c "cannot list the devices" /run/out'
  is "$output" "1 0 1${NL}1 0 1${NL}1 0 1${NL}1 0 1${NL}1${NL}1"
}

# ---- more namespaces than descriptors ----

# A name a second costs: the first of $2 names are namespaces, the other of $1 the same ones again.
make_names() {
  build names <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int n = atoi(argv[1]), namespaces = atoi(argv[2]);
	char path[64], from[64] = "/proc/self/ns/net";

	for (int i = 0; argc > 2 && i < n; i++) {
		snprintf(path, sizeof(path), "/run/netns/n%d", i);
		close(open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0));
		if (i < namespaces && unshare(CLONE_NEWNET) < 0)
			return 1;
		if (i >= namespaces)
			snprintf(from, sizeof(from), "/run/netns/n%d", i % namespaces);
		if (mount(from, path, "none", MS_BIND, NULL) < 0)
			return 1;
	}
	return 0;
}
END
}

@test "20,000 names of 200 namespaces are listed whole with 64 descriptors, with their IDs, devices and links" {
  make_names
  try in_world '
    mkdir /run/netns && "$T/names" 20000 200 || exit 125
    for i in {1..40}; do "$X" link n$i n$((i + 40)) || exit 125; done
    for i in {1..3}; do "$X" set n$i $i || exit 125; done
    ulimit -n 64
    "$X" list >/run/out; echo "list $? $(grep -c ^n /run/out) $(grep -c "id: " /run/out)"
    (for i in {10..55}; do eval "exec $i</"; done; "$X" list >/run/out2); echo "inherited $? $(cmp /run/out /run/out2)"
    "$X" list --all >/run/out; echo "all $? $(grep -c ^n[0-9] /run/out)"
    "$X" list --all -l >/run/out; echo "long $? $(grep -c " n[0-9]*$" /run/out) $(grep -c " 2 n[0-9]*$" /run/out)"
    "$X" list-id >/run/out; echo "ids $? $(grep -c . /run/out)"
    "$X" identify $$ >/run/out; echo "identify $?"
    "$X" holders n7 >/run/out; echo "holders $? $(grep -c ^mount /run/out)"
    "$X" --dry-run prune >/run/out; echo "prune $? $(grep -c "<n[0-9]*>" /run/out)"
    "$L" -P >/run/out; echo "persistent $? $(grep -c . /run/out)"
    "$L" -P -rno HOLDERS,NSFS >/run/out; echo "holders $? $(grep -o mount /run/out | grep -c .)"
    "$L" -t net -J -o NS,NSFS >/run/out; echo "json $? $(grep -o "/run/netns/n" /run/out | grep -c .)"
    "$L" --dot >/run/out; echo "dot $? $(grep -cE "label=(\"|<.*<td>)net " /run/out) $(grep -c color=blue /run/out)"'
  is "$stderr" ""
  is "$output" "list 0 20000 300
inherited 0 
all 0 20000
long 0 20000 8000
ids 0 3
identify 0
holders 0 100
prune 0 20000
persistent 0 201
holders 0 20000
json 0 20000
dot 0 201 40"
}

@test "32 user namespaces, one in the other, are found from the last one with 16 descriptors" {
  try in_world '
    command="sleep 1000"
    for i in {1..31}; do command="unshare -U -r -- $command"; done
    $command &
    i=0
    while [ $i -lt 500 ] && ! [ "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -cx sleep)" = 1 ]; do sleep 0.02; i=$((i + 1)); done
    ulimit -n 16
    "$L" -rno TYPE >/run/out; echo "$? $(grep -c ^user /run/out)"'
  is "$stderr" ""
  is "$output" "0 32"
}

@test "veth links are drawn between namespaces that a socket, a descriptor, a process or a mount elsewhere holds" {
  build socket <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	int here = open("/proc/self/ns/net", O_RDONLY), there = open("/run/netns/a", O_RDONLY);

	if (setns(there, CLONE_NEWNET) < 0 || socket(AF_INET, SOCK_DGRAM, 0) < 0 || setns(here, CLONE_NEWNET) < 0)
		return 1;
	close(there);
	close(here);
	execlp("sleep", "sleep", "1000", (char *)0);
	return 1;
}
END
  try in_world '
    "$X" add a b c d e || exit 125
    "$X" link a b && "$X" link b c && "$X" link c d && "$X" link d e || exit 125
    "$T/socket" &
    unshare -m --propagation private sleep 1000 &
    sleep 1000 9</run/netns/c &
    nsenter --net=/run/netns/d sleep 1000 &
    i=0
    while [ $i -lt 500 ] && ! [ "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -cx sleep)" = 4 ]; do sleep 0.02; i=$((i + 1)); done
    umount -l /run/netns/* # not rm: that would take the other mounts away, too
    "$L" --dot | grep -c color=blue'
  is "$status:$output" "0:4"
}

# ---- a clock that was set back ----

@test "prune leaves a file that was made in the future alone, till it has watched it for a second" {
  need "${CC:-cc}"
  "${CC:-cc}" -shared -fPIC -o "$T/back.so" -x c - <<'END'
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *t)
{
	int ret = (int)syscall(SYS_clock_gettime, id, t);

	if (id == CLOCK_REALTIME)
		t->tv_sec -= 1000;
	return ret;
}
END
  try in_world '
    mkdir /run/netns && touch /run/netns/early /run/netns/stale || exit 125
    export LD_PRELOAD=$T/back.so ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
    begun=$(date +%s%N)
    "$X" prune >/run/out & # which somebody is about to mount on
    env -u LD_PRELOAD sleep 0.3
    env -u LD_PRELOAD mount --bind /proc/self/ns/net /run/netns/early
    wait $!; echo "status $?"
    ended=$(date +%s%N)
    cat /run/out; ls /run/netns
    [ $((ended - begun)) -lt 2900000000 ] || echo "took $((ended - begun))"'
  is "$output" "status 0${NL}name stale${NL}early"
}
