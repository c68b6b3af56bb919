#!/usr/bin/env bats
# xnetns: names that come, go and change; kills, races, and the defects of ip netns that are done right. What both do alike
# is in parity/.

# shellcheck disable=SC2016,SC2034 # what other shells, and perl, expand; what in_world reads
load ../lib/helpers
load ../lib/netns

in_world='nsfs() { grep -c " - nsfs " /proc/self/mountinfo; }'

# in_world_as_host SCRIPT: the same, with / shared as systemd has it
in_world_as_host() {
  in_world 'mount --make-rshared /
    '"$1" "${@:2}"
}

@test "add makes a namespace, a name and the directory, and nothing else" {
  try in_world '"$X" add blue && find /run | sort && nsfs; stat -fc %T /run/netns/blue; stat -c %a /run/netns'
  is "$status:$stderr" "0:"
  is "$output" "/run${NL}/run/netns${NL}/run/netns/blue${NL}1${NL}nsfs${NL}755"
}

@test "the names are for all to see, whatever the umask of who makes the first; a program has it as it was" {
  local mask
  for mask in 0 077 0177 0777; do
    try in_world 'umask '$mask'; "$X" add blue; stat -c %a /run/netns /run/netns/blue; "$X" exec blue sh -c umask
      setpriv --reuid=$PLAIN --regid=$PLAIN --clear-groups ls /run/netns'
    is "$status:$stderr" "0:"
    is "$output" "755${NL}444${NL}$(printf %04o "$mask")${NL}blue"
  done
}

@test "add takes several names, and goes on behind one that fails" {
  try in_world '"$X" add a b a ../c c; echo $?; ls /run/netns'
  is "$output" "1${NL}a${NL}b${NL}c"
  is "$stderr" "Cannot create namespace file \"/run/netns/a\": File exists${NL}Invalid netns name \"../c\""
}

@test "add --up has its loopback device up, add --if-missing does not mind one that is there" {
  try in_world '"$X" add --up a && "$X" exec a cat /sys/class/net/lo/flags && "$X" add --if-missing a && "$X" add --if-missing a b && ls /run/netns'
  is "$status:$stderr" "0:"
  is "$output" "0x9${NL}a${NL}b"
}

@test "the directory is one mount, and shared, also where /run is shared" {
  try in_world_as_host '"$X" add a && "$X" add b && grep -c " /run/netns .* - tmpfs xns " /proc/self/mountinfo; grep " /run/netns .* - tmpfs xns " /proc/self/mountinfo | grep -c shared:'
  is "$output" "1${NL}1"
}

@test "a name is seen in a mount namespace that was made before it" {
  try in_world '"$X" add first
    unshare --mount --propagation slave sh -c "echo; until [ -e $T/go ]; do sleep 0.02; done; stat -fc %T /run/netns/later" >"$T/out" &
    until [ -s "$T/out" ]; do sleep 0.02; done
    "$X" add later && : >"$T/go"
    wait; cat "$T/out"'
  is "$output" "${NL}nsfs"
}

@test "list makes at most 60 calls, however many names there are; with IDs three a name and few more" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime makes calls of its own"
  need strace
  try in_world 'calls() { strace -f -c -qq -U name,calls -o "$T/trace" "$X" list >/dev/null; awk "\$1 == \"total\" { print \$2 }" "$T/trace"; }
    for ((i = 0; i < 300; i++)); do echo "add n$i"; done >"$T/b"; "$X" -batch "$T/b"; n=$(calls); [ "$n" -le 60 ] && echo few || echo "$n"
    sed "s/add\(.*\)/set\1 auto/" "$T/b" >"$T/c"; "$X" -batch "$T/c"; n=$(calls); [ "$n" -le 1000 ] && echo few || echo "$n"'
  is "$output" "few${NL}few"
}

