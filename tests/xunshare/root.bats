#!/usr/bin/env bats
# A root of one's own: --new-root, --bind and their kin.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

# A directory that everybody can use: low/ with files, dir/ to be a root, the classic escape from a chroot.
setup_file() {
  F=$BATS_FILE_TMPDIR
  export F
  chmod a+x "$BATS_RUN_TMPDIR" "$F"
  mkdir -p "$F"/low/sub "$F"/dir
  echo low >"$F/low/file"
  cat >"$F/escape.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
	int fd = open("/", O_RDONLY);

	mkdir("/tmp/e", 0755);
	if (chroot("/tmp/e") < 0 || fchdir(fd) < 0)
		perror("chroot");
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			perror("chdir");
	if (chroot(".") < 0)
		perror("chroot");
	puts(access("/mnt/only-outside", F_OK) == 0 ? "out" : "in");
	return 0;
}
END
  "${CC:-cc}" -static -o "$F/escape" "$F/escape.c" && chmod 755 "$F/escape"
}

setup() {
  xns_setup
  need_root
  base=(--new-root --bind /usr:ro --symlink usr/bin:/bin --symlink usr/lib:/lib --symlink usr/lib64:/lib64 --tmpfs /tmp)
  as=(setpriv --reuid=64001 --regid=64001 --clear-groups --)
}

# mounts of the program alone: their places
places='cut -d" " -f5 /proc/self/mountinfo | grep -v ^/usr/' # but what the machine has below it

@test "--new-root: the root is what was asked for, nothing else is mounted, a user namespace can be made" {
  local user
  for user in "" r c; do
    printf '%s\n' "user: $user"
    try private ${user:+"${as[@]}"} "$XUNSHARE" ${user:+-$user} "${base[@]}" --dev -pf --mount-proc sh -c \
      "echo /* /proc/[0-9]*; $places; unshare -U true && echo again"
    is "$status" 0
    is "$output" "/bin /dev /lib /lib64 /proc /tmp /usr /proc/1
/usr
/dev/null
/dev/zero
/dev/full
/dev/random
/dev/urandom
/dev/tty
/
/tmp
/dev
/dev/pts
/dev/shm
/proc
again"
  done
}

@test "--new-root=DIR: a plain directory, one on a shared mount, a read-only one, / itself" {
  private sh -c 'mount -t tmpfs x "$1" && mkdir "$1"/plain "$1"/shared "$1"/ro && mount -t tmpfs --make-shared s "$1/shared" &&
    mount -t tmpfs -o ro r "$1/ro" && touch "$1/plain/here" "$1/shared/here" && shift &&
    for dir in plain shared; do
      "$0" --new-root="$1/$dir" --bind /usr --symlink usr/lib:/lib --symlink usr/lib64:/lib64 /usr/bin/ls -1 / || exit
      grep -c " $1/" /proc/self/mountinfo
    done
    "$0" --new-root="$1/ro" --bind /usr:/usr true
    echo $?
    "$0" --new-root=/ sh -c "pwd; ls -d /usr; grep -c . /proc/self/mountinfo"' "$XUNSHARE" "$F/dir" "$F/dir" >"$T/out" 2>"$T/err" || :
  cat "$T/out" "$T/err"
  is "$(head -12 "$T/out")" "here
lib
lib64
usr
2
here
lib
lib64
usr
2
1
/"
  has "$(<"$T/err")" "--bind: cannot make /usr: Read-only file system"
  has "$(<"$T/err")" "hint: the file system there is read-only"
}

@test "the classic escape leads out of a chroot, and not out of a new root" {
  private sh -c 'mount -t tmpfs x /mnt && touch /mnt/only-outside && mkdir -p /mnt/in/tmp && cp "$1" /mnt/in/ &&
    "$0" --root=/mnt/in /escape; "$0" --new-root=/mnt/in /escape
    "$0" --new-root --tmpfs /tmp --bind /mnt/in/escape:/escape /escape' "$XUNSHARE" "$F/escape" >"$T/out"
  is "$(<"$T/out")" "out
in
in"
}

