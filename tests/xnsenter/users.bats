#!/usr/bin/env bats
# User namespaces that xnsenter joins, and the user, groups and capabilities of the program.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  plain=(setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups --)
}

# ns PID KIND: its namespace
ns() {
  readlink "/proc/$1/ns/$2"
}

# with_ranges CMD...: in $target CMD in a user namespace where 0…999 are the users 100000…100999 and the groups
# 200000…200999 of ours, and setgroups is allowed
with_ranges() {
  start "$XUNSHARE" --map-users 0:100000:1000 --map-groups 0:200000:1000 -S 0 -G 0 "$@"
  target=$pid
  wait_until runs "$target" sleep
}

# status_of PID NAME: the fields of that line of /proc/PID/status
status_of() {
  awk -v name="$2:" '$1 == name { $1 = ""; sub("^ +", ""); print }' "/proc/$1/status"
}

show_ids='id -u; id -g; id -G'

# ---- root ----

@test "-U: root of the namespace, without other groups" {
  with_ranges sleep 1000
  succeeds setpriv --groups 11,12 "$XNSENTER" -t "$target" -U sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
  start setpriv --groups 11,12 "$XNSENTER" -t "$target" -U sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Uid)" "100000 100000 100000 100000"
  is "$(status_of "$pid" Gid)" "200000 200000 200000 200000"
  is "$(status_of "$pid" Groups)" ""
}

@test "-U where setgroups is denied: the groups are dropped outside" {
  new_target -Ur
  is "$(<"/proc/$target/setgroups")" deny
  succeeds setpriv --groups 11,12 "$XNSENTER" -t "$target" -U sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
}

@test "-U into the namespace of an ordinary user" {
  as_new_target "$PLAIN" -Ur
  enter -t "$target" -U sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
}

@test "-U without maps: 0 is not mapped, which is an error" {
  new_target -U
  fails 1 "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: setgid() failed: Invalid argument"
}

@test "-U --preserve-credentials without maps: the IDs stay" {
  new_target -U
  start setpriv --groups 11,12 "$XNSENTER" -t "$target" -U --preserve-credentials sleep 1000
  wait_until runs "$pid" sleep
  is "$(ns "$pid" user)" "$(ns "$target" user)"
  is "$(status_of "$pid" Uid)" "0 0 0 0"
  is "$(status_of "$pid" Gid)" "0 0 0 0"
  is "$(status_of "$pid" Groups)" "11 12"
}

@test "a user namespace by a file" {
  with_ranges sleep 1000
  enter --user="/proc/$target/ns/user" sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
}

@test "the user namespace and others by files: those of it and those outside" {
  new_target -Urn
  local inner=$target
  new_target -u
  enter --user="/proc/$inner/ns/user" --net="/proc/$inner/ns/net" --uts="/proc/$target/ns/uts" \
    readlink /proc/self/ns/user /proc/self/ns/net /proc/self/ns/uts
  is "$output" "$(ns "$inner" user)$NL$(ns "$inner" net)$NL$(ns "$target" uts)"
}

@test "a user namespace of the target and a file of one outside of it" {
  new_target -Urn
  local inner=$target
  new_target -u
  enter -t "$inner" -U -n --uts="/proc/$target/ns/uts" readlink /proc/self/ns/user /proc/self/ns/net /proc/self/ns/uts
  is "$output" "$(ns "$inner" user)$NL$(ns "$inner" net)$NL$(ns "$target" uts)"
}

@test "a file of a user namespace and the rest of a target outside of it" {
  new_target -Ur
  local inner=$target
  new_target -u
  enter --user="/proc/$inner/ns/user" -t "$target" -u readlink /proc/self/ns/user /proc/self/ns/uts
  is "$output" "$(ns "$inner" user)$NL$(ns "$target" uts)"
}

