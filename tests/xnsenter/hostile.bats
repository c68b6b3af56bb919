#!/usr/bin/env bats
# Targets that have laid something out for xnsenter, and places where it cannot see what it needs: nothing leads back
# out, holds it, or makes it say what is not so.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  chmod 755 "$T"
  cgroup=
}

teardown() {
  local status=0
  xns_teardown || status=1
  [ -z "$cgroup" ] || wait_until rmdir "$cgroup" || status=1
  return "$status"
}

# entering ARG...: xnsenter ARG..., which a FIFO or a large file could hold
entering() {
  try timeout 10 "$XNSENTER" "$@" </dev/null
  isnt "$status" 124
}

# own_cgroup NAME [WORDS]: moves $target into a new cgroup, $cgroup, of the hierarchy of v1 of these words, or of any
own_cgroup() {
  local dir dirs=(/sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup)
  [ -z "${2:-}" ] || dirs=("/sys/fs/cgroup/$2")
  for dir in "${dirs[@]}"; do
    if [ -e "$dir/cgroup.procs" ] && mkdir "$dir/$1" 2>/dev/null; then
      cgroup=$dir/$1
      echo "$target" >"$cgroup/cgroup.procs" && return 0
    fi
  done
  skip "no cgroup ${2:-} can be made here"
}

# no_cgroups CMD...: where no cgroup hierarchy is mounted
no_cgroups() {
  private sh -c 'umount -R -l /sys/fs/cgroup && exec "$@"' sh "$@"
}

# ---- a way out of the target's root ----

# jail OPTION...: in $target a process of an ordinary user whose root is a tmpfs with /proc, and links that lead
# wherever descriptor N of their reader does: /tmp/wN, and the programs xN (if it is /proc/PID) and rootN (if it is /),
# which are the host's host-echo. The process has such directories in its PATH, too.
jail() {
  local box=$T/box out="" n
  need pivot_root
  make_root "$box" sh sleep ls ln umount
  mkdir "$box/old" "$T/jail"
  chmod 755 "$T/jail"
  touch "$T/outside"
  cp "$(type -P echo)" "$T/host-echo"
  for n in {3..20}; do
    ln -s "/proc/self/fd/$n" "$box/tmp/w$n"
    ln -s "/proc/self/fd/$n/../..$T/host-echo" "$box/bin/x$n"
    ln -s "/proc/self/fd/$n$T/host-echo" "$box/bin/root$n"
    out+=/proc/self/fd/$n/../..$T:
  done
  start setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups env PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    unshare -Urm "$@" sh -c 'mount -t tmpfs none "$2" && cp -R "$1/." "$2" && cd "$2" && mount --rbind /proc proc &&
      pivot_root . old && umount -l /old && cd / && PATH=$3 exec /bin/sleep 1000' sh "$box" "$T/jail" "$out/bin"
  target=$pid
  case " $* " in *" -f "*)
    child_of "$target"
    target=$child
    ;;
  esac
  wait_until runs "$target" sleep
}

# what a program says of the directory it is in: whether the host's files are at the end of some ".."
looks_out='for up in . .. ../.. ../../.. ../../../.. ../../../../..; do
  [ ! -e "$up$1/outside" ] || echo out
done'

# leads_nowhere ARG...: --wdns by way of each of our descriptors
leads_nowhere() {
  local n
  for n in {3..20}; do
    entering -t "$target" "$@" -W"/tmp/w$n" sh -c "$looks_out" sh "$T"
    is "$output" ""
  done
}

# runs_nothing ARG...: a program by way of each of our descriptors
runs_nothing() {
  local n
  for n in {3..20}; do
    PATH=/bin entering -t "$target" "$@" "x$n" out
    is "$output" ""
    [ "$status" -ge 126 ]
  done
}

@test "--wdns=LINK: a link of the target's to /proc/self/fd leads to no directory of the host" {
  jail
  leads_nowhere -a
  leads_nowhere -m
  leads_nowhere -a -r
  leads_nowhere -a -e -c -S follow -G follow
}

