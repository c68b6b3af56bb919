#!/usr/bin/env bats
# xlsns --diff: the namespaces of two processes side by side; and PIDINO, which names a process for xnsenter.

# shellcheck disable=SC2016,SC2034 # what other shells expand; the names of processes in tables
load ../lib/helpers

inode() {
  stat -Lc %i "$1"
}

# row PID PID TYPE: the fields behind NS1 and NS2 in the row of that type, which are checked
row() {
  local type ns1 ns2 rest
  read -r type ns1 ns2 rest < <("$XLSNS" --diff "$1" "$2" -rn -t "$3")
  [ "$type $ns1 $ns2" = "$3 $(inode "/proc/$1/ns/$3") $(inode "/proc/$2/ns/$3")" ] || echo "not theirs: $type $ns1 $ns2"
  echo "$rest"
}

@test "--diff tells of each kind whether it is one, and what the parents and the owners are to each other" {
  need_root
  new_target -n
  host=$target
  new_target -Unp -f
  other=$target
  start unshare -Urn sh -c 'unshare -Urnpm -f sh -c "unshare -p -f sleep 1001 & exec sleep 1000" & exec sleep 1000'
  outer=$pid
  child_of "$outer"
  child_of "$child"
  inner=$child
  child_of "$inner"
  child_of "$child"
  innermost=$child
  for pid in "$outer" "$inner" "$innermost"; do wait_until runs "$pid" sleep; done

  # Process, process, kind, and what is behind the inode numbers: SAME RELATION OWNERS
  while read -r one another kind expected; do
    echo "$one $another $kind"
    is "$(row "${!one}" "${!another}" "$kind")" "$expected"
  done <<'END'
host host net yes
host outer uts yes
BASHPID host user yes
host BASHPID net no  same
host outer user no parent
outer host user no child
host inner user no ancestor
inner host user no descendant
outer other user no sibling
inner other user no apart
host inner pid no parent ancestor
inner host pid no child descendant
host innermost pid no ancestor ancestor
innermost host pid no descendant descendant
innermost inner pid no child same
inner other pid no sibling apart
innermost other pid no apart apart
host outer net no  parent
inner outer net no  child
inner other net no  apart
innermost host mnt no  descendant
END
}

@test "what is above the caller's own user namespace is unknown to it" {
  need_root
  start setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups unshare -Ur sh -c 'unshare -n sleep 1000 & exec sleep 1001'
  child_of "$pid"
  wait_until runs "$child" sleep
  wait_until runs "$pid" sleep
  is "$(as_user "$PLAIN" nsenter -U -t "$pid" --preserve-credentials "$XLSNS" --diff "$pid" "$child" -rn -t net -t user |
    cut -d ' ' -f 1,4-)" "net no  unknown${NL}user yes  "
}

@test "--diff as a table, raw and as JSON, of the types that are asked for" {
  need_root
  new_target -n
  here=$(inode "/proc/$$/ns/net") there=$(inode "/proc/$target/ns/net")
  is "$("$XLSNS" --diff $$ "$target" | awk '{ print $1, $4, $5, $6 }')" "TYPE SAME RELATION OWNERS
mnt yes  ${NL}uts yes  ${NL}ipc yes  ${NL}net no same ${NL}pid yes  ${NL}user yes  ${NL}cgroup yes  ${NL}time yes  "
  is "$("$XLSNS" --diff=$$ -r "$target" -t net)" "TYPE NS1 NS2 SAME RELATION OWNERS${NL}net $here $there no  same"
  is "$("$XLSNS" -J "$target" --diff $$ -t net -t uts | tr -d ' \n')" "{\"namespaces\":[{\"type\":\"uts\",\"ns1\":$(inode /proc/$$/ns/uts),\"ns2\":$(inode /proc/$$/ns/uts),\"same\":true,\"relation\":null,\"owners\":null},{\"type\":\"net\",\"ns1\":$here,\"ns2\":$there,\"same\":false,\"relation\":null,\"owners\":\"same\"}]}"
}

@test "--diff reads these two processes alone" {
  need strace
  strace -f -o "$T/trace" "$XLSNS" --diff $$ "$BASHPID" >/dev/null
  [ "$(grep -c '"/proc/[0-9]*"' "$T/trace")" = 2 ]
}

@test "a PID that is wrong, of no process, or of another's process is one line and status 1" {
  need_root
  new_target -n
  dead_pid
  make_zombie
  no_namespaces="xlsns: process $zombie has no namespace of that type"
  while IFS='|' read -r words expected; do
    # shellcheck disable=SC2086 # several words
    fails 1 user_seeing "$PLAIN" "$XLSNS" --diff $words
    is "${stderr%%$'\n'*}" "xlsns: $expected"
    is "$output" ""
  done <<END
1x $target|invalid PID argument: '1x'
$$ 0|invalid PID argument: '0': Numerical result out of range
$$ |--diff takes two PIDs
$$ $$ $$|--diff takes two PIDs
${pid}0000000000 $$|invalid PID argument: '${pid}0000000000': Numerical result out of range
2147483647 $target|cannot read the namespaces of process 2147483647: No such process
$target $$|cannot read the namespaces of process $target: Permission denied
$$ $$ -p 1|options --diff and --task cannot be combined
$$ $$ -P|options --diff and --persistent cannot be combined
$$ $$ -o NS|options --diff and --output cannot be combined
$$ $$ --output-all|options --diff and --output-all cannot be combined
$$ $$ -T|options --diff and --tree cannot be combined
$$ $$ --dot|options --diff and --dot cannot be combined
$$ $$ --threads|options --diff and --threads cannot be combined
$$ $$ -Q NS|options --diff and --filter cannot be combined
END
  fails 1 "$XLSNS" --diff $$ "$zombie" -t net
  is "$stderr" "$no_namespaces"
  is "$("$XLSNS" --diff $$ "$zombie" -rn | sed -n '/^net/p;/^user/p')" "net $(inode /proc/$$/ns/net)  no  ${NL}user $(inode /proc/$$/ns/user) $(inode /proc/$$/ns/user) yes  "
}

@test "PIDINO is what xnsenter -t takes, empty where the kernel has none, and of threads too" {
  need_root
  new_target -u
  pidino=$("$XLSNS" -rno PIDINO "$(inode "/proc/$target/ns/uts")")
  if "$XNSENTER" -t "$$:1" -u true 2>&1 | grep -q 'needs Linux 6.9'; then
    is "$pidino" ""
    return
  fi
  [[ $pidino == "$target":+([0-9]) ]]
  enter -t "$pidino" -u readlink /proc/self/ns/uts
  is "$output" "$(readlink "/proc/$target/ns/uts")"
  fails 1 "$XNSENTER" -t "$target:$((${pidino#*:} + 1))" -u true
}