@test "--bind: options, a source that is missing, one that may be" {
  ok --bind "$F/low:/mnt:ro,noexec,nosuid,nodev" sh -c 'grep " /mnt " /proc/self/mountinfo; cat /mnt/file'
  has "$output" "ro,nosuid,nodev,noexec"
  has "$output" "low"
  ok --bind "$F/low/file:/etc/hostname" cat /etc/hostname
  is "$output" low
  ok --bind "$F/none:/mnt:optional" true
  # links of /proc lead to the mounts of outside
  try sh -c 'exec "$0" "$@" 3<"$F/low/file"' "$XUNSHARE" -f --bind /proc/self/fd/3:/etc/hostname --bind /dev/stdin:/etc/passwd cat /etc/hostname /etc/passwd <"$F/low/file"
  is "$output" "low${NL}low"
  fails 1 "$XUNSHARE" --bind /dev/stdin:/etc/hostname true < <(:)
  has "$stderr" "hint: /dev/stdin is a pipe or a socket, which cannot be mounted: --file takes what it gives"
  fails 1 "$XUNSHARE" --bind "$F/none:/mnt" true
  is "$stderr" "xunshare: --bind: cannot open $F/none: No such file or directory"
  fails 1 "$XUNSHARE" --bind "$F/low/file:/mnt" true
  is "$stderr" "xunshare: --bind: cannot make /mnt: Is a directory"
  fails 1 "$XUNSHARE" --bind "$F/low:/etc/hostname" true
  is "$stderr" "xunshare: --bind: cannot make /etc/hostname: Not a directory"
}

@test "words that are none are refused with the word, and nothing is made" {
  local word
  while IFS='|' read -r option word message; do
    fails 1 "$XUNSHARE" "--$option" "$word" touch "$T/ran"
    is "${stderr%%$'\n'*}" "xunshare: $message"
  done <<END
bind|relative|--bind 'relative': the place inside is no absolute path
bind||--bind '': there is no source
bind|:/x|--bind ':/x': there is no source
bind|/usr:r0|--bind '/usr:r0': unknown option 'r0'
bind|/usr:/x:ro,|--bind '/usr:/x:ro,': unknown option ''
bind|/usr:/x:ro:rw|--bind '/usr:/x:ro:rw': unknown option 'ro:rw'
tmpfs|tmp|--tmpfs 'tmp': the place inside is no absolute path
tmpfs|/tmp:size|--tmpfs '/tmp:size': unknown option 'size'
tmpfs|/tmp:size=|--tmpfs '/tmp:size=': unknown option 'size'
tmpfs|/tmp:ro=1|--tmpfs '/tmp:ro=1': unknown option 'ro'
tmpfs|/tmp:ro=|--tmpfs '/tmp:ro=': unknown option 'ro'
tmpfs|/tmp:mode=17777|--tmpfs '/tmp:mode=17777': mode: Numerical result out of range
tmpfs|/tmp:mode=1000000|--tmpfs '/tmp:mode=1000000': mode: Numerical result out of range
tmpfs|/tmp:size=18446744073709551615|--tmpfs '/tmp:size=18446744073709551615': size: Numerical result out of range
tmpfs|/tmp:size=99999999999999999999999|--tmpfs '/tmp:size=99999999999999999999999': size: Numerical result out of range
tmpfs|/tmp:size=17E|--tmpfs '/tmp:size=17E': size: Numerical result out of range
tmpfs|/tmp:nr_inodes=36893488147419103233|--tmpfs '/tmp:nr_inodes=36893488147419103233': nr_inodes: Numerical result out of range
overlay|/etc/passwd|--overlay: cannot open /etc/passwd: Not a directory
overlay|/etc:/mnt,upper=/etc/passwd,work=/etc|--overlay: cannot open /etc/passwd: Not a directory
file|0:/tmp/xns-none/|--file: cannot make /tmp/xns-none/: Is a directory
bind|/etc/passwd:/tmp/xns-none/|--bind: cannot make /tmp/xns-none/: Is a directory
overlay|/usr,upper=/x|--overlay '/usr,upper=/x': upper= and work= need one another
symlink|/usr|--symlink '/usr': there is no place, behind a colon
symlink|/usr:x|--symlink '/usr:x': the place inside is no absolute path
file|x:/y|failed to parse file descriptor: 'x'
file|99:/y|--file: descriptor 99 is not open: Bad file descriptor
dir|/a:b|--dir '/a:b': a colon is written as \\:
END
  fails 1 "$XUNSHARE" --new-root= touch "$T/ran"
  is "$stderr" "xunshare: --new-root '': there is no source"
  [ ! -e "$T/ran" ]
  fails 1 "$XUNSHARE" --tmpfs /mnt:size=many true
  is "$stderr" "xunshare: --tmpfs: cannot make a file system of type tmpfs: Invalid argument
xunshare: hint: the kernel says: tmpfs: Bad value for 'size'"
  fails 1 "$XUNSHARE" --tmpfs /mnt:mode true
  is "$stderr" "xunshare: --tmpfs '/mnt:mode': unknown option 'mode'
xunshare: hint: it takes a value: mode=..."
  ok --tmpfs /mnt:size=150%,mode=07777 stat -c %a /mnt
  is "$output" 7777
  fails 1 "${as[@]}" "$XUNSHARE" -r --dir "$F/low/new" true
  is "$stderr" "xunshare: --dir: cannot make $F/low/new: Permission denied
xunshare: hint: only its owner may make something there: make $F/low/new before, or put a --tmpfs on the directory"
}

