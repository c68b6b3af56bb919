#!/usr/bin/env bats
# The options of xunshare that have no file of their own, and its exit status.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

# the files of the namespaces that a program's children have, and those of ours, in order
mapfile -t links < <(printf '/proc/self/ns/%s\n' mnt uts ipc net pid_for_children user cgroup time_for_children)
for link in "${!links[@]}"; do
  [ -e "${links[link]}" ] || unset 'links[link]'
done
links=("${links[@]}")

# new_only KIND ARG...: with ARG... the program and its children have another namespace of KIND, and no other one
new_only() {
  local kind=$1 i there ours
  shift
  [ -e "/proc/self/ns/$kind" ] || return 0
  mapfile -t ours < <(readlink "${links[@]}")
  ok "$@" readlink "${links[@]}"
  mapfile -t there <<<"$output"
  is "${#there[@]}" "${#links[@]}"
  for i in "${!links[@]}"; do
    if [[ ${links[i]} =~ /$kind(_for_children)?$ ]]; then
      isnt "${there[i]}" "${ours[i]}"
    else
      is "${there[i]}" "${ours[i]}"
    fi || return 1
  done
}

@test "each letter, and each long name, makes a namespace of its kind and no other" {
  local kind option
  need_root
  while read -r kind option; do
    # shellcheck disable=SC2086 # words
    new_only "$kind" $option
  done <<'END'
mnt -m
mnt --mount
uts -u
uts --uts
ipc -i
ipc --ipc
net -n
net --net
pid -pf
pid --pid --fork
user -U
user --user
cgroup -C
cgroup --cgroup
time -T
time --time
END
}

@test "no option makes no namespace" {
  ok readlink "${links[@]}"
  is "$output" "$(readlink "${links[@]}")"
}

@test "several letters in one word each count" {
  need_root
  ok -uin bash -c 'readlink /proc/self/ns/uts /proc/self/ns/ipc /proc/self/ns/net'
  hasnt "$output" "$(readlink /proc/self/ns/uts)"
  hasnt "$output" "$(readlink /proc/self/ns/ipc)"
  hasnt "$output" "$(readlink /proc/self/ns/net)"
}

all_are_new() {
  local link
  need_root
  ok "$@" -f --mount-proc readlink "${links[@]}"
  is "$(wc -l <<<"$output")" "${#links[@]}"
  for link in "${links[@]}"; do
    hasnt "$output" "$(readlink "$link")"
  done
}

@test "-a, --all make one of each kind" {
  all_are_new -a
  all_are_new --all
}

@test "--all maps nothing, forks nothing and mounts nothing" {
  need_root
  ok --all bash -c 'read -r _ </proc/self/uid_map || echo "no map"; [ /proc/self -ef "/proc/$$" ] && echo "old proc"'
  is "$output" "no map${NL}old proc"
}

@test "without --fork the program has xunshare's PID" {
  start "$XUNSHARE" sleep 1000
  wait_until runs "$pid" sleep
}

@test "-p without --fork: the program stays in its PID namespace, its children do not" {
  need_root
  ok -p readlink /proc/self/ns/pid
  is "$output" "$(readlink /proc/self/ns/pid)"
  ok -p bash -c 'bash -c "echo \$\$"; :'
  is "$output" 1
}

@test "-p without --fork: the second child cannot be forked, once the first has ended" {
  need_root
  fails 254 "$XUNSHARE" -p bash -c '/bin/true; /bin/true; exit 0'
  has "$stderr" "Cannot allocate memory"
}

@test "-f: the program is a child" {
  start "$XUNSHARE" -f sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
}

@test "-f --pid: the program is PID 1 of its namespace" {
  need_root
  ok -f --pid sh -c 'echo $$'
  is "$output" 1
}

@test "--fork --pid --mount-proc readlink /proc/self answers 1, and without --mount-proc it does not" {
  need_root
  ok --fork --pid --mount-proc readlink /proc/self
  is "$output" 1
  ok --fork --pid readlink /proc/self
  isnt "$output" 1
}

