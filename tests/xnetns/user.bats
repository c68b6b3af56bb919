#!/usr/bin/env bats
# xnetns as an ordinary user: networks of one's own, the process that holds them, and who does not get in.

# shellcheck disable=SC2016,SC2034 # what other shells expand; what in_world reads
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
in_world='mount --bind "$ETC" /etc; mount -t tmpfs -o mode=755 xns /mnt
  for u in 64001 64002; do mkdir -p /run/user/$u; chown $u:$u /run/user/$u; chmod 700 /run/user/$u; done
  as() { local u=$1; shift; setpriv --reuid $u --regid $u --clear-groups env XDG_RUNTIME_DIR=/run/user/$u HOME=/run/user/$u "$@"; }
  me() { as 64001 "$@"; }
  holders() { pgrep -u "${1:-64001}" -x xnetns; }
  # gone: waits till no process of these users is left
  gone() { local n=0; while pgrep -u 64001,64002 >/dev/null && [ $((n += 1)) -lt 200 ]; do sleep 0.02; done; pgrep -au 64001,64002; }
  cd /mnt
'

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

@test "each command works on one's own names" {
  try in_world 'me "$X" add --up a; me "$X" add --if-missing a b; me "$X" list -l; me "$X" exec a sleep 1000 & until [ -n "$(me "$X" pids a)" ]; do sleep 0.02; done
    pid=$(me "$X" pids a); cat /proc/$pid/comm; me "$X" identify $pid; me "$X" holders a | sed "s/$pid/PID/"
    me "$X" attach again $pid; me "$X" rename again more; me "$X" identify $pid | sort | xargs
    me "$X" link a b; me "$X" prune; me "$X" -n a list -l; me "$X" -n a set more 7; me "$X" -n a list-id | cut -d" " -f 1-3 | sort | xargs
    me "$X" -all exec cat /sys/class/net/lo/flags | sort | xargs; me "$X" delete --kill more; me "$X" list -l; me "$X" -j list | grep -o "{[^}]*}" | sort
    printf "%s\n" "add x y" "rename x z" "exec z id -u" "delete z" | me "$X" -b -; me "$X" list -l | xargs; me "$X" -all delete; me "$X" list; gone'
  is "$stderr" "Terminated"
  is "$output" "a
b
sleep
a
proc PID sleep 1000
mount /run/user/64001/netns/a
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
