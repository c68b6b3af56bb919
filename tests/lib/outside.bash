# shellcheck shell=bash disable=SC2016,SC2034,SC2153,SC2154 # what shells inside expand; variables of and for the tests
# An outside for uplinks: a network of the tests' own, for the tests of a file together, with a way to a server, and no
# further. Nothing of the machine's network, /run or resolv.conf is used or changed.
#
#   here    192.0.2.2, 2001:db8::2; on its loopback port 7001 says "loopback", on all addresses 7002 "here"
#   server  192.0.2.3, 2001:db8::3 (the gateway is 192.0.2.1, 2001:db8::1); TCP port 7000 says "server", UDP port 7000 too; to its name server x.test is
#           203.0.113.1 and 2001:db8:1::1
#   by its /etc/resolv.conf here asks that one

setup_file() {
  local word missing=
  for word in ip perl nsenter; do command -v "$word" >/dev/null || missing=$word; done
  [ "$(id -u)" = 0 ] && [ -z "$missing" ] && [ -e /dev/net/tun ] || return 0
  OUT=$BATS_FILE_TMPDIR/outside
  export OUT
  mkdir "$OUT"
  chmod 755 "$BATS_FILE_TMPDIR" "$OUT"
  cp "$XNS_SRC/tests/lib/outside.pl" "$OUT/pl"
  unshare --mount --net --propagation private -- bash -c "$outside_script" outside "$OUT" >"$OUT/log" 2>&1 3>&- &
  echo $! >"$OUT/pid"
  local i
  for ((i = 0; i < 500; i++)); do
    [ ! -e "$OUT/up" ] || return 0
    sleep 0.02
  done
  cat "$OUT/log"
  return 1
}

outside_script='
  set -e
  out=$1 jobs=
  mount -t tmpfs -o mode=755 xns /run
  mkdir -m 755 /run/tun /run/user /run/user/64001
  chown 64001:64001 /run/user/64001; chmod 700 /run/user/64001
  mknod -m 666 /run/tun/tun c 10 200
  mount --bind /run/tun /dev/net
  echo nameserver 192.0.2.3 >/run/resolv.conf
  printf "%s\n" "passwd: files" "group: files" "hosts: files dns" >/run/nsswitch.conf
  for f in resolv.conf nsswitch.conf; do mount --bind /run/$f /etc/$f; done
  ip link set lo up
  unshare --net sleep 10000 & server=$!; echo $server >"$out/server"
  jobs="$jobs $server"
  until [ "$(readlink /proc/$server/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
  ip link add up0 type veth peer name s0 netns $server
  ip addr add 192.0.2.2/24 dev up0; ip -6 addr add 2001:db8::2/64 dev up0 nodad; ip link set up0 up
  there="nsenter --target $server --net --"
  $there ip link set lo up; for a in 192.0.2.3 192.0.2.1 2001:db8::3 2001:db8::1; do case $a in *:*) $there ip addr add $a/64 dev s0 nodad ;; *) $there ip addr add $a/24 dev s0 ;; esac; done
  $there ip link set s0 up
  ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8::1
  n=0
  # each is waited for, so that nothing is asked too early
  run() { n=$((n + 1)); "$@" >"$out/job.$n" & jobs="$jobs $!"; until [ -s "$out/job.$n" ]; do sleep 0.01; kill -0 $!; done; }
  run $there perl "$out/pl" tcp 0.0.0.0 7000 server
  run $there perl "$out/pl" tcp :: 7000 server
  run $there perl "$out/pl" udp 192.0.2.3 7000 server
  run $there perl "$out/pl" dns 192.0.2.3 203.0.113.1 2001:db8:1::1
  run perl "$out/pl" tcp 127.0.0.1 7001 loopback
  run perl "$out/pl" tcp 0.0.0.0 7002 here
  # the sleep too: who is left has the pipe of bats open, which waits for its end
  trap "kill $jobs \$!; exit 0" TERM
  >"$out/up"
  while :; do sleep 10000 & wait $! || :; kill $! 2>/dev/null || :; done
'

teardown_file() {
  [ -e "${OUT:-}/pid" ] || return 0
  local pid
  pid=$(<"$OUT/pid")
  kill -TERM "$pid" 2>/dev/null || :
  wait "$pid" 2>/dev/null || :
}

# $here CMD... and $plain CMD...: in that network, and its mounts, as root and as an ordinary user
setup() {
  xns_setup
  need_root
  [ -e "${OUT:-}/up" ] || skip "needs ip, perl, nsenter, and /dev/net/tun"
  export PL=$OUT/pl X=$XNETNS
  here="nsenter --target $(<"$OUT/pid") --net --mount --"
  plain="$here setpriv --reuid=$PLAIN --regid=$PLAIN --clear-groups env XDG_RUNTIME_DIR=/run/user/$PLAIN HOME=/run/user/$PLAIN"
}

# outside CMD...: the same where words stay whole
outside() {
  nsenter --target "$(<"$OUT/pid")" --net --mount -- "$@"
}

# engines_left: those that run in the outside's network, and who keeps them
engines_left() {
  local pid ns
  ns=$(readlink "/proc/$(<"$OUT/pid")/ns/net")
  for pid in $(pgrep -f '^(pasta|slirp4netns) -'); do
    [ "$(readlink "/proc/$pid/ns/net")" != "$ns" ] || tr '\0' ' ' <"/proc/$pid/cmdline"
  done
}

# no_engine: none is left
no_engine() {
  [ -z "$(engines_left)" ]
}
