#!/usr/bin/env bats
# xunshare --uplink: a way out of a new network, by each engine, as root and as an ordinary user; whom programs in there ask
# for hosts; and that nothing stays.
# shellcheck disable=SC2016,SC2034,SC2154,SC2046,SC2086 # what shells inside expand; variables of and for the tests

load ../lib/helpers
load ../lib/outside

# each CMD...: for each engine that is there, as root, as root with a user namespace and as an ordinary user; $engine
each() {
  local as
  for engine in pasta slirp4netns; do
    need "$engine"
    for as in "$here $XUNSHARE" "$here $XUNSHARE -r" "$plain $XUNSHARE -r"; do
      echo "$engine: $as"
      start_tool=$as
      "$@"
    done
  done
}

# tool ARG...: xunshare as that one
tool() {
  $start_tool --uplink="$engine" "$@"
}

all_answers() {
  try tool --host-loopback sh -c 'ip -4 route | grep -c "^default .* uplink0"
    perl "$PL" ask-tcp 192.0.2.3 7000; perl "$PL" ask-udp 192.0.2.3 7000; getent ahostsv4 x.test | sed -n "s/ *STREAM.*//p"; cat /proc/self/fd/7 2>&1
    gateway=$(ip -4 route | sed -n "s/^default via \([^ ]*\).*/\1/p"); perl "$PL" ask-tcp $gateway 7001
    n=0; until [ "$(SECONDS_TO_WAIT=1 perl "$PL" ask-tcp 2001:db8::3 7000)" = server ] || [ $((n += 1)) = 40 ]; do sleep 0.1; done
    perl "$PL" ask-tcp 2001:db8::3 7000; exit 7'
  is "$status:$stderr" "7:"
  is "$output" "1
server
server
203.0.113.1
cat: /proc/self/fd/7: No such file or directory
loopback
server"
}

@test "out by TCP, UDP and IPv6, names, and the loopback of outside by the gateway with --host-loopback" {
  each all_answers
  wait_until no_engine
}

alone() {
  try tool sh -c 'export SECONDS_TO_WAIT=1; gateway=$(ip -4 route | sed -n "s/^default via \([^ ]*\).*/\1/p")
    perl "$PL" ask-tcp $gateway 7001; perl "$PL" ask-tcp 127.0.0.1 7001; cat /run/nscd/socket 2>&1
    ps -o stat=,args= --ppid $$ | grep -c "[p]asta -f\|[s]lirp4netns -c"; ls -l /proc/self/fd | grep -c -e socket -e "ns/" -e tun'
  is "$output" "nobody${NL}nobody${NL}cat: /run/nscd/socket: No such file or directory${NL}0${NL}0"
  is "$stderr" ""
}

@test "the loopback of outside is out of reach; the engine is no child of the program, which has none of its descriptors" {
  each alone
}

# Each time others, as an engine that was killed leaves some in use for a while.
ports_in() {
  port=$((${port:-8000} + 10))
  start $start_tool --uplink="$engine" --port $port:80 --port $((port + 1)):81/udp --port 127.0.0.1:$((port + 2)):80 --port $((port + 3)):79 \
    perl -e 'for (["tcp", 80, "0.0.0.0"], ["asked", 79, "0.0.0.0"], ["udp", 81, "0.0.0.0"], ["tcp", 80, "::"]) { fork or exec "perl", $ENV{PL}, @$_[0, 2, 1], "inside" } 1 while wait > 0'
  soon answers "$here" tcp 127.0.0.1 $port
  soon answers "$here" tcp 127.0.0.1 $((port + 2))
  # another machine; pasta of 2023 does not pass on to one what a server says that has not been asked anything
  soon answers "nsenter --target $(<"$OUT/server") --net --" asked 192.0.2.2 $((port + 3))
  # of UDP the server outside asks; the loopback gets no answer through a gateway that hides it
  soon answers "nsenter --target $(<"$OUT/server") --net --" udp 192.0.2.2 $((port + 1))
  is "$(SECONDS_TO_WAIT=1 outside perl "$PL" ask-tcp 192.0.2.2 80)" nobody
  kill -KILL "$pid" $(descendants "$pid")
  wait_until no_engine
  is "$(outside ls -A /run /run/user/64001 | grep xns-uplink)" ""
}

