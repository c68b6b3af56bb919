#!/usr/bin/env bats
# xnetns: links between namespaces, exec, batch files, JSON, and what --dry-run and -x say of all that.
# alone: a look at /sys/class/net, which all network namespaces share in the kernel, can miss a device while another goes

# shellcheck disable=SC2016 # what other shells, and perl, expand
load ../lib/helpers
load ../lib/netns

@test "two namespaces ping each other at once, by both protocols, after two commands" {
  need ping
  try in_world 'for i in 1 2 3 4 5; do
      "$X" add --up a b && "$X" link a,addr=10.1.0.1/24,addr=fd00::1/64 b,addr=10.1.0.2/24,addr=fd00::2/64 || exit
      "$X" exec a ping -q -c1 -W1 10.1.0.2 | grep -o "1 received" && "$X" exec a ping -q -c1 -W1 fd00::2 | grep -o "1 received"
      "$X" delete a b || exit
    done'
  is "$status:$stderr" "0:"
  is "$(sort -u <<<"$output")" "1 received"
  is "$(wc -l <<<"$output")" 10
}

@test "TCP goes through a link to this namespace, by its gateway" {
  need perl
  need ip
  try in_world 'ip link set lo up; ip addr add 192.0.2.1/32 dev lo; "$X" add --up a && "$X" link a,dev=eth0,addr=10.1.0.2/24,gw=10.1.0.1 .,dev=to-a,addr=10.1.0.1/24 || exit
    perl -MIO::Socket::INET -e "\$s = IO::Socket::INET->new(Listen => 1, LocalAddr => \"192.0.2.1\", LocalPort => 7) or die \$!; open(F, \">\", \"$T/up\"); close F; \$c = \$s->accept; print \$c \"hello\n\"" &
    until [ -e "$T/up" ]; do sleep 0.02; done
    "$X" exec a perl -MIO::Socket::INET -e "\$s = IO::Socket::INET->new(PeerAddr => \"192.0.2.1:7\") or die \$!; print <\$s>"'
  is "$output:$stderr" "hello:"
}

@test "a device is called as the namespace that it leads to" {
  need ip
  try in_world 'names() { cut -d@ -f1 | cut -d" " -f1 | sort; }; "$X" add left "right side"; "$X" link left "right side"; "$X" exec left ip -br link | names; "$X" exec "right side" ip -br link | names; "$X" link left .; ip -br link | names; "$X" exec left ip -br link | names'
  is "$output" "lo${NL}right_side${NL}left${NL}lo${NL}left${NL}lo${NL}host${NL}lo${NL}right_side"
}

