#!/usr/bin/env bats
# xnetns where calls fail, where others do the same at the same time, and where who starts it is not to be trusted.

# shellcheck disable=SC2016,SC2034 # what other shells, and perl, expand; what in_world reads
load ../lib/helpers
load ../lib/netns

# /etc is a copy
in_world='
  mkdir /run/etc && cp -a /etc/passwd /etc/group /etc/ld.so* /run/etc/ && mount --bind /run/etc /etc || exit 125
  say() { "$@"; echo "= $?"; }
  # broken FILE CALLS ERROR CMD...: CMD, of whose calls these fail where they name FILE
  broken() { strace -qq -o /dev/null -P "$1" -e trace="$2" -e inject="$2:error=$3" "${@:4}"; }
  # refused CALLS ERROR CMD...: the same wherever
  refused() { strace -qq -o /dev/null -e trace="$1" -e inject="$1:error=$2" "${@:3}"; }
  # await_stop PID: till what that strace runs waits in a call that is delayed
  stopped() { x=$(cat /proc/$1/task/$1/children) && grep -q "^[0-9]* (xnetns) t" /proc/${x% }/stat; }
  await_stop() { until stopped $1 && sleep 0.1 && stopped $1 && sleep 0.1 && stopped $1; do sleep 0.02; done 2>/dev/null; }
  export -f stopped await_stop'

# ---- one name that cannot be looked at ----

@test "identify, list, list-id, prune, delete --kill: a name that cannot be looked at is a message and status 1" {
  need strace
  try in_world 'exec 2>&1; "$X" attach a $$; "$X" add b
    say broken /run/netns/a %file EIO "$X" identify
    say broken /run/netns/b %file EIO "$X" prune
    say broken /run/netns/b %file EIO "$X" delete --kill b
    "$X" set b 5
    say broken /run/netns/b %file EIO "$X" -j list
    say broken /run/netns/b %file EIO "$X" list-id
    say refused fstatfs EIO "$X" attach c /run/netns/b
    ls /run/netns'
  is "$output" 'cannot open /run/netns/a: Input/output error

= 1
cannot open /run/netns/b: Input/output error
= 1
cannot open /run/netns/b: Input/output error
= 1
cannot open /run/netns/b: Input/output error
[{"name":"b"},{"name":"a"}]
= 1
cannot open /run/netns/b: Input/output error
nsid 5 
= 1
cannot open /run/netns/b: Input/output error
= 1
a
b'
}

@test "a link that leads nowhere is no error of identify and list" {
  try in_world '"$X" add a; "$X" set a 5; ln -s loop /run/netns/loop; ln -s /run/none /run/netns/none; ln -s /run/etc/passwd/x /run/netns/under
    say "$X" identify; say "$X" list 2>/dev/null | sort'
  is "$output" "${NL}= 0${NL}= 0${NL}a (id: 5)${NL}loop${NL}none${NL}under"
  is "$stderr" ""
}

@test "a question that fails says of which name" {
  need strace
  try in_world 'exec 2>&1; "$X" add a; "$X" set a 5; "$X" add b
    say strace -qq -o /dev/null -e inject=recvmmsg:error=ENOBUFS "$X" list
    say strace -qq -o /dev/null -e inject=sendto:error=ENOBUFS:when=1 "$X" list
    say strace -qq -o /dev/null -e inject=sendto:error=ENOBUFS "$X" add --up c'
  is "$output" 'cannot ask for the ID of "b": No buffer space available
= 1
cannot ask for the IDs of this network namespace: No buffer space available
= 1
cannot set lo up in "c": No buffer space available
= 1'
}

# ---- exec: /sys and /etc ----

