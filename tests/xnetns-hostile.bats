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
