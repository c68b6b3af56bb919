#!/usr/bin/env bats
# Targets by name in the place of a name, a PID or a file; whose the networks of list --all are, as far as cgroups say.
# shellcheck disable=SC2016,SC2034 # what other shells expand; what in_world reads

load ../lib/helpers
load ../lib/netns

# A container called web in a network of its own, and an engine that knows it; say CMD...: and its status
in_world='mkdir /run/bin; printf "%s\n" "#!/bin/sh" "echo \"\$@\" >>/run/asked" "[ \"\$4\" = web ] || { echo \"Error: No such container: \$4\" >&2; exit 1; }" "cat /run/pid" >/run/bin/docker
  chmod 755 /run/bin/docker; PATH=/run/bin:$PATH; unset DOCKER_HOST
  unshare --net sh -c "ip link add eth7 type veth peer name eth8; exec sleep 1000" & pid=$!; trap "kill $pid" EXIT
  until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done; echo $pid >/run/pid
  say() { "$@"; echo "= $?"; }; exec 2>&1'

@test "attach makes the network of a container a name; exec, link, identify, pids, holders, set take it as it is" {
  in_world+='
    say "$X" attach blue docker:web; say "$X" list; say "$X" exec docker:web ls /sys/class/net; say "$X" identify docker:web
    "$X" pids docker:web | sed "s/^$pid$/PID/"; "$X" holders docker:web | grep -c "^proc $pid sleep 1000"; say "$X" set docker:web 7; "$X" list
    "$X" add green; say "$X" link green,addr=10.0.0.1/24 docker:web,addr=10.0.0.2/24; say "$X" exec green ip -br link show dev web
    say "$X" exec docker:web ip -br -4 addr show dev green; say "$X" -n docker:web list-id'
  try in_world 'sort -u /run/asked'
  is "$(sed 's/@if[0-9]*//; s/ *UP .*/ UP/' <<<"$output")" '= 0
blue
= 0
eth7
eth8
lo
= 0
blue
= 0
PID
1
= 0
blue (id: 7)
= 0
web UP
= 0
green UP
= 0
nsid 0 (iproute2 netns name: green)
= 0
inspect --type=container --format={{.State.Pid}} web'
}

@test "what an engine does not know is the end of the command, and nothing is made; exec says it with status 255" {
  try in_world 'for line in "attach blue docker:no" "identify docker:no" "pids docker:no" "holders docker:no" "set docker:no 7" "link docker:no ." "exec docker:no true" "-n docker:no list"; do
      say "$X" $line; done; ls /run/netns
    say "$X" attach blue dokcer:web; say "$X" identify dokcer:web; say "$X" exec docker:-x true'
  is "$output" "$(for line in 1 1 1 1 1 1 255 255; do echo "Error: No such container: no${NL}docker:no: docker knows nothing of that name${NL}= $line"; done)
ls: cannot access '/run/netns': No such file or directory
Invalid PID: dokcer:web
xnetns: hint: did you mean docker?
= 1
Specified string 'dokcer:web' is not a pid
xnetns: hint: did you mean docker?
= 1
a name does not begin with -: 'docker:-x'
= 1"
}

@test "a name that there is comes before an engine's, netns: means a name, and ip asks where it takes a PID" {
  try in_world '"$X" add docker:web; say "$X" exec docker:web ls /sys/class/net; ls /run/asked; "$X" delete docker:web
    "$X" add blue; say "$X" exec netns:blue ls /sys/class/net; say "$X" attach red netns:blue; say "$X" identify netns:blue | sort; say "$X" pids netns:none
    say "$1" -t netns:blue -n ls /proc/self/ns/net; say "$1" -t netns:blue -a true; say "$1" -t netns:blue -n -m true; say "$1" -t netns:none -n true
    say "$2" --join net=netns:blue true; "$L" -n -p netns:blue -o NS,TYPE | sed "s/ *$(stat -c %i /run/netns/blue)/INODE/"; say "$L" -p netns:blue -t mnt; say "$L" -p netns:none
    say "$I" netns exec docker:web true; ls /run/asked; say "$I" netns attach yellow docker:web; say "$I" netns identify docker:web; say "$I" netns set docker:web 9' "$XNSENTER" "$XUNSHARE"
  is "$output" "lo
= 0
ls: cannot access '/run/asked': No such file or directory
lo
= 0
= 0
= 0
blue
red
Cannot open network namespace: No such file or directory
= 1
/proc/self/ns/net
= 0
= 0
xnsenter: netns:blue is a network, without a mount namespace
= 1
xnsenter: cannot open /run/netns/none: No such file or directory
= 1
= 0
INODE net
xlsns: netns:blue has no namespace of that type
= 1
xlsns: cannot open /run/netns/none: No such file or directory
= 1
Cannot open network namespace \"docker:web\": No such file or directory
= 255
ls: cannot access '/run/asked': No such file or directory
= 0
yellow
= 0
= 0"
}