@test "before a user namespace is joined the process is made not dumpable" {
  need strace
  as_new_target "$PLAIN" -Ur
  succeeds strace -qq -e trace=prctl,setns -o "$T/strace" "$XNSENTER" -t "$target" -U true
  is "$(sed -n 's/^\(setns\|prctl(PR_SET_DUMPABLE\).*/\1/p' "$T/strace")" "prctl(PR_SET_DUMPABLE${NL}setns"
}

# ---- -S and -G ----

@test "-S, --setuid set the user ID, -G, --setgid the group ID" {
  new_target -u
  enter -t "$target" -u -S 1234 -G 1235 sh -c "$show_ids"
  is "$output" "1234${NL}1235${NL}1235"
  enter -t "$target" -u --setuid=1234 --setgid=1235 sh -c "$show_ids"
  is "$output" "1234${NL}1235${NL}1235"
}

@test "with -U they are IDs inside" {
  with_ranges sleep 1000
  start "$XNSENTER" -t "$target" -U -S 5 -G 6 sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Uid)" "100005 100005 100005 100005"
  is "$(status_of "$pid" Gid)" "200006 200006 200006 200006"
}

@test "with -U, of -S and -G that is 0 which is not given" {
  with_ranges sleep 1000
  enter -t "$target" -U -S 5 sh -c "$show_ids"
  is "$output" "5${NL}0${NL}0"
  enter -t "$target" -U -G 6 sh -c "$show_ids"
  is "$output" "0${NL}6${NL}6"
}

@test "an ID that is not mapped is an error" {
  with_ranges sleep 1000
  fails 1 "$XNSENTER" -t "$target" -U -S 1000 true
  has "$stderr" "xnsenter: setuid() failed: Invalid argument"
  fails 1 "$XNSENTER" -t "$target" -U -G 1000 true
  has "$stderr" "xnsenter: setgid() failed: Invalid argument"
  new_target -Ur
  fails 1 "$XNSENTER" -t "$target" -U -S 1 true
  has "$stderr" "xnsenter: setuid() failed: Invalid argument"
}

@test "-S and -G take names" {
  new_target -u
  succeeds world "$XNSENTER" -t "$target" -u -S nobody -G xnsgrp sh -c "$show_ids"
  is "$output" "65534${NL}64105${NL}64105"
}

@test "-S refuses what is no user ID, and quotes it" {
  local word
  for word in 4294967296 4294967295 -1 1x ' 1' '1 ' '' no-such-user 99999999999999999999 0x10; do
    fails 1 "$XNSENTER" --uts=/proc/self/ns/uts -S "$word" true
    has "$stderr" "xnsenter: failed to parse uid: '$word'"
  done
}

@test "-G refuses what is no group ID, and quotes it" {
  local word
  for word in 4294967296 4294967295 -1 1x ' 1' '1 ' '' no-such-group 99999999999999999999 0x10; do
    fails 1 "$XNSENTER" --uts=/proc/self/ns/uts -G "$word" true
    has "$stderr" "xnsenter: failed to parse gid: '$word'"
  done
}

@test "-S 4294967294 is the highest user ID" {
  enter --uts=/proc/self/ns/uts -S 4294967294 -G 4294967294 sh -c "$show_ids"
  is "$output" "4294967294${NL}4294967294${NL}4294967294"
}

@test "-G drops the supplementary groups, -S leaves them" {
  new_target -u
  succeeds setpriv --groups 11,12 "$XNSENTER" -t "$target" -u -G 77 id -G
  is "$output" 77
  succeeds setpriv --groups 11,12 "$XNSENTER" -t "$target" -u -S 77 id -G
  is "$output" "0 11 12"
}

@test "of two -S the last counts" {
  enter --uts=/proc/self/ns/uts -S 7 -S 8 id -u
  is "$output" 8
}

@test "-S and -G are refused to an ordinary user" {
  as_new_target "$PLAIN" -Ur
  fails 1 as_user "$PLAIN" "$XNSENTER" --uts=/proc/self/ns/uts -S 0 true
  has "$stderr" "Operation not permitted"
}

# ---- follow ----

