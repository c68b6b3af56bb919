#!/usr/bin/env bats
# What the tools say, and what they do not: of names without a namespace, as JSON, to a full disk, and of names that
# would steer a terminal.

# shellcheck disable=SC2016 # what other shells, and perl, expand
load helpers

setup() {
  xns_setup
  need_root
}

teardown() {
  xns_teardown
}

# in_world SCRIPT ARG...: a bash script in a mount and a network namespace of its own, where /run is empty; there $X is
# xnetns, $I a link to it called ip, $L is xlsns, $T the test's directory
in_world() {
  T=$T X=$XNETNS I=$BIN/ip L=$XLSNS timeout -k 5 100 unshare --mount --net --propagation private -- bash -c '
    mount -t tmpfs xns /run || exit 125
    say() { "$@"; echo "= $?"; }
    '"$1" bash "${@:2}" 3>&-
}

# ---- nothing to say it of ----

@test "pids, holders, delete --kill of a name without a network namespace: a message, status 1" {
  try in_world 'exec 2>&1; mkdir -p /run/netns/dir; echo x >/run/netns/file; mkfifo /run/netns/fifo; cp -a /dev/null /run/netns/null
    touch /run/netns/uts; mount --bind /proc/self/ns/uts /run/netns/uts
    for name in none dir file fifo null uts; do say "$X" pids $name; say "$I" -j netns pids $name; say "$X" holders $name; say "$X" -j holders $name; done
    say "$X" delete --kill uts; ls -d /run/netns/uts'
  for reason in 'No such file or directory' 'Invalid argument'{,,,,}; do
    for name in "" "" ' "NAME"' ' "NAME"'; do
      echo "Cannot open network namespace$name: $reason${NL}= 1"
    done
  done >"$T/expected"
  is "$(sed -E 's/"[a-z]+"/"NAME"/' <<<"$output" | head -n -3)" "$(<"$T/expected")"
  is "$(tail -n 3 <<<"$output")" "Cannot open network namespace \"uts\": Invalid argument${NL}= 1${NL}/run/netns/uts"
}

@test "no command opens a FIFO or a device in a namespace's place" {
  need strace
  try in_world 'exec 2>&1; mkdir -p /run/netns/dir; mkfifo /run/netns/fifo; cp -a /dev/null /run/netns/null; "$X" add a; "$X" set a 3
    for name in fifo null dir; do
      for line in "pids N" "holders N" "list" "list --all" "list-id" "identify" "set N 5" "attach new N" "attach new /run/netns/N" "rename N new" \
          "exec N true" "link N a" "prune" "delete --kill N" "-n N list"; do
        echo "# $name $line"
        timeout 5 strace -f -qq -o "$T/trace" -e trace=open,openat "$X" ${line//N/$name} >/dev/null 2>&1
        echo "$?"; grep "netns/$name" "$T/trace" | grep -v O_PATH; rm -f "/run/netns/new"
        [ -e /run/netns/$name ] || echo gone
      done
      [ -e /run/netns/$name ] || { echo "$name is gone"; exit; }
    done
    for line in --net=N --mount=N; do
      timeout 5 strace -f -qq -o "$T/trace" -e trace=open,openat "$1" ${line//N//run/netns/fifo} true 2>/dev/null; echo "xnsenter $line: $?"
      grep "netns/fifo" "$T/trace" | grep -v O_PATH
    done
    timeout 5 strace -f -qq -o "$T/trace" -e trace=open,openat "$2" --join net=/run/netns/fifo true 2>/dev/null; echo "xunshare: $?"
    grep "netns/fifo" "$T/trace" | grep -v O_PATH; :' "$XNSENTER" "$XUNSHARE"
  hasnt "$output" 'openat('
  hasnt "$output" 124 # nothing waits
}

@test "exec, -n, set, link, rename of what carries no namespace say so" {
  try in_world 'exec 2>&1; mkdir -p /run/netns; mkfifo /run/netns/fifo; "$X" add a
    say "$X" exec fifo true; say "$X" -n fifo list; say "$X" set fifo 5; say "$X" link fifo a; say "$X" rename fifo b; say "$I" netns set fifo 5
    ls /run/netns | sort'
  is "$output" 'setting the network namespace "fifo" failed: Invalid argument
= 255
setting the network namespace "fifo" failed: Invalid argument
= 255
Error: Peer netns reference is invalid.
= 2
Cannot open network namespace "fifo": Invalid argument
= 1
Cannot open network namespace "fifo": Invalid argument
= 1
Error: Peer netns reference is invalid.
= 2
a
fifo'
}

@test "a namespace is entered where there is no /proc" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  try in_world '"$X" add a; umount -l /proc; "$X" exec a echo inside'
  is "$status:$output" "0:inside"
}

@test "xlsns -p of a PID that has ended, may not be read, or has no such namespace: a message, status 1, in every form" {
  dead_pid
  dead=$pid
  make_zombie
  start setpriv --reuid=64002 --regid=64002 --clear-groups sleep 1000
  wait_until runs "$pid" sleep
  for form in "" -J -r -l -Towner "-Q NS>0" "-o NS" --dot "-J -o NSID"; do
    [ "$form" != "-Q NS>0" ] || "$XLSNS" -Q 'NS>0' >/dev/null 2>&1 || continue # an old libsmartcols
    # shellcheck disable=SC2086 # words
    try "$XLSNS" -p "$dead" $form
    is "$form: $status:$output:$stderr" "$form: 1::xlsns: cannot read the namespaces of process $dead: No such process"
    # shellcheck disable=SC2086
    try setpriv --reuid=64001 --regid=64001 --clear-groups "$XLSNS" -p "$pid" $form
    is "$form: $status:$output:$stderr" "$form: 1::xlsns: cannot read the namespaces of process $pid: Permission denied"
    # shellcheck disable=SC2086
    try "$XLSNS" -p "$zombie" -t net $form
    is "$form: $status:$output:$stderr" "$form: 1::xlsns: process $zombie has no namespace of that type"
  done
  succeeds "$XLSNS" -p $$ -rno TYPE
  has "$output" net
}

# ---- what a descriptor's link points to at that moment ----

@test "xlsns and holders do not open what a process puts in the place of a namespace" {
  need strace perl
  mkfifo "$T/fifo"
  # 9, which is read first, is now the one, now the other
  start unshare -n bash -c 'exec nsenter -t "$0" -n "$@" 20</proc/self/ns/net' $$ perl -MPOSIX -e '
    sysopen(my $fifo, shift, O_RDWR) or die;
    for (;;) { dup2(20, 9); select(undef, undef, undef, 0.01); dup2(fileno($fifo), 9); select(undef, undef, undef, 0.01) }' "$T/fifo"
  wait_until test -e "/proc/$pid/fd/9"
  for _ in {1..12}; do
    strace -f -y -qq -o "$T/trace" -P "/proc/$pid/fd" -e trace=openat,readlinkat -e inject=readlinkat:delay_exit=$((7000 + RANDOM % 6000)) \
      "$XLSNS" -t net -rno NS,HOLDERS >"$T/out"
    is "$(grep 'openat(.*"9"' "$T/trace" | grep -v O_PATH | grep "= .*$T/fifo" || :)" ""
  done
}
