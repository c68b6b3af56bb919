#!/usr/bin/env bats
# xnetns as an ordinary user: networks of one's own, the process that holds them, and who does not get in.

# shellcheck disable=SC2001,SC2016,SC2034 # sed's; what other shells expand; what in_world reads
load ../lib/helpers
load ../lib/netns

setup() {
  xns_setup
  need_root
  need setpriv newuidmap ip
  world_has=(--pid --fork --mount-proc --kill-child)
  ETC=$(world_etc)
  export ETC
}

# as UID COMMAND...: as that user of the world's /etc; me: as the one without subordinate IDs
in_world='mount --bind "$ETC" /etc; mount -t tmpfs -o mode=1777 xns /mnt
  for u in 64001 64002; do mkdir -p /run/user/$u; chown $u:$u /run/user/$u; chmod 700 /run/user/$u; done
  as() { local u=$1; shift; setpriv --reuid $u --regid $u --clear-groups env XDG_RUNTIME_DIR=/run/user/$u HOME=/run/user/$u "$@"; }
  me() { as 64001 "$@"; }
  holder() { pgrep -u "${1:-64001}" -x xnetns-holder; }
  # traced OPTION... -- COMMAND...: as me, by strace, which lets go of the holder when the command has ended
  traced() {
    local o=() s; while [ "$1" != -- ]; do o+=("$1"); shift; done; shift; rm -f /mnt/done
    strace -I 2 -f -qq "${o[@]}" setpriv --reuid 64001 --regid 64001 --clear-groups env XDG_RUNTIME_DIR=/run/user/64001 HOME=/run/user/64001 sh -c "\"\$@\"; : >/mnt/done" sh "$@" & s=$!
    while [ ! -e /mnt/done ]; do sleep 0.01; done; { kill $s; wait $s; } 2>/dev/null
  }
  # lose: the holder is killed
  lose() { local h; h=$(holder) && kill -KILL $h && while [ -e /proc/$h ]; do sleep 0.02; done; }
  # gone: waits till no process of these users is left
  gone() { local n=0; while pgrep -u 64001,64002 >/dev/null && [ $((n += 1)) -lt 200 ]; do sleep 0.02; done; pgrep -au 64001,64002 || :; }
  cd /mnt
'

@test "a user's directories are for him alone, whatever his umask, and the programs have it as it was" {
  local mask
  for mask in 0 077 0177 0777; do
    try in_world 'umask '$mask'
      me "$X" add a b && me "$X" add c && me "$X" list | sort && me "$X" link a b && me "$X" exec a sh -c umask && me "$X" delete a b c
      stat -c %a /run/user/64001/netns /run/user/64001/xnetns; stat -c %a /run/user/64001/xnetns/*; gone'
    is "$status:$stderr" "0:"
    is "$output" "a${NL}b${NL}c${NL}$(printf %04o "$mask")${NL}700${NL}700${NL}600"
  done
}

@test "two names, a link and a ping, with and without subordinate IDs; /run/netns is left alone" {
  need ping
  try in_world 'for u in 64001 64002; do
      as $u "$X" add a b && as $u "$X" link a,addr=10.0.0.1/24 b,addr=10.0.0.2/24 && as $u "$X" exec a ping -qc 1 -W 5 10.0.0.2 | grep -o "1 received"
      as $u "$X" exec a ping -qc 1 -W 5 10.0.0.2 | grep -o "0% packet loss"
      as $u "$X" exec --root a cat /proc/self/uid_map | tr -s " "
      as $u "$X" list -l; as $u "$X" delete a b
    done; gone; ls -d /run/netns 2>&1; ls /run/user/*/netns'
  is "$status:$stderr" "0:"
  is "$output" "1 received
0% packet loss
 0 64001 1
a
b
1 received
0% packet loss
 0 64002 1
 1 700000 100
a
b
ls: cannot access '/run/netns': No such file or directory
/run/user/64001/netns:

/run/user/64002/netns:"
}

