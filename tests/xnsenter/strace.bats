#!/usr/bin/env bats
# --dry-run and -x of xnsenter tell the truth: what they print is held against what strace saw.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  need strace
  behind=()
  chmod 711 "$T"
}

teardown() {
  local status=0
  xns_teardown || status=1
  [ -z "${cgroup:-}" ] || wait_until rmdir "$cgroup" || status=1
  return $status
}

normalize() {
  awk -f "$XNS_SRC/tests/lib/strace-normalize" "$@"
}

# as_told ARG...: what --dry-run ARG... prints is what strace sees. Both are started by the command $behind, if that is
# set: strace stays root, for it could not read the memory of a process that is not dumpable.
as_told() {
  printf 'xnsenter %s\n' "$*"
  "${behind[@]}" "$XNSENTER" --dry-run "$@" >"$T/dry" </dev/null 2>"$T/err"
  [ ! -s "$T/err" ] || { cat "$T/err"; return 1; }
  strace -f -qq -s 4096 -o "$T/strace" "${behind[@]}" "$XNSENTER" "$@" >/dev/null </dev/null 2>"$T/err" || {
    cat "$T/err"
    return 1
  }
  normalize -v told=1 "$T/dry" >"$T/dry.normal"
  normalize -v tool="$XNSENTER" "$T/strace" >"$T/strace.normal"
  grep -q execve "$T/dry.normal"
  diff -U 100 "$T/dry.normal" "$T/strace.normal"
}

# as_traced STATUS ARG...: the same of the lines of -x, with the results
as_traced() {
  local expected=$1 status=0
  shift
  printf 'xnsenter -x %s\n' "$*"
  strace -f -qq -s 4096 -o "$T/strace" "${behind[@]}" "$XNSENTER" -x "$@" >/dev/null </dev/null 2>"$T/trace" || status=$?
  cat "$T/trace"
  is "$status" "$expected"
  normalize -v told=1 -v results=1 "$T/trace" >"$T/trace.normal"
  normalize -v tool="$XNSENTER" -v results=1 "$T/strace" >"$T/strace.normal"
  [ -s "$T/trace.normal" ]
  diff -U 100 "$T/trace.normal" "$T/strace.normal"
}

# told_only ARG...: strace sees no call that changes the world
told_only() {
  printf 'xnsenter --dry-run %s\n' "$*"
  strace -f -qq -s 4096 -o "$T/strace" "${behind[@]}" "$XNSENTER" --dry-run "$@" >/dev/null
  grep -q 'exit_group(0)' "$T/strace"
  is "$(normalize -v tool="$XNSENTER" "$T/strace")" ""
}

# behind_plain: what follows is run by an ordinary user
behind_plain() {
  behind=(setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups --)
}

# new_mapped_target: one in a user and a mount namespace, with ten IDs mapped
new_mapped_target() {
  new_target -Um
  echo '0 100000 10' >"/proc/$target/uid_map"
  echo '0 100000 10' >"/proc/$target/gid_map"
}

# own_cgroup: moves $target into a cgroup made for it, $cgroup
own_cgroup() {
  local dir
  for dir in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do
    if [ -e "$dir/cgroup.procs" ] && mkdir "$dir/xns-test-$$" 2>/dev/null; then
      cgroup=$dir/xns-test-$$
      echo "$target" >"$cgroup/cgroup.procs" && return 0
    fi
  done
  skip "no cgroup can be made here"
}

@test "--dry-run tells what strace sees: each kind alone" {
  new_target -muinpC -f
  local kind
  for kind in m u i n p C; do
    as_told -t "$target" "-$kind" true
  done
  as_told -t "$target" -p -F true
}

@test "--dry-run tells what strace sees: a time namespace" {
  need_kind time
  new_target -T
  as_told -t "$target" -T true
}

@test "--dry-run tells what strace sees: all, and several" {
  new_target -muinpC -f
  as_told -t "$target" -a true
  as_told -t "$target" -a -F true
  as_told -a -t "$target" /bin/true one 'two words' $'tab\tand\nnewline' 'a "quoted" \ word'
  as_told -t "$target" -m -u -i -n -p -C true
  as_told -t "$target" -m -u true
  target=$$
  as_told -t "$target" -a true
}

