#!/usr/bin/env bats
# --dry-run and -x tell the truth: what they print is held against what strace saw.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  need strace
  P=$T/p
  mkdir "$P"
}

normalize() {
  awk -f "$XNS_SRC/tests/lib/strace-normalize" "$@"
}

# same FILE FILE: or show how they differ
same() {
  diff -U 100 "$1" "$2"
}

# as_told ARG...: what --dry-run ARG... prints is what strace sees; through $within, if that is set
as_told() {
  printf 'xunshare %s\n' "$*"
  "${within[@]}" "$XUNSHARE" --dry-run "$@" >"$T/dry" </dev/null 2>"$T/err"
  [ ! -s "$T/err" ] || { cat "$T/err"; return 1; }
  "${within[@]}" strace -f -qq -s 4096 -o "$T/strace" "$XUNSHARE" "$@" >/dev/null </dev/null 2>"$T/err" || {
    cat "$T/err"
    return 1
  }
  normalize -v told=1 "$T/dry" >"$T/dry.normal"
  normalize "$T/strace" >"$T/strace.normal"
  [ -s "$T/dry.normal" ]
  same "$T/dry.normal" "$T/strace.normal"
}

# as_told_and_said ARG...: the same, of a tool that writes on standard error as it is told to
as_told_and_said() {
  printf 'xunshare %s\n' "$*"
  rm -f "$T/net"
  (cd "$T" && "${within[@]}" "$XUNSHARE" --dry-run "$@") >"$T/dry" </dev/null
  (cd "$T" && "${within[@]}" strace -f -qq -s 4096 -o "$T/strace" "$XUNSHARE" "$@") >/dev/null </dev/null
  rm -f "$T/net"
  (cd "$T" && "${within[@]}" "$XUNSHARE" -x "$@") 2>&1 >/dev/null </dev/null | grep -v '^{' >"$T/trace"
  normalize -v told=1 "$T/dry" >"$T/dry.normal"
  normalize -v told=1 "$T/trace" | grep -v '"status' >"$T/trace.normal"
  normalize "$T/strace" | grep -v 'status' >"$T/strace.normal"
  [ -s "$T/dry.normal" ]
  same "$T/dry.normal" "$T/strace.normal"
  same "$T/trace.normal" "$T/strace.normal"
}

# as_traced STATUS ARG...: the same of the lines of -x, with the results
as_traced() {
  local expected=$1 status=0
  shift
  printf 'xunshare -x %s\n' "$*"
  "${within[@]}" strace -f -qq -s 4096 -o "$T/strace" "$XUNSHARE" -x "$@" >/dev/null </dev/null 2>"$T/trace" || status=$?
  is "$status" "$expected"
  normalize -v told=1 -v results=1 "$T/trace" >"$T/trace.normal"
  normalize -v results=1 "$T/strace" >"$T/strace.normal"
  [ -s "$T/trace.normal" ]
  same "$T/trace.normal" "$T/strace.normal"
}

@test "--dry-run tells what strace sees: a program alone" {
  within=(private)
  as_told true
  as_told /bin/true one 'two words' $'tab\tand\nnewline' 'a "quoted" \ word'
}

@test "--dry-run tells what strace sees: namespaces" {
  within=(private)
  as_told -u true
  as_told -muinCT true
  as_told --all true
  as_told -p true
}

@test "--dry-run tells what strace sees: a fork" {
  within=(private)
  as_told -f true
  as_told -pf --mount-proc true
  as_told -pf --forward-signals true
}

@test "--dry-run tells what strace sees: maps of one ID" {
  within=(private)
  as_told -r true
  as_told -c true
  as_told -rpf --mount-proc true
  as_told --map-user 5 true
  as_told --map-group 5 true
  as_told -U --setgroups deny true
}