@test "the examples of the manual page and of the README work as an ordinary user" {
  need ping
  sed -n '/^\.Sh WITHOUT ROOT/,/^\.Ed/p' "$XNS_SRC/man/xnetns.8" | sed -n 's/^\$ //p' >"$T/page"
  sed -n '/^## Join two networks/,/^A way out/p' "$XNS_SRC/README.md" | sed -n 's/^    //p' >"$T/readme"
  [ "$(wc -l <"$T/page")" = 7 ] && [ "$(wc -l <"$T/readme")" = 4 ]
  try in_world 'mkdir /run/bin; ln -s "$X" /run/bin/xnetns; cat "$T/page" >/run/page; { cat "$T/readme"; echo "xnetns -all delete"; } >/run/readme
    for file in page readme; do as 64002 env PATH="/run/bin:$PATH" bash -e /run/$file | grep -o -e "0% packet loss" -e xnssub -e "10.1.0.1/24" -e "^left\$" || echo "$file: $?"; gone; done'
  is "$status:$stderr" "0:"
  is "$output" "0% packet loss
xnssub
10.1.0.1/24
left
0% packet loss
10.1.0.1/24"
}

# is_terminated: the shell says so of its job, bash 5.3 with the command behind it, and there is nothing else
is_terminated() {
  is "$(sed '1s/^Terminated  *setpriv .*/Terminated/' <<<"$stderr")" "Terminated"
}

