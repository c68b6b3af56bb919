#!/usr/bin/env bats
# xlsns: its own columns, --filter, --dot, and what each option needs. What lsns has too is held against it in parity/.
# alone: two looks at all processes have to see the same

# shellcheck disable=SC2016 # what other shells, and perl, expand
load ../lib/helpers

inode() {
  stat -Lc %i "$1"
}

# of INODE COLUMNS [OPTION...]: the fields of its row, raw
of() {
  local inode=$1 columns=$2
  shift 2
  "$XLSNS" -rn -o "NS,$columns" "$@" | awk -v inode="$inode" '$1 == inode { $1 = ""; print substr($0, 2) }'
}

# json PERL: what the expression makes of the JSON on standard input, $_
json() {
  need perl
  perl -MJSON::PP -e 'local $/; $_ = decode_json(<STDIN>); print join("\n", '"$1"'), "\n"'
}

# mapped: in $target, a process in a user namespace of 0…9, which are 300000…300009 outside, and 12
mapped() {
  need_root
  new_target -U
  printf '0 300000 10\n12 5 1\n' >"$T/map" # the kernel takes one write
  cat "$T/map" >"/proc/$target/uid_map"
  printf '0 300000 10\n' >"/proc/$target/gid_map"
}

@test "UIDMAP and GIDMAP are those of a user namespace, as --map-users takes them" {
  mapped
  is "$(of "$(inode "/proc/$target/ns/user")" UIDMAP,GIDMAP)" "0:300000:10,12:5:1 0:300000:10"
  is "$(of "$(inode "/proc/$target/ns/uts")" UIDMAP,GIDMAP)" ""
}

@test "a list of several is an array in JSON" {
  mapped
  is "$("$XLSNS" -J -t user -o NS,UIDMAP,HOLDERS |
    json 'map { @{$_->{uidmap}}, @{$_->{holders}} } grep { $_->{ns} == '"$(inode "/proc/$target/ns/user")"' } @{$_->{namespaces}}')" \
    "0:300000:10${NL}12:5:1${NL}proc"
}

@test "OWNER is who made a user namespace, or the one that owns another" {
  need_root
  as_new_target "$PLAIN" -Urn
  is "$(of "$(inode "/proc/$target/ns/user")" OWNER)" "$PLAIN"
  is "$(of "$(inode "/proc/$target/ns/net")" OWNER)" "$PLAIN"
  is "$(of "$(inode /proc/self/ns/uts)" OWNER)" "0(root)"
}

@test "OWNER has the name of the user" {
  need_root
  as_new_target "$PLAIN" -Ur
  inode=$(inode "/proc/$target/ns/user")
  is "$(world "$XLSNS" -rn -t user -o NS,OWNER | grep "^$inode ")" "$inode $PLAIN(xnsplain)"
}

@test "DEPTH counts the parents of user and PID namespaces" {
  need_root
  new_target -Ur unshare -Ur
  wait_until runs "$target" sleep
  own=$(of "$(inode /proc/self/ns/user)" DEPTH)
  is "$(of "$(inode "/proc/$target/ns/user")" DEPTH)" $((own + 2))
  is "$(of "$(inode "/proc/$target/ns/uts")" DEPTH)" ""
}

@test "NSPID is the PID as seen inside" {
  need_root
  new_target -p -f
  is "$(of "$(inode "/proc/$target/ns/pid")" PID,NSPID)" "$target 1"
}

@test "NSID is the 64-bit id" {
  need_root
  new_target -u
  build nsid <"$XNS_SRC/tests/matrix/nsid.c"
  id=$("$T/nsid" "/proc/$target/ns/uts") || skip "before Linux 6.18 namespaces have no ids"
  is "$(of "$(inode "/proc/$target/ns/uts")" NSID)" "$id"
}

@test "CGROUP is the cgroup, CONTAINER the container's name in it" {
  need_root
  grep -q '^0::' /proc/self/cgroup || skip "there is no cgroup of version 2"
  id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  start unshare --mount --uts sh -c '
    mkdir "$1/cg" && mount -t cgroup2 xns "$1/cg" && mkdir -p "$1/cg/xns-$$/docker-$0.scope" &&
      echo 0 >"$1/cg/xns-$$/docker-$0.scope/cgroup.procs" && exec sleep 1000' "$id" "$T"
  wait_until runs "$pid" sleep
  out=$(of "$(inode "/proc/$pid/ns/uts")" CGROUP,CONTAINER)
  kill -KILL "$pid"
  wait "$pid" || :
  private sh -c 'mount -t cgroup2 xns "$1" && until rmdir "$1/xns-$0/docker-$2.scope" "$1/xns-$0"; do sleep 0.1; done' "$pid" "$T/cg" "$id"
  has "$out" "/docker-$id.scope $id"
}