@test "a link that fails leaves nothing behind" {
  need ip
  try in_world '"$X" add a b; ip link add dev taken type veth peer name other
    for words in "a,dev=x b,dev=lo" "a .,dev=taken" "a,addr=1.2.3/24 b" "a,addr=10.0.0.1/33 b" "a,addr=10.0.0.1/24,addr=10.0.0.1/24 b" "a,gw=9.9.9.9 b" "a,addr=10.0.0.1/24 b,addr=10.0.0.2/24,gw=11.0.0.1" "a nope" "nope b" "a" "a b c" "a,foo b" "a,dev=abcdefghijklmnop b" "a,dev=a/b b" "../a b" ",dev=x b"; do
      "$X" link $words 2>"$T/err"; s=$?
      [ $s -ne 0 ] && [ -s "$T/err" ] || echo "link $words: $s"
      left=$("$X" exec a ls /sys/class/net; "$X" exec b ls /sys/class/net)
      [ "$left" = "lo
lo" ] || echo "left by $words: $left"
    done; ip -br link | wc -l; "$X" prune'
  is "$output" 3
}

@test "the words for what is wrong with a link" {
  try in_world '"$X" add a b; for words in "a,addr=1.2.3/24 b" "a nope" "a,foo=1 b" "a,dev= b" "a,dev=x b,dev=lo"; do "$X" link $words; echo $?; done'
  is "$stderr" "invalid address: '1.2.3/24'
Cannot open network namespace \"nope\": No such file or directory
unknown part of a link: 'foo=1'
xnetns: hint: one of these: dev= addr= gw=
invalid device name: ''
cannot make device x in \"a\" and lo in \"b\": File exists
xnetns: hint: \"b\" has a device lo: b,dev=NAME calls this one otherwise"
  is "$output" "255${NL}1${NL}255${NL}255${NL}2"
}

@test "prune takes all that links that were killed have left, also a hundred" {
  need ip
  try in_world '"$X" add a; for i in $(seq 100); do ip link add p$i group 0x786e7370 type veth peer name q$i netns a; done; ip link add dev keep type veth peer name other
    "$X" prune | grep -c "^device p"; ip -br link | wc -l; "$X" exec a ip -br link | wc -l; "$X" prune'
  is "$output:$stderr" "100${NL}3${NL}1:"
}

# ---- exec ----

@test "exec keeps the PID, passes the status, and leaves none of its descriptors" {
  try in_world '"$X" add a; bash -c "echo \$\$; exec \"\$X\" exec a sh -c \"echo \\\$\\\$; exit 7\""; echo $?; ls /proc/self/fd | tr "\n" " "; echo; "$X" exec a ls /proc/self/fd | tr "\n" " "'
  mapfile -t lines <<<"$output"
  is "${lines[0]}" "${lines[1]}"
  is "${lines[2]}" 7
  is "${lines[4]}" "${lines[3]}"
}

@test "exec --user has the user's groups, --env tells the name, --no-mounts leaves /sys" {
  need_root
  try world bash -c '
    mount -t tmpfs xns /run; "$0" add a; "$0" exec --user xnsplain a id; "$0" exec --user=64002 a id -u; "$0" exec --env a sh -c "echo \$NETNS"
    "$0" exec --no-mounts a findmnt -no SOURCE /sys; "$0" exec --user nobodyknows a true; echo $?; "$0" -all delete' "$XNETNS"
  has "$output" "uid=64001(xnsplain) gid=64001(xnsplain) groups=64001(xnsplain)${NL}64002${NL}a${NL}sysfs${NL}1"
}

@test "-netns runs a command in a namespace" {
  try in_world '"$X" add a; inode=$(stat -c %i /run/netns/a); "$X" -n a identify; "$X" --netns nope list; echo $?'
  is "$output" "a${NL}255"
}

# ---- batch ----

@test "a batch goes on behind a usage error with -force, and stops at it without" {
  try in_world 'printf "%s\n" "# names" "netns add \"a b\"" "" "frob" "add \\" "c" "add a/b" "exec c sh -c \"exit 3\"" "add d # done" >"$T/batch"
    "$X" -force -batch "$T/batch"; echo $?; ls /run/netns; "$X" -all del; "$X" -b "$T/batch" 2>/dev/null; echo $?; ls /run/netns; echo list | "$X" -b -'
  is "$output" "1${NL}a b${NL}c${NL}d${NL}1${NL}a b${NL}a b"
  is "$stderr" "Command \"frob\" is unknown, try \"xnetns help\".
Command failed $T/batch:4
Invalid netns name \"a/b\"
Command failed $T/batch:7
Command failed $T/batch:8"
}

# ---- what is there ----

@test "list --all has the namespaces of container engines and those without a name" {
  need perl
  try in_world 'mkdir -p /run/docker/netns; : >/run/docker/netns/web; unshare --net mount --bind /proc/self/ns/net /run/docker/netns/web; "$X" add a; "$X" set a 7; : >/run/netns/dead
    unshare --net sleep 1000 & until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.02; done
    "$X" list --all 2>/dev/null | grep -E "^(a|dead|/run/docker)" | sort; "$X" list --all 2>/dev/null | grep -c "^net:.$(stat -Lc %i /proc/$!/ns/net).$"
    "$X" -j list --all -l | perl -MJSON::PP -e "local \$/; for (@{decode_json(<STDIN>)}) { print join(\" \", map { \$_ // \"-\" } @\$_{qw(name id owner processes devices state)}), \"\n\" if \$_->{name} =~ /^(a|dead|.run.docker.*)\$/ }" | sort
    kill $!'
  is "$output" "/run/docker/netns/web
a (id: 7)
dead
1
/run/docker/netns/web - 0 0 1 -
a 7 0 0 1 -
dead - - - - stale"
}

@test "list --all -l: the owner's number and name, and of what has no name the lowest PID and its command" {
  need perl
  try in_world '"$X" add a; "$X" exec a sleep 41000 & named=$!
    unshare --net sh -c "sleep 41000 & exec sleep 41001" & first=$!
    setpriv --reuid 64001 --regid 64001 --clear-groups unshare -rn sleep 41002 & user=$!
    for pid in $named $first $user; do until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.02; done; done
    until [ -n "$(pgrep -P $first sleep)" ]; do sleep 0.02; done
    "$X" list --all -l >"$T/table"; grep -E " (a|sleep 4100[12])$" "$T/table" | sed -E "s/ $first / FIRST /; s/ $user / USER /; s/:.[0-9]*. / /; s/^ *[0-9]+ +//" | sort; head -n 1 "$T/table"
    "$X" list --all | grep -c sleep.4100; "$X" -n a list --all -l | grep -cE "^ *[0-9]+ +[-0-9]+ +0 root"
    "$X" -j list --all -l | perl -MJSON::PP -e "local \$/; for (@{decode_json(<STDIN>)}) { print join(\" \", map { \$_ // q(-) } @\$_{qw(owner user processes command)}), qq( ), (\$_->{pid} // 0) == $first ? 1 : 0, qq(\n) if \$_->{name} eq q(a) || (\$_->{command} // q()) =~ /^sleep 4100/ }" | sort
    kill $(pgrep -P $first) $named $first $user'
  is "$output" '-     0 root         1    1 a
-     0 root         2    1 net FIRST sleep 41001
- 64001 -            1    1 net USER sleep 41002
      INODE    ID OWNER USER     PROCS DEVS NAME
0
0
0 root 1 - 0
0 root 2 sleep 41001 1
64001 - 1 sleep 41002 0'
}

@test "JSON of odd names is read by a parser" {
  need perl
  try in_world '"$X" add "q\"u\\o" $'"'"'new\nline\ttab'"'"' "ü"; "$X" -j list | perl -MJSON::PP -e "local \$/; print scalar @{decode_json(<STDIN>)}, \"\n\"; "; "$X" -j -p list | perl -MJSON::PP -e "local \$/; print join(\"|\", sort map { \$_->{name} } @{decode_json(<STDIN>)}), \"\n\""'
  is "${output%%$'\n'*}" 3
  has "$output" $'new\nline\ttab|q"u\\o|'
}

@test "holders tells what keeps a namespace alive" {
  need perl
  try in_world '"$X" add a; "$X" exec a sleep 1000 & exec 9</run/netns/a; until grep -qsx sleep /proc/$!/comm; do sleep 0.02; done
    "$X" holders a | sed "s/$!/SLEEP/g; s/$$/BASH/g" | sort; kill $!'
  has "$output" "proc SLEEP sleep 1000"
  has "$output" "fd BASH:9"
  has "$output" "mount /run/netns/a"
}

@test "link: a % in a name is none of the kernel's templates" {
  try in_world '"$X" add a b "n%d"; "$X" link a,dev=x%d b; echo $?; "$X" link b "n%d"; "$X" exec a ls /sys/class/net; "$X" exec b ls /sys/class/net'
  is "$output" "255${NL}lo${NL}lo${NL}n_d"
  is "$stderr" "invalid device name: 'x%d'"
}

# ---- the tool shows itself ----

@test "a dry run makes nothing, and says the calls that -x and strace see" {
  need strace
  try in_world '"$X" --dry-run add --up a; find /run; "$X" -x add --up b 2>"$T/x"; sed "s/ = .*//" "$T/x"'
  is "$status" 0
  dry=$(sed '/^\/run$/,$d' <<<"$output")
  # shellcheck disable=SC2001 # more than one replacement
  is "$(sed 's#/run/netns/a#/run/netns/b#; /^sendto/s/([0-9]*</(N</; s/setns([0-9]*/setns(N/; s/flock([0-9]*/flock(N/' <<<"$dry")" \
    "$(sed '1,/^\/run$/d' <<<"$output" | sed '/MS_BIND|MS_REC/d; /MS_PRIVATE/,+1d; /^sendto/s/([0-9]*</(N</; s/setns([0-9]*/setns(N/; s/flock([0-9]*/flock(N/')"
}

# told_and_made WORDS: the calls of a dry run, and those that strace sees then, each with its first path; a dry run assumes that
# the directory is not there yet, so mkdir and what makes it a mount are left out.
told_and_made='told_and_made() {
    "$X" --dry-run "$@" | sed "s/^\[[a-z]*\] //; /^netns:/d; /^name /d; /^$/d" | calls >"$T/told"
    strace -f -qq -o "$T/strace" -s 4096 "$X" "$@" >/dev/null || echo "strace: $?"
    sed "s/^[0-9]* *//; /^execve.*xnetns/d; /ld.so/d; s/^clone(.*/fork()/" "$T/strace" |
      grep -E "^(flock|umount2|unlink|mount|setns|unshare|fork|fsopen|fsconfig|fsmount|open_tree|move_mount|kill|pidfd_send_signal|openat.*O_CREAT|sendto.*(NLM_F_ACK|RTM_NEW)|execve.* = 0)" |
      calls >"$T/made"
    cmp -s "$T/told" "$T/made" && echo "$1: $(wc -l <"$T/told")" || diff "$T/told" "$T/made"
  }
  calls() { grep -v "^mkdir\|MS_SHARED\|MS_PRIVATE\|\"/run/netns\", \"/run/netns\"" | sed -E "s/^([a-z0-9_]+)\([^\"]*(\"[^\"]*\")?.*/\1 \2/; s/^(sendto|kill).*/\1/"; }
  '

