#!/usr/bin/env bats
# --explain says behind each call what it is for and which option asks for it; notes say what surprises.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set
# not sanitized: texts

load ../lib/helpers
load ../lib/locale

# told TOOL ARG...: what a dry run prints; the messages of what is not there are no matter
told() {
  local tool=$1
  shift
  "$BIN/$tool" --dry-run "$@" 2>/dev/null </dev/null || :
}

# numbered: without numbers that differ from run to run
numbered() {
  sed -E 's,/proc/[0-9]+,/proc/PID,g; s,\b[0-9]+/([ug]id_map),PID/\1,g; s/\b[0-9]+</FD</g; s/"\/[a-z/]*\/ps"/PS/; s/(\["new[ug]idmap", )"[0-9]+"/\1"PID"/
    s/[0-9]+ vars/N vars/'
}

# Command lines of each tool that make, together, most of the calls that there are
corpus() {
  cat <<-END
	xunshare --user --map-root-user --pid --fork --mount-proc ps ax
	xunshare -a -f --hostname=a --domainname=b --lo-up --propagation=slave --kill-child --wd=/tmp true
	xunshare -r --clone --pid --time --monotonic=5 --boottime=6 --set-tid=77 --into-cgroup=/ true
	xunshare -m --root=/etc --mount-binfmt -l :a:M::b:/c:F --propagation=shared true
	xunshare --map-root-user --init --die-with-parent --new-session --no-new-privs --pid-file=$T/pid --info-fd=1 true
	xunshare --map-users=0:0:1 --map-users=1:1:1 --map-groups=0:0:1 --setgroups=allow --keep-caps -S 1 -G 1 true
	xunshare --net=$T/net --owner=1:1 --map-current-user true
	xunshare --join=user=/proc/self/ns/user --join=net=$$ --net --user --map-root-user --monotonic=1 -T true
	xunshare --new-root --bind=/usr:ro --bind=/etc:/e:norec --dev --tmpfs=/tmp:size=1m --dir=/d --symlink=a:/b --file=0:/f --read-only --pid -f --mount-proc true
	xunshare --map-users=0:0:9 --map-groups=0:0:9 --bind=/usr:/mnt:idmap --overlay=/etc --prepare=: --disable-userns true
	xnsenter -t $$ -m -u -i -n -p -U -C -T -r -w true
	xnsenter -t $$ -U --net=/proc/self/ns/net -S 1 -G follow --keep-caps --no-new-privs --kill-child true
	xnsenter -t $$ -n --join-cgroup --close-fds --new-session --wdns=/ --preserve-credentials true
	xnetns add --up a
	xnetns attach a $$
	xnetns delete a
	xnetns exec --user root $$ true
	xnetns set $$ 7
	xnetns link .,dev=a,addr=10.0.0.1/24 $$,dev=b,gw=10.0.0.1
	END
}