@test "a call is told with the directory it is made in, not with what is made" {
  local line
  line=$("$XUNSHARE" --dry-run --new-root --symlink a:/b --symlink a:/d/l/ --file 0:/x true </dev/null | grep -E '"[blx]"' | sed 's/[0-9]*</N</')
  is "$line" "symlinkat(\"a\", N</>, \"b\")${NL}symlinkat(\"a\", N</d/>, \"l\")${NL}openat(N</>, \"x\", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0644)"
}

@test "a colon, a comma, a backslash and a newline in names" {
  local name=$'a:b,c\\d\ne' escaped
  mkdir "$T/$name"
  escaped=${name//\\/\\\\} escaped=${escaped//:/\\:} escaped=${escaped//,/\\,}
  touch "$T/$name/here"
  ok --tmpfs /mnt --bind "$T/$escaped:/mnt/$escaped" --dir "/mnt/x\\:y" ls /mnt/ "/mnt/$name"
  has "$output" here
  has "$output" x:y
}

@test "--overlay: the program writes everywhere, and nothing stays; with upper= it can be looked at" {
  mkdir "$T/up" "$T/work"
  ok --overlay "$F/low" sh -c 'cd "$1" && echo new >file && touch more && rmdir sub && ls' sh "$F/low"
  is "$output" "file
more"
  is "$(ls "$F/low")" "file
sub"
  ok --overlay "$F/low:/mnt,upper=$T/up,work=$T/work" sh -c 'cd /mnt && echo new >file && touch more'
  is "$(cat "$T/up/file" "$F/low/file"; ls "$T/up")" "new
low
file
more"
  ok --overlay / --mount-proc -pf sh -c "touch /etc/xns-new && unshare -U true && $places"
  is "$output" "/
/proc"
  [ ! -e /etc/xns-new ]
  try private "${as[@]}" "$XUNSHARE" -r --overlay "$F/low" sh -c 'cd "$1" && echo x >new && ls' sh "$F/low"
  is "$output" "file
new
sub"
}

@test "--overlay of what has mounts below it, in a user namespace, gets a hint, and without them none" {
  fails 1 "${as[@]}" "$XUNSHARE" -r --overlay / true
  has "$stderr" "is mounted below it: in a user namespace an overlay cannot show what that covers"
  fails 1 "${as[@]}" strace -f -o /dev/null -e inject=fsconfig:error=EINVAL:when=5 "$XUNSHARE" -r --overlay "$F/low" true
  no_hint
}

@test "--overlay where /proc is not mounted says so; --overlay of a directory on / makes nothing in it" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  private sh -c 'mount -t tmpfs x /proc; "$0" --overlay "$1" true' "$XUNSHARE" "$F/low" 2>"$T/err" || is $? 1
  is "$(<"$T/err")" "xunshare: --overlay: cannot make a file system of type overlay: No such file or directory
xunshare: hint: /proc is not mounted"
  mkdir "$T/root"
  ok --overlay "$T/root:/" --bind /usr --symlink usr/lib:/lib --symlink usr/lib64:/lib64 --dir /c/d --file 0:/f /usr/bin/ls / </dev/null
  is "${output//$NL/ }" "c f lib lib64 usr"
  is "$(ls -A "$T/root")" ""
}

@test "--tmpfs, --dir, --symlink, --file" {
  ok --new-root --bind /usr --symlink usr/lib:/lib --symlink usr/lib64:/lib64 --tmpfs /t:size=1m,mode=700 --dir /a/b/c --file 0:/a/b/f --symlink ../f:/a/b/c/l \
    /usr/bin/sh -c 'stat -c "%n %a %F" /t /a /a/b/f; cat /a/b/c/l' </etc/hostname
  is "$(head -4 <<<"$output")" "/t 700 directory
/a 755 directory
/a/b/f 644 regular file
$(</etc/hostname)"
}