# answers WHERE PROTOCOL ADDRESS PORT; soon CMD...: within a few tries
answers() {
  [ "$(SECONDS_TO_WAIT=1 $1 perl "$PL" "ask-$2" "$3" "$4")" = inside ]
}
soon() {
  local i
  for i in 1 2 3 4 5 6; do
    "$@" && return 0
    sleep 0.3
  done
  return 1
}

@test "--port: ports in, of all addresses or one, TCP and UDP; the engine ends with a program that is killed" {
  wait_until no_engine
  # what needs no right: numbers above 1023 outside, and inside root's
  each ports_in
}

killed() {
  start $start_tool --uplink="$engine" $1 sleep 1000
  wait_until descendant_runs "$pid" sleep
  isnt "$(engines_left)" ""
  kill -KILL "$pid"
  wait_until no_engine
}

descendant_runs() {
  local p
  for p in "$1" $(descendants "$1"); do runs "$p" "$2" && return 0; done
  return 1
}

@test "the engine ends with xunshare, however it ends: as the program, as who waits for it, with a child alone in the namespaces" {
  each killed
  for options in --fork "--fork --kill-child" "--pid --init" "--clone" "--join=uts=/proc/self/ns/uts"; do
    engine=pasta start_tool="$here $XUNSHARE -r" killed "$options"
  done
}

@test "signals and the status are the program's" {
  need pasta
  fails_quietly() { try "$@"; is "$status:$output$stderr" "$expected:"; }
  expected=3 fails_quietly outside "$XUNSHARE" -r --uplink=pasta sh -c 'exit 3'
  expected=143 fails_quietly outside bash -c 'exec 2>/dev/null; "$0" -r --uplink=pasta sh -c "kill \$\$" 2>/dev/null; exit $?' "$XUNSHARE"
  try outside "$XUNSHARE" --uplink=pasta sh -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status'
  is "$output" "$(outside sh -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status')"
  wait_until no_engine
}

@test "who waits for the end of the output, or has an ignored SIGPIPE or SIGCHLD, is served as well" {
  need pasta slirp4netns
  for engine in pasta slirp4netns; do
    is "$(timeout 20 nsenter --target "$(<"$OUT/pid")" --net --mount -- sh -c 'trap "" PIPE CHLD; "$0" --uplink='$engine' echo done 2>&1 | cat' "$XUNSHARE")" "done"
    # what the program leaves behind it keeps the pipe, not the engine
    is "$(outside "$XUNSHARE" --uplink=$engine sh -c 'sleep 0.1 </dev/null >/dev/null 2>&1 & echo done')" "done"
  done
  wait_until no_engine
}

# ---- what goes wrong ----

@test "an engine that is not there: the status of a missing program, and where it is to be had" {
  fails 127 outside env PATH=/nowhere "$XUNSHARE" --uplink /bin/true
  is "$stderr" "xunshare: failed to execute pasta: No such file or directory
xunshare: hint: neither pasta nor slirp4netns is installed; they are in the packages passt and slirp4netns"
  fails 127 outside env PATH=/nowhere "$XUNSHARE" --uplink=slirp4netns /bin/true
  is "$stderr" "xunshare: failed to execute slirp4netns: No such file or directory
xunshare: hint: slirp4netns is not installed; it is in the package slirp4netns"
  mkdir "$T/bin"
  touch "$T/bin/pasta"
  fails 126 outside env PATH="$T/bin" "$XUNSHARE" --uplink=pasta /bin/true
  is "$stderr" "xunshare: failed to execute pasta: Permission denied"
}

# fake NAME: an engine that does what is on standard input
fake() {
  mkdir -p "$T/bin"
  { echo '#!/bin/sh'; cat; } >"$T/bin/$1"
  chmod 755 "$T/bin/$1"
}