@test "--dry-run tells what strace sees: maps of ranges" {
  within=(private)
  as_told --map-users 0:100000:10 true
  as_told -r --map-users 1:100000:10 --map-groups 1:100000:10 --map-groups 50:200000:1 true
  as_told --map-users all --map-groups all true
  as_told --map-users 0:0:10 --map-groups 0:0:10 --setgroups deny -f -S 5 true
}

@test "--dry-run tells what strace sees: newuidmap and newgidmap" {
  need newuidmap newgidmap
  within=(world_as 64002)
  # strace takes a set-user-ID program's rights away: fakes stand in for these
  mkdir "$T/bin"
  ln -s "$(type -P true)" "$T/bin/newuidmap"
  ln -s "$(type -P true)" "$T/bin/newgidmap"
  within+=(env PATH="$T/bin:$PATH")
  chmod 777 "$T"
  as_told --map-auto true
  as_told -r --map-auto -f true
  as_told -r --map-auto -S 5 true || grep -q 'setuid' "$T/err"
}

@test "--dry-run tells what strace sees: subordinate IDs of root" {
  within=(world)
  as_told --map-auto true
  as_told -r --map-subids -pf --mount-proc true
}

@test "--dry-run tells what strace sees: an owner" {
  within=(private)
  as_told --owner 1234:1235 true
  as_told --owner 1234:1235 -r true
}

@test "--dry-run tells what strace sees: propagation" {
  within=(private)
  as_told -m --propagation slave true
  as_told -m --propagation shared true
  as_told -m --propagation unchanged true
  as_told -pf --mount-proc --propagation unchanged true
}

@test "--dry-run tells what strace sees: root and working directory" {
  within=(private)
  make_root "$T/root" true
  as_told -w /tmp true
  as_told -R "$T/root" /bin/true
  as_told -R "$T/root" -w /bin -m true
  as_told -pf -R "$T/root" --mount-proc /bin/true
}

@test "--dry-run tells what strace sees: IDs of the program" {
  within=(private)
  as_told -S 1234 -G 1235 true
  as_told -S 1234 true
  as_told -f --kill-child -S 1234 -G 1235 true
}

@test "--dry-run tells what strace sees: the death signal" {
  within=(private)
  as_told --kill-child true
  as_told --kill-child=TERM -p true
  as_told --kill-child=RTMIN+3 true
}

@test "--dry-run tells what strace sees: capabilities" {
  within=(private)
  as_told -r --keep-caps true
  as_told -Uf --map-user 5 --keep-caps true
}

@test "--dry-run tells what strace sees: capabilities that setuid takes" {
  as_told --map-users all --map-groups all --keep-caps -S 7 -G 8 true
  as_told -r --map-users 1:1:10 --keep-caps -S 7 true
}

@test "--dry-run tells what strace sees: capabilities of an ordinary user" {
  within=(private setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups)
  chmod 777 "$T"
  as_told -c --keep-caps true
}

@test "--dry-run tells what strace sees: clocks" {
  need_kind time
  within=(private)
  as_told -T --boottime 5 true
  as_told -Tf --boottime -5.5 --monotonic 7 true
}

@test "--dry-run tells what strace sees: the environment" {
  within=(private)
  as_told --clear-env true
  as_told --whitelist-env PATH,HOME true
}

