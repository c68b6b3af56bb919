#!/usr/bin/env bats
# Namespaces kept on files: --KIND=FILE, and that nothing is left of them when anything fails.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

# A mount namespace of the test's own, held by a process: its tmpfs $P is where the files are.
setup() {
  xns_setup
  need_root
  P=$T/p
  mkdir "$P"
  start unshare --mount --propagation private sh -c 'mount -t tmpfs xnstest "$1" && exec sleep 1000' sh "$P"
  holder=$pid
  wait_until runs "$holder" sleep
  OUT=/proc/$holder/root$P # the same directory, seen from here
}

# inside CMD...: in that mount namespace
inside() {
  nsenter --mount="/proc/$holder/ns/mnt" -- "$@"
}

x() {
  inside "$XUNSHARE" "$@"
}

# bound FILE: a namespace is mounted on $P/FILE
bound() {
  grep -qF " $P/$1 " "/proc/$holder/mountinfo"
}

# bind_count: how many mounts there are below $P
bind_count() {
  grep -cF " $P/" "/proc/$holder/mountinfo"
}

# nothing_left [FILE...]: nothing is mounted, these files are there, empty, and no other
nothing_left() {
  local file left
  is "$(bind_count)" 0
  left=$(ls -A "$OUT")
  is "$left" "$(printf '%s\n' "$@" | sort)"
  for file; do
    [ ! -s "$OUT/$file" ]
  done
}

# keeps KIND NS ARG...: with ARG... the namespace NS of the program is the one on $P/KIND afterwards
keeps() {
  local kind=$1 ns=$2
  shift 2
  need_kind "${ns%_for_children}"
  succeeds x "--$kind=$P/$kind" "$@" bash -c "stat -Lc %i /proc/self/ns/$ns"
  bound "$kind"
  is "$(inside stat -c %i "$P/$kind")" "$output"
  isnt "$output" "$(stat -Lc %i "/proc/self/ns/$ns")"
}

@test "--uts=FILE keeps the UTS namespace" {
  keeps uts uts
}

@test "--ipc=FILE keeps the IPC namespace" {
  keeps ipc ipc
}

@test "--net=FILE keeps the network namespace" {
  keeps net net
}

@test "--cgroup=FILE keeps the cgroup namespace" {
  keeps cgroup cgroup
}

@test "--mount=FILE keeps the mount namespace" {
  keeps mount mnt
}

@test "--user=FILE alone keeps the user namespace" {
  keeps user user
}

@test "--time=FILE keeps the time namespace of the children" {
  keeps time time_for_children
}

@test "--pid=FILE with --fork keeps the PID namespace" {
  keeps pid pid --fork
}

@test "each kind is kept with --fork too" {
  local kind
  for kind in uts ipc net cgroup user; do
    keeps $kind $kind --fork
  done
  keeps mount mnt --fork
}

@test "all kinds are kept at once" {
  need_kind time
  local kind args=()
  for kind in mount uts ipc net pid user cgroup time; do
    args+=("--$kind=$P/$kind")
  done
  succeeds x "${args[@]}" -r --fork true
  is "$(bind_count)" 8
}

@test "entering a kept UTS namespace shows its host name" {
  succeeds x --uts="$P/uts" hostname xns-kept
  succeeds inside nsenter --uts="$P/uts" hostname
  is "$output" xns-kept
}

@test "entering a kept IPC namespace shows its limits" {
  succeeds x --ipc="$P/ipc" sh -c 'echo 4321 >/proc/sys/kernel/msgmax'
  succeeds inside nsenter --ipc="$P/ipc" cat /proc/sys/kernel/msgmax
  is "$output" 4321
}

@test "entering a kept network namespace shows its settings" {
  succeeds x --net="$P/net" sh -c 'echo 77 >/proc/sys/net/ipv4/ip_default_ttl'
  succeeds inside nsenter --net="$P/net" cat /proc/sys/net/ipv4/ip_default_ttl
  is "$output" 77
}