@test "exec keeps a /sys whatever call fails, and says so once" {
  need strace
  try in_world 'exec 2>&1; mount -t tmpfs keepme /sys/fs/cgroup; "$X" add a
    for calls in move_mount fsopen,move_mount umount2,umount statfs; do
      say refused $calls ENOMEM "$X" exec a sh -c "[ -d /sys/class/net ] && findmnt -no SOURCE /sys/fs/cgroup | tail -n 1"
    done
    say strace -qq -o /dev/null -e inject=move_mount:error=EINVAL:when=1 "$X" exec a sh -c "ls /sys/class/net; findmnt -no SOURCE /sys/fs/cgroup | tail -n 1"
    say refused open_tree EPERM "$X" exec a ls /sys/class/net'
  is "$output" 'mount of /sys failed: Cannot allocate memory
keepme
= 0
mount of /sys failed: Cannot allocate memory
keepme
= 0
mount of /sys failed: Cannot allocate memory
keepme
= 0
mount of /sys failed: Cannot allocate memory
keepme
= 0
lo
keepme
= 0
mount of /sys/fs/cgroup failed: Operation not permitted
lo
= 0'
}

@test "exec leaves one /sys, the new one, and in a root without any one warning" {
  need strace
  make_root "$T/root" sh "$XNETNS"
  try in_world 'exec 2>&1; "$X" add a; before=$(grep -c " /sys " /proc/self/mountinfo); after=$("$X" exec a grep -c " /sys " /proc/self/mountinfo)
    [ "$before" = "$after" ] && echo one; mount --bind "$T/root" "$T/root"; mkdir -p "$T/root/run"; mount --rbind /run "$T/root/run"; mount -t proc proc "$T/root/proc"
    say chroot "$T/root" /bin/xnetns exec a sh -c "echo runs"'
  is "$output" "one
mount of /sys failed: No such file or directory
runs
= 0"
}