@test "--dev: what programs need, and a terminal's" {
  ok "${base[@]}" --dev sh -c 'cd /dev; for f in null zero full random urandom tty; do [ -c $f ] || echo no $f; done
    echo x >null; head -c 3 zero | wc -c; readlink fd stdin ptmx; : >shm/x; stat -c %a shm'
  is "$output" "3
/proc/self/fd
/proc/self/fd/0
pts/ptmx
1777"
}

@test "--read-only: the root, not what is mounted in it" {
  ok "${base[@]}" --dir /d --read-only sh -c 'touch /x /d/x 2>/tmp/err || touch /tmp/x && echo so'
  is "$output" so
  ok --new-root=/ --tmpfs /tmp --read-only sh -c '! touch /etc/xns-new 2>/dev/null && touch /tmp/x'
}

@test "--prepare: as root, by the shell of outside, in the new root; its failure is ours" {
  ok "${base[@]}" --prepare 'pwd; id -u; echo hi >"$XNS_ROOT/motd"' --prepare 'cat motd' /bin/sh -c 'echo /*; cat /motd'
  is "$output" "/mnt
0
hi
/bin /lib /lib64 /motd /tmp /usr
hi"
  fails 1 "$XUNSHARE" --prepare 'exit 3' --prepare "touch $T/ran" touch "$T/ran"
  is "$stderr" "xunshare: --prepare 'exit 3' ended with status 3"
  fails 1 "$XUNSHARE" --prepare 'kill -9 $$' touch "$T/ran"
  is "$stderr" "xunshare: --prepare 'kill -9 \$\$' was killed by signal 9"
  [ ! -e "$T/ran" ]
  try "${as[@]}" "$XUNSHARE" -c --new-root=/ --prepare 'mount -t tmpfs x mnt && : >mnt/made' sh -c 'ls /mnt; id -u; grep CapEff /proc/self/status'
  is "$output" "made
64001
CapEff:	0000000000000000"
}

@test "--prepare with --kill-child: the command dies with us, and all that it has started; what was made goes" {
  local how nap="sleep 4712.$$" # nobody else's
  mkdir "$T/root"
  for how in --die-with-parent --kill-child --kill-child=TERM "--clone --kill-child" "--init --kill-child" "-p --kill-child" "-S 7 --kill-child"; do
    printf '%s\n' "$how"
    # shellcheck disable=SC2086 # words
    sh -c '"$@"; :' sh "$XUNSHARE" $how --new-root="$T/root" --dir /c/d --prepare "$nap & setsid $nap & $nap" true 3>&- 2>/dev/null &
    wait_until eval '[ "$(pgrep -c -f -x "$nap")" = 3 ]'
    case $how in
      --die*) kill -KILL $! ;;
      *) child_of $! && kill -KILL "$child" ;;
    esac
    wait_until eval '! pgrep -f -x "$nap"'
    case $how in
      *init* | -p*) rm -r "$T/root/c" ;; # the kernel has ended all of it
      *) wait_until eval '[ -z "$(ls -A "$T/root")" ]' ;;
    esac
  done
  ok --kill-child --prepare 'echo one; sleep 0 & exec echo two' echo three
  is "$output" "one
two
three"
  fails 1 "$XUNSHARE" --kill-child --prepare 'exit 3' true
  is "$stderr" "xunshare: --prepare 'exit 3' ended with status 3"
  fails 1 "$XUNSHARE" --kill-child --prepare 'kill -9 $$' true
  is "$stderr" "xunshare: --prepare 'kill -9 \$\$' was killed by signal 9"
}

@test "idmapped sources: files of root are the program's root's, without chown" {
  for how in "" --clone; do
    # shellcheck disable=SC2086 # a word or none
    try private "$XUNSHARE" $how --map-users 0:100000:65536 --map-groups 0:100000:65536 -S 0 -G 0 --bind "$F/low:/mnt:idmap" \
      sh -c 'stat -c %u:%g /mnt/file; touch /mnt/new; stat -c %u /mnt/new'
    is "$output" "0:0
0"
    is "$(stat -c %u "$F/low/new")" 0
    rm "$F/low/new"
  done
  fails 1 "$XUNSHARE" --bind "$F/low:/mnt:idmap" true
  is "$stderr" "xunshare: --bind with idmap needs --user"
}

