#!/usr/bin/env bats
# xnetns: hints. Each has a twin, in which the errno is the same and the evidence is not there: there no hint is given.

# shellcheck disable=SC2016,SC2034 # what other shells expand; what in_world reads
load ../lib/helpers
load ../lib/netns

world_has=(--pid --fork --mount-proc)
in_world='
  say() { local line=${*//"$X"/xnetns}; echo "\$ ${line//"$I"/ip}"; "$@" || echo "= $?"; }
  # plain COMMAND...: as an ordinary user
  plain() { setpriv --reuid "$PLAIN" --regid "$PLAIN" --clear-groups "$@"; }
  # refuse CALL ERRNO COMMAND...: with that call refused; refuse_file FILE ERRNO COMMAND...: when it opens that file
  refuse() { local call=$1 err=$2; shift 2; strace -qq -o /dev/null -e "trace=$call" -e "inject=$call:error=$err" "$@"; }
  refuse_file() { local file=$1 err=$2; shift 2; strace -qq -o /dev/null -P "$file" -e trace=openat -e "inject=openat:error=$err" "$@"; }
  exec 2>&1'

RM="unshare -rm, then mount -t tmpfs tmpfs /run"

@test "no right to mount: CAP_SYS_ADMIN, where it can be had, or whose the mounts are; root that is refused is told nothing" {
  need strace
  try in_world 'say plain "$I" netns add b; "$X" add a; say plain "$I" netns add b; say plain unshare -r "$X" add b
    say plain unshare -rm "$X" add b
    unshare -rmn sh -c "mount -t tmpfs r /run && echo 0 >/proc/sys/user/max_user_namespaces && capsh --drop=cap_sys_admin -- -c \"\$1 add z\"" sh "$X"
    for call in mkdir mount unshare; do say refuse $call EPERM "$X" add b; done; say refuse_file /run/netns/b EACCES "$X" add b'
  is "$output" "\$ plain ip netns add b
mkdir /run/netns failed: Permission denied
ip: hint: /run belongs to user 0, and user $PLAIN may not write to it
ip: hint: CAP_SYS_ADMIN is missing; it is to be had in a user and a mount namespace of one's own: $RM
= 1
\$ plain ip netns add b
mount --make-shared /run/netns failed: Operation not permitted
ip: hint: CAP_SYS_ADMIN is missing; it is to be had in a user and a mount namespace of one's own: $RM
= 1
\$ plain unshare -r xnetns add b
mount --make-shared /run/netns failed: Operation not permitted
xnetns: hint: the mount namespace belongs to another user namespace; make one, too: $RM
= 1
\$ plain unshare -rm xnetns add b
Cannot create namespace file \"/run/netns/b\": Permission denied
xnetns: hint: /run/netns belongs to user 65534, and user 0 may not write to it
xnetns: hint: this mount namespace is one's own: mount -t tmpfs tmpfs /run
= 1
mount --make-shared /run/netns failed: Operation not permitted
xnetns: hint: CAP_SYS_ADMIN is missing
\$ refuse mkdir EPERM xnetns add b
mkdir /run/netns failed: Operation not permitted
= 1
\$ refuse mount EPERM xnetns add b
mount --make-shared /run/netns failed: Operation not permitted
= 1
\$ refuse unshare EPERM xnetns add b
Failed to create a new network namespace \"b\": Operation not permitted
= 1
\$ refuse_file /run/netns/b EACCES xnetns add b
Cannot create namespace file \"/run/netns/b\": Permission denied
= 1"
}

@test "what the hint says to an ordinary user works" {
  try in_world 'say plain '"${RM%%,*}"' sh -c "'"${RM##*then }"' && \"\$1\" add q && \"\$1\" exec --no-mounts q true && \"\$1\" list" sh "$X" | tail -n +2'
  is "$output" q
}

@test "no right to enter: CAP_SYS_ADMIN, or whose the namespace is; root that is refused is told nothing" {
  need strace
  try in_world '"$X" add a b; say plain "$I" netns exec a true; say plain "$I" -n a netns list; say plain unshare -rm "$X" exec a true; say plain "$I" netns link a b
    say refuse setns EPERM "$X" exec a true; unshare -rn sleep 100 & while [ /proc/$!/ns/net -ef /proc/self/ns/net ]; do sleep 0.02; done
    "$X" attach c $!; say refuse setns EPERM "$X" exec c true'
  is "$output" "\$ plain ip netns exec a true
setting the network namespace \"a\" failed: Operation not permitted
ip: hint: CAP_SYS_ADMIN is missing
= 255
\$ plain ip -n a netns list
setting the network namespace \"a\" failed: Operation not permitted
ip: hint: CAP_SYS_ADMIN is missing
= 255
\$ plain unshare -rm xnetns exec a true
setting the network namespace \"a\" failed: Operation not permitted
xnetns: hint: the net namespace belongs to another user namespace, and may be joined by who has CAP_SYS_ADMIN there
= 255
\$ plain ip netns link a b
setting the network namespace \"a\" failed: Operation not permitted
ip: hint: CAP_SYS_ADMIN is missing
= 1
\$ refuse setns EPERM xnetns exec a true
setting the network namespace \"a\" failed: Operation not permitted
= 255
\$ refuse setns EPERM xnetns exec c true
setting the network namespace \"c\" failed: Operation not permitted
= 255"
}

@test "no right to set a device up: CAP_NET_ADMIN; root that is refused is told nothing" {
  need strace
  try in_world 'say capsh --drop=cap_net_admin -- -c "\"$X\" add --up a" 2>&1; say refuse sendto EPERM "$X" add --up a; "$X" list'
  is "$(tail -n +2 <<<"$output")" "cannot set lo up in \"a\": Operation not permitted
xnetns: hint: CAP_NET_ADMIN is missing
= 1
\$ refuse sendto EPERM xnetns add --up a
cannot set lo up in \"a\": Operation not permitted
= 1"
}

@test "exec in a chroot, which is no mount point: what to do, and that works; where / is one, and of another failure, nothing" {
  need strace
  make_root "$T/root" true "$XNETNS"
  try in_world '"$X" add a; mkdir "$T/root/run"; mount -t proc proc "$T/root/proc"
    chroot "$T/root" /bin/xnetns attach b "/$(printf %0300d 0)" 2>&1 | sed "s/00*/0/"; mount --rbind /run "$T/root/run"
    chroot "$T/root" /bin/xnetns exec a true; chroot "$T/root" /bin/xnetns exec --no-mounts a true; echo $?
    mount --rbind "$T/root" "$T/root"; chroot "$T/root" /bin/xnetns exec --no-mounts a true; echo $?; refuse mount EINVAL "$X" exec a true'
  is "$output" 'cannot open /0: File name too long
"mount --make-rslave /" failed: Invalid argument
xnetns: hint: the root directory is a chroot and no mount point: bind it on itself before the chroot (mount --bind DIR DIR), or use exec --no-mounts
0
0
"mount --make-rslave /" failed: Invalid argument'
}

@test "a limit of 0, of network and of mount namespaces; where it is not 0 nobody says so" {
  need strace
  try in_world 'unshare -rmn sh -c "mount -t tmpfs r /run; echo 0 >/proc/sys/user/max_net_namespaces; \"\$1\" add z
      echo 0 >/proc/sys/user/max_mnt_namespaces; \"\$1\" exec \$\$ true" sh "$X"
    "$X" add a; refuse unshare ENOSPC "$X" add z; refuse unshare ENOSPC "$X" exec a true'
  is "$(sed -E 's/ is [1-9][0-9]*; that, or .*/ is N/' <<<"$output")" 'Failed to create a new network namespace "z": No space left on device
xnetns: hint: /proc/sys/user/max_net_namespaces is 0: no namespace of that kind may be made; an administrator can raise it
unshare failed: No space left on device
xnetns: hint: /proc/sys/user/max_mnt_namespaces is 0: no namespace of that kind may be made; an administrator can raise it
Failed to create a new network namespace "z": No space left on device
xnetns: hint: /proc/sys/user/max_net_namespaces is N
unshare failed: No space left on device
xnetns: hint: /proc/sys/user/max_mnt_namespaces is N'
}

@test "a stale name, a file that is none, and a namespace of another kind; of a directory or a FIFO nothing is said" {
  try in_world '"$X" add a; cd /run/netns; : >dead; mkdir dir; mkfifo fifo; : >uts; mount --bind /proc/self/ns/uts uts
    for word in dead uts dir fifo; do for command in "exec $word true" "-n $word list" "pids $word" "holders $word" "link $word a" "set $word 5" "rename $word new"; do
      echo "$command: $("$X" $command 2>&1 | sed -n "s/.* hint: //p")"; done; done; "$I" netns exec dead true 2>&1 | tail -n 1
    : >/run/file; for command in "exec /run/file true" "attach n /run/file" "attach n /run/netns/dead"; do "$X" $command 2>&1 | tail -n 1; done'
  prune="no namespace is mounted on /run/netns/dead; xnetns prune removes such files"
  kind="/run/netns/uts is a namespace of another kind, uts"
  for word in dead uts dir fifo; do
    case $word in dead) why=$prune ;; uts) why=$kind ;; *) why= ;; esac
    for command in "exec $word true" "-n $word list" "pids $word" "holders $word" "link $word a" "set $word 5" "rename $word new"; do
      case $command in "link uts a") echo "$command: ${why#/run/netns/}" ;; *) echo "$command: $why" ;; esac
    done
  done >"$T/expected"
  is "$output" "$(<"$T/expected")${NL}ip: hint: $prune