@test "delete takes a name and its file; one that is not there is an error, but not with --if-exists" {
  try in_world '"$X" add a b && "$X" delete a b && ls /run/netns; nsfs; "$X" delete a; echo $?; "$X" delete --if-exists a; echo $?'
  is "$output" "0${NL}1${NL}0"
  is "$stderr" 'Cannot remove namespace file "/run/netns/a": No such file or directory'
}

@test "delete where there never was a directory makes none" {
  try in_world '"$X" delete a; echo $?; "$X" -all delete; echo $?; ls /run'
  is "$output" "1${NL}0"
}

@test "delete --kill ends what runs inside" {
  try in_world '"$X" add a
    "$X" exec a sleep 1000 & one=$!; "$X" exec a sh -c "while :; do sleep 1; done" & two=$!
    until [ "$("$X" pids a | wc -l)" -ge 3 ]; do sleep 0.02; done
    "$X" delete --kill a; echo $?; wait $one; echo $?; wait $two; echo $?; ls /run/netns'
  is "$output" "0${NL}143${NL}143"
}

@test "rename changes the name of what runs on" {
  try in_world '"$X" add a; before=$(stat -c %i /run/netns/a); "$X" rename a b; [ "$(stat -c %i /run/netns/b)" = "$before" ] && ls /run/netns; nsfs
    "$X" add c; "$X" rename b c; echo $?; "$X" rename zzz d; echo $?; ls /run/netns'
  is "$output" "b${NL}1${NL}1${NL}1${NL}b${NL}c"
  has "$stderr" 'Cannot create namespace file "/run/netns/c": File exists'
  has "$stderr" 'Cannot open network namespace "zzz": No such file or directory'
}

@test "attach takes a process, and a file as Docker has it" {
  try in_world 'sleep 1000 & "$X" attach mine $!; [ "$(stat -c %i /run/netns/mine)" = "$(stat -Lc %i /proc/$!/ns/net)" ] && echo same
    mkdir -p /run/docker/netns; : >/run/docker/netns/0123; unshare --net mount --bind /proc/self/ns/net /run/docker/netns/0123
    "$X" attach web /run/docker/netns/0123; [ "$(stat -c %i /run/netns/web)" = "$(stat -c %i /run/docker/netns/0123)" ] && echo same
    "$X" attach bad /etc/passwd; echo $?; ls /run/netns; kill $!'
  has "$output" "same${NL}same${NL}"
}

@test "attach of what is no network namespace leaves no name" {
  try in_world '"$X" attach a /etc/passwd; echo $?; "$X" attach b /proc/self/ns/uts; echo $?; "$X" attach c /no/such; echo $?; ls /run/netns'
  is "$output" "1${NL}1${NL}1"
}

@test "identify prints each name of the namespace" {
  try in_world '"$X" add a; "$X" exec a sleep 1000 & until grep -qsx sleep /proc/$!/comm; do sleep 0.02; done; "$X" attach again $!; "$X" identify $! | sort; kill $!'
  is "$output" "a${NL}again"
}

@test "monitor prints each change at once" {
  try in_world '"$X" monitor >"$T/seen" & pid=$!
    n=0; until grep -q "^add b" "$T/seen" || [ $((n += 1)) = 50 ]; do "$X" add b; "$X" delete b; sleep 0.1; done
    kill $pid; wait $pid; grep -m 1 -A 1 "^add b" "$T/seen"'
  is "$output" "add b${NL}delete b"
}

# ---- defects of ip netns ----

@test "defect 1: -all with a failing add deletes nothing, and a bad name makes no directory" {
  need strace
  try in_world '"$X" add a b; strace -qq -o /dev/null -e trace=unshare -e inject=unshare:error=ENOMEM "$X" -all add c; echo $?; ls /run/netns'
  is "$output" "1${NL}a${NL}b"
  is "$stderr" 'Failed to create a new network namespace "c": Cannot allocate memory'
  try in_world '"$X" -all add ../evil; echo $?; ls -A /run'
  is "$output" "255"
}