@test "--wdns=LINK leads to no directory of the host where a child runs the program" {
  jail -p -f
  leads_nowhere -a
  leads_nowhere -a -r -e --kill-child
}

@test "a link in PATH to /proc/self/fd executes no file of the host" {
  jail
  runs_nothing -a
  runs_nothing -m
  runs_nothing -a -r
}

@test "a link in PATH to /proc/self/fd executes no file of the host where a child runs the program" {
  jail -p -f
  runs_nothing -a
  runs_nothing -a --kill-child
}

@test "-e: a directory /proc/self/fd/N/.. in the target's PATH executes no file of the host" {
  jail
  entering -t "$target" -a -e host-echo out
  is "$output" ""
  is "$status" 127
}

@test "/etc/passwd that is a link to /proc/self/fd gives no shell of the host" {
  jail
  local n
  unset SHELL
  echo 'root:x:0:0::/:/bin/of-the-host' >"$T/passwd"
  for n in {3..20}; do
    nsenter -t "$target" -U -m ln -sfn "/proc/self/fd/$n/../..$T/passwd" /etc/passwd
    entering -t "$target" -a
    is "$stderr" ""
    is "$status" 0
  done
}

@test "those links do lead out by a descriptor that was inherited, without --close-fds" {
  jail
  entering -t "$target" -a -W/tmp/w9 sh -c "$looks_out" sh "$T" 9</
  has "$output" out
  PATH=/bin entering -t "$target" -a root9 out 9</
  is "$output" out
}

@test "--close-fds: they lead nowhere by a descriptor that was inherited" {
  jail
  entering --close-fds -t "$target" -a -W/tmp/w9 sh -c "$looks_out" sh "$T" 9</
  is "$output" ""
  is "$status" 1
  PATH=/bin entering --close-fds -t "$target" -a root9 out 9</
  is "$output" ""
  is "$status" 127
}

# ---- a /proc that does not show us ----

@test "-a where /proc is not mounted is an error, and runs nothing" {
  new_target -u
  fails 1 without_proc "$XNSENTER" -t "$target" -a touch "$T/ran"
  has "$stderr" "No such file or directory"
  [ ! -e "$T/ran" ]
}

@test "-a where /proc is that of a PID namespace we are not in is an error, and runs nothing" {
  new_target -mp -f --mount-proc
  local other=$target
  new_target -u
  fails 1 nsenter -t "$other" -m "$XNSENTER" -t "$target" -a touch "$T/ran"
  has "$stderr" "No such file or directory"
  [ ! -e "$T/ran" ]
}

# ---- a /proc of the target's making ----

# A PID namespace whose first process has ended, where none can start: /proc/self/fd/8
open_dead_pid_ns() {
  start unshare -p -f sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  exec 8<"/proc/$child/ns/pid"
  kill -KILL "$child"
  wait_until gone "$child"
}

# failures: what xnsenter says where a call fails after it has joined the target's mount namespace
failures() {
  local user=/proc/$target/ns/user options
  for options in "-a -S 77" "-a -G 77" "-m --user=$user -S 77" "-m --user=$user -G 77" "-m --user=/proc/self/ns/user" \
    "-m --user-parent" "-m --pid=/proc/self/fd/8" "-U -m --pid=/proc/self/fd/8"; do
    # shellcheck disable=SC2086 # a word for each
    try timeout 10 "$XNSENTER" -t "$target" $options true >&2
    echo "$options: status $status, $stderr"
  done
}

# forge COMMAND: in the target's mount namespace a /proc where each file that could be asked is what COMMAND makes of it
forge() {
  nsenter -t "$target" -U -m sh -c 'mount -t tmpfs none /proc && mkdir -p /proc/self/ns "/proc/$1/ns" || exit
    for dir in /proc/self "/proc/$1"; do
      for file in uid_map gid_map setgroups status stat mountinfo ns/user ns/pid ns/pid_for_children ns/mnt; do
        eval "$2" || exit
      done
    done' sh "$target" "$1"
}