xnetns: hint: no namespace is mounted on /run/file
xnetns: hint: no namespace is mounted on /run/file
xnetns: hint: $prune"
}

@test "list and prune: the hint is there once, and not without a stale name" {
  try in_world '"$X" add a; "$X" list; : >/run/netns/x; : >/run/netns/y; "$X" list 2>&1 | sort; "$X" prune | sort; "$X" list'
  is "$output" "a
Error: Peer netns reference is invalid: x has no namespace.
Error: Peer netns reference is invalid: y has no namespace.
a
x
xnetns: hint: xnetns prune removes names without a namespace
y
name x
name y
a"
}

@test "a directory that is a slave: under our own name that is said, and not where it is none" {
  try in_world 'mount --make-rshared /; "$X" add a b; unshare --mount --propagation slave "$X" add c
    for command in "attach d 1" "rename b e" "add --if-missing a"; do unshare --mount --propagation slave "$X" $command; done
    "$X" exec a "$X" add f; "$X" -n a add g; echo =; unshare --mount --propagation slave "$I" netns add h
    unshare --mount --propagation private "$X" add i; unshare --mount --propagation unchanged "$X" add j; "$X" --dry-run add k 2>&1 | grep hint; "$X" list 2>&1 | sort | head -n 3'
  why="xnetns: hint: /run/netns is a slave here of the same mount in another mount namespace: there, the name is a file without a namespace"
  is "$output" "$why$NL$why$NL$why$NL$why$NL$why$NL$why
=
Error: Peer netns reference is invalid: c has no namespace.
Error: Peer netns reference is invalid: d has no namespace.
Error: Peer netns reference is invalid: e has no namespace."
}