@test "exec does not run the program where a file of its own /etc cannot be had, but for one that /etc has not" {
  need strace
  try in_world 'exec 2>&1; "$X" add a; mkdir -p /etc/netns/a; : >/etc/hosts; ln -s nowhere /etc/resolv.conf; : >/etc/netns/a/none
    say "$X" exec a echo runs
    for file in hosts resolv.conf; do
      rm -r /etc/netns/a/*; echo its >/etc/netns/a/$file
      say broken /etc/$file mount,move_mount EACCES "$X" exec a echo runs
      say broken /etc/netns/a/$file open_tree,mount EACCES "$X" exec a echo runs
      rm /etc/netns/a/$file; ln -s nowhere /etc/netns/a/$file
      say "$X" exec a echo runs
    done
    rm /etc/netns/a/*; mkdir /etc/netns/a/hosts; say "$I" -n a netns exec a echo runs; rmdir /etc/netns/a/hosts'
  is "$output" 'Bind /etc/netns/a/none -> /etc/none failed: No such file or directory
runs
= 0
Bind /etc/netns/a/hosts -> /etc/hosts failed: Permission denied
= 1
Bind /etc/netns/a/hosts -> /etc/hosts failed: Permission denied
= 1
Bind /etc/netns/a/hosts -> /etc/hosts failed: No such file or directory
= 1
Bind /etc/netns/a/resolv.conf -> /etc/resolv.conf failed: Permission denied
= 1
Bind /etc/netns/a/resolv.conf -> /etc/resolv.conf failed: Permission denied
= 1
Bind /etc/netns/a/resolv.conf -> /etc/resolv.conf failed: No such file or directory
= 1
Bind /etc/netns/a/hosts -> /etc/hosts failed: Not a directory
= 1'
}

@test "exec does not run the program where /etc/netns/NAME cannot be opened or read" {
  need strace
  try in_world 'exec 2>&1; "$X" add a; mkdir -p /etc/netns/a
    say broken /etc/netns/a openat,open EACCES "$X" exec a echo runs
    say broken /etc/netns/a getdents64 EIO "$X" exec a echo runs
    say broken /etc/netns/a openat EMFILE "$X" -netns a exec a echo runs
    rmdir /etc/netns/a; : >/etc/netns/a; say "$X" exec a echo runs
    ln -sf nowhere /etc/netns/a; say "$X" exec a echo runs
    rm /etc/netns/a; say "$X" exec a echo runs
    rmdir /etc/netns; : >/etc/netns; say "$X" exec a echo runs'
  is "$output" 'cannot open /etc/netns/a: Permission denied
= 1
cannot read /etc/netns/a: Input/output error
= 1
cannot open /etc/netns/a: Too many open files
= 1
cannot open /etc/netns/a: Not a directory
= 1
cannot open /etc/netns/a: No such file or directory
= 1
runs
= 0
runs
= 0'
}

# ---- a PID in place of a name ----

@test "set takes a PID where there is no such name; link, exec and -netns under our own name too" {
  try in_world 'exec 2>&1; unshare --net sleep 1000 & p=$!; until [ "$(cat /proc/$p/comm)" = sleep ]; do sleep 0.02; done
    own=$(stat -Lc %i /proc/$p/ns/net)
    say "$I" netns set $p 5; say "$X" set 0$p 6; say "$X" set +$p 6; say "$I" netns set 999999999 6; "$X" list-id
    say "$I" netns exec $p true | sed "s/$p/PID/"
    [ "$("$X" exec $p stat -Lc %i /proc/self/ns/net)" = "$own" ] && [ "$("$X" -n $p exec $p stat -Lc %i /proc/self/ns/net)" = "$own" ] && echo same
    mkdir -p /etc/netns/$p; echo its >/etc/netns/$p/passwd; "$X" exec $p grep -c its /etc/passwd
    say "$X" link $p,dev=there .,dev=here; "$X" exec $p ls /sys/class/net
    "$X" add $p; say "$X" set $p 7; "$X" exec $p ls /sys/class/net; : >/run/netns/$$; "$X" set $$ 8 | sed "s/$$/PID/"; kill $p'
  is "$(sed -E 's/"0?\+?[0-9]+"/"PID"/; s/^[0-9]+ /PID /; s|netns/[0-9]+;|netns/PID;|' <<<"$output")" '= 0
Cannot open network namespace "PID": No such file or directory
= 1
Cannot open network namespace "PID": No such file or directory
= 1
Cannot open network namespace "PID": No such file or directory
= 1
nsid 5 
Cannot open network namespace "PID": No such file or directory
= 255
same
0
= 0
lo
there
= 0
lo
Error: Peer netns reference is invalid.
xnetns: hint: no namespace is mounted on /run/netns/PID; xnetns prune removes such files'
}

# ---- the hand-over to the next ip ----

# A program ip in the directory $1, on what is of the system's if that is one; it prints its words and whose it is.
FAKE='#!/bin/sh
echo "next ip: $*"
/bin/grep -E "^(Uid|Gid|Groups|CapPrm|CapEff):" /proc/self/status'

@test "two installations in PATH, one a link and one a copy, find the ip behind them, or say that there is none" {
  try in_world 'exec 2>&1; mkdir /run/a /run/b /run/c /run/d; ln -s "$X" /run/a/ip; cp "$X" /run/b/ip; cp "$X" /run/d/ip; printf "#!/bin/sh\necho next: \$*\n" >/run/c/ip; chmod 755 /run/c/ip
    by() { timeout 2 env PATH="$1" "${@:2}"; echo "= $?"; }
    by /run/a:/run/b:/run/d:/run/c /run/b/ip link show
    by /run/c:/run/a:/run/b /run/a/ip addr
    by /run/a:/run/b:/run/d /run/b/ip addr
    printf "#!/bin/sh\necho \"\${XNS_IP_HOPS-unset}\"; PATH=/run/b:/run/c:$PATH /run/a/ip route\n" >/run/d/ip
    PATH=/run/b:/run/d:$PATH timeout 2 "$I" link | tail -n 1; "$X" add a; XNS_IP_HOPS="$$ ,1:2," "$X" exec a sh -c "echo \${XNS_IP_HOPS-unset}"'
  is "$output" "next: link show
= 0
next: addr
= 0
there is no other ip in PATH, for what is not netns
= 255
next: route
unset"
}

@test "the next ip without a /proc, and by an empty element of PATH, which is the working directory as in execvp" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  try in_world 'exec 2>&1; mkdir /run/a /run/c; ln -s "$X" /run/a/ip; printf "#!/bin/sh\necho next: \$*\n" >/run/c/ip; cp /run/c/ip /run/none; chmod 755 /run/c/ip
    by() { timeout 2 env PATH="$1" "${@:2}"; echo "= $?"; }
    cd /run/c; for path in /run/a: :/run/a "" : /run/a::/none; do by "$path" /run/a/ip link; done
    printf "echo by sh: \$*\n" >/run/c/ip; by /run/a:/run/c /run/a/ip link; echo "#!/no/such" >/run/c/ip; mkdir /run/d; : >/run/d/ip; by /run/c:/run/d /run/a/ip link
    cd /; printf "#!/bin/sh\necho next: \$*\n" >/run/c/ip; no_proc; by /run/a:/run/c /run/a/ip link; by /run/a /run/a/ip link; cd /run/a; by /run/a ./ip link'
  is "$output" "next: link
= 0
next: link
= 0
next: link
= 0
next: link
= 0
next: link
= 0
by sh: link
= 0
there is no other ip in PATH, for what is not netns
= 255
next: link
= 0
there is no other ip in PATH, for what is not netns
= 255
there is no other ip in PATH, for what is not netns
= 255"
}

# set_id SCRIPT: in_world, with a set-user-ID and set-group-ID copy /run/bin/ip, and xnetns, the system's next ip a
# script that says who it is, and /run/trap a directory of traps for an ordinary user: user CMD... is that user
set_id() {
  need strace ip
  in_world 'mkdir -m 755 /run/bin /run/trap; for n in ip xnetns; do cp "$X" /run/bin/$n; chmod 6755 /run/bin/$n; done; cp "$X" /run/bin/u; chmod 4755 /run/bin/u; cp "$X" /run/bin/g; chmod 2755 /run/bin/g
    cat >/run/next; chmod 755 /run/next; mount --bind /run/next "$(readlink -f "$(type -P ip)")"
    printf "#!/bin/sh\necho TRAP\n" | tee /run/trap/ip /run/trap/true >/run/trap/trap.so; chmod 755 /run/trap/*
    user() { setpriv --reuid=64001 --regid=64001 --groups=64009 -- "$@"; }
    '"$1" <<<"$FAKE"
}

@test "a set-user-ID ip runs the system's next ip, and as the caller in every ID" {
  try set_id 'exec 2>&1; cd /run/trap
    PATH=/run/trap:$PATH user /run/bin/ip link show; for n in u g; do user bash -c "PATH=/run/trap; exec -a ip /run/bin/$n -V" | sort -u | grep -c 64001.64001.64001.64001; done
    user env PATH=: /run/bin/ip --dry-run link | head -n 2; user env PATH=: /run/bin/ip -x link | head -n 2
    chown 64001:64001 /run/bin/u; chmod 6755 /run/bin/u; bash -c "PATH=/run/trap; exec -a ip /run/bin/u link" | grep id'
  is "$output" "next ip: link show
Uid:	64001	64001	64001	64001
Gid:	64001	64001	64001	64001
Groups:	64009 
CapPrm:	0000000000000000
CapEff:	0000000000000000
2
2
next ip: --dry-run link
Uid:	64001	64001	64001	64001
next ip: -x link
Uid:	64001	64001	64001	64001
Uid:	0	0	0	0
Gid:	0	0	0	0"
}

@test "a set-user-ID ip and xnetns open nothing that the environment names" {
  try set_id 'cd /run/trap; t=/run/trap; hops="1 ,1:1,"
    for var in PATH=$t LD_PRELOAD=$t/trap.so LD_AUDIT=$t/trap.so LD_LIBRARY_PATH=$t LD_DEBUG_OUTPUT=$t/x LANGUAGE=$t:de LC_ALL=$t LC_ALL=de_DE.UTF-8 LC_MESSAGES=../../../$t LANG=C.UTF-8 LOCPATH=$t NLSPATH=$t/%N \
      GCONV_PATH=$t OUTPUT_CHARSET=x TEXTDOMAINDIR=$t TMPDIR=$t HOME=$t XDG_RUNTIME_DIR=$t XDG_CONFIG_HOME=$t GETCONF_DIR=$t MALLOC_TRACE=$t/x HOSTALIASES=$t/trap.so RES_OPTIONS=x TZ=:$t/x TZDIR=$t BASH_ENV=$t/ip ENV=$t/ip \
      XNS_IP_HOPS="$hops" XNS_TRAP=$t XNS_BUILD=$t NETNS=$t GLIBC_TUNABLES=x=y; do
      for words in "ip link" "ip netns list" "ip netns nosuch" "xnetns nosuch" "xnetns list --all" "xnetns -n no list" "xnetns exec no true"; do
        echo "== $var $words" >>"$T/trace"; echo "== $var $words" >>"$T/out"
        strace -A -qq -o "$T/trace" -e trace=%file,execve -- setpriv --reuid=64001 --regid=64001 --clear-groups -- env -i "$var" /run/bin/$words >>"$T/out" 2>&1
      done
    done
    # from the program to the next one
    awk "/^== /{ run = \$0; at = 0; runs++; next }
      at == 1 && /^execve/ { at = 2 }
      at == 1 && (/\/run\/trap|locale|gconv/ || /\"(\.\/)?ip\"/) { print run, \$0 }
      at == 0 && /^execve\(.\"*\/run\/bin\// { at = 1; begun++ }
      END { if (runs != begun) print \"begun:\", begun, \"of\", runs }" "$T/trace"
    awk "/^== /{ run = \$0; next } /TRAP/ { print run, \"trapped\" }" "$T/out"; echo done'
  is "$output" "done"
}

@test "a set-user-ID xnetns without the right to it is its caller: no file is read, made or deleted with root's rights" {
  try set_id 'exec 2>&1; echo "secret words" >/run/secret; chmod 600 /run/secret; mkdir /run/netns; : >/run/netns/stale; mkdir -m 700 /run/netns2
    say user /run/bin/xnetns -force -batch /run/secret; say user /run/bin/xnetns --dry-run -batch /run/secret; say user /run/bin/xnetns delete stale; say user /run/bin/xnetns add new; ls /run/netns
    umount /run/netns 2>/dev/null; rm -r /run/netns; say user /run/bin/ip netns add new; [ -e /run/netns ] || echo none
    "$X" add a; say user /run/bin/ip netns exec a true'
  hasnt "$output" words
  is "$output" 'Cannot open file "/run/secret" for reading: Permission denied
= 1
Cannot open file "/run/secret" for reading: Permission denied
= 1
Cannot remove namespace file "/run/netns/stale": Permission denied
xnetns: hint: /run/netns belongs to user 0, and user 64001 may not write to it
= 1
mount --make-shared /run/netns failed: Operation not permitted
xnetns: hint: CAP_SYS_ADMIN is missing; it is to be had in a user and a mount namespace of one'"'"'s own: unshare -rm, then mount -t tmpfs tmpfs /run
= 1
stale
mkdir /run/netns failed: Permission denied
ip: hint: /run belongs to user 0, and user 64001 may not write to it
ip: hint: CAP_SYS_ADMIN is missing; it is to be had in a user and a mount namespace of one'"'"'s own: unshare -rm, then mount -t tmpfs tmpfs /run
= 1
none
setting the network namespace "a" failed: Operation not permitted
ip: hint: CAP_SYS_ADMIN is missing
= 255'
}

# ---- batches, and SIGCHLD ----

@test "a line of a batch that does not end is an error and takes no memory; 1 MiB may be on one" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime takes more address space than is left here"
  try in_world 'exec 2>&1
    for file in /dev/zero /dev/full; do prlimit --as=60000000 timeout 20 "$X" -force -batch $file; echo "= $?"; done
    yes "a\\" | prlimit --as=60000000 timeout 20 "$X" -force -batch - 2>&1 | sed "s/:[0-9]*:/:N:/"; echo "= ${PIPESTATUS[1]}"
    perl -e "print q(#), q(x) x (1048576 - 2), qq(\nlist\nadd a\n)" | say "$X" -batch -; "$X" list; perl -e "print qq(# first\n), q(#), q(x) x 1048576, qq(\n)" | say "$X" -batch -; printf "add b\\\\\n\\\\\n c" | say "$X" -batch -; "$X" list | sort'
  is "$output" "/dev/zero:1: the line is longer than 1048576 bytes
= 1
/dev/full:1: the line is longer than 1048576 bytes
= 1
-:N: the line is longer than 1048576 bytes
= 1
= 0
a
-:2: the line is longer than 1048576 bytes
= 1
= 0
a
b
c"
}

@test "with SIGCHLD ignored a batch and -all exec go on, and the program has its default" {
  try in_world 'exec 2>&1; "$X" add a b; printf "list\nlist\nexec a grep SigIgn /proc/self/status\n" >/run/b
    for words in "-batch /run/b" "-all exec grep SigIgn /proc/self/status" "exec a grep SigIgn /proc/self/status"; do say env --ignore-signal=CHLD "$X" $words; done'
  hasnt "$output" waitpid
  # make(1) starts what it starts with 32 and 33 ignored, which are libc's own
  is "$(grep -c "= 0" <<<"$output"):$(grep -cE '^SigIgn:.(0000000000000000|0000000180000000)$' <<<"$output")" 3:4
}

# ---- others at the same time ----

@test "delete --kill does not end a process that has the number of one that was inside" {
  need strace
  for calls in kill,pidfd_open,pidfd_send_signal pidfd_send_signal; do
    try in_world 'exec unshare --pid --fork --mount-proc bash -c "$2" bash "$1"' "$calls" '
      "$X" add a; "$X" exec a sleep 1000 & p=$!; until grep -qx sleep /proc/$p/comm; do sleep 0.02; done
      strace -f --seccomp-bpf -qq -o /dev/null -e trace=$1 -e inject=$1:delay_enter=2000000 "$X" delete --kill a & s=$!
      await_stop $s
      kill -KILL $p; wait $p; echo $((p - 1)) >/proc/sys/kernel/ns_last_pid; sleep 1000 & [ $! = $p ] || echo "not $p"
      wait $s; echo "= $?"; kill -0 $p && echo "lives"; ls /run/netns'
    is "$output:${stderr//*Killed*/}" "= 0${NL}lives:"
  done
}