@test "--dry-run tells what strace sees: files" {
  new_target -muinpC -f
  local ns=/proc/$target/ns
  as_told --uts="$ns/uts" true
  as_told --uts="$ns/uts" --ipc="$ns/ipc" --net="$ns/net" true
  as_told --mount="$ns/mnt" true
  as_told --pid="$ns/pid" true
  as_told --pid="$ns/pid" --cgroup="$ns/cgroup" -F true
}

@test "--dry-run tells what strace sees: files and a target" {
  new_target -muinpC -f
  local first=$target
  new_target -ui
  as_told -t "$target" -i --uts="/proc/$first/ns/uts" true
  as_told -t "$target" -a --net="/proc/$first/ns/net" --mount="/proc/$first/ns/mnt" true
  as_told -t "$target" -u -i --pid="/proc/$first/ns/pid" true
}

@test "--dry-run tells what strace sees: the PID namespace of the target's children" {
  new_target -muinpC -f
  as_told -t "$target" --pid-for-children true
  as_told -t "$target" -u --pid-for-children -F true
}

@test "--dry-run tells what strace sees: the socket of a target" {
  need perl
  start unshare -n perl -e 'use Socket; $^F = 255; socket(S, PF_INET, SOCK_DGRAM, 0) or die;
    open(F, ">", "$ARGV[0].new"); print F fileno(S); close(F); rename("$ARGV[0].new", $ARGV[0]); sleep 1000' "$T/fd"
  wait_until test -s "$T/fd"
  as_told -t "$pid" -N "$(cat "$T/fd")" true
}

@test "--dry-run tells what strace sees: a user namespace, as root" {
  new_target -Urmuinp -f
  as_told -t "$target" -U true
  as_told -t "$target" -a true
  as_told -t "$target" -a -F true
  as_told -t "$target" -U -m --preserve-credentials true
  as_told -t "$target" -U --uts="/proc/$target/ns/uts" true
  as_told --user="/proc/$target/ns/user" --mount="/proc/$target/ns/mnt" true
}

@test "--dry-run tells what strace sees: a user namespace, as an ordinary user" {
  as_new_target "$PLAIN" -Urmuinp -f
  behind_plain
  as_told -t "$target" -U --preserve-credentials true
  as_told -t "$target" -a --preserve-credentials true
  as_told -t "$target" -a --preserve-credentials -F true
  as_told -t "$target" -U --preserve-credentials --uts="/proc/$target/ns/uts" true
  as_told --preserve-credentials --user="/proc/$target/ns/user" --net="/proc/$target/ns/net" true
}

@test "--dry-run tells what strace sees: a user namespace entered by root with groups" {
  new_target -Ur
  behind=(setpriv "--groups=5,6" --)
  as_told -t "$target" -U true
}

@test "--dry-run tells what strace sees: the parent of a user namespace" {
  as_new_target "$PLAIN" -Urn unshare -Uru
  wait_until runs "$target" sleep
  as_told -t "$target" -n --user-parent true
  as_told -t "$target" --user-parent --preserve-credentials true
  behind_plain
  as_told -t "$target" -n --user-parent --preserve-credentials true
  as_told --user-parent --preserve-credentials --net="/proc/$target/ns/net" true
}

@test "--dry-run tells what strace sees: root, working directory and environment" {
  new_target -mu -f -w /tmp
  as_told -t "$target" -m -r true
  as_told -t "$target" -m -w true
  as_told -t "$target" -m -r -w true
  as_told -t "$target" -m -r -W/usr true
  as_told -t "$target" -u -r/ -w/usr true
  as_told -t "$target" -m -W/usr true
  as_told -t "$target" -u -e true
  as_told -t "$target" -m -r -w -e true
  as_told -t "$target" -u -r -e -F true
}

@test "--dry-run tells what strace sees: a root with the program in it" {
  make_root "$T/root" true sleep
  new_target -m --root="$T/root"
  as_told -t "$target" -m -r /bin/true
  as_told -t "$target" -m -r -w -e /bin/true
  as_told -t "$target" -u -r"$T/root" -W/bin /bin/true
}

@test "--dry-run tells what strace sees: a cgroup" {
  new_target -mup -f
  own_cgroup
  as_told -t "$target" -c -u true
  as_told -t "$target" -c -a true
  as_told -t "$target" -c -a -F true
  as_told -t "$target" -a -r -w -e -c true
  as_told -t "$$" -u -c true
}

@test "--dry-run tells what strace sees: the context" {
  new_target -u
  as_told -t "$target" -u -Z true
}

