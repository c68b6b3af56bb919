#!/usr/bin/env bats
# xnetns where calls fail, where others do the same at the same time, and where who starts it is not to be trusted.

# shellcheck disable=SC2016 # what other shells, and perl, expand
load helpers

setup() {
  xns_setup
  need_root
}

teardown() {
  xns_teardown
}

# in_world SCRIPT ARG...: a bash script in a mount and a network namespace of its own, where /run is empty and /etc is a
# copy; there $X is xnetns, $I a link to it called ip, $T the test's directory
in_world() {
  T=$T X=$XNETNS I=$BIN/ip timeout -k 5 300 unshare --mount --net --propagation private -- bash -c '
    mount -t tmpfs xns /run && mkdir /run/etc && cp -a /etc/passwd /etc/group /etc/ld.so* /run/etc/ && mount --bind /run/etc /etc || exit 125
    say() { "$@"; echo "= $?"; }
    # broken FILE CALLS ERROR CMD...: CMD, of whose calls these fail where they name FILE
    broken() { strace -qq -o /dev/null -P "$1" -e trace="$2" -e inject="$2:error=$3" "${@:4}"; }
    # refused CALLS ERROR CMD...: the same wherever
    refused() { strace -qq -o /dev/null -e trace="$1" -e inject="$1:error=$2" "${@:3}"; }
    '"$1" bash "${@:2}" 3>&-
}

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
  is "$(sed -E 's/"0?\+?[0-9]+"/"PID"/; s/^[0-9]+ /PID /' <<<"$output")" '= 0
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
Error: Peer netns reference is invalid.'
}