@test "entering a kept mount namespace shows its mounts" {
  mkdir "$T/dir"
  succeeds x --mount="$P/mount" sh -c 'mount -t tmpfs kept "$1" && : >"$1/mark"' sh "$T/dir"
  succeeds inside nsenter --mount="$P/mount" ls "$T/dir"
  is "$output" mark
  [ ! -e "/proc/$holder/root$T/dir/mark" ]
}

@test "entering a kept user namespace shows its map" {
  succeeds x --user="$P/user" -r --map-users 1:100000:10 true
  succeeds inside nsenter --user="$P/user" sh -c 'while read -r a b c; do echo $a $b $c; done </proc/self/uid_map'
  is "$output" "0 0 1${NL}1 100000 10"
}

@test "entering a kept PID namespace shows its processes" {
  start nsenter --mount="/proc/$holder/ns/mnt" -- "$XUNSHARE" --pid="$P/pid" -f sleep 1000
  child_of "$pid"
  wait_until bound pid
  wait_until runs "$child" sleep
  succeeds inside nsenter --pid="$P/pid" sh -c 'readlink /proc/self/ns/pid'
  is "$output" "$(readlink "/proc/$child/ns/pid")"
}

@test "entering a kept time namespace shows its offsets" {
  need_kind time
  succeeds x --time="$P/time" --boottime 1234 true
  succeeds inside nsenter --time="$P/time" cat /proc/self/timens_offsets
  has "$(tr -s ' ' <<<"$output")" "boottime 1234 0"
}

@test "FILE is created where it is absent" {
  succeeds x --uts="$P/new" true
  bound new
  inside umount "$P/new"
  nothing_left new
}

@test "FILE is used as it is where it is present, and empty" {
  : >"$OUT/old"
  chmod 640 "$OUT/old"
  succeeds x --uts="$P/old" true
  bound old
  inside umount "$P/old"
  is "$(cat "$OUT/old") $(stat -c %a "$OUT/old")" " 640"
}

@test "FILE with content, a device, a FIFO, a socket, a link to one: refused under either name before anything is made" {
  local name file
  echo content >"$OUT/content"
  mknod "$OUT/device" c 1 3
  mkfifo "$OUT/fifo"
  perl -MIO::Socket::UNIX -e 'chdir shift; IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die' "$OUT"
  ln -s content "$OUT/link"
  for name in xunshare unshare; do
    for file in content device fifo socket link; do
      fails 1 inside timeout 10 "$BIN/$name" -x -f --ipc="$P/new" --uts="$P/$file" true
      is "$stderr" "$name: $P/$file is no empty file, and no namespace is bound on it"
    done
  done
  is "$(bind_count) $(cd "$OUT" && echo * && cat content)" "0 content device fifo link socket${NL}content"
}

@test "FILE that is swapped for a link after it was looked at: nothing is bound at its end" {
  : >"$OUT/file"
  : >"$OUT/victim"
  hold_tool -m --uts="$P/file" true
  mv "$OUT/file" "$OUT/moved"
  ln -s victim "$OUT/file"
  let_go
  status_is 0
  is "$(grep -cF " $P/victim " "/proc/$holder/mountinfo")" 0
  bound moved
  inside umount "$P/moved"
}

@test "what has come in the place of FILE is not undone" {
  mkfifo "$T/block"
  exec 6<>"$T/block"
  start nsenter --mount="/proc/$holder/ns/mnt" -- "$XUNSHARE" -f --uts="$P/new" --ipc="$P/other" --block-fd 6 /no-such
  wait_until bound other
  inside umount "$P/new"
  rm "$OUT/new"
  echo theirs >"$OUT/new"
  inside mount --bind "$OUT/new" "$OUT/other"
  echo >&6
  status=0
  wait "$pid" || status=$?
  exec 6>&-
  is "$status $(cat "$OUT/new" "$OUT/other")" "127 theirs${NL}theirs"
  inside umount -l "$P/other"
}