@test "a + adds to the usual columns, of which net has two more" {
  is "$("$XLSNS" -r -o +NSID | head -n 1)" "NS TYPE NPROCS PID USER COMMAND NSID"
  is "$("$XLSNS" -r -t net -o +DEPTH | head -n 1)" "NS TYPE NPROCS PID USER NETNSID NSFS COMMAND DEPTH"
}

@test "--output-all is each column, under lsns's name each of lsns's" {
  is "$("$XLSNS" --output-all -r | head -n 1)" "$("$XLSNS" -Hr | cut -d' ' -f1 | paste -sd' ')"
  is "$("$BIN/lsns" --output-all -r | head -n 1)" "NS TYPE PATH NPROCS PID PPID COMMAND UID USER NETNSID NSFS PNS ONS"
}

@test "a column may be named in any case, and twice" {
  is "$("$XLSNS" -r -o nsid,NsId,HOLDERS -p $$ | head -n 1)" "NSID NSID HOLDERS"
}

@test "--filter needs libsmartcols 2.40, and says so, or it filters" {
  need_root
  new_target -u
  inode=$(inode "/proc/$target/ns/uts")
  try "$XLSNS" -rn -o NS --filter "TYPE == \"uts\" and PID == $target"
  if grep -q '^#define HAVE_SCOLS_NEW_FILTER 1' "$XNS_BUILD/config.h"; then
    is "$status:$output:$stderr" "0:$inode:"
    is "$("$XLSNS" -rn -o NS -Q "HOLDERS =~ \"proc\" and NS == $inode")" "$inode"
    is "$("$XLSNS" -rn -o NS,TYPE -Q "NS == $inode" -T)" "$inode uts"
    fails 1 "$XLSNS" -Q 'NOSUCH == 1'
    is "${stderr%%"$NL"*}" "xlsns: unknown column: NOSUCH"
    fails 1 "$XLSNS" -Q 'NS =='
    has "$stderr" 'xlsns: failed to parse "NS ==": '
  else
    is "$status:$output" "1:"
    [[ $stderr =~ ^xlsns:\ --filter\ needs\ libsmartcols\ 2.40\ or\ newer,\ and\ this\ was\ built\ with\ 2\.3[89] ]]
  fi
}

@test "options may follow the namespace" {
  is "$("$XLSNS" "$(inode /proc/self/ns/uts)" -rn -o PID | grep -cx $$)" 1
}

@test "a namespace that nobody is in lists no process" {
  need_root
  : >"$T/uts"
  try private sh -c 'unshare -u mount --bind /proc/self/ns/uts "$1" && "$0" "$(stat -c %i "$1")"' "$XLSNS" "$T/uts"
  is "$status:$output:$stderr" "0::"
}

@test "PATH with --task is that process's, and can be entered" {
  need_root
  new_target -u sh -c 'sleep 1000 & exec sleep 1000'
  child_of "$target"
  path=$("$XLSNS" -p "$child" -t uts -rn -o PATH)
  is "$path" "/proc/$child/ns/uts"
  is "$(nsenter --uts="$path" readlink /proc/self/ns/uts)" "uts:[$(inode "/proc/$target/ns/uts")]"
}