@test "defect 2: delete of a symbolic link takes the link, and not what it leads to" {
  try in_world 'mkdir -p /run/docker/netns /run/netns; : >/run/docker/netns/x; unshare --net mount --bind /proc/self/ns/net /run/docker/netns/x
    ln -s /run/docker/netns/x /run/netns/x; "$X" exec x true && "$X" list; "$X" delete x; echo $?; ls /run/netns; stat -fc %T /run/docker/netns/x'
  is "$output" "x${NL}0${NL}nsfs"
}

@test "defect 3: add inside of exec works there, and what is left outside counts as stale" {
  try in_world_as_host '"$X" add a; "$X" exec a sh -c "\"$X\" add inner && \"$X\" exec inner true && echo works"; "$X" list; "$X" prune; "$X" list'
  has "$output" "works"
  has "$stderr" "inner has no namespace"
  is "${output##*$'\n'}" "a"
}

@test "defect 4: a file without a namespace is replaced by add, marked by list and removed by prune" {
  try in_world '"$X" add a; : >/run/netns/dead; touch -d "1 hour ago" /run/netns/dead; sleep 1.1; "$X" list 2>&1 >/dev/null; "$X" add dead; echo $?; stat -fc %T /run/netns/dead
    : >/run/netns/gone; "$X" prune; ls /run/netns'
  is "$output" "Error: Peer netns reference is invalid: dead has no namespace.
xnetns: hint: xnetns prune removes names without a namespace
0
nsfs
name gone
a
dead"
}

@test "defect 5: stacked mounts are all taken" {
  try in_world '"$X" add a; for i in 1 2 3; do unshare --net mount --bind /proc/self/ns/net /run/netns/a; done; nsfs; "$X" delete a; echo $?; nsfs; ls /run/netns'
  is "$output" "4${NL}0${NL}0"
}

@test "defect 6: -all exec goes on behind a program that a signal ends" {
  try in_world '"$X" add a b; "$X" -all exec sh -c "kill -KILL \$\$" ; echo $?'
  is "$(grep -c '^netns: ' <<<"$output")" 2
  is "${output##*$'\n'}" 0
}

@test "defect 7: exec keeps what is mounted on /sys/fs/cgroup and /sys/fs/bpf" {
  try in_world 'mount -t tmpfs keepme /sys/fs/cgroup; mount -t tmpfs keepme2 /sys/fs/bpf 2>/dev/null || mount -t bpf keepme2 /sys/fs/bpf; "$X" add a; "$X" exec a sh -c "findmnt -no SOURCE /sys/fs/cgroup; findmnt -no SOURCE /sys/fs/bpf; findmnt -no SOURCE /sys | tail -n 1; ls /sys/class/net"'
  is "$output" "keepme${NL}keepme2${NL}a${NL}lo"
}

@test "defect 7: exec where sysfs cannot be mounted keeps the old one, with a warning" {
  need strace
  for call in fsopen fsconfig fsmount; do
    try in_world '"$X" add a; strace -qq -o /dev/null -e trace='$call' -e inject='$call':error=EPERM "$X" exec a sh -c "[ -d /sys/class ] && echo there"'
    is "$status:$output:$stderr" "0:there:mount of /sys failed: Operation not permitted"
  done
}

@test "exec keeps a /sys that is read-only so" {
  try in_world 'mount -o remount,bind,ro /sys; "$X" add a; "$X" exec a sh -c "touch /sys/x 2>&1; findmnt -no OPTIONS /sys"'
  has "$output" "Read-only file system"
}

@test "defect 8: resolv.conf is the namespace's own where it is a file, a link, or a dangling link" {
  for kind in file link dangling; do
    try in_world 'mkdir /run/etc /run/work; mount -t tmpfs xns /run/etc; cp /etc/passwd /run/etc/; mkdir -p /run/etc/netns/a /run/resolve; mount --bind /run/etc /etc
      echo hosts >/run/resolve/stub
      case $1 in file) cp /run/resolve/stub /etc/resolv.conf ;; link) ln -s /run/resolve/stub /etc/resolv.conf ;; *) ln -s /run/resolve/none /etc/resolv.conf ;; esac
      echo mine >/etc/netns/a/resolv.conf; "$X" add a; "$X" exec a cat /etc/resolv.conf; cat /run/resolve/stub; cat /etc/resolv.conf 2>/dev/null; ls /run/resolve' $kind
    has "$output" "mine${NL}hosts"
    is "$stderr" ""
    hasnt "${output#mine}" mine
  done
}