@test "a user namespace that does not map us: what is made is the program's, or ours in a directory of ours; all goes again" {
  local map=(--map-users 0:100000:9 --map-groups 0:200000:9) how made
  mkdir "$T/ours" "$T/theirs"
  chown 100000:200000 "$T/theirs"
  for how in "" "-S 0 -G 0" "--clone -S 3 -G 4" "--init -S 0 -G 0"; do
    printf '%s\n' "$how"
    # shellcheck disable=SC2086 # words
    ok $how "${map[@]}" "${base[@]}" --dev --dir /d --file 0:/f --prepare 'id -u; : >p' sh -c 'stat -c "%u %g" / /bin /d /f /p /tmp /dev/shm | uniq' </dev/null
    is "$output" "0
0 0"
  done
  # shellcheck disable=SC2043 # one
  for made in ours:0:0 theirs:100000:200000; do
    ok "${map[@]}" --new-root="$T/${made%%:*}" "${base[@]:1}" --tmpfs /t --dir /t/x --dir /d --dev sh -c 'stat -c %u /t /t/x /dev/shm | uniq'
    is "$output" 0
    is "$(stat -c "%n:%u:%g" "$T/${made%%:*}/d" "$T/${made%%:*}/bin")" "$T/${made%%:*}/d:${made#*:}$NL$T/${made%%:*}/bin:${made#*:}"
    rm -r "${T:?}/${made%%:*}"/*
    fails 127 "$XUNSHARE" "${map[@]}" --new-root="$T/${made%%:*}" --dir /a/b --tmpfs /t --dir /c --dir /t/x --dir /d/e --symlink x:/l xns-no-such-program
    is "$(ls -A "$T/${made%%:*}")" ""
  done
  ok "${map[@]}" -S 0 -G 0 --overlay "$F/low:/mnt" sh -c 'touch /mnt/new && stat -c %u /mnt/new'
  is "$output" 0
  ok "${map[@]}" -S 5 -G 6 --disable-userns sh -c 'id -u; id -g; unshare -U true 2>&1 || :'
  is "$output" "5
6
unshare: unshare failed: No space left on device"
  fails 1 "$XUNSHARE" "${map[@]}" --disable-userns true
  is "$stderr" "xunshare: --disable-userns needs --setuid and --setgid where the maps do not have our IDs"
  fails 1 "$XUNSHARE" --map-user 0 --new-root --dir /d true
  has "$stderr" "hint: no ID is mapped in this user namespace"
}

@test "hostile roots: links never lead out, a FIFO does not hold us, and nothing outside is made" {
  local root=$T/root
  mkdir "$root" "$T/outside"
  ln -s "$T/outside" "$root/etc"
  ln -s ../../../../../../../../../.. "$root/up"
  ln -s / "$root/slash"
  ln -s loop "$root/loop"
  mkfifo "$root/fifo"
  ln -s fifo "$root/tofifo"
  ok --new-root="$root" --bind /usr --symlink usr/lib:/lib --symlink usr/lib64:/lib64 --bind "$F/low:/up/slash/in" --dir "/up/$T/outside" \
    --dir /etc/x/y --dir /../../d --bind "$F/low/file:/tofifo" /usr/bin/cat /in/file /fifo
  is "$output" "low
low"
  is "$(ls "$T/outside")" ""
  is "$(stat -c %F "$root$T/outside/x/y" "$root/d" "$root/in" | uniq -c)" "      3 directory"
  fails 1 timeout 10 "$XUNSHARE" --new-root="$root" --tmpfs /tofifo true
  is "$stderr" "xunshare: --tmpfs: cannot make /tofifo: Not a directory"
  fails 1 timeout 10 "$XUNSHARE" --new-root="$root" --dir /loop/x true
  is "$stderr" "xunshare: --dir: cannot make /loop/x: Too many levels of symbolic links"
  fails 1 timeout 10 "$XUNSHARE" --dry-run --new-root --symlink loop:/loop --dir /loop/x true
  is "$stderr" "xunshare: --dir: cannot make /loop/x: Too many levels of symbolic links"
}

@test "what was made in a directory of outside goes again if anything fails" {
  local root=$T/root
  mkdir "$root"
  fails 127 "$XUNSHARE" --new-root="$root" --bind /usr:/a/b --dir /c/d --symlink x:/e --bind "$F/low/file:/f/g" --file 0:/h xns-no-such-program </dev/null
  is "$(ls -A "$root")" ""
  fails 1 "$XUNSHARE" --new-root="$root" --dir /c/d --symlink x:/e --symlink y:/e true
  is "$stderr" "xunshare: --symlink: cannot make /e: File exists"
  is "$(ls -A "$root")" ""
  fails 1 "$XUNSHARE" --new-root="$root" --dir /c/d --prepare false true
  is "$(ls -A "$root")" ""
  # a link to a mount is none
  fails 127 "$XUNSHARE" -x --new-root="$root" --symlink /usr:/e --bind /usr xns-no-such-program
  is "$(grep -o 'umount2("[a-z].*' <<<"$stderr")" 'umount2("usr", MNT_DETACH|UMOUNT_NOFOLLOW) = 0'
}

@test "an init, which executes nothing, has no source open: no way to the old root by /proc/1/fd" {
  private sh -c 'mount -t tmpfs x /mnt && touch /mnt/only-outside && mkdir /mnt/low &&
    "$0" "$@"' "$XUNSHARE" "${base[@]}" --dev --overlay /mnt/low:/low --init --mount-proc sh -c '
    for fd in /proc/1/fd/*; do ls $fd/.. 2>/dev/null; readlink $fd; done | grep -v "pipe:\|socket:\|^/dev/null"; echo end' </dev/null >"$T/out" 2>&1
  is "$(grep -c -e only-outside -e '^/low$' -e '^/$' "$T/out")" 0
  has "$(<"$T/out")" end
}

@test "what was made in a directory of outside goes also if the program has other IDs, an init, or 1,990 parts of a path, or the root is read-only" {
  local root=$T/root deep how to
  mkdir "$root"
  printf -v deep '/a%.0s' {1..1990}
  fails 127 "$XUNSHARE" --new-root="$root" --dir /c/d -S 64001 -G 64001 xns-no-such-program
  is "$(ls -A "$root")" ""
  fails 127 "$XUNSHARE" --new-root="$root" --dir /c/d --init xns-no-such-program
  is "$(ls -A "$root")" ""
  for how in "" -f "--clone -r" "--init -r" "-S 64001 -G 64001"; do
    for to in --new-root --root; do
      # shellcheck disable=SC2086 # words
      fails 127 "$XUNSHARE" $how "$to=$root" --dir /c/d --symlink x:/y --read-only xns-no-such-program
      is "$(ls -A "$root")" ""
    done
    # shellcheck disable=SC2086 # words
    fails 1 "$XUNSHARE" $how --new-root="$root" --dir /c/d --read-only --wd /none true
    is "$(ls -A "$root")" ""
  done
  mkdir "$root/bin" && echo text >"$root/bin/x" && chmod 755 "$root/bin/x"
  fails 127 "$XUNSHARE" --new-root="$root" --dir /c/d --init /bin/x
  is "$(ls -A "$root")" bin
  (ulimit -n 100 && "$XUNSHARE" --new-root="$root" --dir "$deep" xns-no-such-program 2>/dev/null) || is $? 127
  is "$(ls -A "$root")" bin
  fails 127 "$XUNSHARE" --new-root="$root" --dir /a/b/c --bind "$F/low:/a/b/c" --tmpfs /a --dir /a/x xns-no-such-program
  is "$(ls -A "$root")" bin
  # by a child, which is waited for
  for how in 1 2 3 4 5 6 7 8 9 10; do
    (exec 3>/dev/full && "$XUNSHARE" -f --info-fd 3 --new-root="$root" --dir /c/d true 2>/dev/null) || is $? 1
    is "$(ls -A "$root")" bin
  done
}

@test "300 binds where 64 files may be open, which the program finds as it was" {
  local i args=()
  for ((i = 0; i < 300; i++)); do args+=(--bind "$F/low:/b/$i"); done
  try bash -c 'ulimit -Sn 64 && exec "$@"' sh "$XUNSHARE" "${base[@]}" "${args[@]}" sh -c 'ulimit -Sn; cat /b/299/file'
  is "$output" "64
low"
  try "${as[@]}" bash -c 'ulimit -n 64 && exec "$@"' sh "$XUNSHARE" -r "${base[@]}" "${args[@]}" true
  is "$status" 1
  has "$stderr" "hint: the limit of open files (ulimit -n) is 64"
}

@test "--file: a descriptor that is ours is not the caller's; one is given once" {
  try sh -c 'exec "$0" --info-fd 1 --tmpfs /mnt --file 3:/mnt/a true 3<&-' "$XUNSHARE"
  is "$status|$stderr" "1|xunshare: --file: descriptor 3 is not open: Bad file descriptor"
  fails 1 "$XUNSHARE" --tmpfs /mnt --file 0:/mnt/a --file 0:/mnt/b true </dev/null
  is "$stderr" "xunshare: --file '0:/mnt/b': descriptor 0 is given twice"
}

@test "--dev twice: both are whole; a --symlink that is there already is none to make" {
  mkdir "$T/root"
  ok "${base[@]}" --dev --dev=/a/dev sh -c 'for d in /dev /a/dev; do [ -c $d/null ] && [ -c $d/tty ] && echo $d; done'
  is "$output" "/dev
/a/dev"
  for i in 1 2; do
    ok --new-root="$T/root" --bind /usr --symlink usr/lib:/lib --symlink usr/lib64:/lib64 /usr/bin/true
  done
}

@test "--overlay without upper= has the mode and the owner of what is below" {
  mkdir "$T/low" && chown 64001:64002 "$T/low" && chmod 1770 "$T/low"
  ok --overlay "$T/low:/mnt" stat -c '%a %u %g' /mnt
  is "$output" "1770 64001 64002"
}

@test "the root by another way than /, and names of dots alone" {
  fails 1 "$XUNSHARE" --tmpfs /etc/.. true
  is "$stderr" "xunshare: --tmpfs: /etc/.. is the root, which has to be written as /: Invalid argument"
  ok --tmpfs /mnt --tmpfs /mnt/... ls -A /mnt
  is "$output" ...
  private sh -c 'mount -t tmpfs x /mnt && mkdir /mnt/... && touch /mnt/.../in && exec "$0" --root /mnt/... --tmpfs /... /none' "$XUNSHARE" 2>"$T/err" || is $? 127
}

@test "--root with what is done in place: --read-only, --prepare has its path, --mount-proc wants an absolute one" {
  mkdir "$T/root"
  ok --root "$T/root" --bind /usr --symlink usr/bin:/bin --symlink usr/lib:/lib --symlink usr/lib64:/lib64 --dir /d --read-only \
    --prepare 'pwd; echo "$XNS_ROOT"' sh -c 'touch /d/f 2>&1 || :'
  is "$output" "$T/root
$T/root
touch: cannot touch '/d/f': Read-only file system"
  fails 1 "$XUNSHARE" --new-root --mount-proc=proc true
  is "$stderr" "xunshare: --mount-proc 'proc': the place inside is no absolute path"
}

@test "a mount namespace that is bound on a file is the one with the new root" {
  private sh -c 'mount -t tmpfs --make-private x /mnt && touch /mnt/ns && "$0" --mount=/mnt/ns "$@" true &&
    nsenter --mount=/mnt/ns /usr/bin/ls -d /bin /etc' "$XUNSHARE" "${base[@]}" >"$T/out" 2>&1 || :
  has "$(<"$T/out")" "/bin"
  has "$(<"$T/out")" "'/etc': No such file"
}

@test "while others rename directories of the root, nothing is made outside" {
  local root=$T/root i
  mkdir -p "$root/a/b" "$T/outside"
  start sh -c 'cd "$1" && while :; do mv a/b ../moved; ln -s ../../outside a/b; rm a/b; mv ../moved a/b; done' sh "$root"
  for ((i = 0; i < $(times 20 300); i++)); do
    "$XUNSHARE" --new-root="$root" --dir /a/b/x/y --tmpfs /a/b/z /nothing 2>/dev/null || :
  done
  is "$(ls -A "$T/outside")" ""
  # a look-up of which the kernel cannot say for once that it stays inside is tried again
  need strace
  succeeds strace -D -f --quiet=all -o /dev/null -e inject=openat2:error=EAGAIN:when=1+2 -- "$XUNSHARE" "${base[@]}" true
}

@test "2,000 mounts below a root come along, and go" {
  private sh -c 'mount -t tmpfs x /mnt && mkdir -p /mnt/usr && mount --bind /usr /mnt/usr && ln -s usr/lib /mnt/lib; ln -s usr/lib64 /mnt/lib64; mkdir /mnt/proc
    i=0; while [ $i -lt 200 ]; do mkdir /mnt/$i; mount -t tmpfs x /mnt/$i; i=$((i+1)); done
    mkdir /mnt/all; i=0; while [ $i -lt 9 ]; do mkdir /mnt/all/$i; mount --rbind /mnt/1 /mnt/all/$i; i=$((i+1)); done
    "$0" --new-root=/mnt -pf --mount-proc /usr/bin/grep -c " /[0-9]" /proc/self/mountinfo' "$XUNSHARE" >"$T/out"
  is "$(<"$T/out")" 200
}

@test "options that cannot be combined" {
  fails 1 "$XUNSHARE" -r --root /mnt --disable-userns true
  is "$stderr" "xunshare: options --disable-userns and --root cannot be combined"
  ok -r --root // --disable-userns true
  fails 1 "$XUNSHARE" --new-root --root /mnt true
  is "$stderr" "xunshare: options --new-root and --root cannot be combined"
  start sleep 1000
  fails 1 "$XUNSHARE" --join "mnt=$pid" --tmpfs /tmp true
  is "$stderr" "xunshare: options --join mnt and --new-root, --bind, ... cannot be combined"
}

# in_page LINE: the literal block of the page that has this line, as it reads; script LINE: the file that is written there
in_page() {
  awk -v line="$1" '/^\.Bd -literal/ { block = ""; found = 0; next } /^\.Ed/ { if (found) printf "%s", block }
    { block = block $0 "\n" } index($0, line) { found = 1 }' "$XNS_SRC/man/xunshare.1" | sed 's/\\e/\\/g'
}

script() {
  in_page "$1" | sed -n "/<<'END'\$/,/^END\$/{//!p}"
}

@test "the page's scripts: alone sees itself and its libraries, isolate is ten lines, one line does as well" {
  local line
  mkdir "$T/bin" "$T/a:b" && ln -s "$XUNSHARE" "$T/bin/xunshare" && chmod 777 "$T/a:b"
  script '# alone' >"$T/bin/alone"
  script '# isolate' >"$T/bin/isolate"
  chmod 755 "$T/bin"/*
  is "$(wc -l <"$T/bin/isolate")" 10
  within() { try env PATH="$T/bin:$PATH" "${as[@]}" "$@"; }
  within alone ls -R /
  is "$status" 0
  has "$output" "ls"
  has "$output" "libc.so.6"
  hasnt "$output" "etc"
  within isolate "$T/a:b" sh -c 'id -u; echo /* /proc/[0-9]*; hostname; pwd; touch /x /home/made; cut -s -d: -f1 /proc/net/dev; env | grep -c XNS; unshare -U true'
  is "${output//[[:space:]]/ }" "0 /bin /dev /home /lib /lib64 /proc /tmp /usr /proc/1 /proc/2 isolate /home     lo 0"
  has "$stderr" "touch: cannot touch '/x': Read-only file system"
  has "$stderr" "unshare: unshare failed: No space left on device"
  [ -e "$T/a:b/made" ]
  line=$(in_page '    --mount-proc --read-only sh' | sed -n '/\\$/{N;s/\\\n *//};s/^\$ xunshare \(.*\) sh$/\1/p')
  # shellcheck disable=SC2086 # words
  within xunshare $line sh -c 'echo $$; id -u; touch /x /tmp/y; ls /tmp'
  is "$output" "1
