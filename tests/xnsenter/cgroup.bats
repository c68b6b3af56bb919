#!/usr/bin/env bats
# xnsenter --join-cgroup: the program moves to the cgroups of the target, in each hierarchy.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  MADE=()
  NAME=xns-test-$$-$BATS_TEST_NUMBER
}

teardown() {
  local status=0 dir
  xns_teardown || status=1
  for dir in "${MADE[@]}"; do
    wait_until remove "$dir" || status=1
  done
  return "$status"
}

# What ended is in its cgroup till it is waited for.
remove() {
  [ ! -e "$1" ] || rmdir "$1"
}

# hierarchies: a line for each that is mounted here, v1 and v2: mount point and what /proc/PID/cgroup calls it; - is v2
hierarchies() {
  # the first mount of each
  awk '$3 in seen { next }
    { seen[$3]; for (i = 7; $i != "-"; i++) ; type = $(i + 1); options = $(i + 3) }
    $4 != "/" { next }
    type == "cgroup2" { print $5, "-" }
    type == "cgroup" && match(options, /name=[^,]*/) { print $5, substr(options, RSTART, RLENGTH); next }
    type == "cgroup" { gsub(/(^|,)(rw|ro|xattr|clone_children|noprefix|cpuset_v2_mode|release_agent=[^,]*)/, "", options)
      sub(/^,/, "", options); print $5, options }' /proc/self/mountinfo
}

# made WORDS: a new cgroup in the hierarchy of these words, its directory in $dir
made() {
  local words=$1 place name
  dir=
  while read -r place name; do
    [ "$name" != "$words" ] || dir=$place/$NAME
  done < <(hierarchies)
  [ -n "$dir" ] || skip "needs the cgroup hierarchy $words"
  mkdir "$dir" || skip "needs a cgroup hierarchy $words that can be written"
  MADE+=("$dir")
}

# target_in WORDS...: in $target a process that is in a new cgroup of each of these hierarchies
target_in() {
  local words
  new_target -u
  for words; do
    made "$words"
    echo "$target" >"$dir/cgroup.procs"
  done
}