@test "a target that is gone, a zombie, one that may not be looked into; one that is there but cannot be read" {
  need perl strace
  try in_world '"$X" add a y; sleep 100 & there=$!
    perl -e "fork or exit; open F, q(>), q($T/up); sleep 100" & until [ -e "$T/up" ]; do sleep 0.02; done; zombie=$(pgrep -P $!)
    until grep -q "^State:.Z" /proc/$zombie/status; do sleep 0.02; done
    for pid in 999999 $zombie; do for command in "exec $pid true" "-n $pid list" "set $pid auto" "link $pid a" "attach x $pid" "identify $pid" "pids $pid" "holders $pid"; do
      echo "$command: $("$X" $command 2>&1 | sed -n "s/.* hint: //p")"; done; done | sed "s/$zombie/Z/g"
    mkdir -p /run/user/$PLAIN; chown $PLAIN /run/user/$PLAIN; chmod 700 /run/user/$PLAIN
    for command in "exec $there true" "attach x $there"; do plain "$X" $command 2>&1 | sed -n "s/$there/T/; s/.* hint: //p"; done
    refuse_file /proc/$there/ns/net ENOENT "$X" exec $there true 2>&1 | sed "s/$there/T/"; refuse mount ENOENT "$X" attach x $there 2>&1 | grep hint; ls /run/netns; kill $!  $there'
  for pid in 999999 Z; do
    why="there is no process 999999"
    [ $pid != Z ] || why="process Z is a zombie: it has ended, and its namespaces are gone with it"
    printf '%s\n' "exec $pid true: $why" "-n $pid list: $why" "set $pid auto: $why" "link $pid a: $why" "attach x $pid: $why" "identify $pid: $why" "pids $pid: " "holders $pid: "
  done >"$T/expected"
  is "$output" "$(<"$T/expected")
process T, of user 0, may not be looked into from here; that takes its user's rights and capabilities, or CAP_SYS_PTRACE
process T, of user 65534, may not be looked into from here: CAP_SYS_PTRACE counts only for processes of this user namespace and of those below
Cannot open network namespace \"T\": No such file or directory
a
y"
}