0
y"
}

@test "hints: idmap as an ordinary user and of what knows none; upper= and work= that do not fit" {
  mkdir "$T/up" "$T/mnt"
  fails 1 "${as[@]}" "$XUNSHARE" -r --bind "$F/low:/mnt:idmap" true
  has "$stderr" "hint: idmap takes CAP_SYS_ADMIN outside of the new user namespace"
  fails 1 "$XUNSHARE" --map-users 0:100000:10 --map-groups 0:100000:10 --bind /sys:/mnt:idmap true
  has "$stderr" "hint: the file system of /sys, or one that is mounted below it, knows no map of IDs"
  fails 1 "$XUNSHARE" --overlay "$F/low,upper=$T/up,work=$T/up" true
  has "$stderr" "hint: upper= and work= are the same directory"
  private sh -c 'mount -t tmpfs x "$1/mnt" && "$0" --overlay "$2,upper=$1/up,work=$1/mnt" true' "$XUNSHARE" "$T" "$F/low" 2>"$T/err" || :
  has "$(<"$T/err")" "hint: upper= and work= are not on the same file system"
}

@test "--file of a pipe that says nothing: a signal ends it" {
  mkfifo "$T/fifo"
  exec 9<>"$T/fifo"
  # to all of its group, as a terminal does
  try timeout -s TERM -k 10 1 "$XUNSHARE" --fork --tmpfs /mnt --file 0:/mnt/f true <"$T/fifo" 9>&-
  is "$status" 124
  exec 9>&-
}