@test "a bind is undone without following links" {
  fails 127 x -x --uts="$P/new" no-such
  has "$stderr" "umount2(\"$P/new\", MNT_DETACH|UMOUNT_NOFOLLOW) = 0"
  ln -s real "$OUT/link"
  : >"$OUT/real"
  fails 127 x --uts="$P/link" no-such
  nothing_left link real
}

@test "a relative FILE is taken from the working directory that xunshare has" {
  succeeds inside sh -c 'cd "$1" && exec "$2" --uts=rel -w / pwd' sh "$P" "$XUNSHARE"
  is "$output" /
  bound rel
  succeeds inside sh -c 'cd "$1" && exec "$2" -m --ipc=rel2 -w / pwd' sh "$P" "$XUNSHARE"
  bound rel2
}

@test "FILE on which a namespace stands is refused, and how to enter it is said" {
  succeeds x --uts="$P/uts" hostname first
  fails 1 x -x -f --net="$P/net" --uts="$P/uts" hostname second
  is "$stderr" "xunshare: $P/uts is a namespace already; enter it by --join uts=$P/uts, or by xnsenter --uts=$P/uts"
  is "$(x --join uts="$P/uts" hostname) $(inside "$XNSENTER" --uts="$P/uts" hostname)" "first first"
  [ ! -e "$OUT/net" ]
}

@test "FILE can have more than one namespace bound, one over the other, under the name unshare" {
  succeeds inside "$BIN/unshare" --uts="$P/uts" hostname first
  succeeds inside "$BIN/unshare" --uts="$P/uts" hostname second
  is "$(inside nsenter --uts="$P/uts" hostname)" second
  inside umount "$P/uts"
  is "$(inside nsenter --uts="$P/uts" hostname)" first
}

@test "the bind is there before the program starts" {
  succeeds x --uts="$P/uts" grep -cF " $P/uts " "/proc/$holder/mountinfo"
  succeeds x -m --ipc="$P/ipc" grep -cF " $P/ipc " "/proc/$holder/mountinfo"
  succeeds x -f -m --net="$P/net" grep -cF " $P/net " "/proc/$holder/mountinfo"
}

@test "a program that fails by itself leaves the namespace kept" {
  try x --uts="$P/a" false
  is "$status" 1
  bound a
  try x -f -m --uts="$P/b" false
  is "$status" 1
  bound b
  try x -f --uts="$P/c" sh -c 'kill -KILL $$'
  is "$status" 137
  bound c
}

@test "the mount namespace itself is bound outside of it" {
  succeeds x -f --mount="$P/mount" --uts="$P/uts" true
  bound mount
  bound uts
}

@test "--root and --setuid do not keep it from binding" {
  make_root "$T/root" true
  succeeds x -R "$T/root" --uts="$P/a" /bin/true
  bound a
  succeeds x -S 1234 -G 1234 --uts="$P/b" true
  bound b
  succeeds x -f -S 1234 -G 1234 --uts="$P/c" true
  bound c
}

@test "a program that ends at once leaves the namespace kept, a hundred times" {
  succeeds inside sh -c 'for i in $(seq 100); do "$1" -f --uts="$2" true && umount "$2" || { echo "round $i"; exit 1; }; done' \
    sh "$XUNSHARE" "$P/uts"
}

# ---- nothing left ----

@test "a new /proc over the old one does not keep it from binding" {
  succeeds inside sh -c 'for i in $(seq 20); do "$1" --uts="$2" -pf --mount-proc sleep 0.01 && umount "$2" || { echo "round $i"; exit 1; }; done' \
    sh "$XUNSHARE" "$P/uts"
}

@test "--pid=FILE without --fork says so, and makes no FILE" {
  fails 1 x --pid="$P/pid" true
  is "$stderr" "xunshare: --pid=$P/pid needs --fork: a PID namespace can be bound only once it has a process"
  nothing_left
}