@test "delete --kill where pidfd_open is refused" {
  need strace
  try in_world '"$X" add a; "$X" exec a sleep 1000 & p=$!; until grep -qx sleep /proc/$p/comm; do sleep 0.02; done
    say refused pidfd_open EPERM "$X" delete --kill a; wait $p; echo $?; ls /run/netns'
  is "$output:$stderr" "= 0${NL}143:"
}

@test "-all delete reads the names when it has the lock" {
  need strace
  try in_world 'exec 2>&1; for i in $(seq 20); do "$X" add n$i; done
    strace -f --seccomp-bpf -qq -o /dev/null -e trace=flock -e inject=flock:delay_enter=1500000 "$X" -all delete & await_stop $!; say "$X" -all delete; wait $!; echo "= $?"; ls /run/netns
    "$X" add a; say broken /run/netns openat EMFILE "$X" -all delete'
  is "$output" "= 0
= 0
Cannot open netns runtime directory \"/run/netns\": Too many open files
= 1"
}

# ---- what is traced, and where to ----

@test "a trace that cannot be written does not change the status, that of a dry run does, in all four tools" {
  try in_world 'exec 2>/dev/full; "$X" -x add c; echo $?; ls /run/netns
    for words in "xnetns -x add --up d" "xnetns -x exec c true" "xunshare -x -n true" "xunshare -x -n -f true" "xnsenter -x --net=/run/netns/c true" "xlsns --help"; do "${X%xnetns}"$words >/dev/null; echo "$words: $?"; done | grep -v ": 0"
    for words in "xnetns --dry-run add e" "xnetns --dry-run exec c true" "xunshare --dry-run -n true" "xnsenter --dry-run --net=/run/netns/c true"; do "${X%xnetns}"$words >/dev/full; echo "$words: $?"; done | grep -v ": 1"'
  is "$output" "0${NL}c"
}