@test "defect 9: too few descriptors, a read that fails, a directory as a batch file are errors" {
  need strace
  try in_world 'for i in 1 2 3 4 5 6 7 8; do "$X" add n$i; done; "$X" set n1 1
    for command in list pids identify; do
      words="$command"; [ $command = pids ] && words="pids n1"
      for n in 4 5; do prlimit --nofile=$n "$X" $words >"$T/out" 2>"$T/err"; s=$?; [ $s -ne 0 ] && [ -s "$T/err" ] || { [ $s = 0 ] && [ $command != list ]; } || echo "$command with $n: $s, $(cat "$T/out")"; done
      strace -qq -f -o /dev/null -e trace=getdents64 -e inject=getdents64:error=EIO "$X" $words >/dev/null 2>"$T/err"; echo "$command $?: $(cat "$T/err")"
    done
    "$X" -batch /tmp; echo $?'
  is "$output" "list 1: cannot read /run/netns: Input/output error
pids 1: cannot read /proc: Input/output error
identify 1: cannot read /run/netns: Input/output error
1"
  is "$stderr" "cannot read /tmp: Is a directory"
}

@test "defect 9: an add that fails half-way leaves nothing" {
  need strace
  for call in unshare:1 mount:2 mount:3 mount:4 mount:5; do
    try in_world 'strace -qq -o /dev/null -e trace=$1 -e inject=$1:error=ENOSPC:when=$2 "$X" add a; echo $?; ls /run/netns; nsfs; grep " /run/netns " /proc/self/mountinfo | grep -vc shared: ' "${call%:*}" "${call#*:}"
    is "$output" "1${NL}0${NL}0"
    has "$stderr" "No space left on device"
  done
}

@test "an add, an attach or a rename that fails leaves a file that was there before it" {
  need strace
  try in_world '"$X" add a; : >/run/netns/old
    strace -qq -o /dev/null -e trace=unshare -e inject=unshare:error=ENOSPC "$X" add old
    strace -qq -o /dev/null -e trace=mount -e inject=mount:error=ENOSPC:when=2 "$X" rename a old
    strace -qq -o /dev/null -e trace=umount2 -e inject=umount2:error=EPERM:when=1 "$X" rename a old
    "$X" attach old /proc/self/ns/uts; ls /run/netns; nsfs'
  is "$output" "a${NL}old${NL}1"
  is "$(sed -E "s/ is [0-9]*; that/ is N; that/" <<<"$stderr")" "Failed to create a new network namespace \"old\": No space left on device
xnetns: hint: /proc/sys/user/max_net_namespaces is N; that, or the same of an outer user namespace, is reached
Bind /run/netns/a -> /run/netns/old failed: No space left on device
Cannot remove namespace file \"/run/netns/a\": Device or resource busy
/proc/self/ns/uts is no network namespace
xnetns: hint: /proc/self/ns/uts is a namespace of another kind, uts"
}

@test "an add that cannot share the directory takes its mount away, of a link nothing but what it leads to" {
  need strace
  try in_world 'ln -s other /run/netns; mkdir /run/other
    strace -qq -o "$T/calls" -e trace=umount2,mount -e inject=mount:error=ENOSPC:when=3 "$X" add a
    grep -c " /run/other " /proc/self/mountinfo; grep -o "^umount2.*" "$T/calls"'
  is "$output" "0${NL}umount2(\"/run/other\", MNT_DETACH|UMOUNT_NOFOLLOW) = 0"
}

# ---- kills ----

