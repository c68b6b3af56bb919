#!/usr/bin/env bats
# Races: a target whose PID becomes another's, and processes of the target that look at xnsenter on its way in.
# step.c stops xnsenter between two of its system calls.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  need cc
  chmod 755 "$T"
  STEP=$BATS_FILE_TMPDIR/step
  [ -e "$STEP" ] || cc -O1 -o "$STEP" "$BATS_TEST_DIRNAME/step.c"
  chmod 755 "$BATS_FILE_TMPDIR"
  cgroups=
}

teardown() {
  local status=0
  xns_teardown || status=1
  [ -z "$cgroups" ] || wait_until rmdir "$cgroups/first" "$cgroups/second" "$cgroups" || status=1
  return $status
}

# ---- a PID that becomes another's ----

# own_cgroups: two cgroups for the two targets, below $cgroups
own_cgroups() {
  local dir
  for dir in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do
    if [ -e "$dir/cgroup.procs" ] && mkdir "$dir/xns-race-$$" 2>/dev/null; then
      cgroups=$dir/xns-race-$$
      mkdir "$cgroups/first" "$cgroups/second"
      return 0
    fi
  done
  skip "no cgroup can be made here"
}

# race FROM TOOL OPTION...: TOOL OPTION... with the target's end at each of its calls
race() {
  local from=$1 name
  shift
  for name in first second none; do
    mkdir -p "$T/$name" "$T/here"
    echo "$name" >"$T/$name/name"
  done
  cd "$T/none" || return 1
  try private "$STEP" race "$from" "$T" "$cgroups" "$@"
}

# never_the_second OPTION...: an end before the namespaces are joined is an error; after that the rest is the first
# target's, or an error
never_the_second() {
  race pidfd "$XNSENTER" "$@"
  is "$status" 0
  [[ $output =~ ^tries\ [1-9][0-9]*,\ entered\ [1-9][0-9]*,\ errors\ [1-9][0-9]*,\ wrong\ 0$ ]]
}

@test "a PID that becomes another's leads to no other namespace: -u" {
  never_the_second -u
}

@test "a PID that becomes another's leads to no other namespace: -a -F" {
  never_the_second -a -F
}

@test "a PID that becomes another's leads to no other namespace, directory or environment: -u -r -w -e" {
  never_the_second -u -r -w -e
  never_the_second -u -m -r -w -e
}

@test "a PID that becomes another's leads to no other namespace: -U -u" {
  never_the_second -U -u
  never_the_second -U -u -m -r -w -e
}

@test "a PID that becomes another's gives no other's IDs: -S follow -G follow" {
  never_the_second -u -S follow -G follow
  never_the_second -u -m -S follow -G follow
  never_the_second -U -u -S follow -G follow
}

@test "a PID that becomes another's leads to no other cgroup: -c" {
  own_cgroups
  never_the_second -u -c
}

@test "a PID that becomes another's: everything at once" {
  own_cgroups
  never_the_second -u -m -r -w -e -c -S follow -G follow
}

@test "the race can be lost: whoever looks at the PID later finds the second" {
  race start "$XNSENTER" -u
  is "$status" 1
  has "$output" "wrong: uts second"
}

# ---- the target's root looks at xnsenter ----

# looker OPTION...: a script that prints what the user's root can open of a process, in the target's namespaces of
# these kinds; -p: by the PID it has there
looker() {
  local options="$*"
  cat >"$T/look" <<'END'
for file in mem maps environ; do
  (: <"/proc/$1/$file") 2>/dev/null && echo "$file"
done
ls "/proc/$1/fd" >/dev/null 2>&1 && echo fd
readlink "/proc/$1/root" >/dev/null 2>&1 && echo root
case $(kill -0 "$1" 2>&1) in *'No such process'*) ;; *) echo seen ;; esac # /proc may hide it
END
  cat >"$T/looker" <<END
#!/bin/sh
pid=\$1
[ "$options" = "\${options#*-p}" ] || pid=\$(sed -n 's/^NSpid:.*\t//p' "/proc/\$pid/status")
exec $(as_plain) \
  nsenter -t $target --preserve-credentials $options sh "$T/look" "\$pid"
END
  chmod 755 "$T/looker"
}

# held CALL TOOL...: what the looker can open of the tool, which stands before CALL, after setns
held() {
  try "$STEP" hold "$1" "$T/looker" "${@:2}"
  is "$stderr" ""
}

as_plain() {
  echo "$(type -P setpriv)" --reuid="$PLAIN" --regid="$PLAIN" --clear-groups --
}

everything="mem${NL}maps${NL}environ${NL}fd${NL}root${NL}seen"

@test "the target's root cannot look at an xnsenter of root's" {
  as_new_target "$PLAIN" -Urm
  looker -U
  held setgid "$XNSENTER" -t "$target" -U true
  is "$output" seen
  held execve "$XNSENTER" -t "$target" -U true
  is "$output" seen
  held execve "$XNSENTER" -t "$target" -a true
  is "$output" seen
  held execve "$XNSENTER" -t "$target" -U --keep-caps --preserve-credentials true
  is "$output" seen
  held execve "$XNSENTER" --user="/proc/$target/ns/user" true
  is "$output" seen
}

@test "the target's root cannot look at an xnsenter of the same user" {
  as_new_target "$PLAIN" -Urm
  looker -U
  local as_user call
  read -ra as_user < <(as_plain)
  for call in setgid execve; do
    held "$call" "${as_user[@]}" "$XNSENTER" -t "$target" -U true
    is "$output" seen
  done
  held execve "${as_user[@]}" "$XNSENTER" -t "$target" -U -m --preserve-credentials true
  is "$output" seen
}

@test "the same in a PID namespace, where it is the child" {
  as_new_target "$PLAIN" -Urmp -f --mount-proc
  looker -U -m -p
  local as_user call
  read -ra as_user < <(as_plain)
  for call in setgid execve; do
    held "$call" "$XNSENTER" -t "$target" -U -m -p true
    is "$output" seen
    held "$call" "${as_user[@]}" "$XNSENTER" -t "$target" -U -m -p true
    is "$output" seen
  done
}

@test "the same of the xnsenter that waits for its child" {
  as_new_target "$PLAIN" -Urmp -f --mount-proc
  looker -U
  local as_user
  read -ra as_user < <(as_plain)
  held wait4 "$XNSENTER" -t "$target" -U -m -p true
  is "$output" seen
  held wait4 "${as_user[@]}" "$XNSENTER" -t "$target" -U -m -p true
  is "$output" seen
}

@test "the target's root could look at a tool that is dumpable, and at the target" {
  as_new_target "$PLAIN" -Urm
  looker -U
  local as_user
  read -ra as_user < <(as_plain)
  held execve "${as_user[@]}" "$STEP" join "$target"
  is "$output" "$everything"
  try "$T/looker" "$target"
  is "$output" "$everything"
}

@test "the same in a PID namespace" {
  as_new_target "$PLAIN" -Urmp -f --mount-proc
  looker -U -m -p
  try "$T/looker" "$target"
  is "$output" "$everything"
}