@test "--dry-run tells what strace sees: namespaces on files" {
  within=(private)
  as_told --uts="$P/a" true
  rm -f "$P"/*
  : >"$P/b"
  as_told --uts="$P/b" --ipc="$P/c" true
  rm -f "$P"/*
  as_told -f --net="$P/d" true
  rm -f "$P"/*
  as_told -m --uts="$P/e" true
  rm -f "$P"/*
  as_told -mf --uts="$P/f" true
  rm -f "$P"/*
  as_told --pid="$P/g" -f --mount-proc true
  rm -f "$P"/*
  as_told --user="$P/h" -r true
  rm -f "$P"/*
  as_told --user="$P/h" --map-users 0:100000:5 true
  rm -f "$P"/*
  as_told --uts="$P/i" -S 5 -G 5 true
}

@test "--dry-run tells what strace sees: binfmt_misc" {
  "$XUNSHARE" -rpf --mount-binfmt true 2>/dev/null || skip "this kernel has no binfmt_misc in user namespaces"
  within=(private)
  make_root "$T/root" true
  as_told -rpf --mount-binfmt true
  as_told -rpf -l ':xnstest:M::magic::/bin/true:' true
  as_told -rpf -R "$T/root" -l ':xnstest:M::magic::/bin/true:' /bin/true
  as_told -rpf -R "$T/root" -l ':xnstest:M::magic::/bin/true:F' /bin/true
}

@test "--dry-run tells what strace sees: the container of the manual" {
  need_kind time
  within=(private)
  make_root "$T/root" true
  as_told -inpuUCTf -r --mount-proc --kill-child -R "$T/root" -w / /bin/true
}

@test "-x prints what strace sees" {
  within=(private)
  as_traced 0 -u true
  as_traced 0 -rpf --mount-proc true
  as_traced 0 -r --map-users 1:100000:10 -f true
  as_traced 0 -m --uts="$P/a" --ipc="$P/b" true
  as_traced 0 --kill-child -S 1234 -G 1235 true
  as_traced 0 -r --keep-caps true
}

@test "-x prints what strace sees of failures" {
  within=(private)
  as_traced 1 -w "$T/none" true
  as_traced 127 -f no-such-program
  as_traced 1 -r -S 77 true
  as_traced 1 -mf --uts="$P/a" --ipc="$T/none/b" true
  as_traced 127 --uts="$P/c" /no/such/program
}

@test "-x prints what strace sees of a child that died of a signal" {
  within=(private)
  as_traced 143 -f sh -c 'kill -TERM $$'
}

# told_only ARG...: strace sees no call that changes the world
told_only() {
  printf 'xunshare --dry-run %s\n' "$*"
  private strace -f -qq -s 4096 -o "$T/strace" "$XUNSHARE" --dry-run "$@" >/dev/null
  is "$(normalize "$T/strace")" ""
}

@test "a dry run changes nothing" {
  told_only --all -f -r true
  told_only -mf --uts="$P/a" --mount="$P/b" true
  told_only --map-users 0:0:10 --setgroups deny --keep-caps -S 5 -G 5 true
  told_only -rpf --mount-proc -R / -w / -l ':x:M::x::/bin/true:F' true
  told_only --owner 5:5 --kill-child --forward-signals -T --boottime 5 true
  told_only --clear-env
  is "$(ls -A "$P")" ""
}

@test "no word of the command line can look like a line" {
  succeeds "$XUNSHARE" --dry-run -u "no-such${NL}mount(fake)"
  is "$(grep -c '^mount' <<<"$output")" 0
}

@test "a dry run needs no rights" {
  succeeds as_user "$PLAIN" "$XUNSHARE" --dry-run -muinpCT -f --mount-proc -S 5 true
  has "$output" "unshare(CLONE_"
}

@test "lines of other processes are marked" {
  ok --dry-run -mf --uts="$P/a" -r --map-users 1:100000:10 true
  has "$output" "${NL}[helper] openat(AT_FDCWD, \"/proc/"
  has "$output" "${NL}[helper] mount(\"/proc/"
  has "$output" "${NL}[child] execve("
}

@test "--dry-run and -x tell what strace sees: an init, a clone, what is said and waited for" {
  need_root
  within=(private)
  : >"$T/block"
  local words
  for words in "--init" "--init --kill-child -r --mount-proc -S 0" "--init --die-with-parent --new-session --no-new-privs" \
    "--clone -m -u" "--clone --init -r --hostname blue --domainname green --lo-up" \
    "--clone --map-users 0:100000:9 --map-groups 0:200000:9 --setgroups deny" "--clone -p --set-tid 4111" \
    "--clone -T --boottime 5" "--clone --kill-child -S 1 -G 1 --net=$T/net" \
    "-f --pid-file $T/pid --info-fd 2 --block-fd 0" "-n --pid-file pid -w /" "--init -u --info-fd 2 --pid-file $T/pid" \
    "--hostname blue --lo-up" "--new-session" "--die-with-parent -u -S 1 -G 1" "--die-with-parent -f"; do
    # shellcheck disable=SC2086
    as_told_and_said $words true
  done
}

@test "--dry-run and -x tell what strace sees: a user namespace that is joined, a pid file by a helper" {
  within=(private)
  local words
  start "$XUNSHARE" -n --map-users 0:100000:65536 --map-groups 0:100000:65536 sleep 1000
  wait_until runs "$pid" sleep
  for words in "" "--join net=$pid -S 5 -G 6" "-r" "-r --clone -T --boottime 5" "-r -T --boottime 5 -f" "--keep-caps -S 7" \
    "-r --pid-file $T/pid" "--init -r --pid-file $T/pid" "--map-users 0:0:9 --map-groups 5:0:9 --setgroups deny"; do
    # shellcheck disable=SC2086
    as_told_and_said --join "user=$pid" $words true
  done
  as_told_and_said -r --pid-file "$T/pid" true
  mkfifo "$T/fifo"
  exec 6<>"$T/fifo"
  as_told_and_said -n --pid-file "$T/fifo" true
  exec 6>&-
}

@test "--dry-run and -x tell what strace sees: the proc of a PID namespace that is joined for children, and a masked one" {
  need setarch
  local older
  start "$XUNSHARE" -p -f --kill-child sleep 1000
  wait_until pgrep -P "$pid" -x sleep
  child_of "$pid"
  for older in "" "setarch --uname-2.6"; do
    # shellcheck disable=SC2206 # words
    within=(private $older)
    as_told --join "pid=$child" --no-fork --mount-proc true
    as_told --join "pid=$child" --no-fork --mount-proc=/mnt/proc --tmpfs /mnt true
  done
  within=(private sh -c 'mount -t tmpfs x /proc/sys && exec "$@"' sh)
  as_traced 1 -r -pf --mount-proc true
  as_traced 1 -r -pf --mount-proc --tmpfs /mnt true
}

@test "--dry-run and -x tell what strace sees: a failing set-up of a clone" {
  need_root
  within=(private)
  as_traced 127 --clone --init --pid-file "$T/pid" -n no-such-program
}

@test "a dry run of --root looks for the program in the new root" {
  make_root "$T/root" true
  mkdir "$T/root/sub"
  cp "$T/root/bin/true" "$T/root/sub/xns-only-there"
  try env PATH=/sub "$XUNSHARE" --dry-run -R "$T/root" xns-only-there
  is "$status" 0
  has "$output" 'execve("/sub/xns-only-there"'
  is "$(grep "#" <<<"$output" | grep -v "^# --root is a chroot")" ""
}

@test "a dry run says where it assumes" {
  ok --dry-run no-such-program
  has "$output" "# no-such-program is not to be found now"
}

# ---- what a start costs ----

# calls ENV...: how many system calls from xunshare's own execve up to and with the program's
calls() {
  env "$@" strace -o "$T/count" "$XUNSHARE" -u /bin/true
  # getrandom is what glibc 2.43 asks at its start
  awk '!/^getrandom\(/ { n++ } /^execve\(.* = 0$/ { last = n } END { print last }' "$T/count"
}

@test "xunshare -u /bin/true makes at most 38 system calls, in any locale" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime makes calls of its own"
  local n
  for env in LC_ALL=C LC_ALL=C.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=de; do
    n=$(calls LC_ALL=C.UTF-8 $env)
    echo "$env: $n"
    [ "$n" -le 38 ]
  done
}

@test "xunshare links libc only" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime is a library"
  ldd "$XUNSHARE"
  is "$(ldd "$XUNSHARE" | grep -vE 'linux-vdso|linux-gate|/ld-linux|/ld64|/ld-musl' | awk '{ print $1 }' | grep -vE '^libc\.|^libc\.musl')" ""
}

@test "--dry-run tells what strace sees: a root of one's own, each of its options" {
  local base=(--new-root --bind /usr:ro --symlink usr/bin:/bin --symlink usr/lib:/lib --symlink usr/lib64:/lib64)
  within=(private)
  mkdir -p "$T/low/sub" "$T/up" "$T/work" "$T/dir"
  as_told "${base[@]}" /bin/true
  as_told "${base[@]}" --dev --pid -f --mount-proc --read-only /usr/bin/true
  as_told -r "${base[@]}" --dev=/a/dev --tmpfs /tmp:size=1m,mode=700,noexec --dir /x/y/z --dir /x/y --symlink b:/x/c /bin/true
  as_told --new-root=/ --propagation shared true
  as_told "${base[@]}" --tmpfs //t//u/ --bind "$T/low:/t/u/./x" --dir /t/u/../z --dir /t/z/a/../b --dir "$T/./low/q/../r" /bin/true
  as_told --new-root="$T/dir" "${base[@]:1}" --bind "$T/low:/a/b:rw,nosuid" --bind "$T/none:/c:optional" /bin/true
  rm -r "$T/dir"
  as_told --overlay "$T/low" --overlay "$T/low:$T/low/sub,upper=$T/up,work=$T/work" --tmpfs "$T/low" true
  as_told --overlay / --mount-proc true
  mkdir -m 1777 "$T/theirs" && chown 64001:64002 "$T/theirs"
  as_told --overlay "$T/theirs" --tmpfs /mnt --dev --dev=/mnt/dev --symlink /x:/mnt/x --symlink /x:/mnt/y/x --symlink usr/bin:/bin true
  as_told --root=/ --read-only true
  within=(private sh -c 'ulimit -Sn 60; exec "$@"' sh)
  as_told "${base[@]}" --dir /1 --dir /2 --dir /3 --dir /4 --dir /5 --dir /6 /bin/true
  within=(private)
  as_told --tmpfs "$T/low" --file 0:"$T/low/new/file" true
  as_told --user --map-users 0:100000:10 --map-groups 0:100000:10 --bind "$T/low:$T/up:idmap" -S 0 -G 0 true
  as_told --clone --user --map-users 0:100000:10 --map-groups 0:100000:10 --bind "$T/low:$T/up:idmap,ro,norec" -S 0 -G 0 true
}

@test "--dry-run tells what strace sees: a root where the maps do not have our IDs" {
  local map=(--map-users 0:100000:9 --map-groups 0:200000:9) base=(--new-root --bind /usr:ro --symlink usr/lib:/lib --symlink usr/lib64:/lib64)
  within=(private)
  mkdir "$T/ours" "$T/theirs"
  chown 100000:200000 "$T/theirs"
  as_told "${map[@]}" "${base[@]}" --dev --dir /d --file 0:/f --prepare : /usr/bin/true
  as_told --clone --die-with-parent "${map[@]}" "${base[@]}" -S 3 -G 4 /usr/bin/true
  as_told --die-with-parent "${map[@]}" --new-root="$T/ours" "${base[@]:1}" --tmpfs /t --dir /t/x /usr/bin/true
  as_told "${map[@]}" --new-root="$T/theirs" "${base[@]:1}" --dir /x /usr/bin/true
  as_told "${map[@]}" -S 5 -G 6 --disable-userns true
  as_told -r --disable-userns true
}

@test "--dry-run tells what strace sees: --prepare" {
  within=(private)
  as_told --prepare true --prepare : true
  as_told --kill-child --prepare : true
  as_told -c --new-root=/ --prepare true true
}
