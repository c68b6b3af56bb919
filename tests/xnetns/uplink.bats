#!/usr/bin/env bats
# xnetns uplink: a way out of a named network, by each engine, as root and as an ordinary user; its end; exec --dns.
# shellcheck disable=SC2016,SC2034,SC2154,SC2046,SC2086 # what shells inside expand; variables of and for the tests

load ../lib/helpers
load ../lib/outside

# each CMD...: for each engine that is there, as root and as an ordinary user; $engine, $as
each() {
  for engine in pasta slirp4netns; do
    need "$engine"
    for as in "$here" "$plain"; do
      echo "$engine: $as"
      "$@"
    done
  done
}

records() {
  outside ls -A /run/xnetns /run/user/64001/xnetns 2>/dev/null | grep uplink || :
}

no_record() {
  [ -z "$(records)" ]
}

life() {
  try $as sh -c '"$X" add --up a && "$X" uplink --with '"$engine"' --port 8080:80 a && "$X" rename a b && "$X" exec b sh -c "
    ls /sys/class/net; perl \"\$PL\" ask-tcp 192.0.2.3 7000; getent ahostsv4 x.test | sed -n \"s/ *STREAM.*//p\"
    SECONDS_TO_WAIT=1 perl \"\$PL\" ask-tcp 192.0.2.1 7001; SECONDS_TO_WAIT=1 perl \"\$PL\" ask-tcp 10.0.2.2 7001"'
  is "$status:$stderr" "0:"
  is "$output" "lo${NL}uplink0${NL}server${NL}203.0.113.1${NL}nobody${NL}nobody"
  isnt "$(engines_left)" ""
  fails 1 $as "$X" uplink b
  has "$stderr" '"b" has an uplink already, which process '
  succeeds $as "$X" delete b
  is "$(engines_left):$(records)" ":"
}

@test "out by TCP, names, not to the loopback of outside; rename keeps the uplink, delete ends it" {
  each life
}

down() {
  succeeds $as "$X" add d
  succeeds $as "$X" uplink --with "$engine" d
  isnt "$(records)" ""
  succeeds $as "$X" uplink --down d
  is "$(engines_left):$(records)" ":"
  fails 1 $as "$X" uplink --down d
  is "$stderr" '"d" has no uplink'
  # again, and its keeper is killed: the engine goes, and the record is none
  succeeds $as "$X" uplink --with "$engine" d
  keeper=$(outside sh -c 'cat /run/xnetns/uplink-* /run/user/64001/xnetns/uplink-* 2>/dev/null' | sed -n 's/^\([0-9]*\) [0-9]*$/\1/p')
  kill -KILL "$keeper"
  wait_until no_engine
  wait_until gone "$keeper" # the engine sees the end of a descriptor of its, which comes a little earlier
  succeeds $as "$X" uplink --with "$engine" d
  succeeds $as "$X" delete d
  is "$(engines_left):$(records)" ":"
}

@test "--down takes it away; where its keeper was killed there is none, and another one can be had" {
  each down
}

@test "another's way of taking the name away ends the uplink as well; with another name it stays" {
  need pasta
  succeeds $here "$X" add e
  succeeds $here "$X" uplink --with pasta e
  succeeds $here "$X" attach f /run/netns/e
  succeeds $here "$X" delete e
  isnt "$(engines_left)" ""
  succeeds $here ip netns delete f
  wait_until no_engine
  wait_until no_record
}

@test "wrong words of uplink and of exec --dns" {
  succeeds $here "$X" add h
  local options
  for options in "--with foo h" "--port 80 h" "--port 1:2 --port 1:3 h" "--port 0:1 h" "--down --host-loopback h"; do
    fails 255 $here "$X" uplink $options
  done
  fails 1 $here "$X" uplink nope
  is "$stderr" 'Cannot open network namespace "nope": No such file or directory'
  fails 255 $here "$X" exec --dns x h true
  fails 255 $here "$X" exec --dns 1.2.3.4 --no-mounts h true
  fails 127 $here env PATH=/nowhere "$X" uplink h
  has "$stderr" "packages passt and slirp4netns"
  succeeds $here "$X" delete h
}

@test "exec --dns makes a resolv.conf, also where the namespace has an uplink" {
  for as in "$here" "$plain"; do
    succeeds $as "$X" add i
    succeeds $as "$X" exec --dns 127.0.0.1,::1 i cat /etc/resolv.conf
    is "$output" "nameserver 127.0.0.1${NL}nameserver ::1"
    succeeds $as "$X" delete i
  done
}

@test "exec says who is asked outside: the first service that asks others, on its own line" {
  export T
  succeeds $here "$X" add k
  printf 'hosts: files [oops\nnetgroup: nis\n' >"$T/unclosed"
  printf 'hosts: files [!UNAVAIL=return] mdns4 dns\n' >"$T/mdns"
  told() {
    $here unshare --mount sh -c 'mount --bind "$T/$1" /etc/nsswitch.conf && exec "$X" --dry-run exec k true' sh "$1"
  }
  succeeds told mdns
  has "$output" '# hosts are asked for outside as well: \"hosts: mdns4\" in /etc/nsswitch.conf; --dns keeps that in'
  succeeds told unclosed
  hasnt "$output" "asked for outside"
  has "$output" execve
}