# cgroup_of PID WORDS: its cgroup in that hierarchy
cgroup_of() {
  local words=${2#-}
  awk -F: -v words="$words" '$2 == words { print $3 }' "/proc/$1/cgroup"
}

# all_cgroups PID: the same file, whole
all_cgroups() {
  cat "/proc/$1/cgroup"
}

# cgroup2_alone CMD...: in a private mount namespace where the second version is the only hierarchy that is mounted
cgroup2_alone() {
  private sh -c 'umount -R -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh "$@"
}

@test "-c, --join-cgroup: the program is in the target's cgroup of the second version" {
  local option
  target_in -
  for option in -c --join-cgroup; do
    enter -t "$target" -u "$option" cat /proc/self/cgroup
    is "$output" "$(all_cgroups "$target")"
    has "$output" "/$NAME"
  done
}

@test "-c: the program is in the target's cgroup of a hierarchy of the first version" {
  target_in pids
  enter -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
  has "$output" "$NAME"
}

@test "-c: in each hierarchy at once" {
  local words
  # cpuset takes nobody before it has been given processors and memory
  mapfile -t words < <(hierarchies | awk '$2 !~ /cpuset/ { print $2 }')
  [ ${#words[@]} -gt 0 ] || skip "needs cgroups"
  target_in "${words[@]}"
  enter -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
  is "$(grep -c "/$NAME\$" <<<"$output")" "${#words[@]}"
}

@test "-c: a hierarchy with a name alone" {
  target_in name=systemd
  enter -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
  has "$output" "$NAME"
}

@test "-c where the second version is the only one that is mounted" {
  target_in -
  succeeds cgroup2_alone "$XNSENTER" -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
}

@test "-c: below a mount of a part of the tree" {
  target_in -
  mkdir "$T/cg"
  succeeds private sh -c 'mount --bind "$1" "$2" && umount -R -l /sys/fs/cgroup && shift 2 && exec "$@"' sh "$dir" "$T/cg" \
    "$XNSENTER" -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
}

@test "-c: a mount point with a blank in its name" {
  target_in -
  mkdir "$T/c g"
  succeeds private sh -c 'mount --bind "${1%/*}" "$2" && umount -R -l /sys/fs/cgroup && shift 2 && exec "$@"' sh "$dir" "$T/c g" \
    "$XNSENTER" -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
}

@test "-c: a mount that another one hides is passed over" {
  target_in -
  mkdir "$T/cg"
  succeeds private sh -c 'mount --bind "${1%/*}" "$2" && mount -t tmpfs none "${1%/*}" && shift 2 && exec "$@"' sh "$dir" "$T/cg" \
    "$XNSENTER" -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
}

@test "-c: a cgroup with a colon and a blank in its name" {
  NAME="$NAME: odd"
  target_in -
  enter -t "$target" -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
}

@test "-c of a hierarchy that is not mounted is an error that names it" {
  target_in pids
  fails 1 cgroup2_alone "$XNSENTER" -t "$target" -u -c true
  is "$stderr" "xnsenter: cannot join cgroup $(cgroup_of "$target" pids) of hierarchy pids: no mount here shows it"
}

@test "-c of a cgroup that no mount here shows is an error that names it" {
  target_in -
  fails 1 private sh -c 'umount -R -l /sys/fs/cgroup && exec "$@"' sh "$XNSENTER" -t "$target" -u -c true
  is "$stderr" "xnsenter: cannot join cgroup $(cgroup_of "$target" -) of hierarchy cgroup2: no mount here shows it"
}

@test "-c refuses where the cgroup may not be written, before a namespace is joined, and runs nothing" {
  need strace
  as_new_target "$PLAIN" -Ur
  made -
  echo "$target" >"$dir/cgroup.procs"
  chmod a+rwx "$T"
  fails 1 as_user "$PLAIN" strace -qq -e trace=setns -o "$T/strace" "$XNSENTER" -t "$target" -U -c touch "$T/ran"
  has "$stderr" "xnsenter: cannot open $dir/cgroup.procs: Permission denied"
  hasnt "$(<"$T/strace")" setns
  [ ! -e "$T/ran" ]
}

@test "-c: only the program moves, xnsenter that waits for it stays" {
  made -
  new_target -p -f
  echo "$target" >"$dir/cgroup.procs"
  start "$XNSENTER" -t "$target" -p -c sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  is "$(all_cgroups "$child")" "$(all_cgroups "$target")"
  is "$(all_cgroups "$pid")" "$(all_cgroups self)"
}

@test "-c: xnsenter that waits keeps no cgroup file open" {
  made -
  new_target -p -f
  echo "$target" >"$dir/cgroup.procs"
  start "$XNSENTER" -t "$target" -p -c sleep 1000
  child_of "$pid"
  wait_until runs "$child" sleep
  hasnt "$(find "/proc/$pid/fd" -printf '%l\n')" cgroup.procs
}

@test "-c: the program inherits no descriptor of a cgroup file" {
  target_in - pids
  start sleep 1000
  wait_until runs "$pid" sleep
  local inherited
  inherited=$(find "/proc/$pid/fd" -type l -printf '%f\n' | sort)
  start "$XNSENTER" -t "$target" -u -c sleep 1000
  wait_until runs "$pid" sleep
  is "$(find "/proc/$pid/fd" -type l -printf '%f\n' | sort)" "$inherited"
}

@test "-c: standard input stays the program's" {
  target_in - pids
  echo "a line" >"$T/in"
  try "$XNSENTER" -t "$target" -u -c cat <"$T/in"
  is "$status $output" "0 a line"
}

@test "-c with closed standard input, output and error" {
  target_in - pids
  start sh -c 'exec "$@" <&- >&- 2>&-' sh "$XNSENTER" -t "$target" -u -c sleep 1000
  wait_until runs "$pid" sleep
  is "$(all_cgroups "$pid")" "$(all_cgroups "$target")"
}

@test "-c where the caller is already there writes nothing, and -x says so" {
  need strace
  new_target -u
  # read-only mounts would refuse each write
  succeeds private sh -c 'grep -o " /sys/fs/cgroup[^ ]* " /proc/self/mountinfo | while read -r m; do
    mount -o remount,bind,ro "$m" || exit; done
    exec "$@"' sh strace -f -qq -e trace=write,openat -o "$T/strace" "$XNSENTER" -t "$target" -u -c true
  hasnt "$(<"$T/strace")" cgroup.procs
  try "$XNSENTER" -x -t "$target" -u -c true
  is "$status" 0
  has "$stderr" "# process $target is in the same cgroups"
}

@test "-c writes in those hierarchies alone where the target is elsewhere" {
  need strace
  target_in -
  succeeds strace -f -qq -e trace=openat -o "$T/strace" "$XNSENTER" -t "$target" -u -c true
  is "$(grep -o '"[^"]*/cgroup.procs"' "$T/strace")" "\"$dir/cgroup.procs\""
}

# odd_cgroup TEXT: /proc/PID/cgroup of the target holds TEXT, with its backslashes understood
odd_cgroup() {
  new_target -u
  printf '%b' "$1" >"$T/cgroup"
  try private sh -c 'mount --bind "$1" "/proc/$2/cgroup" && shift 2 && exec "$@"' sh "$T/cgroup" "$target" \
    "$XNSENTER" -t "$target" -u -c echo ran
}

@test "an empty cgroup file is an error" {
  odd_cgroup ''
  is "$status $output $stderr" "1  xnsenter: /proc/$target/cgroup is empty"
}

@test "a line of a cgroup file that is none is an error that quotes it" {
  local text
  for text in 'nonsense' '0' '0:' '0::' '0:pids' '0::relative' ''; do
    odd_cgroup "$text\\n"
    is "$status $output $stderr" "1  xnsenter: unexpected line in /proc/$target/cgroup: '$text'"
  done
}

@test "a last line without its end is read as well" {
  odd_cgroup 'nonsense'
  is "$status $output $stderr" "1  xnsenter: unexpected line in /proc/$target/cgroup: 'nonsense'"
}

@test "a cgroup above the root of its cgroup namespace is an error, and nothing outside of the mount is joined" {
  odd_cgroup '0::/../xns-none\n'
  is "$status $output" "1 "
  has "$stderr" "cannot join cgroup /../xns-none of hierarchy cgroup2"
}

@test "a cgroup that is not there is an error that names it" {
  odd_cgroup '0::/xns-none-such\n'
  is "$status $output" "1 "
  has "$stderr" "/xns-none-such"
}

@test "a hierarchy that does not exist is an error that names it" {
  odd_cgroup '99:xns-none:/\n'
  is "$status $output $stderr" "1  xnsenter: cannot join cgroup / of hierarchy xns-none: no mount here shows it"
}

@test "-c with -C, -m and -U: the cgroups are those seen from here" {
  made -
  local v2=$dir
  new_target -UrmC
  echo "$target" >"$v2/cgroup.procs"
  start "$XNSENTER" -t "$target" -U -m -C -c sleep 1000
  wait_until runs "$pid" sleep
  is "$(all_cgroups "$pid")" "$(all_cgroups "$target")"
  has "$(all_cgroups "$pid")" "$NAME"
}

@test "-c with a mount namespace that has no cgroups" {
  made -
  start unshare -m sh -c 'umount -R -l /sys/fs/cgroup && exec sleep 1000'
  wait_until runs "$pid" sleep
  echo "$pid" >"$dir/cgroup.procs"
  enter -t "$pid" -m -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$pid")"
}

@test "-c with -a and a cgroup namespace: the program sees its cgroup as the root" {
  made -
  start sh -c 'echo 0 >"$1/cgroup.procs" && exec unshare -C sleep 1000' sh "$dir"
  wait_until runs "$pid" sleep
  enter -t "$pid" -a -c cat /proc/self/cgroup
  is "$(grep '^0:' <<<"$output")" 0::/
}

@test "-c with another user: the rights are those before" {
  target_in - pids
  start "$XNSENTER" -t "$target" -u -c -S "$PLAIN" -G "$PLAIN" sleep 1000
  wait_until runs "$pid" sleep
  is "$(all_cgroups "$pid")" "$(all_cgroups "$target")"
}

@test "-c --dry-run moves nobody" {
  target_in -
  start sleep 1000
  wait_until runs "$pid" sleep
  enter --dry-run -t "$target" -u -c true
  has "$output" "$dir/cgroup.procs"
  is "$(cat "$dir/cgroup.procs")" "$target"
}

@test "-c with a pidfd for the target" {
  target_in -
  succeeds with_pidfd "$target" "$XNSENTER" --pidfd 9 -u -c cat /proc/self/cgroup
  is "$output" "$(all_cgroups "$target")"
}