@test "a link: which end has the name of a device, and both ends in one place; else nothing" {
  need strace
  try in_world '"$X" add a b; "$X" link a,dev=x b,dev=y; for words in "a,dev=x b,dev=z" "a,dev=z b,dev=lo" "a,dev=x b,dev=y" "a,dev=x b,dev=x" "a a" ". .,dev=host"; do say "$X" link $words; done
    say refuse sendto EEXIST "$X" link a b; say refuse sendto EPERM "$X" link a b'
  is "$output" "\$ xnetns link a,dev=x b,dev=z
cannot make device x in \"a\" and z in \"b\": File exists
xnetns: hint: \"a\" has a device x: a,dev=NAME calls this one otherwise
= 2
\$ xnetns link a,dev=z b,dev=lo
cannot make device z in \"a\" and lo in \"b\": File exists
xnetns: hint: \"b\" has a device lo: b,dev=NAME calls this one otherwise
= 2
\$ xnetns link a,dev=x b,dev=y
cannot make device x in \"a\" and y in \"b\": File exists
xnetns: hint: \"a\" has a device x: a,dev=NAME calls this one otherwise
xnetns: hint: \"b\" has a device y: b,dev=NAME calls this one otherwise
= 2
\$ xnetns link a,dev=x b,dev=x
cannot make device x in \"a\" and x in \"b\": File exists
xnetns: hint: \"a\" has a device x: a,dev=NAME calls this one otherwise
= 2
\$ xnetns link a a
cannot make device a in \"a\" and a in \"a\": File exists
xnetns: hint: both ends are called a in one namespace: a,dev=NAME calls one otherwise
= 2
\$ xnetns link . .,dev=host
cannot make device host in \".\" and host in \".\": File exists
xnetns: hint: both ends are called host in one namespace: .,dev=NAME calls one otherwise
= 2
\$ refuse sendto EEXIST xnetns link a b
cannot make device b in \"a\" and a in \"b\": File exists
= 2
\$ refuse sendto EPERM xnetns link a b
cannot make device b in \"a\" and a in \"b\": Operation not permitted
= 2"
}

@test "an owner's file: whose the directory is, the sticky bit, an attribute, another mount; else nothing" {
  need strace
  try in_world '"$X" add a b c; say plain "$I" netns delete a; chown $PLAIN /run/netns; say setpriv --bounding-set -dac_override "$X" add n; chown 0 /run/netns; chmod 1777 /run/netns; : >/run/netns/d; say plain "$I" netns delete d
    if chattr +i /run/netns/d; then "$X" delete d; chattr -i /run/netns/d; fi >"$T/locked" 2>&1
    mount --bind /proc/version /run/netns/d; say "$X" delete d
    for err in EPERM EACCES EBUSY; do say refuse unlink $err "$X" delete b; done'
  is "$output" "\$ plain ip netns delete a
Cannot remove namespace file \"/run/netns/a\": Permission denied
ip: hint: /run/netns belongs to user 0, and user $PLAIN may not write to it
= 1
\$ setpriv --bounding-set -dac_override xnetns add n
Cannot create namespace file \"/run/netns/n\": Permission denied
xnetns: hint: /run/netns belongs to user $PLAIN, and user 0 may not write to it
= 1
\$ plain ip netns delete d
Cannot remove namespace file \"/run/netns/d\": Operation not permitted
ip: hint: /run/netns/d belongs to user 0, and in /run/netns only the owner removes a file (the sticky bit)
= 1
\$ xnetns delete d
Cannot remove namespace file \"/run/netns/d\": Device or resource busy
xnetns: hint: something else than a namespace is mounted on /run/netns/d: umount takes it away
= 1
\$ refuse unlink EPERM xnetns delete b
Cannot remove namespace file \"/run/netns/b\": Operation not permitted
= 1
\$ refuse unlink EACCES xnetns delete b
Cannot remove namespace file \"/run/netns/b\": Permission denied
= 1
\$ refuse unlink EBUSY xnetns delete b
Cannot remove namespace file \"/run/netns/b\": Device or resource busy
= 1"
  grep -q '^chattr:' "$T/locked" || has "$(<"$T/locked")" "xnetns: hint: /run/netns/d has the attribute i: chattr -i takes it away"
}