@test "NSpid shows the program from both sides" {
  need_root
  start "$XUNSHARE" -pf sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(awk '$1 == "NSpid:" { print $2, $3 }' "/proc/$child/status")" "$child 1"
}

# ---- the command line ----

@test "an unambiguous abbreviation is the option" {
  need_root
  ok --ut readlink /proc/self/ns/uts
  isnt "$output" "$(readlink /proc/self/ns/uts)"
  ok --map-r id -u
  is "$output" 0
}

@test "an unknown option, a missing argument and one too many are errors with the advice to try --help" {
  fails 1 "$XUNSHARE" --no-such true
  is "$stderr" "xunshare: unrecognized option '--no-such'${NL}Try 'xunshare --help' for more information."
  fails 1 "$XUNSHARE" -Z true
  is "$stderr" "xunshare: invalid option -- 'Z'${NL}Try 'xunshare --help' for more information."
  fails 1 "$XUNSHARE" -S
  is "$stderr" "xunshare: option requires an argument -- 'S'${NL}Try 'xunshare --help' for more information."
  fails 1 "$XUNSHARE" --setuid
  has "$stderr" "xunshare: option '--setuid' requires an argument"
  fails 1 "$XUNSHARE" --fork=1 true
  has "$stderr" "option '--fork' doesn't allow an argument"
  fails 1 "$XUNSHARE" -u/nowhere true
  has "$stderr" "invalid option -- '/'"
}

@test "options end at the first word that is none, without POSIXLY_CORRECT, or at --" {
  ok echo -u --fork -x
  is "$output" "-u --fork -x"
  ok -c printf '%s,' -f --version
  is "$output" "-f,--version,"
  ok -- echo --
  is "$output" "--"
}

@test "-h, --help print the usage and succeed" {
  ok -h
  has "$output" "Usage:${NL} xunshare [options]"
  local first=$output
  ok --help
  is "$output" "$first"
}

@test "-V, --version print name and version and succeed" {
  ok -V
  [[ $output =~ ^xunshare\ from\ xns\ [0-9]+\.[0-9]+ ]]
  local first=$output
  ok --version
  is "$output" "$first"
}