@test "an engine that fails: what it said, its status, and nothing is left" {
  fake pasta <<<'echo one >&2; echo two >&2; exit 9'
  fails 1 outside env PATH="$T/bin:$PATH" "$XUNSHARE" -m --net="$T/net" --uplink=pasta true
  is "$stderr" "one${NL}two${NL}xunshare: pasta failed with status 9"
  [ ! -e "$T/net" ]
  fake pasta <<<'kill -TERM $$'
  fails 1 outside env PATH="$T/bin:$PATH" "$XUNSHARE" --uplink=pasta true
  is "$stderr" "xunshare: pasta was killed by signal 15"
  # a great deal, without a line in it, and never ready; a line that is nearly its PID
  fake pasta <<<'head -c 1000000 /dev/zero >&2; printf "\n0$$\n${$}1\n" >&2; exit 0'
  fails 1 outside env PATH="$T/bin:$PATH" "$XUNSHARE" --uplink=pasta true
  is "${stderr##*"$NL"}" "xunshare: pasta failed with status 0"
  [ "${#stderr}" -gt 65536 ] && [ "${#stderr}" -lt 65700 ]
  # no interpreter
  printf '#!/no/such\n' >"$T/bin/pasta"
  fails 127 outside env PATH="$T/bin:$PATH" "$XUNSHARE" --uplink=pasta true
  has "$stderr" "xunshare: failed to execute $T/bin/pasta: No such file or directory"
  # not what a shell would run
  echo 'echo by a shell' >"$T/bin/pasta"
  fails 126 outside env PATH="$T/bin:$PATH" "$XUNSHARE" --uplink=pasta true
  hasnt "$stderr$output" "by a shell"
}

@test "an engine that never answers: after ten seconds it is ended, with what it has started" {
  fake pasta <<<'echo hm >&2; trap "" TERM; sleep 1000 & sleep 1000'
  fails 1 outside env PATH="$T/bin:$PATH" "$XUNSHARE" --uplink=pasta true
  is "$stderr" "hm${NL}xunshare: pasta has not said within 10 seconds that the network is up"
  is "$(unset XNS_TEST && exec grep -lzxF "XNS_TEST=$T" /proc/[0-9]*/environ 2>/dev/null)" ""
}

@test "no route outside: the engine says so, or goes on without" {
  need pasta
  try outside unshare --net pasta --runas 0 --config-net true
  if [[ $stderr == *"local mode"* ]]; then # since November 2024
    succeeds outside unshare --net "$XUNSHARE" --uplink=pasta true
    is "$stderr" ""
    return
  fi
  fails 1 outside unshare --net "$XUNSHARE" --uplink=pasta true
  has "$stderr" "External interface not usable"
  has "$stderr" "xunshare: pasta failed with status 1"
}

@test "a program that is not there, with an uplink: 127, and no engine is left" {
  need pasta
  for options in "" -f -r "-r -S 0"; do
    # shellcheck disable=SC2086 # words
    fails 127 outside "$XUNSHARE" $options --uplink=pasta /no/such
  done
  wait_until no_engine
}