@test "a name of an engine: where it is, and to whom a path can be given; nothing of one that is nowhere" {
  try in_world '"$X" add a; mkdir -p /run/docker/netns; for name in 5dc4 mine; do : >/run/docker/netns/$name; done
    unshare --net mount --bind /proc/self/ns/net /run/docker/netns/5dc4
    for word in 5dc4 mine; do for command in "exec $word true" "-n $word list" "set $word 7" "link $word a" "pids $word" "holders $word" "identify $word" "delete $word" "rename $word x"; do
      echo "$command: $("$X" $command 2>&1 | sed -n "s/.* hint: //p")"; done; done; "$I" netns exec 5dc4 true'
  where="there is /run/docker/netns/5dc4, which is not in /run/netns"
  for command in exec -n set link pids holders identify delete rename; do
    case $command in exec) rest=" true" ;; -n) rest=" list" ;; set) rest=" 7" ;; link) rest=" a" ;; rename) rest=" x" ;; *) rest= ;; esac
    case $command in delete | rename) more= ;; *) more=": give the whole path" ;; esac
    echo "$command 5dc4$rest: $where$more"
    echo "$command mine$rest: " >&3
  done >"$T/expected" 3>"$T/nothing"
  is "$output" "$(cat "$T/expected" "$T/nothing")
Cannot open network namespace \"5dc4\": No such file or directory
ip: hint: $where"
}

@test "a path in the place of a name, to exec, -n, identify, pids, holders, set and link; not as ip" {
  try in_world 'D=/run/docker/netns/5dc4; mkdir -p ${D%/*}; : >$D; unshare --net mount --bind /proc/self/ns/net $D; own=$(stat -fc %i $D)
    "$X" add a; "$X" attach b $D; "$X" exec $D stat -Lc %i /proc/self/ns/net | sed "s/^$(stat -Lc %i $D)$/inside/"
    "$X" -n $D exec --no-mounts $$ true; "$X" identify $D; "$X" pids $D; "$X" holders $D | grep -c "^mount $D"; "$X" set $D 12; "$X" list | grep b
    "$X" link $D a; "$X" exec a ls /sys/class/net; say "$X" exec /run/nothing true; say "$X" add $D; say "$I" netns exec $D true'
  is "$output" 'inside
b
1
b (id: 12)
5dc4
lo
$ xnetns exec /run/nothing true
Cannot open network namespace "/run/nothing": No such file or directory
= 255
$ xnetns add /run/docker/netns/5dc4
Invalid netns name "/run/docker/netns/5dc4"
= 255
$ ip netns exec /run/docker/netns/5dc4 true
Invalid netns name "/run/docker/netns/5dc4"
= 255'
}

@test "a name that is nearly another" {
  try in_world '"$X" add blue; for command in "exec bleu true" "delete blu" "pids red"; do say "$X" $command; done'
  is "$output" '$ xnetns exec bleu true
Cannot open network namespace "bleu": No such file or directory
xnetns: hint: did you mean blue?
= 255
$ xnetns delete blu
Cannot remove namespace file "/run/netns/blu": No such file or directory
xnetns: hint: did you mean blue?
= 1
$ xnetns pids red
Cannot open network namespace: No such file or directory
= 1'
}