# Kills a command at each of its system calls that changes something, then looks whether the next ones work.
kill_at_each() {
  in_world '
    prepare=$1 after=$2; shift 2
    calls=mkdir,mkdirat,openat,flock,mount,unshare,setns,umount2,unlink,unlinkat,sendto,sendmsg,close,socket,bind
    for ((n = 1; n < 200; n++)); do
      eval "$prepare"
      strace -f -qq -o "$T/trace" -e trace=$calls -e inject=$calls:signal=KILL:when=$n "$X" "$@" >/dev/null 2>&1
      status=$?
      "$X" list >/dev/null 2>"$T/err" || { echo "list after a kill at $n: $(cat "$T/err")"; exit 1; }
      touch -d "2 seconds ago" "$T/x"; sleep 0.01
      eval "$after"
      "$X" -all delete || { echo "delete after $n"; exit 1; }
      [ "$(nsfs)" = 0 ] || { echo "mounts after $n: $(nsfs)"; exit 1; }
      [ -z "$(ls /run/netns 2>/dev/null)" ] || { echo "files after $n"; exit 1; }
      [ "$(ls /sys/class/net | wc -l)" -le 1 ] || :
      [ $status -ne 0 ] || break
    done
    echo "killed at $((n - 1)) calls"
    [ $n -gt 5 ]' "$@"
}

@test "add killed at each of its system calls: the next add, list and delete work, and prune takes what is left" {
  need strace
  kill_at_each ':' '"$X" prune >/dev/null; "$X" add --if-missing a 2>"$T/err" || { echo "add after $n: $(cat "$T/err")"; exit 1; }' add --up a
}

@test "delete killed at each of its system calls leaves what prune takes" {
  need strace
  kill_at_each '"$X" add a b c d e f' '"$X" prune >/dev/null; "$X" delete --if-exists a || { echo "delete after $n"; exit 1; }; "$X" add a' delete a b c d e f
}

@test "rename killed at each of its system calls loses nothing" {
  need strace
  kill_at_each '"$X" add a; inode=$(stat -c %i /run/netns/a)' \
    '"$X" prune >/dev/null; [ "$(stat -c %i /run/netns/a 2>/dev/null)" = $inode ] || [ "$(stat -c %i /run/netns/b 2>/dev/null)" = $inode ] || { echo "lost after $n"; exit 1; }' rename a b
}

@test "link killed at each of its system calls leaves no device that prune does not take" {
  need strace
  kill_at_each '"$X" add a b' '
    "$X" prune >/dev/null || { echo "prune after $n"; exit 1; }
    left=$("$X" exec a ls /sys/class/net | grep -cx ba)
    [ $status = 0 ] || [ $left = 0 ] || [ "$("$X" exec a cat /sys/class/net/ba/netdev_group)" = 0 ] || { echo "left after $n"; exit 1; }
    "$X" exec a true || exit 1' link a,dev=ba,addr=10.1.0.1/24 b,dev=ab,addr=10.1.0.2/24
}

# ---- races ----