@test "each command works on one's own names" {
  try in_world 'me "$X" add --up a; me "$X" add --if-missing a b; me "$X" list -l; me "$X" exec a sleep 1000 & until grep -qsx sleep /proc/$(me "$X" pids a)/comm; do sleep 0.02; done
    pid=$(me "$X" pids a); cat /proc/$pid/comm; me "$X" identify $pid; me "$X" holders a | sed "s/ $pid / PID /; s/ $(holder) / HOLDER /"
    me "$X" attach again $pid; me "$X" rename again more; me "$X" identify $pid | sort | xargs
    me "$X" link a b; me "$X" prune; me "$X" -n a list -l; me "$X" -n a set more 7; me "$X" -n a list-id | cut -d" " -f 1-3 | sort | xargs
    me "$X" -all exec cat /sys/class/net/lo/flags | sort | xargs; me "$X" delete --kill more; me "$X" list -l; me "$X" -j list | grep -o "{[^}]*}" | sort
    printf "%s\n" "add x y" "rename x z" "exec z id -u" "delete z" | me "$X" -b -; me "$X" list -l | xargs; me "$X" -all delete; me "$X" list; gone'
  is_terminated
  is "$output" "a
b
sleep
a
proc PID sleep 1000
mount HOLDER /run/user/64001/netns/a
mount PID /run/user/64001/netns/a
a more
a
b (id: 0)
more
nsid 0 (iproute2 nsid 7 (iproute2
0x8 0x9 0x9 netns: a netns: b netns: more
a
b
{\"name\":\"a\"}
{\"name\":\"b\"}
64001
a b y"
}

@test "a program runs as the user himself, without capabilities, where he is; --root and --user are root and others inside" {
  try in_world 'mkdir -p /mnt/d /etc/netns/a /run/user/64002/.config/netns/a; cd /mnt/d
    echo admin >/etc/netns/a/resolv.conf; echo admin >/etc/netns/a/hosts; echo own >/run/user/64002/.config/netns/a/hosts; touch /etc/resolv.conf /etc/hosts
    setpriv --reuid 64002 --regid 64002 --groups 64009 env XDG_RUNTIME_DIR=/run/user/64002 "$X" add a
    setpriv --reuid 64002 --regid 64002 --groups 64009 env XDG_RUNTIME_DIR=/run/user/64002 HOME=/run/user/64002 "$X" exec --env a sh -c "
      id -u; id -g; pwd; echo \$NETNS; grep CapEff /proc/self/status; cat /etc/resolv.conf /etc/hosts; ls /sys/class/net; touch /run/user/64002/made; ls -l /proc/\$\$/fd 2>/dev/null | grep -c -e net: -e /netns -e pidfd"
    stat -c %u:%g /run/user/64002/made; grep ^Groups /proc/self/status >/dev/null
    as 64002 "$X" exec --root a sh -c "id -u; id -g; grep CapEff /proc/self/status; ip link set lo up && cat /sys/class/net/lo/flags"
    as 64002 "$X" exec --user 33 a sh -c "id -u; id -g; touch /mnt/33"; as 64002 "$X" exec --user xnssub a id -u
    me "$X" add a; me "$X" exec --user 33 a true; echo $?
    me "$X" exec a sh -c "exit 7"; echo $?; me "$X" exec a /no/such; echo $?; me "$X" exec no true; echo $?
    me env HOME=/mnt/another "$X" exec a true; echo $?; install -d -m 700 /mnt/another; me env HOME=/mnt/another "$X" exec a true; echo $?'
  is "$output" "64002
64002
/mnt/d
a
CapEff:	0000000000000000
admin
own
lo
0
64002:64002
0
0
CapEff:	000001ffffffffff
0x9
33
33
64002
1
7
1
255
0
0"
  is "$stderr" "setgroups failed: Operation not permitted
xnetns: hint: an ordinary user is root in his networks, and root is the only user there: it takes subordinate IDs of his in /etc/subuid and /etc/subgid, and newuidmap, when the first name is made, to have more
exec of \"/no/such\" failed: No such file or directory
Cannot open network namespace \"no\": No such file or directory"
}

@test "who holds them has a session of his own, nothing of the caller's, little memory, and does not poll" {
  : >"$T/in"
  try in_world 'cd /mnt; me "$X" add a b <"$T/in" 9>"$T/nine"; h=$(holder); echo "$h" | wc -l
    [ "$(ps -o sid= -p $h | xargs)" = $h ] && echo session; [ "$(ps -o ppid= -p $h | xargs)" = 1 ] && echo nobodys
    readlink /proc/$h/cwd; for f in /proc/$h/fd/*; do readlink $f; done; grep -E "^Threads" /proc/$h/status | tr -s "\t" " "
    awk "/^RssAnon:/ { print \$2 }" /proc/$h/status >"$T/kb"
    grep ^voluntary /proc/$h/status >"$T/before"; me "$X" list >/dev/null; sleep 0.3; grep ^voluntary /proc/$h/status | cmp - "$T/before" && echo asleep
    me "$X" delete a; sleep 0.2; [ "$(holder)" = $h ] && echo stays; me "$X" delete b; gone; ls -A /run/user/64001/netns
    me "$X" add a b; rm -rf /run/user/64001/netns; gone; echo gone; me "$X" list; me "$X" add c && me "$X" list'
  echo "$(<"$T/kb") kB"
  [ -n "${XNS_SANITIZED:-}" ] || [ "$(<"$T/kb")" -lt 200 ]
  is "$output" "1
session
nobodys
/
anon_inode:inotify
/run/user/64001/xnetns/holder
Threads: 1
asleep
stays
gone
c"
}

@test "another group, supplementary groups and what is not for him in /etc/netns are no obstacle; monitor tells; CAP_SYS_ADMIN means /run/netns" {
  try in_world 'g() { setpriv --reuid 64001 --regid "$1" --groups 64009 env XDG_RUNTIME_DIR=/run/user/64001 HOME=/ "${@:2}"; }
    echo secret >/mnt/f; chown 0:64009 /mnt/f; chmod 040 /mnt/f; mkdir -p /etc/netns/a; chmod 700 /etc/netns/a; echo x >/etc/netns/a/hosts
    me "$X" monitor >/mnt/seen & m=$!; until [ -d /run/user/64001/netns ]; do sleep 0.02; done; n=0; until grep -q "^add b" /mnt/seen || [ $((n += 1)) = 50 ]; do me "$X" add b; me "$X" delete b; sleep 0.1; done; kill $(pgrep -x xnetns); wait $m; grep -m 1 b /mnt/seen
    g 64001 "$X" add a; g 64001 "$X" exec a cat /mnt/f; g 64008 "$X" exec a sh -c "id -u; id -g; cat /mnt/f"
    mkdir /run/netns; unshare -n touch /run/netns/roots; "$X" add r; setpriv --reuid 64001 --regid 64001 --clear-groups --inh-caps +sys_admin --ambient-caps +sys_admin "$X" list 2>/dev/null; me "$X" list; me "$X" delete a; gone'
  is_terminated
  is "$output" "add b
secret
64001
64001
secret
r
roots
a"
}

@test "this network namespace is out of reach, and the way out is named; by the name ip all is as it was" {
  try in_world 'exec 2>&1; me "$X" add a; me "$X" link a .; echo $?; me "$X" link . .; echo $?; me "$X" set a 7; echo $?; "$X" add roots; me "$I" netns list; me "$I" netns add b; me "$I" netns delete roots | head -n 1; me "$X" list; me "$X" delete a; gone'
  is "$(grep -v "^ip: hint" <<<"$output")" "this network namespace cannot be linked to by an ordinary user
xnetns: hint: xnetns uplink a gives \"a\" a way out
1
this network namespace cannot be linked to by an ordinary user
1
RTNETLINK answers: Operation not permitted
xnetns: hint: it is this network namespace that would give \"a\" an ID, which an ordinary user has no right to; one of his own does: xnetns -netns NAME set a ID
2
roots
mount --make-shared /run/netns failed: Operation not permitted
Cannot remove namespace file \"/run/netns/roots\": Permission denied
a"
}

@test "networks of other user namespaces of his, as his containers have, are attached, entered, looked at and ended" {
  try in_world 'as 64001 unshare -rn sleep 1000 & until pgrep -u 64001 -x sleep >/dev/null; do sleep 0.02; done; p=$(pgrep -u 64001 -x sleep)
    me "$X" add own; me "$X" attach x $p; me "$X" list -l
    me "$X" exec x id -u; me "$X" exec x readlink /proc/self/ns/net | grep -cxF "$(readlink /proc/$p/ns/net)"; me "$X" exec --root x sh -c "id -u; ip link set lo up && ls /sys/class/net"
    me "$X" exec $p id -u; me "$X" exec /proc/$p/ns/net id -u; me "$X" -n x list -l; me "$X" -n own list -l; me "$X" -n own add inner; echo "$?"; me "$X" prune; me "$X" -n x add z; echo "$?"
    me "$X" pids x | sed "s/^$p\$/PID/"; me "$X" identify $p; me "$X" holders x | sed "s/ $p / PID /" | grep proc; me "$X" -all exec id -u | sort | xargs
    me "$X" -x exec x true 2>&1 | grep -o -m 2 "^setns(.*" | sed "s/[0-9]*</</"; me "$X" exec 1 true; echo $?
    me "$X" delete --kill x own; gone'
  is "$output" "own
x
64001
1
0
lo
64001
64001
own
x
own
x
0
name inner
1
PID
x
proc PID sleep 1000
64001 64001 netns: own netns: x
setns(<user>, CLONE_NEWUSER) = 0
setns(</run/user/64001/netns/x>, CLONE_NEWNET) = 0
255"
}

@test "when who holds them is killed, the next command says what is lost, cleans up and goes on; podman's names stay" {
  try in_world 'me "$X" add a b; echo podman >/run/user/64001/netns/p; : >/run/user/64001/netns/netns-1; chown 64001 /run/user/64001/netns/*; chmod 444 /run/user/64001/netns/netns-1
    me "$X" list -l; lose; me "$X" list; echo $?; ls /run/user/64001/netns; me "$X" list
    me "$X" add c; me "$X" prune; me "$X" -all delete; gone; ls /run/user/64001/netns
    for c in "add d" "exec d true" "delete d" "rename d e" "-n d list" "link d e" "prune"; do me "$X" add d; lose; echo "$c"; me "$X" $c 2>&1; echo "$? $(me "$X" list)"; me "$X" -all delete; done'
  is "$output" "a
b
0
netns-1
p
netns-1
p
add d
$lost d
0 d
exec d true
$lost d
Cannot open network namespace \"d\": No such file or directory
255 
delete d
$lost d
Cannot remove namespace file \"/run/user/64001/netns/d\": No such file or directory
1 
rename d e
$lost d
Cannot open network namespace \"d\": No such file or directory
1 
-n d list
$lost d
Cannot open network namespace \"d\": No such file or directory
255 
link d e
$lost d
Cannot open network namespace \"d\": No such file or directory
1 
prune
$lost d
0 "
  is "$(sed 's/: .*//' <<<"$stderr")" "${lost%:}"
  is "$(sed 's/.*: //' <<<"$stderr" | tr ' ' '\n' | sort | xargs)" "a b"
}
lost="the process that held these networks has ended, and they with it:"

@test "another user cannot list, enter or kill them; root sees whose they are" {
  try in_world 'me "$X" add a; me "$X" exec a sleep 1000 & until grep -qsx sleep /proc/$(me "$X" pids a)/comm; do sleep 0.02; done; p=$(me "$X" pids a)
    export XDG_RUNTIME_DIR=/run/user/64001; he() { setpriv --reuid 64002 --regid 64002 --clear-groups "$@"; }
    for c in list "exec a true" "delete a" "add b" "-n a list"; do he "$X" $c 2>&1 | head -n 1; done
    XDG_RUNTIME_DIR=/run/user/64002 he "$X" exec $p true 2>&1 | sed -n "1s/$p/PID/p"; he kill $p 2>&1 | grep -o "not permitted"; he kill $(holder) 2>&1 | grep -o "not permitted"; he nsenter -t $(pgrep -x xnetns-holder) -U true 2>&1 | head -n 1 | grep -cE "Permission denied|Operation not permitted"
    he ls /proc/$(holder)/root/run/user/64001/netns 2>&1 | grep -o "Permission denied"
    unset XDG_RUNTIME_DIR; "$X" list --all -l | grep "/netns/a$" | tr -s " " | cut -d " " -f 4,5,8; "$X" list; [ -e /run/netns ] || echo none'
  is "$output" "cannot open /run/user/64001: Permission denied
cannot open /run/user/64001: Permission denied
cannot open /run/user/64001: Permission denied
cannot open /run/user/64001: Permission denied
cannot open /run/user/64001: Permission denied
Cannot open network namespace \"PID\": Permission denied
not permitted
not permitted
1
Permission denied
64001 xnsplain /run/user/64001/netns/a
none"
}

@test "the directories are the user's alone, and no link; without one a hint says what it takes" {
  try in_world 'exec 2>&1; r=/run/user/64001; bare() { setpriv --reuid 64001 --regid 64001 --clear-groups env -u XDG_RUNTIME_DIR "$@"; }
    at() { bare env XDG_RUNTIME_DIR="$1" "$X" "${@:2}" 2>&1 | grep -v "^xnetns: hint"; }
    at run list; at /no/such list; chmod 770 $r; at $r list; at $r add a; chmod 700 $r; at /run add a; at /etc/passwd list
    ln -s $r /run/user/link; at /run/user/link add a; at "/$(printf %5000s)" list | tr -d " "
    ln -s /run $r/netns; at $r list; at $r add a; rm $r/netns; mkdir $r/netns; at $r add a; at $r list; chown 64001 $r/netns; chmod 777 $r/netns; at $r add a; chmod 700 $r/netns
    ln -s /run $r/xnetns; at $r add a; rm $r/xnetns; mkdir -m 700 $r/xnetns; chown 64001 $r/xnetns; ln -s ../x $r/xnetns/holder; at $r add a; rm $r/xnetns/holder; ls -A $r $r/*
    bare "$X" add a && bare "$X" list; bare env XDG_RUNTIME_DIR= "$X" -all delete; gone; rm -rf $r; bare "$X" list; echo $?; bare "$X" help list | head -n 1; ls -A /run /run/user'
  is "$output" "XDG_RUNTIME_DIR is no absolute path: \"run\"
cannot open /no/such: No such file or directory
/run/user/64001 can be written to by others
/run/user/64001 can be written to by others
/run belongs to user 0, and not to user 64001
cannot open /etc/passwd: Not a directory
/run/user/link is a symbolic link, which is not followed here
cannotopen/:Filenametoolong
/run/user/64001/netns is a symbolic link, which is not followed here
/run/user/64001/netns is a symbolic link, which is not followed here
/run/user/64001/netns belongs to user 0, and not to user 64001
/run/user/64001/netns belongs to user 0, and not to user 64001
/run/user/64001/netns can be written to by others
/run/user/64001/xnetns is a symbolic link, which is not followed here
cannot open xnetns/holder: Too many levels of symbolic links
/run/user/64001:
netns
xnetns

/run/user/64001/netns:

/run/user/64001/xnetns:
a
XDG_RUNTIME_DIR is not set, and there is no /run/user/64001: No such file or directory
xnetns: hint: the networks of an ordinary user are named in XDG_RUNTIME_DIR, a directory that is made at login (pam_systemd(8)); XDG_RUNTIME_DIR=DIR is any that is the user's alone
1
  list
/run:
mount
user

/run/user:
64002
link"
}

@test "whoever is killed at whichever of his calls as the first name is made: no name lies, nobody is left, the next add works" {
  local inject=$BATS_FILE_TMPDIR/inject
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime makes calls of its own"
  case $(uname -m) in x86_64 | aarch64) ;; *) skip "needs x86-64 or arm64: inject.c does not know how a call is skipped here" ;; esac
  export lost long=${XNS_LONG:+1}
  build inject <"$XNS_SRC/tests/faults/inject.c" && cp "$T/inject" "$inject"
  try in_world 'cd /mnt; export XDG_RUNTIME_DIR=/run/user/64001; I=$1
    "$I" -u 64001 -l /mnt/all -o /dev/null "$X" add a; me "$X" delete a; gone
    # those of who holds them; of the command and of the one between some
    cut -d: -f 1-3 /mnt/all | uniq | awk -v long=$long "/^2:/ || long || NR % 9 == 0" >/mnt/list; [ "$(grep -c ^2: /mnt/list)" -gt 20 ] || echo "too few"
    for f in $(</mnt/list); do
      rm -rf /run/user/64001/*; "$I" -u 64001 -f "$f:KILL" -o /mnt/status "$X" add a 2>/mnt/err; read -r status </mnt/status
      # what it says it has made is there, or is said to be lost
      list=$(me "$X" list 2>&1 | tr "\n" " ")
      case $status:$list in "status 0:a " | "missed status 0:a " | "status 0:$lost a " | status\ 1: | signal\ 9: | "signal 9:$lost a " | "status 1:$lost a " | "signal 9:a " | "signal 9:Error: Peer netns reference is invalid: a has no namespace."*) ;; *) echo "$f: $status: $list $(</mnt/err)" ;; esac
      me "$X" exec a true 2>/dev/null; [ "$?:$list" = "0:a " ] || [ "$?" != 0 ] || echo "$f lies"
      me "$X" add --if-missing a b && [ "$(me "$X" list -l | xargs)" = "a b" ] && me "$X" exec a true && [ "$(holder | wc -l)" = 1 ] || echo "$f: next"
      me "$X" -all delete; gone
    done 2>&1; wc -l </mnt/list >&2' "$inject"
  echo "$stderr"
  is "$output" ""
}

@test "completions offer the user's own names, and root's to root" {
  need fish
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  cp -r "$XNS_BUILD/completions" "$T/completions"
  try in_world 'cp -r "$T/completions" /mnt/c; me "$X" add own; "$X" add roots
    echo "source /mnt/c/fish/xnetns.fish; complete -C \"xnetns exec \"" >/mnt/f
    echo ". /mnt/c/bash/xnetns; COMP_LINE=\"xnetns exec \" COMP_POINT=12 COMP_WORDS=(xnetns exec \"\") COMP_CWORD=2; _xnetns; printf \"%s\n\" \"\${COMPREPLY[@]}\"" >/mnt/b
    for who in me command; do for shell in "bash /mnt/b" "fish --no-config /mnt/f"; do $who $shell 2>&1 | grep -xE "own|roots"; done; done
    setpriv --reuid 64001 --regid 64001 --clear-groups env -u XDG_RUNTIME_DIR bash /mnt/b | grep -xE "own|roots"'
  is "$output:$stderr" "own${NL}own${NL}roots${NL}roots${NL}own:"
}

@test "20 names have one holder; 40 parallel adds, and as many deletes, leave what they say" {
  export rounds=${XNS_LONG:+20}
  try in_world 'me "$X" add $(seq 20) && me "$X" list -l | wc -l; holder | wc -l; me "$X" -all exec true | grep -c netns:; me "$X" -all delete; gone
    for ((r = 0; r < ${rounds:-2}; r++)); do
      for i in {1..40}; do me "$X" add n$i || echo "add n$i: $?" & done; wait
      [ "$(me "$X" list | wc -l):$(holder | wc -l):$(me "$X" -all exec true | grep -c netns:)" = 40:1:40 ] || { echo "round $r:"; me "$X" list; holder; }
      for i in {1..40}; do me "$X" delete n$i || echo "delete n$i: $?" & done; me "$X" add other; wait
      [ "$(me "$X" list):$(holder | wc -l)" = other:1 ] || { echo "round $r, deleted:"; me "$X" list; holder; }
      me "$X" delete other; gone
    done'
  is "$output:$stderr" "20${NL}1${NL}20:"
}

@test "a dry run tells the calls that are made: who holds them, the way there, the program as oneself" {
  need strace
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime makes calls of its own"
  # the calls that change something, whoever makes them: but netlink's, which strace writes otherwise, and those of who asks for subordinate IDs
  try in_world 't=/mnt/t; mkdir -m 777 $t; calls() { grep -E "^(mkdir|flock|setsid|unshare|setns|chdir|mount|umount2|unlink|fsopen|fsconfig|fsmount|open_tree|move_mount|close_range)\(|^openat.*O_(WRONLY|RDWR)|^write\(.*</proc|^fcntl.*F_SETLK" "$1" |
      grep -v -e /dev/null -e /mnt/done | sed -E "s/ <unfinished \.\.\.>\$/)/; s/ += .*//; s,/proc/[0-9]+/,/proc/PID/,g; s/\b[0-9]+</</g; s/<[^>]*(holder|pid:|netns|anon_inode|mount|sysfs)[^>]*>/<>/g; s/<\/>/<>/g; s/0x[0-9a-f]{6,}|\"none\"/NONE/g; s/AT_FDCWD<[^>]*>/AT_FDCWD/g; s,</sys/fs/cgroup>,<>,; s,/proc/self/,/proc/PID/,g" | sort -u; }
    for c in "add a" "add b" "exec a true" "exec --root a true" "rename b c" "-n a list" "attach d 1" "delete a" "-all delete"; do
      c=${c/ 1/ $$}; me "$X" --dry-run $c 2>&1 | sed "s/^\[helper\] //" >$t/told
      traced -y -s 200 -o $t/trace -- "$X" $c >/dev/null 2>&1
      sed -E "0,/execve\(\"[^\"]*xnetns\"/d; s/^[0-9]+ +//" $t/trace >$t/made
      diff <(calls $t/told) <(calls $t/made) >$t/diff && [ -s $t/told ] || { echo "$c:"; cat $t/diff; }
    done; gone'
  is "$output:$stderr" ":"
}

@test "inside of a program the names are seen; from another user or PID namespace nothing is told, and nothing removed" {
  try in_world 'me "$X" add a b; me "$X" exec a sh -c "\"\$1\" list -l; \"\$1\" exec b true; echo \$?; \"\$1\" delete b; echo \$?" sh "$X" 2>&1 | grep -v hint:
    me unshare -cn "$X" list 2>&1 | sed "s/$(holder)/PID/"; me unshare -cpf --mount-proc "$X" prune 2>&1; me unshare -c "$X" delete a 2>&1 | head -n 1 | sed "s/$(holder)/PID/"
    me "$X" exec a "$X" add c 2>&1; me "$X" exec a "$X" delete a 2>&1 | grep hint:
    cd /run/user/64001; mkdir deleted; cd deleted; rmdir ../deleted; me "$X" exec a sh -c "echo runs"; me "$X" list -l'
  is "$output" "a
b
setting the network namespace \"b\" failed: Operation not permitted
255
Cannot remove namespace file \"/run/user/64001/netns/b\": Device or resource busy
1
the networks are held by process PID, to which there is no way from here: Permission denied
xnetns: hint: this process is in a user or PID namespace below the one in which xnetns was run; it can be run there
the networks are held by a process of another PID namespace, to which there is no way from here
xnetns: hint: this process is in a user or PID namespace below the one in which xnetns was run; it can be run there
the networks are held by process PID, to which there is no way from here: Permission denied
mount --make-shared /run/user/64001/netns failed: Operation not permitted
xnetns: hint: this process is in a user or PID namespace below the one in which xnetns was run; it can be run there
xnetns: hint: this process is in a user or PID namespace below the one in which xnetns was run; it can be run there
runs
a
b"
}

@test "no user namespace, no inotify, no room: a message and its reason, and nothing is left" {
  need strace
  try in_world 'exec 2>&1; no() { traced -o /dev/null -e trace=$1 -e inject=$1:error=$2 -- "$X" add a; me "$X" list; gone; ls /run/user/64001/netns; }
    no unshare ENOSPC; no unshare EPERM; no inotify_init1 EMFILE; no setsid EPERM; no close_range ENOMEM; me "$X" add a && me "$X" list'
  is "$(sed "s/[0-9]\{3,\}/N/g" <<<"$output")" "unshare failed: No space left on device
xnetns: hint: /proc/sys/user/max_mnt_namespaces is N; that, or the same of an outer user namespace, is reached
xnetns: hint: /proc/sys/user/max_user_namespaces is N; that, or the same of an outer user namespace, or a nesting of 32, is reached
unshare failed: Operation not permitted
inotify_init failed: Too many open files
xnetns: hint: /proc/sys/fs/inotify/max_user_instances is N; that is reached
setsid failed: Operation not permitted
cannot close the descriptors: Cannot allocate memory
a"
}