@test "every call that is told has a sentence, and every sentence a call" {
  local calls rows
  # what begins the line of a call in the source; requests of netlink; what prctl and fsconfig are asked for
  calls=$(grep -ohE '"[a-z_0-9]+\(' "$XNS_SRC"/src/lib/{sys,exec}.c | tr -d '"(' | sort -u)
  rows=$(tr '\n' ' ' <"$XNS_SRC/src/lib/explain.c" | grep -oE '\{ "[a-z_0-9 ]+",' | tr -d '{",' | tr ' ' '\n' | grep . | sort -u)
  [ "$(wc -l <<<"$calls")" -ge 35 ]
  diff -U 0 <(echo "$calls") <(echo "$rows")
  for part in $(grep -ohE '"RTM_[A-Z]+' "$XNS_SRC"/src/net/*.c | tr -d '"' | sort -u) \
    $(grep -oE '"prctl\((PR_CAP_AMBIENT, )?PR_[A-Z_]+(, SUID_[A-Z_]+)?' "$XNS_SRC/src/lib/sys.c" | grep -oE '[A-Z_]+$' | sort -u) \
    $(grep -oE '"CLONE_NEW[A-Z]+"' "$XNS_SRC/src/lib/kind.c" | tr -d '"'); do
    echo "$part"
    grep -qF "$part" "$XNS_SRC/src/lib/explain.c"
  done
}

@test "each line of a dry run has an explanation, a kind of namespace one of its own, and is the same without" {
  local line n=0
  while read -r line; do
    # shellcheck disable=SC2086 # words
    told $line >"$T/plain"
    # shellcheck disable=SC2086
    told ${line%% *} --explain ${line#* } >"$T/explained"
    printf '%s\n' "$line"
    # each has one, of a row that knows the call
    is "$(grep -vE '^(\[[a-z]+\] )?(# |.*   # (--[a-z-]+: |[a-z]+: )?[^ ].{8,}$)' "$T/explained")" ""
    hasnt "$(<"$T/explained")" 'the text is written'
    # what is left without them is what is told without --explain
    sed -E -e 's/^((\[[a-z]+\] )?[^# ].*)   # .*/\1/' -e '/^(\[[a-z]+\] )? {10,}# /d' "$T/explained" | numbered | diff -U 0 <(numbered <"$T/plain") -
    n=$((n + $(wc -l <"$T/plain")))
  done < <(corpus)
  echo "$n lines"
  [ "$n" -ge 60 ]
}

@test "the command of the README, explained" {
  need ps
  [ "$(id -u)" = 0 ] || skip "needs root" # whose number is in the maps
  diff -U 5 - <("$XUNSHARE" --explain --user --map-root-user --pid --fork --mount-proc ps ax | numbered) <<'END'
unshare(CLONE_NEWNS|CLONE_NEWUSER|CLONE_NEWPID)   # --mount-proc: the process has mounts of its own, at first a copy (mount_namespaces(7))
                                                  # --user: the process has IDs of its own, and all capabilities in there (user_namespaces(7))
                                                  # --pid: children are in a new PID namespace, the first is its PID 1 (pid_namespaces(7))
fork()   # --fork: the program is run by a child, for which this process waits (fork(2))
[child] openat(AT_FDCWD, "/proc/self/uid_map", O_WRONLY|O_CLOEXEC)   # --map-root-user: the file is opened, for what is written next
[child] write(FD</proc/self/uid_map>, "0 0 1", 5)   # --map-root-user: user IDs are mapped: the first inside, the first outside, how many (user_namespaces(7))
[child] openat(AT_FDCWD, "/proc/self/setgroups", O_WRONLY|O_CLOEXEC)   # --map-root-user: the file is opened, for what is written next
[child] write(FD</proc/self/setgroups>, "deny", 4)   # --map-root-user: setgroups(2) is refused inside; to map groups without privileges takes that (user_namespaces(7))
[child] openat(AT_FDCWD, "/proc/self/gid_map", O_WRONLY|O_CLOEXEC)   # --map-root-user: the file is opened, for what is written next
[child] write(FD</proc/self/gid_map>, "0 0 1", 5)   # --map-root-user: group IDs are mapped: the first inside, the first outside, how many (user_namespaces(7))
[child] mount("none", "/", NULL, MS_REC|MS_PRIVATE, NULL)   # --mount-proc: mounts neither come in nor go out from here on (mount_namespaces(7))
[child] mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)   # --mount-proc: a new proc shows the processes of the PID namespace that we are in (proc(5))
[child] execve(PS, ["ps", "ax"], [/* N vars */])   # this process becomes the program (execve(2))
END
}

@test "the option that asks for a call is the one that was given: its letter, what implies it, --all, a command" {
  local line args call
  while IFS='|' read -r args call; do
    args=${args/PID/$$}
    # shellcheck disable=SC2086 # words
    has "$(told ${args%% *} --explain ${args#* } | sed 's/[0-9]* vars/VARS vars/')" "$call"
  done <<'END'
xunshare -p -f true|unshare(CLONE_NEWPID)   # --pid: children are in
xunshare --init true|unshare(CLONE_NEWPID)   # --init: children are in
xunshare -c true|unshare(CLONE_NEWUSER)   # --map-current-user: the process has IDs
xunshare --hostname=a true|sethostname("a", 1)   # --hostname: 
xunshare --hostname=a true|unshare(CLONE_NEWUTS)   # --hostname: the process has a host
xunshare --hostname=a -u true|unshare(CLONE_NEWUTS)   # --uts: the process has a host
xunshare -a true| # --all: children are in a new PID namespace
xunshare --init true|[init] fork()   # --init: 
xunshare --init true|NEWPID)   # --init: children are in a new PID namespace, the first is its PID 1 (pid_namespaces(7))
xunshare --new-session true|fork()   # --new-session: 
xunshare --net=/tmp/xns-no-such-file true|O_EXCL|O_CLOEXEC, 0600)   # --net: an empty file
xunshare -r --uts=/tmp/xns-no-such-file true|fork()   # --uts: a helper stays outside, to bind
xunshare --mount-binfmt true|mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)   # --mount-binfmt: a new proc
xunshare --load-interp=:a:M::a::/b: true|mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)   # --load-interp: a new proc
xunshare --bind=/usr:/mnt:ro true|RDONLY, attr_clr=0, propagation=0, userns_fd=0}, 32)   # --bind: these are
xunshare --new-root=/ true|unshare(CLONE_NEWNS)   # --new-root: the process has mounts
xunshare --bind=/usr:/mnt --prepare=: true|[prepare] execve("/bin/sh", ["sh", "-c", ":"], [/* VARS vars */])   # --prepare: the child
xnsenter --net=/proc/self/ns/net true|CLONE_NEWNET)   # --net: devices and sockets
xnsenter --net=/proc/self/ns/net --root=/ true|chroot(".")   # --root: paths begin
xnetns add blue|unshare(CLONE_NEWNET)   # add: the process has a network
xnetns add --up blue|ifi_flags=IFF_UP}, 40, 0, NULL, 0)   # --up: the loopback device is up
xnetns exec PID true|unshare(CLONE_NEWNS)   # exec: the process has mounts
END
}