# each_way FUNCTION...: with the options that change who binds and who undoes
each_way() {
  local way
  for way in '' '-f' '-m' '-mf' '-Ur' '-Urf' '-mf --kill-child' '-S 0' '-w /' '-r --map-users 1:100000:5'; do
    echo "way: $way"
    # shellcheck disable=SC2086 # several words
    "$@" $way
  done
}

undone() {
  local expected=$1 failing=$2
  shift 2
  : >"$OUT/old"
  # shellcheck disable=SC2086 # several words
  fails "$expected" x --uts="$P/new" --ipc="$P/old" "$@" $failing
  nothing_left old
}

@test "a program that is not there: the created FILE goes, the other stays and is unmounted" {
  each_way undone 127 /no/such/program
  each_way undone 127 no-such-program
}

@test "a program that is not executable: the same" {
  : >"$OUT/plain"
  each_way_plain() {
    : >"$OUT/old"
    fails 126 x --uts="$P/new" --ipc="$P/old" "$@" "$P/plain"
    nothing_left old plain
  }
  each_way each_way_plain
}

@test "a working directory that is not there: the same" {
  each_way undone 1 '-w /no/such/dir true'
}

@test "a root directory that is not there: the same" {
  each_way undone 1 '-R /no/such/dir true'
}

@test "a proc that cannot be mounted: the same" {
  each_way undone 1 '--mount-proc=/no/such/dir true'
}

second_fails() {
  : >"$OUT/old"
  fails 1 x --uts="$P/new" --ipc="$P/old" --net="$P/none/net" "$@" true
  has "$stderr" "on $P/none/net failed: No such file or directory"
  nothing_left old
  rm -f "$OUT/old"
}

@test "a FILE that cannot be made: the others are undone" {
  each_way second_fails
}

dir_fails() {
  mkdir -p "$OUT/dir"
  fails 1 x --uts="$P/new" --net="$P/dir" "$@" true
  has "$stderr" "on $P/dir failed: Not a directory"
  is "$(bind_count) $(ls -A "$OUT")" "0 dir"
}

@test "a FILE that is a directory: the others are undone, it stays" {
  each_way dir_fails
}

@test "a program of another owner that is not there: what is bound is undone" {
  fails 127 x --owner "$PLAIN:$PLAIN" -r --uts="$P/a" -f /no-such-program
  nothing_left
}

@test "a map that is refused: what is bound is undone" {
  need newuidmap
  # an ID that is not mapped in the user namespace of the test
  fails 1 inside unshare --user --map-root-user "$XUNSHARE" --uts="$P/new" --map-users 0:4000000000:1 true
  nothing_left
}

@test "a namespace that is refused: no FILE is made" {
  fails 1 inside setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups "$XUNSHARE" --uts="$P/new" true
  nothing_left
}

@test "an IDs' change that is refused: what is bound is undone" {
  fails 1 x -r --uts="$P/new" -S 5 true
  nothing_left
  fails 1 x -rf --uts="$P/new" -S 5 true
  nothing_left
}

@test "a mount namespace cannot be bound on a shared mount, and the hint names it" {
  inside mount --make-shared "$P"
  fails 1 x --mount="$P/mount" true
  has "$stderr" "on $P/mount failed: Invalid argument"
  has "$stderr" "xunshare: hint: $P/mount is on $P, a shared mount"
  has "$stderr" "mount --make-private $P"
  nothing_left
}

@test "after the hint's advice the mount namespace can be bound" {
  inside mount --make-shared "$P"
  inside mount --make-private "$P"
  succeeds x --mount="$P/mount" true
  bound mount
}

# ---- ids of mount namespaces, which CPUs hand out in batches (Linux 6.18) ----

cpus() {
  local range list=
  list=$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)
  for range in ${list//,/ }; do
    seq "${range%-*}" "${range#*-}"
  done | head -n 4
}