@test "-S follow, -G follow: the IDs of the target" {
  start unshare -u setpriv --reuid=1234 --regid=1235 --groups 11 sleep 1000
  wait_until runs "$pid" sleep
  succeeds setpriv --groups 12 "$XNSENTER" -t "$pid" -u -S follow -G follow sh -c "$show_ids"
  is "$output" "1234${NL}1235${NL}1235"
  enter -t "$pid" -u -S follow sh -c "$show_ids"
  is "$output" "1234${NL}0${NL}0"
  enter -t "$pid" -u -G follow sh -c "$show_ids"
  is "$output" "0${NL}1235${NL}1235"
}

@test "follow with -U: the IDs of the target as its user namespace shows them" {
  with_ranges setpriv --reuid=7 --regid=8 --clear-groups sleep 1000
  enter -t "$target" -U -S follow -G follow sh -c "$show_ids"
  is "$output" "7${NL}8${NL}8"
  start "$XNSENTER" -t "$target" -U -S follow -G follow sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Uid)" "100007 100007 100007 100007"
}

@test "follow without -U: the IDs of the target as they are here" {
  with_ranges setpriv --reuid=7 --regid=8 --clear-groups sleep 1000
  enter -t "$target" -i -S follow -G follow sh -c "$show_ids"
  is "$output" "100007${NL}200008${NL}200008"
}

@test "follow of an ordinary user into his own user namespace" {
  as_new_target "$PLAIN" -Ur
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -U -S follow -G follow sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
}

@test "follow needs a word that is whole" {
  fails 1 "$XNSENTER" --uts=/proc/self/ns/uts -S follows true
  has "$stderr" "xnsenter: failed to parse uid: 'follows'"
  fails 1 "$XNSENTER" --uts=/proc/self/ns/uts -G follo true
  has "$stderr" "xnsenter: failed to parse gid: 'follo'"
}

# ---- --preserve-credentials ----

@test "--preserve-credentials leaves user, group and groups as they are" {
  with_ranges sleep 1000
  start setpriv --reuid=100003 --regid=200004 --groups 200005,200006 --inh-caps=+sys_admin,+sys_ptrace \
    --ambient-caps=+sys_admin,+sys_ptrace \
    "$XNSENTER" -t "$target" -U --preserve-credentials sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Uid)" "100003 100003 100003 100003"
  is "$(status_of "$pid" Gid)" "200004 200004 200004 200004"
  is "$(status_of "$pid" Groups)" "200005 200006"
}

@test "--preserve-credentials without a user namespace changes nothing" {
  new_target -u
  succeeds setpriv --groups 11,12 "$XNSENTER" -t "$target" -u --preserve-credentials sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0 11 12"
}

@test "--preserve-credentials -S: that user, all else as it was" {
  with_ranges sleep 1000
  start setpriv --groups 11,12 "$XNSENTER" -t "$target" -U --preserve-credentials -S 5 sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Uid)" "100005 100005 100005 100005"
  is "$(status_of "$pid" Gid)" "0 0 0 0"
  is "$(status_of "$pid" Groups)" "11 12"
}

@test "--preserve-credentials -G: that group, and no other groups, as without a user namespace" {
  with_ranges sleep 1000
  start setpriv --groups 11,12 "$XNSENTER" -t "$target" -U --preserve-credentials -G 5 sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Gid)" "200005 200005 200005 200005"
  is "$(status_of "$pid" Groups)" ""
}

@test "--preserve-credentials -G where setgroups is denied: the other groups stay" {
  new_target -Ur
  start setpriv --groups 11,12 "$XNSENTER" -t "$target" -U --preserve-credentials -G 0 sleep 1000
  wait_until runs "$pid" sleep
  is "$(status_of "$pid" Groups)" "11 12"
}

# ---- capabilities ----

all_caps() {
  printf '%016x' $(((1 << ($(cat /proc/sys/kernel/cap_last_cap) + 1)) - 1))
}

ambient_is() {
  local expected=$1
  shift
  succeeds "$@" sh -c 'while read -r name value; do case $name in CapAmb:) echo $value; esac; done </proc/self/status'
  is "$output" "$expected"
}