@test "--dry-run tells what strace sees: IDs of the program" {
  new_target -mu -f
  as_told -t "$target" -u -S 1234 -G 1235 true
  as_told -t "$target" -u -S 1234 true
  as_told -t "$target" -u -G 1235 true
  as_told -t "$target" -u -S 1234 --preserve-credentials true
  as_told -t "$target" -u -S follow -G follow true
  as_told -t "$target" -m -S follow true
  as_new_target "$PLAIN" -Ur
  as_told -t "$target" -U -S follow -G follow true
}

@test "--dry-run tells what strace sees: IDs of the program in a user namespace" {
  new_mapped_target
  as_told -t "$target" -a -S 5 -G 6 true
  as_told -t "$target" -U -S 5 true
}

@test "--dry-run tells what strace sees: capabilities" {
  new_mapped_target
  as_told -t "$target" -a --keep-caps true
  as_told -t "$target" -a --keep-caps -S 0 true
  as_told -t "$target" -a --keep-caps --preserve-credentials true
}

@test "--dry-run tells what strace sees: capabilities of another user" {
  new_mapped_target
  as_told -t "$target" -U --keep-caps -S 5 true
  as_told -t "$target" -a --keep-caps -S 5 -G 6 true
}

@test "--dry-run tells what strace sees: session, privileges, descriptors" {
  new_target -mup -f
  as_told -t "$target" -u --new-session true
  as_told -t "$target" -u --no-new-privs true
  as_told -t "$target" -u --close-fds true
  as_told -t "$target" -a --new-session --no-new-privs --close-fds true
}

@test "--dry-run tells what strace sees: signals" {
  new_target -mup -f
  as_told -t "$target" -u --kill-child true
  as_told -t "$target" -a --kill-child=TERM -S 1234 -G 1235 true
  as_told -t "$target" -u --forward-signals true
  as_told -t "$target" -a --forward-signals --kill-child true
}

@test "--dry-run tells what strace sees: an inherited pidfd" {
  need perl
  new_target -mup -f
  # dup2(2) leaves it open for exec; 434 is pidfd_open(2)
  behind=(perl -MPOSIX=dup2 -e 'dup2(syscall(434, shift() + 0, 0), 9) == 9 or die; exec @ARGV' "$target")
  as_told --pidfd 9 -u true
  as_told --pidfd 9 -a -r -w true
}

@test "--dry-run tells what strace sees: no program" {
  new_target -u
  behind=(env SHELL=/bin/true)
  as_told -t "$target" -u
}

@test "-x prints what strace sees" {
  new_target -mup -f
  as_traced 0 -t "$target" -u true
  as_traced 0 -t "$target" -a -r -w -e true
  as_traced 0 -t "$target" -a -F true
  as_traced 0 -u/proc/"$target"/ns/uts --mount="/proc/$target/ns/mnt" true
  as_traced 0 -t "$target" -u --new-session --kill-child -S 1234 -G 1235 true
  as_traced 0 -t "$target" -u --no-new-privs --close-fds true
  as_traced 3 -t "$target" -p sh -c 'exit 3'
}

@test "-x prints what strace sees of a user namespace" {
  new_target -Urmup -f
  as_traced 0 -t "$target" -a true
  as_traced 0 -t "$target" -U --keep-caps true
  as_traced 0 -t "$target" -U --preserve-credentials true
}

@test "-x prints what strace sees of a cgroup" {
  new_target -u
  own_cgroup
  as_traced 0 -t "$target" -u -c true
  as_traced 0 -t "$target" -u -c --new-session true
}

@test "-x prints what strace sees of failures" {
  new_target -Urmu
  as_traced 1 -t "$target" -U -S 77 true
  as_traced 1 -t "$target" -m -W/no/such/dir true
  as_traced 127 -t "$target" -u no-such-program
  as_traced 126 -t "$target" -u /etc/passwd
  as_traced 127 -t "$target" -u --new-session /no/such/program
  as_traced 1 -u/etc/passwd true
}

@test "-x prints what strace sees of namespaces that refuse" {
  new_target -mu
  behind_plain
  as_traced 1 -t "$target" -u true
  as_traced 1 -t "$target" -m -u true
  as_traced 1 -t "$target" -a true
}

@test "-x prints what strace sees of one's own user namespace, which refuses" {
  new_target -mu
  as_traced 1 -t "$target" -U true
  as_traced 1 -t "$target" -m -u -U true
}