@test "40 parallel adds where there was no directory, with ip's own among them, 5 rounds (20 with XNS_LONG): all names, one mount" {
  need ip
  ip=$(type -P ip)
  try in_world_as_host '
    for round in $(seq "$2"); do
      for i in $(seq 30); do "$X" add n$i & done
      for i in $(seq 31 40); do "$1" netns add n$i & done
      wait
      [ "$(ls /run/netns | wc -l)" = 40 ] || { echo "round $round: $(ls /run/netns | wc -l) names"; exit 1; }
      for f in /run/netns/*; do [ "$(stat -fc %T "$f")" = nsfs ] || { echo "round $round: $f"; exit 1; }; done
      [ "$(grep -c " /run/netns .* - tmpfs xns " /proc/self/mountinfo)" = 1 ] || { echo "round $round: $(grep -c " /run/netns .* - tmpfs xns " /proc/self/mountinfo) mounts"; exit 1; }
      "$X" -all delete && umount /run/netns && rmdir /run/netns || exit 1
    done; echo done' "$ip" "$(times 5 20)"
  is "$output:$stderr" "done:"
}

@test "parallel adds and deletes of the same name: each ends, and nothing is left" {
  try in_world 'for i in $(seq 60); do "$X" add x 2>/dev/null & "$X" delete x 2>/dev/null & done; wait; "$X" delete --if-exists x; ls /run/netns; nsfs'
  is "$output" 0
}

# ---- what a review and a hunt found ----

@test "a batch: a NUL behind a continued line, a quote that is not closed, no room on standard output" {
  try in_world 'perl -e "print qq{list \\\\\n\0}, qq{A} x 3000, qq{\n#}, qq{B} x 2900, qq{\n#}, qq{C} x 2900, qq{\nlist\n} x 3" >/run/b; "$X" -force -batch /run/b; echo $?
    printf "add one\nadd \"two\nadd three\n" >/run/b; "$X" -force -batch /run/b; echo $?; ls /run/netns
    echo list >/run/b; "$X" -batch /run/b >/dev/full; echo $?; "$X" -batch /run/b >&-; echo $?'
  is "$output" "0${NL}1${NL}one${NL}1${NL}0"
  is "$stderr" "Unterminated quoted string${NL}write error: No space left on device${NL}Command failed /run/b:1"
}

@test "a stale entry is marked where the directory is no mount, whatever is mounted beside it" {
  try in_world 'mkdir /run/netns /run/lock; touch /run/netns/dead; mount -t tmpfs l /run/lock; "$X" list; "$X" list --all -l | grep -c "dead (stale)$"'
  is "$output" "dead${NL}1"
  is "$stderr" "Error: Peer netns reference is invalid: dead has no namespace.
xnetns: hint: xnetns prune removes names without a namespace"
}

@test "attach takes no socket, FIFO or other namespace, and leaves nothing" {
  need perl
  try in_world 'perl -MIO::Socket::UNIX -e "IO::Socket::UNIX->new(Local => q(/run/s), Listen => 1)"; mkfifo /run/f
    for file in /run/s /run/f /dev/null /proc/self/ns/uts; do timeout 5 "$X" attach a $file; echo $?; done; ls /run/netns'
  is "$output" "1${NL}1${NL}1${NL}1"
  is "$stderr" "$(printf '%s is no network namespace\n' /run/s /run/f /dev/null /proc/self/ns/uts)
xnetns: hint: /proc/self/ns/uts is a namespace of another kind, uts"
}

@test "delete --kill: who cannot look does not say that all has ended" {
  need strace
  try in_world '"$X" add a; "$X" exec a sh -c "trap \"\" TERM; echo >/run/ready; sleep 1000" & until [ -s /run/ready ]; do sleep 0.02; done
    strace -qq -o /dev/null -e inject=getdents64:error=EIO:when=2+ "$X" delete --kill a; echo $?; "$X" list; kill -KILL $("$X" pids a)'
  is "$output" "1${NL}a"
  is "$stderr" "cannot read /proc: Input/output error"
}

@test "pids without a proc says so" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  try in_world '"$X" add a; unshare --mount sh -c "$no_proc; \"\$X\" pids a"'
  is "$status:$output" "1:"
  is "$stderr" "cannot read /proc: No such file or directory${NL}xnetns: hint: /proc is not mounted"
}

@test "monitor of what is no directory, or of one that goes, ends with a message" {
  try in_world 'touch /run/netns; timeout 5 "$X" monitor; echo $?; rm /run/netns; mkdir /run/netns
    timeout 5 "$X" monitor & until grep -q inotify "/proc/$(pgrep -P $!)/fdinfo/"* 2>/dev/null; do sleep 0.02; done; rmdir /run/netns; wait $!; echo $?'
  is "$output" "1${NL}1"
  is "$stderr" "inotify_add_watch failed: Not a directory${NL}/run/netns is gone"
}

@test "list --all knows the names where the directory is a link" {
  try in_world 'mkdir /run/other; ln -s other /run/netns; "$X" add q; "$X" list --all | grep -c "^q"'
  is "$output" 1
}