@test "a dry run of each command says the calls that strace sees" {
  need strace
  try in_world "$told_and_made"'"$X" add a b
    told_and_made add c; told_and_made add --up d; told_and_made delete d; told_and_made rename c d; told_and_made attach e /proc/self/ns/net
    told_and_made set a 5; told_and_made link a,addr=10.1.0.1/24 b,addr=fd00::1/64; : >/run/netns/dead; told_and_made prune
    told_and_made exec a /bin/true; told_and_made exec --no-mounts b /bin/true
    "$X" exec a sleep 60 & until grep -qsx sleep /proc/$!/comm; do sleep 0.02; done; told_and_made delete --kill a'
  is "$status:$stderr" "0:"
  diff=$(grep '^[<>]' <<<"$output" || :)
  is "$diff" ""
  is "$(grep -c '^[a-z]*: [1-9]' <<<"$output")" 11
}

@test "a dry run of -all exec, and of a batch, tells the forks" {
  try in_world '"$X" add a b; "$X" -all --dry-run exec /bin/true | grep -c "^fork()\|^\[child\] execve"; printf "add c\ndelete a\n" | "$X" --dry-run -batch - | grep -c "^fork()\|^\[child\] unlink\|^\[child\] openat"; "$X" list'
  is "$output" "4${NL}4${NL}b${NL}a"
}

