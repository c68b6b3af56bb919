#!/usr/bin/env bats
# xlsns: what a process, a descriptor, a socket and a namespace cost in system calls, and that nothing else is read. Times
# are in bench/list.
# alone: counts the calls of a look at all processes

# shellcheck disable=SC2016 # what other shells, and perl, expand
load ../lib/helpers

setup() {
  xns_setup
  need_root
  need strace
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime makes calls of its own"
}

# in_world CMD...: in a PID namespace where there are CMD and what it starts
in_world() {
  unshare --mount --pid --fork --mount-proc --kill-child -- "$@"
}

# calls SCRIPT ARG...: the system calls of xlsns ARG... in such a world, after SCRIPT
calls() {
  local script=$1
  shift
  in_world bash -c "$script"'
    strace -f -qq -o "$0/trace" "$@" >/dev/null' "$T" "$XLSNS" "$@"
  grep -c . "$T/trace"
}

# sleepers N [REDIRECTION]: a script that starts N processes with no descriptors but those
sleepers() {
  # shellcheck disable=SC2016 # for the shell inside
  echo 'for fd in /proc/$$/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || eval "exec $fd>&-"; done'
  echo "for i in \$(seq $1); do sleep 1000 <&- >&- 2>&- ${2:-} & done; until [ \$(pgrep -xc sleep) = $1 ]; do sleep 0.02; done;"
}

@test "one more process costs at most 16 calls" {
  few=$(calls "$(sleepers 10)")
  many=$(calls "$(sleepers 110)")
  echo "$few, $many: $(((many - few) / 100))"
  [ $((many - few)) -gt 1000 ]
  [ $((many - few)) -le 1600 ]
}

@test "one more process without descriptors costs at most 14 calls" {
  few=$(calls "$(sleepers 10)")
  many=$(calls "$(sleepers 110)")
  echo "$few, $many"
  mapfile -t sizes < <(stat -c %s /proc/self/fd) # Linux before 6.2 does not count them
  [ "${sizes[0]}" = 0 ] || [ $((many - few)) -le 1400 ]
}

@test "one more descriptor costs one call" {
  few=$(calls "$(sleepers 50 '0</dev/null')") # without any, the kernel is not asked for them
  many=$(calls "$(sleepers 50 '0</dev/null 1</dev/null 2</dev/null')")
  echo "$few, $many"
  [ $((many - few)) = 100 ]
  # with a gap before the last one they are listed, after four numbers that are not there
  apart=$(calls "$(sleepers 50 '0</dev/null 1</dev/null 99</dev/null')")
  echo "$apart"
  [ $((apart - many)) -le 400 ]
}

@test "a socket costs at most 4 calls more, once, whoever has it" {
  need perl
  # shellcheck disable=SC2016 # for the shell inside
  open='perl -MSocket -e '\''$^F = 99; for (1 .. shift) { socket(my $s, AF_INET, SOCK_DGRAM, 0); push @s, $s }
    for (1 .. shift) { $p = fork; exec "sleep", "1000" if !$p } open(F, ">", "'$T/up'"); sleep 1000'\'
  none=$(calls "rm -f $T/up; $open 0 10 & until [ \$(pgrep -xc sleep) = 10 ]; do sleep 0.02; done;")
  some=$(calls "rm -f $T/up; $open 50 10 & until [ \$(pgrep -xc sleep) = 10 ]; do sleep 0.02; done;")
  # 11 processes with 50 descriptors more each; the sockets are 50
  echo "$none, $some: $((some - none - 11 * 50)) for 50 sockets"
  [ $((some - none - 11 * 50)) -le 200 ]
}

@test "the calls grow with the processes and no faster" {
  one=$(calls "$(sleepers 100)")
  two=$(calls "$(sleepers 200)")
  three=$(calls "$(sleepers 300)")
  echo "$one, $two, $three"
  [ $((three - two)) -le $((two - one + 20)) ]
}

@test "--task with columns that count nothing looks at that process alone, in under 300 calls" {
  n=$(calls "$(sleepers 50)" -p 1 -o NS,TYPE,PATH)
  echo "$n"
  [ "$n" -lt 300 ]
  is "$(grep -oE '"/proc/[0-9]+' "$T/trace" | sort -u)" '"/proc/1'
}

@test "a command line and a stat are read of the processes that are shown, and only where a column wants them" {
  calls "$(sleepers 50)" >/dev/null
  [ "$(grep -c '"cmdline"' "$T/trace")" -lt 10 ]
  [ "$(grep -c '"stat"' "$T/trace")" -lt 10 ]
  calls "$(sleepers 50)" -o NS,TYPE,NPROCS,PID >/dev/null
  is "$(grep -cE '"(cmdline|stat|status|cgroup|uid_map|gid_map)"' "$T/trace" || :)" 0
}

@test "the kernel is asked once for each namespace" {
  calls "$(sleepers 50)" >/dev/null
  owners=$(grep -c 'NS_GET_USERNS' "$T/trace")
  calls "$(sleepers 150)" >/dev/null
  is "$(grep -c 'NS_GET_USERNS' "$T/trace")" "$owners"
}

@test "with --list and --task nothing is opened but what the columns need" {
  calls : -p 1 -o NS >/dev/null
  is "$(grep -cE 'mountinfo|NETLINK|pidfd|listns|"fd"' "$T/trace" || :)" 0
}

@test "--dot: the calls grow with the veth pairs and no faster, where all have the same indexes" {
  # Every pair is numbers 2 and 2, of two namespaces that are far from each other.
  pairs='mount -t tmpfs xns /run; mkdir /run/netns
    for side in a b; do for i in $(seq $pairs); do echo "netns add $side$i"; done; done >/run/batch
    for i in $(seq $pairs); do echo "link add v netns a$i type veth peer name w netns b$i"; done >>/run/batch
    ip -batch /run/batch; '
  need ip
  few=$(calls "pairs=20;$pairs" --dot -t net)
  many=$(calls "pairs=40;$pairs" --dot -t net)
  echo "$few, $many: $(grep -c setns "$T/trace") times setns"
  [ "$few" -gt 1000 ]
  [ $((10 * many)) -le $((22 * few)) ]
}