# pinned OUTER INNER...: ten times in a mount namespace made on CPU OUTER, --mount=FILE on each of the lists INNER
pinned() {
  local outer=$1
  shift
  succeeds taskset -c "$outer" unshare --mount --propagation private sh -c '
    mount -t tmpfs xnstest "$1" || exit
    x=$2
    cd "$1"
    shift 2
    for round in 1 2 3 4 5 6 7 8 9 10; do
      for cpus; do
        taskset -c "$cpus" "$x" --mount=mount true || exit
        nsenter --mount=mount true || exit
        umount mount || exit
        # to use up a batch of ids takes a child, which may not be the first of a new PID namespace
        taskset -c "$cpus" "$x" --mount=mount -p -T --boottime 5 -f true || exit
        umount mount || exit
      done
    done' sh "$P" "$XUNSHARE" "$@"
}

@test "a mount namespace can be bound whatever CPU made the outer one" {
  local cpu all
  need taskset
  mapfile -t all < <(cpus)
  for cpu in "${all[@]}"; do
    pinned "$cpu" "${all[@]}" "$(IFS=,; echo "${all[*]}")"
  done
}

@test "the program's CPU affinity is what it was" {
  local cpu
  need taskset
  for cpu in $(cpus); do
    succeeds inside taskset -c "$cpu" "$XUNSHARE" --mount="$P/m" sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status
    is "$output" "$cpu"
    inside umount "$P/m"
  done
  succeeds x --mount="$P/m" sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status
  is "$output" "$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)"
}

# ---- helpers ----

# hold_tool ARG...: xunshare ARG... is held by strace in its first unshare, when its helper is there already;
# its PID is in $tool, the helper's in $child. let_go ends strace, and the tool goes on.
hold_tool() {
  need strace
  start nsenter --mount="/proc/$holder/ns/mnt" -- sh -c \
    'err=$1; shift
     strace -D -qq -o /dev/null -e trace=unshare -e inject=unshare:delay_enter=60000000:when=1 "$@" 2>"$err"
     echo $? >"$err.status"' sh "$T/err" "$XUNSHARE" "$@"
  wait_until has_tool "$pid"
  tracer=$(awk '$1 == "TracerPid:" { print $2 }' "/proc/$tool/status")
  STARTED+=("$tracer" "$tool")
  child_of "$tool"
}

let_go() {
  kill -KILL "$tracer"
}

has_tool() {
  tool=$(children "$1")
  tool=${tool%% *}
  [ -n "$tool" ] && runs "$tool" xunshare && in_state "$tool" t && has_child "$tool"
}

status_is() {
  wait_until test -s "$T/err.status"
  is "$(cat "$T/err.status")" "$1"
}

@test "a bind helper that is killed fails the tool" {
  hold_tool -m --uts="$P/uts" true
  kill -KILL "$child"
  wait_until gone "$child"
  let_go
  status_is 1
  has "$(cat "$T/err")" "helper process was killed by signal 9"
  nothing_left
}

@test "a map helper that is killed fails the tool" {
  hold_tool -r --map-users 1:100000:10 true
  kill -KILL "$child"
  let_go
  status_is 1
  has "$(cat "$T/err")" "helper process was killed by signal 9"
}

@test "a helper that cannot be spoken to does not hang the tool" {
  need strace
  fails 1 timeout 20 strace -f -o /dev/null -e inject=sendto:error=ENOBUFS:when=1+ "$XUNSHARE" --map-users all true
}

@test "a helper ends when the tool is killed by -9, and leaves nothing" {
  hold_tool -m --uts="$P/uts" true
  kill -KILL "$tool"
  let_go
  wait_until gone "$child"
  nothing_left
}

@test "a helper does not die of what the terminal sends" {
  hold_tool -m --uts="$P/uts" true
  kill -INT "$child"
  kill -HUP "$child"
  kill -TERM "$child"
  alive "$child"
  let_go
  status_is 0
  bound uts
}