@test "a container that ends while it is given a name has none; a dry run asks, and makes nothing" {
  try in_world '"$X" --dry-run attach blue docker:web | sed "s/$pid/PID/g; s/flock([0-9]*/flock(FD/"; ls /run/netns
    mkdir /run/netns; flock --no-fork /run/netns sleep 1000 & lock=$! # in a PID namespace, locks of processes that ended are not seen
    until [ "$(cat /proc/$lock/comm)" = sleep ]; do sleep 0.01; done
    "$X" attach blue docker:web >/run/out 2>&1 & x=$!
    until grep -q -- "-> FLOCK .* $x " /proc/locks; do sleep 0.01; done
    kill -9 $pid; while kill -0 $pid; do sleep 0.01; done 2>/dev/null; kill -9 $lock; wait $x; s=$?; sed "s/$pid/PID/" /run/out; echo "= $s"; ls /run/netns; grep -c /run/netns/blue /proc/self/mountinfo; trap - EXIT' 2>&1
  is "$(grep -v Killed <<<"$output")" '# docker:web is process PID, as docker says: docker inspect --type=container --format={{.State.Pid}} web answers PID
mkdir("/run/netns", 0755)
flock(FD</run/netns>, LOCK_EX)
mount("", "/run/netns", "none", MS_REC|MS_SHARED, NULL)
openat(AT_FDCWD, "/run/netns/blue", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 000)
mount("/proc/PID/ns/net", "/run/netns/blue", "none", MS_BIND, NULL)
ls: cannot access '\''/run/netns'\'': No such file or directory
docker:web: process PID has ended meanwhile
= 1
0'
}

@test "each line of a batch asks anew" {
  try in_world 'unshare --net sleep 1000 & other=$!; trap "kill $pid $other" EXIT; until [ "$(cat /proc/$other/comm)" = sleep ]; do sleep 0.01; done
    sed -i "4i[ \"\$(wc -l </run/asked)\" -le 2 ] || { echo $other; exit; }" /run/bin/docker
    printf "%s\n" "attach blue docker:web" "attach red docker:web" >/run/b; say "$X" -batch /run/b
    for name in blue red; do stat -c %i /run/netns/$name; done; for n in $pid $other; do stat -Lc %i /proc/$n/ns/net; done'
  is "$(head -n 1 <<<"$output")" "= 0"
  is "$(sed -n 2,3p <<<"$output")" "$(sed -n 4,5p <<<"$output")"
  isnt "$(sed -n 2p <<<"$output")" "$(sed -n 3p <<<"$output")"
}

@test "list --all says whose a network is by the cgroup of its first process, but not what is so of us" {
  id=$(printf 'c0ffee%.0s' {1..10})abcd name=xns-test-$$
  try in_world 'mkdir /run/cg; mount -t cgroup2 none /run/cg || exit; cd /run/cg; mkdir "'"$name"'" && cd "'"$name"'" || exit
    mkdir docker-'"$id"'.scope lxc.payload.web x.service plain; trap "kill -9 \$(jobs -p); cd /run/cg/'"$name"'; while rmdir */ 2>/dev/null; ls -d */ >/dev/null 2>&1; do sleep 0.05; done; cd ..; rmdir '"$name"'" EXIT
    for cg in docker-'"$id"'.scope lxc.payload.web x.service plain; do unshare --net sleep 41009 & echo $! >$cg/cgroup.procs; until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done; "$X" attach ${cg%%[-.]*} $!; done
    "$X" list --all | grep -E "^(docker|lxc|x|plain)" | sort; "$X" list --all -l | awk "\$7 ~ /^(docker|lxc|x|plain)\$/ { print \"-l\", \$7, \$8 }" | sed "s, *\$,," | sort; "$X" -j list --all | grep -oE "\"engine\":\"[^\"]*\"" | sort
    echo $$ >lxc.payload.web/cgroup.procs; "$X" list --all | grep -E "^lxc"; echo $$ >/run/cg/cgroup.procs' 2>&1
  [ -n "$output" ] || skip "needs a cgroup2 file system"
  is "$(grep -v -e Killed -e '^$' <<<"$output")" "docker (docker:c0ffeec0ffee)
lxc (lxc:web)
plain
x (unit:x.service)
-l docker (docker:c0ffeec0ffee)
-l lxc (lxc:web)
-l plain
-l x (unit:x.service)
\"engine\":\"docker:$id\"
\"engine\":\"lxc:web\"
\"engine\":\"unit:x.service\"
lxc"
}

@test "netns: is an ordinary user's own network for that user, whose owner is its user namespace" {
  try in_world 'mkdir -m 700 /run/u; chown "$PLAIN" /run/u; export XDG_RUNTIME_DIR=/run/u HOME=/run/u; u() { setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups -- "$@"; }
    "$X" add blue; u "$X" add blue; trap "kill $pid; u \"$X\" delete blue" EXIT
    for args in "-U -n" -a; do u "$1" -t netns:blue $args sh -c "id -u; ls /proc/self/ns/net"; done
    u "$2" --join user=netns:blue --join net=netns:blue id -u; u "$L" -n -p netns:blue -o TYPE; u "$X" exec netns:blue true; echo $?
    "$1" -t netns:blue -n stat -Lc %i /proc/self/ns/net | diff - <(stat -c %i /run/netns/blue); u "$1" -t netns:blue -m true' "$XNSENTER" "$XUNSHARE"
  is "$output" '0
/proc/self/ns/net
0
/proc/self/ns/net
0
net
0
xnsenter: netns:blue is a network, without a mount namespace'
}