@test "FIFOs in the target's /proc do not hold an xnsenter that fails there, nor change what it says" {
  new_target -Urm
  open_dead_pid_ns
  local told
  told=$(failures)
  is "$(grep -c 'status 1, xnsenter: ' <<<"$told")" 8
  forge 'mkfifo "$dir/$file"'
  is "$(failures)" "$told"
}

@test "files in the target's /proc do not change what an xnsenter says that fails there" {
  new_target -Urm
  open_dead_pid_ns
  local told
  told=$(failures)
  is "$(grep -c 'status 1, xnsenter: ' <<<"$told")" 8
  forge 'case $file in *_map) echo "77 77 1" ;; setgroups) echo deny ;; esac >"$dir/$file"'
  is "$(failures)" "$told"
  forge '[ "${file#ns/p}" != "$file" ] || : >"$dir/$file"'
  is "$(failures)" "$told"
}

# ---- files in a namespace's place ----

@test "a FIFO in a namespace's place is an error at once, with a hint" {
  mkfifo "$T/fifo"
  entering --net="$T/fifo" true
  is "$status" 1
  is "$stderr" "xnsenter: reassociate to namespace 'ns/net' failed: Invalid argument
xnsenter: hint: $T/fifo is no namespace, but a FIFO"
}

@test "a FIFO in a namespace's place does not hold a dry run" {
  mkfifo "$T/fifo"
  entering --dry-run --net="$T/fifo" true
}

@test "a file called pid:2 is not taken for a process by the hint" {
  touch "$T/pid:2"
  cd "$T"
  entering --net=pid:2 true
  is "$status" 1
  has "$stderr" "pid:2 is no namespace"
}

# ---- -a in the mount namespace we are in ----

# The peer does the same.
@test "-a -W with a relative path, in the same mount namespace: from /" {
  new_target -u
  mkdir -p "$T$T"
  cd "$T"
  enter -t "$target" -a -W"${T#/}" pwd
  is "$output" "$T"
}

@test "-r=DIR -a in the same mount namespace: the working directory is the / outside" {
  new_target -u
  make_root "$T/root" sh
  touch "$T/outside"
  cd "$T"
  try "$XNSENTER" -t "$target" -r="$T/root" -a sh -c '[ -e "./$1/outside" ] && echo outside' sh "$T"
  is "$output" outside
}

# ---- what a dry run looks for ----

# executes PATH ARG...: both a dry run of xnsenter ARG... and a run execute PATH, and nothing is assumed
executes() {
  local path=$1
  shift
  need strace
  enter --dry-run "$@"
  has "$output" "execve(\"$path\","
  hasnt "$output" "assumed"
  strace -f -qq -e trace=execve -e status=successful -o "$T/strace" "$XNSENTER" "$@"
  has "$(tail -n 1 "$T/strace")" "execve(\"$path\","
}

@test "a dry run looks for the program from the directory of -w or -W" {
  new_target -u
  mkdir "$T/dir" "$T/dir/sub"
  cp "$(type -P true)" "$T/dir/prog"
  cp "$(type -P true)" "$T/dir/sub/prog"
  local option
  for option in -W -w; do
    executes ./prog -t "$target" -u "$option$T/dir" ./prog
    executes sub/prog -t "$target" -u "$option$T/dir" sub/prog
    PATH=.:$PATH executes ./prog -t "$target" -u "$option$T/dir" prog
    PATH=sub:$PATH executes sub/prog -t "$target" -u "$option$T/dir" prog
  done
}

@test "a dry run does not look for the program from where it was started if that is left" {
  new_target -u
  cp "$(type -P true)" "$T/xns-prog"
  cd "$T"
  local option
  for option in -W/ -w/ -a; do
    PATH=.:$PATH enter --dry-run -t "$target" -u "$option" xns-prog
    has "$output" "# xns-prog is not to be found now"
  done
}