@test "--keep-caps: the program has all capabilities of the user namespace as ambient ones" {
  with_ranges sleep 1000
  ambient_is "$(all_caps)" "$XNSENTER" -t "$target" -U --keep-caps
}

@test "--keep-caps with -S: so has another user" {
  with_ranges sleep 1000
  ambient_is "$(all_caps)" "$XNSENTER" -t "$target" -U --keep-caps -S 5
  ambient_is "$(all_caps)" "$XNSENTER" -t "$target" -U --keep-caps -S 5 -G 6
}

@test "--keep-caps with -S: so has another user where root outside is root inside" {
  start "$XUNSHARE" --map-users 0:0:10 --map-groups 0:0:10 -S 0 -G 0 sleep 1000
  wait_until runs "$pid" sleep
  ambient_is "$(all_caps)" "$XNSENTER" -t "$pid" -U --keep-caps -S 5
  ambient_is 0000000000000000 "$XNSENTER" -t "$pid" -U -S 5
}

@test "without --keep-caps another user than 0 has none" {
  with_ranges sleep 1000
  ambient_is 0000000000000000 "$XNSENTER" -t "$target" -U -S 5
  enter -t "$target" -U -S 5 sh -c 'while read -r name value; do [ $name = CapEff: ] && echo $value; done </proc/self/status; :'
  is "$output" 0000000000000000
}

@test "--keep-caps --preserve-credentials: an ordinary user keeps his IDs and has the capabilities" {
  as_new_target "$PLAIN" -Ur
  ambient_is "$(all_caps)" as_user "$PLAIN" "$XNSENTER" -t "$target" -U --preserve-credentials --keep-caps
}

@test "--keep-caps without a user namespace gives nothing" {
  new_target -u
  ambient_is 0000000000000000 "$XNSENTER" -t "$target" -u --keep-caps
}

@test "the capabilities inside are good for what is inside alone" {
  as_new_target "$PLAIN" -Urmu
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -U -u hostname xns-inside
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -U hostname xns-outside
  isnt "$(hostname)" xns-outside
}

# ---- ordinary users ----

@test "-U of an ordinary user into his own user namespace" {
  as_new_target "$PLAIN" -Ur
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -U sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
  succeeds as_user "$PLAIN" "$XNSENTER" --user="/proc/$target/ns/user" sh -c "$show_ids"
  is "$output" "0${NL}0${NL}0"
}

@test "an ordinary user with other groups cannot drop them where setgroups is denied: an error, or leave them" {
  as_new_target "$PLAIN" -Ur
  fails 1 setpriv --reuid="$PLAIN" --regid="$PLAIN" --groups 11 "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: setgroups failed: Operation not permitted"
  succeeds setpriv --reuid="$PLAIN" --regid="$PLAIN" --groups 11 "$XNSENTER" -t "$target" -U --preserve-credentials id -u
  is "$output" 0
}

@test "the user namespace gives an ordinary user what the rest needs, by files too" {
  as_new_target "$PLAIN" -Urun
  succeeds as_user "$PLAIN" "$XNSENTER" --user="/proc/$target/ns/user" --net="/proc/$target/ns/net" \
    --uts="/proc/$target/ns/uts" readlink /proc/self/ns/user /proc/self/ns/net /proc/self/ns/uts
  is "$output" "$(ns "$target" user)$NL$(ns "$target" net)$NL$(ns "$target" uts)"
}

# all_of UID: as this user, -a gives the namespaces of $target
all_of() {
  local k
  succeeds as_user "$1" "$XNSENTER" -t "$target" -a sh -c 'id -u; for k in mnt uts ipc net pid user cgroup time; do
    readlink /proc/self/ns/$k; done; pwd'
  is "$output" "0$NL$(for k in mnt uts ipc net pid user cgroup time; do ns "$target" "$k"; done)$NL/"
}

@test "-a of an ordinary user into all that is his: -Urmuinpf" {
  as_new_target "$PLAIN" -Urmuinp -f
  all_of "$PLAIN"
}