@test "--dot draws owners, parents, processes and veth links" {
  need_root
  need ip
  start unshare --net --uts sh -c 'ip link add west type veth peer name east && unshare -Un sh -c "until ip link show east; do sleep 0.02; done; exec sleep 1000" &
    until ip link set east netns $! 2>/dev/null && [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ] && ! ip link show east; do sleep 0.02; done >/dev/null 2>&1
    exec sleep 1000'
  child_of "$pid"
  wait_until runs "$child" sleep
  wait_until runs "$pid" sleep
  succeeds "$XLSNS" --dot
  outer=$(inode "/proc/$pid/ns/net") inner=$(inode "/proc/$child/ns/net") user=$(inode "/proc/$child/ns/user")
  first=${output%%$'\n'*} last=${output##*$'\n'}
  is "$first" "digraph namespaces {"
  is "$last" "}"
  has "$output" "ns$user [label=\"user $user\""
  has "$output" "ns$(inode /proc/self/ns/user) -> ns$user [label=\"parent of\"]"
  has "$output" "ns$user -> ns$inner [style=dashed]"
  has "$output" "p$child [shape=ellipse label=\"$child "
  has "$output" "ns$inner -> p$child "
  # the names of the ends stand in rows of their boxes, where the line ends
  west=$(sed -n "s/^.ns$outer \[label=<.*>net $outer<.*port=\"\(v[0-9]*\)\">west<.*/\1/p" <<<"$output")
  east=$(sed -n "s/^.ns$inner \[label=<.*>net $inner<.*port=\"\(v[0-9]*\)\">east<.*/\1/p" <<<"$output")
  [ -n "$west" ] && [ -n "$east" ]
  # the lower inode number comes first, and one that is used again may be either's; who is owned further down is further right
  grep -E "ns$outer:$west:e -> ns$inner:$east:w .*color=blue|ns$inner:$east:w -> ns$outer:$west:e .*color=blue" <<<"$output"
  grep -E "line[0-9] -> means[0-9] .*dashed" <<<"$output"
}

@test "--dot is read by dot" {
  need dot ip
  need_root
  # names that are special in a box with rows, and one of a mount that is
  start unshare --net --mount --propagation slave sh -c 'ip link add "{a|b}<c>" type veth peer name "d\\e\"f" && mount -t tmpfs xns /run &&
    : >"/run/{x|y} <z>" && mount --bind /proc/self/ns/net "/run/{x|y} <z>" && exec sleep 1000'
  wait_until runs "$pid" sleep
  mounts=$pid
  # and of two that stand side by side the line is drawn, too, as in the legend
  start unshare --net sleep 1000
  wait_until runs "$pid" sleep
  other=$pid
  start unshare --net sh -c 'ip link add left type veth peer name right netns "$0" && exec sleep 1000' "$other"
  wait_until runs "$pid" sleep
  succeeds nsenter -m -t "$mounts" sh -c '"$0" --dot -t net | dot -Tsvg >"$1"' "$XLSNS" "$T/svg"
  [ "$(grep -c '<path.*stroke="blue"' "$T/svg")" -ge 3 ]
  succeeds nsenter -m -t "$mounts" sh -c '"$0" --dot | dot -Tsvg >"$1"' "$XLSNS" "$T/svg"
  grep -q '</svg>' "$T/svg"
  for text in '{a|b}&lt;c&gt;' 'd\e&quot;f' '/run/{x|y} &lt;z&gt;' 'a user namespace, and one that it owns'; do
    grep -F ">$text</text>" "$T/svg"
  done
}

@test "--dot draws only what --type asks for" {
  out=$("$XLSNS" --dot -t uts)
  hasnt "$out" '[label="net '
  has "$out" "[label=\"uts $(inode /proc/self/ns/uts)"
}

@test "--dot does not go with a filter or a namespace" {
  fails 1 "$XLSNS" --dot 5
  is "$stderr" "xlsns: options --dot and <namespace> cannot be combined"
}

@test "--type user has also what only a namespace of another type holds" {
  need_root
  start setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups unshare -Urn sleep 1000
  wait_until runs "$pid" sleep
  user=$(inode "/proc/$pid/ns/user")
  start nsenter --net="/proc/$pid/ns/net" sleep 1000
  wait_until runs "$pid" sleep
  kill -KILL "${STARTED[0]}"
  wait_until gone "${STARTED[0]}"
  is "$(of "$user" TYPE,NPROCS,HOLDERS -t user)" "user 0 child"
}

@test "HOLDERS does not show what xlsns opens for the moment, but what it has inherited" {
  need_root
  new_target -n
  is "$(of "$(inode /proc/self/ns/net)" HOLDERS,NETNSID -t net | grep -c "socket\\\\x20$$:")" 0
  exec 9<"/proc/$target/ns/net"
  has "$(of "$(inode "/proc/$target/ns/net")" HOLDERS)" ":9"
  exec 9<&-
}

@test "--help, --version and --list-columns end before anything is read" {
  need strace
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime reads /proc itself"
  for option in --help --version --list-columns; do
    strace -f -qq -o "$T/trace" "$XLSNS" $option >/dev/null
    hasnt "$(grep -v '/proc/filesystems' "$T/trace")" '"/proc'
  done
}

@test "siblings in a tree of owners stand in the order of their numbers, where a parent has the greater one" {
  need_root
  for ((try = 0; try < 10; try++)); do
    holders=()
    for ((i = 0; i < 20; i++)); do
      start unshare -u sleep 1000
      holders+=("$pid")
    done
    wait_until runs "$pid" sleep
    new_target -p -f
    parent=$target
    kill -KILL "${holders[@]}"
    for holder in "${holders[@]}"; do
      wait_until gone "$holder"
    done
    start nsenter --pid="/proc/$parent/ns/pid" unshare -pf sleep 1000 # the numbers of those are used again
    child_of "$pid" && child_of "$child" && wait_until runs "$child" sleep
    above=$(inode "/proc/$parent/ns/pid") below=$(inode "/proc/$child/ns/pid")
    [ "$below" -gt "$above" ] || break
  done
  [ "$below" -lt "$above" ]
  is "$("$XLSNS" -rn -Towner -t pid -o NS | grep -xE "$above|$below" | head -n 1)" "$below"
  is "$("$XLSNS" -rn -Tparent -t pid -o NS | grep -oE "$above|$below" | head -n 1)" "$above"
}