@test "-x prints what strace sees of a child that died of a signal" {
  new_target -p -f
  as_traced 143 -t "$target" -p sh -c 'kill -TERM $$'
}

@test "a dry run changes nothing" {
  need perl
  new_target -Urmuinp -f
  own_cgroup
  told_only -t "$target" -a -r -w -e -c true
  told_only -t "$target" -a --keep-caps -S 5 -G follow true
  told_only -t "$target" --user-parent -n --kill-child --forward-signals --new-session true
  told_only -t "$target" -u --close-fds --no-new-privs -Z true
  told_only --uts="/proc/$target/ns/uts" --user="/proc/$target/ns/user" -r/ -W/tmp true
  told_only -t "$target" -a
}

@test "a dry run needs no right but to see the target" {
  as_new_target "$PLAIN" -Urmup -f
  succeeds as_user "$PLAIN" "$XNSENTER" --dry-run -t "$target" -m -u -U -p -r -w -e --kill-child true
  has "$output" "setns(3<pid:$target>, CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWUSER|CLONE_NEWPID)"
}

@test "no word of the command line can look like a line" {
  new_target -u
  succeeds "$XNSENTER" --dry-run -t "$target" -u "no-such${NL}setns(fake)"
  is "$(grep -c '^setns(fake' <<<"$output")" 0
  ln -s "/proc/$target/ns/uts" "$T/a${NL}setns(fake)"
  succeeds "$XNSENTER" --dry-run -u"$T/a${NL}setns(fake)" true
  is "$(grep -c '^setns(fake' <<<"$output")" 0
}

@test "lines of the child are marked" {
  new_target -p -f
  succeeds "$XNSENTER" --dry-run -t "$target" -p --kill-child true
  has "$output" "${NL}fork()${NL}[child] prctl(PR_SET_PDEATHSIG, SIGKILL)${NL}[child] execve("
}

@test "a dry run looks for the program in the target's root" {
  make_root "$T/root" true sleep
  mkdir "$T/root/sub"
  cp "$T/root/bin/true" "$T/root/sub/xns-only-there"
  new_target -m --root="$T/root"
  try env PATH=/sub "$XNSENTER" --dry-run -t "$target" -m -r xns-only-there
  is "$status" 0
  has "$output" 'execve("/sub/xns-only-there"'
  is "$(grep "#" <<<"$output" | grep -v "^# --root is a chroot")" ""
}

@test "a dry run says that it looks in the target's root, which need not be that of its mount namespace" {
  new_target -m
  succeeds "$XNSENTER" --dry-run -t "$target" -m true
  has "$output" "# paths are looked up below the root of process $target"
}

@test "a dry run says where it assumes" {
  new_target -u
  succeeds "$XNSENTER" --dry-run -t "$target" -u no-such-program
  has "$output" "# no-such-program is not to be found now"
}

# ---- what a start costs ----

# calls ENV ARG...: how many system calls from xnsenter's own execve up to and with the program's
calls() {
  local env=$1
  shift
  env LC_ALL=C.UTF-8 "$env" strace -o "$T/count" "$XNSENTER" "$@"
  # getrandom is what glibc 2.43 asks at its start
  awk '!/^getrandom\(/ { n++ } /^execve\(.* = 0$/ { last = n } END { print last }' "$T/count"
}

@test "xnsenter -t PID -a -F /bin/true makes at most 50 system calls, in any locale, and one setns" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime makes calls of its own"
  local env n most=50
  # elsewhere than in the initial PID namespace it takes three to ask whose /proc is
  [ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] || most=53
  new_target -muinpC -f
  for env in LC_ALL=C LC_ALL=C.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=de; do
    n=$(calls $env -t "$target" -a -F /bin/true)
    echo "$env: $n"
    [ "$n" -le "$most" ]
    is "$(grep -c '^setns(' "$T/count")" 1
  done
}

@test "with a user namespace, too, there is one setns" {
  new_target -Urmuinp -f
  calls LC_ALL=C -t "$target" -a -F /bin/true
  is "$(grep -c '^setns(' "$T/count")" 1
}

@test "xnsenter links libc only" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime is a library"
  ldd "$XNSENTER"
  is "$(ldd "$XNSENTER" | grep -vE 'linux-vdso|linux-gate|/ld-linux|/ld64|/ld-musl' | awk '{ print $1 }' | grep -vE '^libc\.|^libc\.musl')" ""
}
