#!/usr/bin/env bats
# What the program of xnsenter inherits: nothing of ours, and all that it should.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/descriptors

setup() {
  xns_setup
  need_root
}

teardown() {
  local status=0
  xns_teardown || status=1
  [ -z "${cgroup:-}" ] || wait_until rmdir "$cgroup" || status=1
  return $status
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

# The program looks at its descriptors, without what it opens to do so, and writes them to a file.
look='
  out=$1
  fds=
  shopt -s nullglob
  for fd in /proc/thread-self/fd/*; do [ -e "$fd" ] && fds+=" ${fd##*/}"; done
  exec 19>"$out"
  echo "fds$fds" >&19
  exit 42'

# clean ARG...: with each combination of closed descriptors xnsenter ARG... ends with the program's status, 42; the
# program has the open ones of the three, $kept, and no other; nothing is written
clean() {
  local set status fds fd
  for set in '' 0 1 2 01 02 12 012; do
    status=0
    : >"$T/look"
    closed "$set" "$XNSENTER" "$@" bash -c "$look" bash "$T/look" </dev/null >"$T/out" 2>&1 || status=$?
    echo "closed: '$set', xnsenter $*: status $status, output: $(<"$T/out")"
    is "$status" 42
    fds=fds
    for fd in 0 1 2; do
      [[ $set == *$fd* ]] || fds+=" $fd"
    done
    is "$(<"$T/look")" "$fds${kept:+ $kept}"
    [ ! -s "$T/out" ]
  done
}

@test "closed descriptors: each kind" {
  local kind
  new_target -muinpC -f
  for kind in m u i n C; do
    clean -t "$target" "-$kind"
  done
  clean -t "$target" -p -m
}

@test "closed descriptors: -a, alone and with all of the target" {
  new_target -muinpC -f
  own_cgroup
  clean -t "$target" -a
  clean -t "$target" -a -F -m
  clean -t "$target" -a -r -w -e -c
  clean -t "$target" -a -r -w -e -c -S follow -G follow
}

@test "closed descriptors: each thing of the target's" {
  new_target -u
  own_cgroup
  local args
  for args in -r -w -e -c -Z '-S follow' '-G follow' '-r/ -w/' '-r -W/' '-w -e'; do
    # shellcheck disable=SC2086 # a word for each
    clean -t "$target" -u $args
  done
}

@test "closed descriptors: files" {
  new_target -muip -f
  clean --uts="/proc/$target/ns/uts" --ipc="/proc/$target/ns/ipc" --mount="/proc/$target/ns/mnt"
  clean -t "$target" -m -u --pid="/proc/$target/ns/pid"
  clean -t "$target" -m --pid-for-children
}

@test "closed descriptors: user namespaces" {
  new_target -Urmup -f
  chmod 777 "$T"
  clean -t "$target" -U
  clean -t "$target" -a
  clean -t "$target" -a --preserve-credentials
  clean -t "$target" -a --keep-caps -r -w -e
  clean -t "$target" --user="/proc/$target/ns/user" -u -m
  new_target -Urm unshare -Uru
  clean -t "$target" --user-parent -m
}

@test "closed descriptors: what forks" {
  new_target -u
  clean -t "$target" -u --kill-child
  clean -t "$target" -u --forward-signals
  clean -t "$target" -u --new-session
  clean -t "$target" -u --kill-child --forward-signals --new-session --no-new-privs --close-fds
}

@test "closed descriptors: a socket of the target" {
  need perl
  start unshare -n perl -e 'use Socket; $^F = 255; socket(S, PF_INET, SOCK_DGRAM, 0) or die;
    open(F, ">", "$ARGV[0].new"); print F fileno(S); close(F); rename("$ARGV[0].new", $ARGV[0]); sleep 1000' "$T/fd"
  wait_until test -s "$T/fd"
  clean -t "$pid" -N "$(cat "$T/fd")"
}

@test "closed descriptors: --pidfd, which alone is passed on" {
  need perl
  new_target -mup -f
  local tool=$XNSENTER keep=9 kept=9
  # dup2(2) leaves it open for exec; 434 is pidfd_open(2). What perl has open of the three is closed again.
  cat >"$T/with-pidfd" <<END
#!/bin/sh
closed=
for fd in 0 1 2; do
  [ -e "/proc/\$\$/fd/\$fd" ] || closed="\$closed \$fd>&-"
done
exec perl -MPOSIX=dup2 -e '
  my \$fd = syscall(434, $target, 0);
  dup2(\$fd, 9) == 9 or die;
  POSIX::close(\$fd);
  exec @ARGV' sh -c "exec \"\\\$@\" \$closed" sh "$tool" "\$@"
END
  chmod 755 "$T/with-pidfd"
  XNSENTER=$T/with-pidfd
  clean --pidfd 9 -u
  clean --pidfd 9 -a -r -w -e
  kept=
  clean --pidfd 9 -u --close-fds
}

@test "closed descriptors: none of ours takes their place" {
  need strace
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime reads files before main"
  new_target -Urmup -f
  own_cgroup
  none_used "$XNSENTER" -t "$target" -u
  none_used "$XNSENTER" -t "$target" -a -r -w -e -c
  none_used "$XNSENTER" -t "$target" -a -e -S follow --kill-child --forward-signals
  none_used "$XNSENTER" -t "$target" -a -S 77
  none_used "$XNSENTER" -u"/proc/$target/ns/uts" -r/ -w/
  none_used "$XNSENTER" -t 999999999 -u
}