@test "wrong words for --uplink, --port and --dns, one line each that quotes them" {
  local line n=0
  while IFS='|' read -r options word; do
    # shellcheck disable=SC2086 # words
    fails 1 "$XUNSHARE" $options true
    is "$(grep -vc hint: <<<"$stderr")" 1
    has "$stderr" "'$word'"
    n=$((n + 1))
  done <<'END'
--uplink=foo|foo
--uplink=past|past
--uplink --port=80|80
--uplink --port=80:|
--uplink --port=:80|
--uplink --port=0:80|0
--uplink --port=80:0|0
--uplink --port=65536:80|65536
--uplink --port=80:65536|65536
--uplink --port=99999999999999999999:1|99999999999999999999
--uplink --port=-1:80|-1
--uplink --port=+1:80|+1
--uplink --port=8x:80|8x
--uplink --port=80:80/sctp|sctp
--uplink --port=80:80/|
--uplink --port=80:80/udp/tcp|udp/tcp
--uplink --port=1.2.3:80:80|1.2.3
--uplink --port=1.2.3.256:80:80|1.2.3.256
--uplink --port=::1:80:80|::1
--uplink --port=[::1:80:80|[::1
--uplink --port=[]:80:80|[]
--uplink --port=[1.2.3.4]:80:80|[1.2.3.4]
--uplink --port=[::g]:80:80|[::g]
--uplink --port=localhost:80:80|localhost
--uplink --port=80:80 --port=80:81|80:81
--dns=|
--dns=x|x
--dns=1.2.3.4,|
--dns=1.2.3.4,,5.6.7.8|
--dns=1.2.3|1.2.3
--dns=fe80::1%eth0|fe80::1%eth0
END
  is "$n" 31
  fails 1 "$XUNSHARE" --port=80:80 true
  has "$stderr" "need --uplink"
  fails 1 "$XUNSHARE" --host-loopback true
  need slirp4netns
  fails 1 "$XUNSHARE" --uplink=slirp4netns --port='[::1]:80:80' true
  is "$stderr" "xunshare: --port '[::1]:80:80': slirp4netns forwards ports of IPv4 only"
}

# ---- names ----

@test "names: /etc/resolv.conf of a root of one's own, a link, one that leads nowhere, none" {
  for root in "--root $T/root" "--new-root=$T/root" "--new-root --bind $T/root:/"; do
    for what in file link dangling; do
      rm -rf "$T/root"
      mkdir -p "$T/root"/{etc,bin,lib,run,tmp}
      for d in bin lib lib64 usr proc; do mkdir -p "$T/root/$d"; done
      case $what in
        file) echo old >"$T/root/etc/resolv.conf" ;;
        link) echo old >"$T/root/run/x"; ln -s ../run/x "$T/root/etc/resolv.conf" ;;
        dangling) ln -s ../run/none "$T/root/etc/resolv.conf" ;;
      esac
      echo "$root $what"
      try private sh -c 'for d in bin lib lib64 usr; do mount --rbind /$d "$1/$d" 2>/dev/null; done; shift; exec "$@"' sh "$T/root" \
        "$XUNSHARE" $root --net --dns 192.0.2.9 cat /etc/resolv.conf
      case $what:$root in
        dangling:--new*) is "$status" 1; has "$stderr" "mount of /etc/resolv.conf failed: No such file or directory" ;;
        *) is "$output:$stderr" "nameserver 192.0.2.9:" ;;
      esac
      [ "$what" != file ] || is "$(<"$T/root/etc/resolv.conf")" old
    done
  done
  # a fresh root gets one
  ok --new-root --bind /usr --bind /lib --bind /lib64:/lib64:optional --net --dns 192.0.2.9 /usr/bin/cat /etc/resolv.conf
  is "$output" "nameserver 192.0.2.9"
}

# ---- what is told ----

@test "--dry-run tells what strace sees, of xunshare, of the keeper and of the engine's start; -x the same" {
  need strace pasta slirp4netns
  local options
  for options in "--uplink=pasta" "-r --uplink=pasta --port 8080:80 --host-loopback" "--uplink=slirp4netns" "-rf --uplink=slirp4netns --dns 192.0.2.1" \
    "-r --clone --uplink=pasta" "--net --dns 192.0.2.1,::1" "--new-root=/ --uplink=pasta"; do
    echo "xunshare $options"
    # shellcheck disable=SC2086 # words
    outside "$XUNSHARE" --dry-run $options true >"$T/dry"
    # shellcheck disable=SC2086
    timeout 30 nsenter --target "$(<"$OUT/pid")" --net --mount -- strace -f -qq -s 4096 -o "$T/strace" "$XUNSHARE" $options true </dev/null # the numbers of descriptors are followed
    awk -f "$XNS_SRC/tests/lib/strace-normalize" -v told=1 "$T/dry" >"$T/dry.normal"
    awk -f "$XNS_SRC/tests/lib/strace-normalize" "$T/strace" >"$T/strace.normal"
    diff -U 100 "$T/dry.normal" "$T/strace.normal"
    hasnt "$(<"$T/dry")" "(-1<"
    case $options in *uplink*) grep -q '^engine execve' "$T/dry.normal" && grep -q '^keeper pidfd_send_signal' "$T/dry.normal" ;; esac
  done
  try outside "$XUNSHARE" -x --uplink=pasta true
  has "$stderr" '[engine] execve("'
}