@test "exec leaves the cgroup that ip vrf exec put it in" {
  cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [ -n "$cgroups" ] || skip "no cgroup2"
  in=$cgroups/xns-$$/vrf/red
  mkdir -p "$in"
  try in_world 'mount -t tmpfs xns /proc/sys/net; mkdir /proc/sys/net/vrf; "$X" add a; echo $$ >"'"$in"'/cgroup.procs"
    grep ^0: /proc/self/cgroup; "$X" exec a grep ^0: /proc/self/cgroup; echo $$ >"'"$cgroups"'/cgroup.procs"'
  rmdir "$in" "${in%/red}" "${in%/vrf/red}"
  is "$output" "0::/xns-$$/vrf/red${NL}0::/xns-$$"
}

@test "a dry run of each command makes nothing" {
  try in_world '"$X" add a b; before=$(ls -i /run/netns; cat /proc/self/mountinfo)
    for words in "add c" "delete a" "rename a c" "attach c $$" "link a b" "exec a touch $T/made" "prune" "set a 5" "delete --kill a"; do "$X" --dry-run $words >/dev/null || echo "$words: $?"; done
    [ "$(ls -i /run/netns; cat /proc/self/mountinfo)" = "$before" ] && echo same; ls "$T/made" 2>/dev/null; "$X" list; "$X" exec a ls /sys/class/net'
  is "$output" "same${NL}b${NL}a${NL}lo"
}

@test "started as ip it takes netns, and hands all else to the next ip in PATH" {
  try in_world 'mkdir /run/bin /run/other; cp "$X" /run/bin/xnetns; ln -s xnetns /run/bin/ip; ln -s ../bin/xnetns /run/other/ip
    printf "#!/bin/sh\necho other: \"\$@\"\n" >/run/other/real; mkdir /run/real; mv /run/other/real /run/real/ip; chmod +x /run/real/ip
    PATH=/run/bin:/run/other:/run/real:$PATH; ip netns add a b; ip net; ip -j n; ip link show; ip -br addr; ip -batch /dev/null; ip -V; ip; ip -n a link; ip -n a netns identify; ip -all netns exec echo hi
    PATH=/run/bin:/run/other ip link; echo $?'
  is "$output" "a
other: -j n
other: link show
other: -br addr
other: -batch /dev/null
other: -V
other:
other: -n a link
a

netns: a
hi
255"
  is "$stderr" "there is no other ip in PATH, for what is not netns"
}