@test "under the name unshare the version says what it is compatible with" {
  succeeds "$BIN/unshare" --version
  [[ ${output%%"$NL"*} =~ ^unshare\ from\ xns\ [0-9.]+\ \(util-linux\ 2\.[0-9]+\ compatible\)$ ]]
  [[ ${output#*"$NL"} =~ ^features:\ [a-z-]+(,\ [a-z-]+)*$ ]]
}

@test "messages and usage carry the name it was started by" {
  succeeds "$BIN/unshare" --help
  has "$output" " unshare [options]"
  fails 1 "$BIN/unshare" --no-such
  has "$stderr" "unshare: unrecognized option"
  has "$stderr" "Try 'unshare --help'"
}

# to_full, to_closed CMD...
to_full() {
  "$@" >/dev/full
}

to_closed() {
  "$@" >&-
}

@test "a full disk on standard output is an error" {
  fails 1 to_full "$XUNSHARE" --help
  is "$stderr" "xunshare: write error: No space left on device"
  fails 1 to_full "$XUNSHARE" --version
  fails 1 to_full "$XUNSHARE" --dry-run -u true
  is "$stderr" "xunshare: write error: No space left on device"
}

@test "a closed standard output is no error of --help and --version" {
  succeeds to_closed "$XUNSHARE" --help
  succeeds to_closed "$XUNSHARE" --version
}

# ---- exit status ----

@test "the status is the program's" {
  try "$XUNSHARE" sh -c 'exit 42'
  is "$status" 42
  try "$XUNSHARE" -f sh -c 'exit 43'
  is "$status" 43
}

@test "127: the program is not there" {
  fails 127 env PATH=/usr/bin:/bin "$XUNSHARE" no-such-program
  is "$stderr" "xunshare: failed to execute no-such-program: No such file or directory"
  fails 127 "$XUNSHARE" -f /no/such/program
  is "$stderr" "xunshare: failed to execute /no/such/program: No such file or directory"
}

@test "126: the program is there and is not executable" {
  : >"$T/plain"
  fails 126 "$XUNSHARE" "$T/plain"
  is "$stderr" "xunshare: failed to execute $T/plain: Permission denied
xunshare: hint: $T/plain has no execute permission; chmod +x gives it one"
  fails 126 "$XUNSHARE" -f "$T/plain"
  fails 126 "$XUNSHARE" "$T"
  mkdir "$T/dir"
  cp "$T/plain" "$T/dir/prog"
  fails 126 env PATH="$T/dir:$PATH" "$XUNSHARE" prog
}

@test "127: the program is an empty word" {
  fails 127 "$XUNSHARE" ''
}

@test "a program further on in PATH is found behind one that is not executable" {
  mkdir "$T/a" "$T/b"
  : >"$T/a/prog"
  printf '#!/bin/sh\necho found\n' >"$T/b/prog"
  chmod +x "$T/b/prog"
  try env PATH="$T/none:$T/a:$T/b:$PATH" "$XUNSHARE" prog
  is "$status $output" "0 found"
}

@test "an empty part of PATH is the current directory" {
  printf '#!/bin/sh\necho here\n' >"$T/prog"
  chmod +x "$T/prog"
  cd "$T"
  try env PATH="$PATH:" "$XUNSHARE" prog
  is "$status $output" "0 here"
}

@test "without PATH the program is looked for in /bin and /usr/bin" {
  try env -u PATH "$XUNSHARE" echo found
  is "$status $output" "0 found"
}

@test "a script without #! is run by sh" {
  echo 'echo $0 $1' >"$T/script"
  chmod +x "$T/script"
  ok "$T/script" word
  is "$output" "$T/script word"
}

@test "1: the namespace is refused" {
  need_root
  fails 1 as_user "$PLAIN" "$XUNSHARE" -u true
  has "$stderr" "xunshare: unshare failed: Operation not permitted"
}

@test "1: the set-up of a forked program failed" {
  need_root
  fails 1 "$XUNSHARE" -f -w /no/such/dir true
  is "$stderr" "xunshare: cannot change directory to /no/such/dir: No such file or directory"
}

# ---- the default program ----

@test "with no program it is \$SHELL, with a - before its name" {
  ln -s /bin/sh "$T/showshell"
  try env SHELL="$T/showshell" "$XUNSHARE" <<<'echo "$0 $#"'
  is "$status $output" "0 -showshell 0"
  try env SHELL="$T/showshell" "$XUNSHARE" -f <<<'echo "$0 $#"'
  is "$status $output" "0 -showshell 0"
}

@test "SHELL without a slash is not looked for in PATH" {
  printf '#!/bin/sh\necho mine\n' >"$T/myshell"
  chmod +x "$T/myshell"
  try env SHELL=myshell PATH="$T:$PATH" "$XUNSHARE"
  is "$status" 127
}

# shell_of UID PASSWD: what starts with no program and SHELL as the words of "${@:3}" say
shell_of() {
  need_root
  local uid=$1
  mkdir -p "$T/etc"
  printf '#!/bin/sh\necho passwd\n' >"$T/myshell"
  chmod +x "$T/myshell"
  sed "s,^\(xnsplain.*\):/bin/sh,\1:$T/myshell," "$(world_etc)/passwd" >"$T/passwd"
  shift
  try world sh -c 'mount --bind "$1" /etc/passwd; uid=$2; shift 2
    exec setpriv --reuid=$uid --regid=$uid --clear-groups "$@"' sh "$T/passwd" "$uid" "$@"
}

@test "with no program and SHELL empty or not set it is the shell of passwd" {
  shell_of "$PLAIN" env SHELL= "$XUNSHARE"
  is "$status $output" "0 passwd"
  shell_of "$PLAIN" env -u SHELL "$XUNSHARE"
  is "$status $output" "0 passwd"
}

@test "with no program, SHELL or passwd entry it is /bin/sh" {
  need_root
  try world sh -c 'echo "echo \$0" | setpriv --reuid=64999 --regid=64999 --clear-groups env -u SHELL "$@"' sh "$XUNSHARE"
  is "$status $output" "0 -sh"
}

@test "with -R the passwd of the new root tells the shell" {
  need_root
  make_root "$T/root" sh echo
  printf 'root:x:0:0::/:/bin/myshell\n' >"$T/root/etc/passwd"
  printf '#!/bin/sh\necho of the new root\n' >"$T/root/bin/myshell"
  chmod +x "$T/root/bin/myshell"
  try env -u SHELL "$XUNSHARE" -R "$T/root"
  is "$status $output" "0 of the new root"
}

# ---- environment ----

@test "the environment is handed on" {
  try env -i PATH="$PATH" A=1 "B=two words" C= "$XUNSHARE" env
  is "$output" "PATH=$PATH${NL}A=1${NL}B=two words${NL}C="
}

@test "--clear-env leaves nothing of the environment, --whitelist-env those of its lists, empty ones too" {
  ok --clear-env env
  is "$output" ""
  try env A=1 B=2 AB=3 "$XUNSHARE" --whitelist-env A,B,NOT_SET env
  is "$status $output" "0 A=1${NL}B=2"
  try env A=1 B=2 C=3 "$XUNSHARE" --whitelist-env A --whitelist-env C env
  is "$status $output" "0 A=1${NL}C=3"
  try env A= B=2 "$XUNSHARE" --whitelist-env A env
  is "$status $output" "0 A="
  try env A= B=2 "$XUNSHARE" --whitelist-env '' env
  is "$status $output" "0 "
}

@test "with a cleared environment the program is looked for in the default PATH" {
  mkdir "$T/dir"
  printf '#!/bin/sh\necho mine\n' >"$T/dir/xns-prog"
  chmod +x "$T/dir/xns-prog"
  fails 127 env PATH="$T/dir:$PATH" "$XUNSHARE" --clear-env xns-prog
  try env PATH="$T/dir:$PATH" "$XUNSHARE" --whitelist-env PATH xns-prog
  is "$status $output" "0 mine"
}

@test "with a cleared environment SHELL does not tell the default program" {
  need_root
  try env SHELL=/no/such/shell "$XUNSHARE" --clear-env </dev/null
  is "$status" 0
}

# ---- directories ----

@test "-w, --wd set the working directory, a relative one too; one that is not there is an error" {
  ok -w "$T" pwd -P
  is "$output" "$(cd "$T" && pwd -P)"
  ok --wd "$T" pwd -P
  is "$output" "$(cd "$T" && pwd -P)"
  mkdir "$T/sub"
  cd "$T"
  ok -w sub pwd -P
  is "$output" "$(pwd -P)/sub"
  fails 1 "$XUNSHARE" -w "$T/none" true
  is "$stderr" "xunshare: cannot change directory to $T/none: No such file or directory"
}

@test "a relative program is looked for from the new working directory" {
  printf '#!/bin/sh\necho here\n' >"$T/prog"
  chmod +x "$T/prog"
  ok -w "$T" ./prog
  is "$output" here
}

@test "-R, --root set the root directory, and the working directory to it or to -w in it" {
  need_root
  make_root "$T/root" sh
  : >"$T/root/mark"
  ok -R "$T/root" sh -c 'pwd; echo /m*'
  is "$output" "/${NL}/mark"
  ok --root "$T/root" sh -c 'pwd; echo /m*'
  is "$output" "/${NL}/mark"
  : >"$T/root/mark"
  cd "$T"
  ok -R root sh -c 'echo /m*'
  is "$output" /mark
  mkdir "$T/root/sub"
  ok -R "$T/root" -w /sub sh -c pwd
  is "$output" /sub
  fails 1 "$XUNSHARE" -R "$T/none" true
  is "$stderr" "xunshare: cannot change root directory to '$T/none': No such file or directory"
}

@test "a relative -w with -R is taken from the old working directory" {
  need_root
  make_root "$T/root" touch
  mkdir "$T/sub"
  cd "$T"
  ok -R "$T/root" -w sub /bin/touch mark
  [ -e "$T/sub/mark" ]
}

@test "-R in a user namespace needs no root" {
  need_root
  make_root "$T/root" sh
  : >"$T/root/mark"
  succeeds as_user "$PLAIN" "$XUNSHARE" -r -R "$T/root" sh -c 'echo /m*'
  is "$output" /mark
}

# ---- IDs ----

@test "-S, --setuid set the user ID, -G, --setgid the group ID" {
  need_root
  ok -S 1234 -G 1235 sh -c 'id -u; id -g'
  is "$output" "1234${NL}1235"
  ok --setuid 1234 --setgid 1235 sh -c 'id -u; id -g'
  is "$output" "1234${NL}1235"
}

@test "-S and -G take names" {
  need_root
  succeeds world "$XUNSHARE" -S nobody -G xnsgrp sh -c 'id -u; id -g'
  is "$output" "65534${NL}64105"
}

@test "-G drops the supplementary groups, -S leaves them; 4294967294 is the highest user ID" {
  need_root
  try setpriv --groups 11,12 "$XUNSHARE" -G 77 id -G
  is "$status $output" "0 77"
  try setpriv --groups 11,12 "$XUNSHARE" -S 77 id -G
  is "$status $output" "0 0 11 12"
  ok -S 4294967294 id -u
  is "$output" 4294967294
}

@test "-S and -G refuse what is no ID, and quote it" {
  local word
  for word in 4294967296 4294967295 -1 1x ' 1' '1 ' '' no-such-user 99999999999999999999 0x10; do
    fails 1 "$XUNSHARE" -S "$word" true
    has "$stderr" "xunshare: failed to parse uid: '$word'"
  done
  for word in 4294967296 4294967295 -1 1x ' 1' '' no-such-group; do
    fails 1 "$XUNSHARE" -G "$word" true
    has "$stderr" "xunshare: failed to parse gid: '$word'"
  done
}

# ---- mounts ----

propagation_of() {
  need_root
    succeeds private sh -c 'mount --make-rshared / && "$@" || exit # its namespace has to stay' sh "$XUNSHARE" "$@" awk '$5 == "/" { for (i = 7; $i != "-"; i++) { sub(":.*", "", $i); print $i } }' /proc/self/mountinfo
}

@test "a new mount namespace is private, or what --propagation makes it" {
  local expected words
  need_root
  while IFS='|' read -r words expected; do
    # shellcheck disable=SC2086 # words
    propagation_of $words
    is "$words|$output" "$words|$expected"
  done <<'END'
-m|
-m --propagation private|
-m --propagation slave|master
-m --propagation shared|shared
-m --propagation unchanged|shared
END
}

@test "--propagation without a mount namespace has no effect, and -x says so" {
  ok --propagation slave true
  try "$XUNSHARE" -x --propagation slave true
  is "$status" 0
  has "$stderr" "# --propagation has no effect"
}

@test "--mount-proc implies a mount namespace" {
  need_root
  ok --mount-proc readlink /proc/self/ns/mnt
  isnt "$output" "$(readlink /proc/self/ns/mnt)"
}

@test "--mount-proc=DIR mounts proc on a directory that was no mount point" {
  need_root
  mkdir "$T/proc"
  ok -pf --mount-proc="$T/proc" readlink "$T/proc/self"
  is "$output" 1
  [ ! -e "$T/proc/self" ]
}

@test "--mount-proc with --root mounts it in the new root" {
  need_root
  make_root "$T/root" sh readlink
  ok -pf -R "$T/root" --mount-proc readlink /proc/self
  is "$output" 1
  mkdir "$T/root/p"
  ok -pf -R "$T/root" --mount-proc=/p readlink /p/self
  is "$output" 1
}

@test "--mount-proc with --propagation unchanged is not seen outside" {
  need_root
  succeeds private sh -c 'mount --make-rshared /; n=$(grep -c " /proc " /proc/self/mountinfo)
    "$1" -pf --mount-proc --propagation unchanged readlink /proc/self || exit
    [ "$n" = "$(grep -c " /proc " /proc/self/mountinfo)" ]' sh "$XUNSHARE"
  is "$output" 1
}

@test "--mount-proc=DIR fails where there is no such directory" {
  need_root
  fails 1 "$XUNSHARE" -m --mount-proc="$T/none" true
  is "$stderr" "xunshare: mount $T/none failed: No such file or directory"
}

@test "the chroot of a container: -inpuUCTf --mount-proc -R" {
  need_root
  need_kind time
  make_root "$T/root" sh readlink
  ok -inpuUCTf -r --mount-proc -R "$T/root" readlink /proc/self
  is "$output" 1
}

need_binfmt() {
  need_root
  grep -qw binfmt_misc /proc/filesystems || skip "this kernel has no binfmt_misc"
  "$XUNSHARE" -rpf --mount-binfmt true 2>/dev/null || skip "this kernel has no binfmt_misc in user namespaces"
}

@test "--mount-binfmt mounts a binfmt_misc of its own" {
  need_binfmt
  ok -rpf --mount-binfmt ls /proc/sys/fs/binfmt_misc
  is "$output" "register${NL}status"
}

@test "--mount-binfmt=DIR mounts it on DIR" {
  need_binfmt
  mkdir "$T/fmt"
  ok -rpf --mount-binfmt="$T/fmt" ls "$T/fmt"
  is "$output" "register${NL}status"
}

@test "-l, --load-interp register an interpreter there" {
  need_binfmt
  ok -rpf -l ':xnstest:M::magic::/bin/true:' ls /proc/sys/fs/binfmt_misc
  is "$output" "register${NL}status${NL}xnstest"
  ok -rpf --load-interp=':xnstest:M::magic::/bin/true:' ls /proc/sys/fs/binfmt_misc
  is "$output" "register${NL}status${NL}xnstest"
}

@test "a program runs with the interpreter that --load-interp registered" {
  need_binfmt
  printf 'XNSMAGIC' >"$T/prog"
  chmod +x "$T/prog"
  ok -rpf -l ':xnstest:M::XNSMAGIC::/bin/echo:' "$T/prog" word
  is "$output" "$T/prog word"
}

@test "--load-interp with --mount-binfmt=DIR registers in DIR" {
  need_binfmt
  mkdir "$T/fmt"
  ok -rpf --mount-binfmt="$T/fmt" -l ':xnstest:M::magic::/bin/true:' ls "$T/fmt"
  has "$output" xnstest
}

@test "--load-interp with the flag F and -R takes the interpreter of the old root" {
  need_binfmt
  make_root "$T/root" sh
  printf 'XNSMAGIC' >"$T/root/prog"
  chmod +x "$T/root/prog"
  # without dynamic libraries: only the interpreter itself comes from the old root
  printf '#include <unistd.h>\nint main(void) { return write(1, "interpreted\\n", 12) != 12; }\n' >"$T/interp.c"
  "${CC:-cc}" -static -o "$T/interp" "$T/interp.c" || skip "needs a static libc"
  ok -rpf -R "$T/root" -l ":xnstest:M::XNSMAGIC::$T/interp:F" /prog
  is "$output" interpreted
}

@test "--load-interp with -R and without F takes the interpreter of the new root" {
  need_binfmt
  make_root "$T/root" sh echo
  printf 'XNSMAGIC' >"$T/root/prog"
  chmod +x "$T/root/prog"
  ok -rpf -R "$T/root" -l ":xnstest:M::XNSMAGIC::/bin/echo:" /prog word
  is "$output" "/prog word"
}

@test "--load-interp fails with a definition that the kernel refuses" {
  need_binfmt
  fails 1 "$XUNSHARE" -rpf -l 'nonsense' true
  has "$stderr" "/proc/sys/fs/binfmt_misc/register: Invalid argument"
}

# ---- clocks ----

# offsets ARG...: the time namespace's offsets, as the program's children have them
offsets() {
  need_root
  need_kind time
  ok -T "$@" cat /proc/self/timens_offsets
  output=$(awk '{ print $1, $2, $3 }' <<<"$output")
}

@test "--boottime and --monotonic shift the clocks; offsets may be negative and have fractions" {
  local boottime monotonic expected
  need_root
  need_kind time
  while IFS='|' read -r boottime monotonic expected; do
    offsets --boottime "$boottime" --monotonic "$monotonic"
    is "$boottime $monotonic|${output/$NL/, }" "$boottime $monotonic|$expected"
  done <<'END'
86400|3600|monotonic 3600 0, boottime 86400 0
-1|0|monotonic 0 0, boottime -1 0
1.5|0.000000001|monotonic 0 1, boottime 1 500000000
-1.5|-0.25|monotonic -1 750000000, boottime -2 500000000
END
}

@test "--boottime shifts what uptime says" {
  need_root
  need_kind time
  local before
  read -r before _ </proc/uptime
  ok -Tf --boottime 1000000000 cut -d. -f1 /proc/uptime
  [ "$output" -ge $((1000000000 + ${before%.*})) ]
}

@test "a time offset that is no number or too large is an error that quotes it" {
  local word
  for word in '' x 1x 1. .5 1.0000000001 99999999999999999999 9223372036854775808 '1 ' 1e3; do
    fails 1 "$XUNSHARE" -T --boottime "$word" true
    has "$stderr" "xunshare: failed to parse boottime offset: '$word'"
    fails 1 "$XUNSHARE" -T --monotonic "$word" true
    has "$stderr" "xunshare: failed to parse monotonic offset: '$word'"
  done
}

@test "an offset that the kernel refuses is an error with a hint" {
  need_root
  need_kind time
  fails 1 "$XUNSHARE" -T --boottime -9000000000 true
  has "$stderr" "xunshare: failed to write to /proc/self/timens_offsets: Numerical result out of range"
  has "$stderr" "xunshare: hint: "
}

@test "time offsets need a time namespace" {
  fails 1 "$XUNSHARE" --boottime 1 true
  is "$stderr" "xunshare: options --monotonic and --boottime require unsharing of a time namespace (-T)"
  fails 1 "$XUNSHARE" --monotonic 1 true
}

# ---- learning ----

@test "--dry-run runs nothing" {
  need_root
  ok --dry-run -m touch "$T/file"
  has "$output" 'execve('
  [ ! -e "$T/file" ]
}

@test "-x prints the calls with their results, and runs them" {
  need_root
  try "$XUNSHARE" -x -u echo ran
  is "$status $output" "0 ran"
  has "$stderr" "unshare(CLONE_NEWUTS) = 0"
  has "$stderr" 'execve("'
  try "$XUNSHARE" --xtrace -u echo ran
  has "$stderr" "unshare(CLONE_NEWUTS) = 0"
}

@test "-x shows a call that fails with its errno" {
  try "$XUNSHARE" -x -w "$T/none" true
  is "$status" 1
  has "$stderr" "chdir(\"$T/none\") = -1 ENOENT (No such file or directory)"
}

@test "-a without /proc is an error, not a program outside of any namespace" {
  need_root
  fails 1 without_proc "$XUNSHARE" -a true
  has "$stderr" "cannot read /proc/self/ns"
}