@test "IDs that --user-parent sets are explained by it" {
  need_root
  new_target -Ur unshare -U
  local call
  for call in 'setgid(0)' 'setuid(0)'; do
    has "$("$XNSENTER" --explain --target "$target" --user-parent true)" "$call   # --user-parent: this is the"
  done
}

@test "--explain alone runs nothing; with -x it stands behind results, on standard error" {
  for words in "--explain" "--explain --dry-run" "--dry-run --explain"; do
    # shellcheck disable=SC2086 # words
    try "$XUNSHARE" $words -u touch "$T/made"
    is "$stderr" ""
    has "$output" "unshare(CLONE_NEWUTS)   # --uts: "
    [ ! -e "$T/made" ]
  done
  try "$XNETNS" --explain add "xns-$$"
  has "$output" '   # add: '
  [ ! -e "/run/netns/xns-$$" ]
  need_root
  for words in "-x --explain" "--explain -x"; do
    # shellcheck disable=SC2086
    try "$XUNSHARE" $words -u /bin/echo out
    is "$output" out
    has "$stderr" "unshare(CLONE_NEWUTS) = 0   # --uts: "
    has "$stderr" '/* '
    has "$stderr" ' vars */])   # this process becomes the program'
  done
}

@test "explanations are German with LANGUAGE=de, behind a new mount namespace too" {
  need_root
  need strace
  other_locale
  try german env LC_ALL=xx.UTF-8 LANGUAGE=de "$XUNSHARE" -x --explain -m -u /bin/true
  has "$stderr" '# --uts: der Prozess hat einen eigenen Rechner- und Domainnamen'
  has "$stderr" 'dieser Prozess wird zum Programm'
  hasnt "$stderr" 'the program'
}

# notes TOOL ARG...: the notes among the calls
notes() {
  told "$@" | sed -nE 's/^(\[[a-z]+\] )?# //p'
}

@test "notes say what surprises, and only there" {
  local args note
  while IFS='|' read -r args note; do
    printf '%s\n' "$args"
    # shellcheck disable=SC2086 # words
    if [ -n "$note" ]; then has "$(notes $args)" "$note"; else is "$(notes $args)" ""; fi
  done <<'END'
xunshare -p true|--pid without --fork: the program is not in the PID namespace, its children are; when the first of them has ended, it cannot fork
xunshare -p -f true|--pid without --mount-proc: /proc still shows the processes of outside
xunshare -p -f --mount-proc true|
xunshare -p --mount-proc true|the new proc shows the processes of outside
xunshare --mount-proc true|the new proc shows the processes of outside
xunshare -r --mount-proc true|the new proc will be refused
xunshare -r -p --mount-proc true|the new proc will be refused
xunshare -r -p -f --mount-proc true|
xunshare --init --mount-proc true|
xunshare --root=/etc true|--root is a chroot: who has CAP_SYS_CHROOT can leave it, and no user namespace can be made in it
xunshare --root=/ true|
xunshare -m --mount-proc --root=/etc true|--root comes before --mount-proc, whatever the order of the options
xunshare -S 1 --wd=/ true|--wd comes before --setuid, whatever the order of the options
xunshare --wd=/ -S 1 true|
xunshare -m --root=/ --mount-binfmt -l :a:M::b:/c:F true|with F the interpreter is opened now
xunshare -m -u -i -n true|
xnsenter --net=/proc/self/ns/net --root=/etc true|--root is a chroot
xnsenter --net=/proc/self/ns/net --root=/ true|
xnsenter --net=/proc/self/ns/net --wdns=/ --root=/ true|--root comes before --wdns
xnsenter --pid=/proc/self/ns/pid --no-fork true|--no-fork: the program is not in the PID namespace, its children are
xnsenter --pid=/proc/self/ns/pid true|--pid without --mount: /proc still shows the processes of here
xnsenter --pid=/proc/self/ns/pid --mount=/proc/self/ns/mnt true|
xnsenter --net=/proc/self/ns/net true|
END
}

@test "a note tells the truth: no second child, a proc that is refused, no user namespace below a chroot" {
  need_root
  try "$XUNSHARE" -p sh -c '/bin/true; /bin/true'
  has "$stderr" fork
  try "$XUNSHARE" -r --mount-proc true
  [ "$status" != 0 ]
  has "$stderr" 'Operation not permitted'
  private sh -c 'mount --bind / /mnt && exec "$@"' sh "$XUNSHARE" --root=/mnt/ "$(command -v unshare)" -U true 2>"$T/err" && return 1
  has "$(<"$T/err")" 'Operation not permitted'
}