@test "closed descriptors: an error has its status" {
  local set
  new_target -pu -f
  for set in '' 0 1 2 01 02 12 012; do
    status=0
    closed "$set" "$XNSENTER" -t "$target" -p /no/such/program </dev/null >/dev/null 2>&1 || status=$?
    is "$status" 127
    status=0
    closed "$set" "$XNSENTER" -t "$target" -u -W/no/such/dir true </dev/null >/dev/null 2>&1 || status=$?
    is "$status" 1
    status=0
    closed "$set" "$XNSENTER" -x -t "$target" -a true </dev/null >/dev/null 2>&1 || status=$?
    is "$status" 0
  done
}

@test "an inherited descriptor is passed on, but not with --close-fds" {
  local way
  new_target -mup -f
  for way in -u -a '-a -r -w -e' '-u --forward-signals'; do
    # shellcheck disable=SC2086 # a word for each
    is "$("$XNSENTER" -t "$target" $way sh -c 'cat <&7; cat <&9' 7<<<seven 9<<<nine)" "seven${NL}nine"
    # shellcheck disable=SC2086
    try "$XNSENTER" -t "$target" $way --close-fds bash -c 'cat <&0; : <&7 || : <&200' <<<zero 7<<<seven 200<<<high
    is "$output" zero
    has "$stderr" "7: Bad file descriptor"
    has "$stderr" "200: Bad file descriptor"
  done
}

@test "standard input is the program's, whole" {
  new_target -u
  own_cgroup
  is "$(printf 'a\nb\n' | "$XNSENTER" -t "$target" -u -c -r -w -e --kill-child cat)" "a${NL}b"
}

# ---- the waiting process ----

@test "the waiting xnsenter holds no descriptor of the target's root, directory, namespaces or cgroup" {
  make_root "$T/root" sleep
  mkdir "$T/root/dir"
  new_target -Urmup -f --mount-proc --root="$T/root" --wd=/dir
  own_cgroup
  start "$XNSENTER" -t "$target" -a -r -w -e -c /bin/sleep 1000
  local tool=$pid fd
  child_of "$tool"
  wait_until runs "$child" sleep
  for fd in "/proc/$tool/fd/"*; do
    [ "${fd##*/}" -gt 2 ] || continue
    echo "${fd##*/}: $(readlink "$fd")"
    hasnt "$(readlink "$fd")/" "$T/" # bats's own may be $T.out
    hasnt "$(readlink "$fd")" cgroup
    hasnt "$(readlink "$fd")" environ
    hasnt "$(readlink "$fd")" /root
    [[ ! $(readlink "$fd") =~ ^(mnt|uts|ipc|net|pid|user|cgroup|time): ]]
    isnt "$(stat -L -c %d:%i "$fd")" "$(stat -L -c %d:%i "/proc/$target/root")"
    isnt "$(stat -L -c %d:%i "$fd")" "$(stat -L -c %d:%i "/proc/$target/cwd")"
  done
}

@test "the pipe of the caller is held by nobody when the program has ended" {
  new_target -p -f
  # $(...) returns at the end of file: when nobody holds the pipe any more
  is "$("$XNSENTER" -t "$target" -p echo "the end")" "the end"
}

@test "no child is left, neither of the tool nor of the program" {
  local args
  new_target -mup -f
  for args in -u -p '-a -F' '-u --kill-child' '-u --forward-signals'; do
    # shellcheck disable=SC2086
    succeeds bash -c '"$@" && read -r left <"/proc/$$/task/$$/children"; echo "left:$left"' bash \
      "$XNSENTER" -t "$target" $args bash -c 'read -r left </proc/thread-self/children; echo "below:$left"'
    is "$output" "below:${NL}left:"
  done
}

# ---- the rest ----

@test "the environment is untouched" {
  local plain way
  new_target -mup -f
  plain=$(env -i A=1 B= 'C=x y' PATH="$PATH" env | sort)
  for way in -u -a '-a -r -w' '-u --kill-child'; do
    # shellcheck disable=SC2086
    is "$(env -i A=1 B= 'C=x y' PATH="$PATH" "$XNSENTER" -t "$target" $way env | sort)" "$plain"
  done
}

@test "umask and resource limits are unchanged" {
  local plain way
  new_target -mup -f
  umask 0137
  plain=$(sh -c 'umask; ulimit -a; ulimit -Ha')
  for way in -u -a '-u --kill-child'; do
    # shellcheck disable=SC2086
    succeeds "$XNSENTER" -t "$target" $way sh -c 'umask; ulimit -a; ulimit -Ha'
    is "$output" "$plain"
  done
  umask 0022
}

@test "the session and process group are unchanged, but the session with --new-session" {
  local way
  new_target -u
  for way in -u '-u --kill-child' '-u --forward-signals'; do
    # shellcheck disable=SC2086
    succeeds "$XNSENTER" -t "$target" $way cut -d' ' -f5,6 /proc/self/stat
    is "$output" "$(cut -d' ' -f5,6 /proc/self/stat)"
  done
  succeeds "$XNSENTER" -t "$target" -u --new-session sh -c 'echo $$ $$; exec cut -d" " -f5,6 /proc/self/stat'
  is "${output%%"$NL"*}" "${output##*"$NL"}"
}

@test "argv[0] can be missing on an old kernel, and is any word" {
  new_target -u
  succeeds bash -c 'exec -a "" "$@"' bash "$XNSENTER" -t "$target" -u true
  succeeds bash -c 'exec -a -odd/name "$@"' bash "$XNSENTER" -t "$target" -u true
}

@test "--close-fds: where /proc/self/fd cannot be read to its end, nothing is run" {
  need_root
  need strace
  fails 1 strace -o /dev/null -e trace=getdents64 -e inject=getdents64:error=EIO:when=2 "$XNSENTER" --close-fds -t $$ -n echo run
  is "$output" ""
  has "$stderr" "cannot read /proc/self/fd: Input/output error"
}