@test "a dry run says that the IDs of follow are not known in a user namespace that is not the target's" {
  new_target -Ur
  local user=/proc/$target/ns/user
  new_target -u
  enter --dry-run -t "$target" -u --user="$user" -S follow true
  has "$output" "# the IDs of process $target are those that are seen from here"
  enter --dry-run -t "$target" -u -S follow true
  hasnt "$output" "#"
}

@test "a dry run says that the environment can be read only by then" {
  local command=(setpriv --reuid=64003 --regid=64003 --clear-groups --inh-caps=+sys_admin --ambient-caps=+sys_admin)
  export XNS_WORD=there
  as_new_target "$PLAIN" -Ur
  unset XNS_WORD
  touch "$T/user"
  # CAP_SYS_ADMIN joins the user namespace, but its own right to look at the target has only who is inside
  in_user() { # by a /proc with $hide
    succeeds hidepid "$hide" sh -c 'mount --bind "/proc/$1/ns/user" "$2" && shift 2 && exec "$@"' sh "$target" "$T/user" \
      "${command[@]}" "$XNSENTER" -t "$target" --user="$T/user" -e "$@"
  }
  for hide in off invisible; do # whom invisible hides may look there all the same, once he is inside
    in_user sh -c 'echo "$XNS_WORD"'
    is "$output" there
    in_user --dry-run true
    has "$output" "# the environment of process $target can be read only by then"
  done
}

# ---- names, and files ----

@test "a process that has the name of a zombie's line is not called one" {
  start sh -c 'printf "x) Z 1" >/proc/$$/comm; sleep 1000 & wait'
  wait_until runs "$pid" "x) Z 1"
  fails 1 user_seeing "$PLAIN" "$XNSENTER" -t "$pid" -u -r true
  is "$stderr" "xnsenter: cannot open /proc/$pid/root: Permission denied
xnsenter: hint: process $pid, of user 0, may not be looked into from here; that takes its user's rights and capabilities, or CAP_SYS_PTRACE"
}

@test "an /etc/passwd of 40 GB does not hold xnsenter: the shell is /bin/sh" {
  new_target -m
  nsenter -t "$target" -m sh -c 'mount -t tmpfs none /etc && truncate -s 40G /etc/passwd'
  unset SHELL
  entering -x -t "$target" -m
  is "$status" 0
  has "$stderr" 'execve("/bin/sh", ["-sh"]'
}

@test "a message has no control character of a cgroup's name" {
  new_target -u
  own_cgroup "xns-test-$$-"$'\e[31m'
  fails 1 no_cgroups "$XNSENTER" -t "$target" -u -c true
  has "$stderr" "xns-test-$$-?[31m"
  hasnt "$stderr" $'\e'
}

@test "a word with a newline makes no second line of a message" {
  new_target -u
  fails 1 "$XNSENTER" -t "1${NL}2" -u true
  is "$stderr" "xnsenter: invalid PID argument: '1?2'"
  fails 127 "$XNSENTER" -t "$target" -u "no-such${NL}program"$'\x7f\r'
  is "$stderr" "xnsenter: failed to execute no-such?program??: No such file or directory"
}

@test "a mount of a cgroup hierarchy with an empty source is found" {
  new_target -u
  own_cgroup "xns-test-$$" pids
  mkdir "$T/cg"
  succeeds no_cgroups sh -c 'mount -t cgroup -o pids "" "$1" && grep -q " - cgroup  " /proc/self/mountinfo && shift &&
    exec "$@"' sh "$T/cg" "$XNSENTER" -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(cat "/proc/$target/cgroup")"
}

@test "without descriptors left it says so, and not that no mount shows a cgroup" {
  new_target -u
  own_cgroup "xns-test-$$"
  local n few=0
  for n in {4..40}; do
    try sh -c 'ulimit -n "$1" && shift && exec "$@"' sh "$n" \
      "$XNSENTER" -t "$target" -a -r -w -e -c --kill-child true
    [ "$status" -ne 0 ] || break
    hasnt "$stderr" "no mount here shows it"
    [[ $stderr != *"Too many open files"* ]] || few=$((few + 1))
  done
  is "$status" 0
  [ "$few" -gt 2 ]
}