@test "-a of an ordinary user with cgroup and time namespaces of his own" {
  need_kind time
  as_new_target "$PLAIN" -UrmuinpCT -f
  all_of "$PLAIN"
}

@test "-a of an ordinary user into a user namespace alone" {
  as_new_target "$PLAIN" -Ur
  all_of "$PLAIN"
}

@test "-a of an ordinary user into nested user namespaces, some kinds of the outer one" {
  as_new_target "$PLAIN" -Urmn unshare -Urui
  all_of "$PLAIN"
}

# As bubblewrap makes a sandbox: all is of an outer user namespace, and the program is in an inner one as itself.
@test "-a --preserve-credentials of an ordinary user into bubblewrap, or what is like it" {
  if command -v bwrap >/dev/null; then
    start "${plain[@]}" bwrap --unshare-all --die-with-parent --ro-bind / / --proc /proc --dev /dev sleep 1000
    bwrap_runs() {
      target=$(descendants "$pid" | tail -n 1)
      runs "$target" sleep
    }
    wait_until bwrap_runs
    bwrap_runs
  else
    as_new_target "$PLAIN" -Urmuipn -f --mount-proc unshare -U --map-user="$PLAIN" --map-group="$PLAIN"
  fi
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -a --preserve-credentials sh -c 'id -u
    for k in mnt net pid user; do readlink /proc/self/ns/$k; done'
  is "$output" "$PLAIN$NL$(for k in mnt net pid user; do ns "$target" "$k"; done)"
}

@test "-m of an ordinary user whose user namespace owns it" {
  as_new_target "$PLAIN" -Urm
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -U -m readlink /proc/self/ns/mnt
  is "$output" "$(ns "$target" mnt)"
}

@test "-r -w -e of an ordinary user's own target" {
  start "${plain[@]}" env -i PATH=/usr/bin:/bin XNS_WORD=there unshare -Ur sh -c 'cd /proc && exec sleep 1000'
  wait_until runs "$pid" sleep
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$pid" -U -r -w -e sh -c 'pwd; echo "$XNS_WORD"'
  is "$output" "/proc${NL}there"
}

@test "-e of an ordinary user into a nested user namespace, where his rights are those of the outer one" {
  start "${plain[@]}" env -i PATH=/usr/bin:/bin XNS_WORD=there unshare -Ur unshare -Ur sleep 1000
  wait_until runs "$pid" sleep
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$pid" -U -e sh -c 'echo "$XNS_WORD"'
  is "$output" there
}

# ---- what is refused ----

@test "another user's process is refused" {
  as_new_target 64999 -Ur
  fails 1 user_seeing "$PLAIN" "$XNSENTER" -t "$target" -U true
  has "$stderr" "Operation not permitted"
  fails 1 user_seeing "$PLAIN" "$XNSENTER" -t "$target" -a true
  has "$stderr" "xnsenter: reassociate to namespaces failed: Operation not permitted"
  fails 1 user_seeing "$PLAIN" "$XNSENTER" --user="/proc/$target/ns/user" true
  has "$stderr" "xnsenter: cannot open /proc/$target/ns/user: Permission denied"
}

@test "an ordinary user cannot join what is not his user namespace's" {
  new_target -u
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -u true
  has "$stderr" "xnsenter: reassociate to namespaces failed: Operation not permitted"
}

@test "a refused user namespace runs nothing" {
  as_new_target 64999 -Ur
  chmod a+rwx "$T"
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -U touch "$T/ran"
  [ ! -e "$T/ran" ]
}

@test "root of a user namespace enters one below it, and not one beside it" {
  as_new_target 64999 -Ur
  local beside=$target
  as_new_target "$PLAIN" -Ur
  local own=$target
  # /proc/PID of a process below can be looked into from there
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$own" -U unshare -Ur id -u
  is "$output" 0
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$own" -U "$XNSENTER" -t "$beside" -U true
  has "$stderr" "Operation not permitted"
}
