#!/usr/bin/env bats
# Hints: where the kernel refused and it can be found out why, that is said, and what a hint says helps; else there is none.
# Each hint is a row: a part of it, a command that provokes it, and a twin, where the errno is the same and the evidence is
# not there.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2086,SC2154 # what shells inside expand; words and variables of rows

load ../lib/helpers

setup_file() {
  local bin=$BATS_FILE_TMPDIR/bin
  chmod 755 "$BATS_FILE_TMPDIR"
  mkdir "$bin"
  # inject CALL ERRNO WHEN CMD...: the WHENth of the calls in each process fails with that; or those on the one or two files WHEN
  cat >"$bin/inject" <<'END'
#!/bin/sh
call=$1 err=$2 when=$3
shift 3
case $when in
  */*) exec strace -D -f --quiet=all -o /dev/null -P "${when% *}" -P "${when#* }" -e inject="$call:error=$err" -- "$@" ;;
  *) exec strace -D -f --quiet=all -o /dev/null -e inject="$call:error=$err:when=$when" -- "$@" ;;
esac
END
  # placed FILE TEXT CMD...: with a file of that text on FILE of /proc, in place of the real one or where there is none;
  # "self" is CMD
  cat >"$bin/placed" <<'END'
#!/bin/sh
[ "$1" = in ] || exec unshare --mount --propagation private -- "$0" in "$@"
case $2 in
  /proc/self/*) file=/proc/$$/${2#/proc/self/} ;;
  *) file=$2 ;;
esac
if [ -e "$file" ]; then
  new=$(mktemp "$XNS_TEST/XXXXXX") && echo "$3" >"$new" && chmod 644 "$new" && mount --bind "$new" "$file" || exit 125
else
  mount -t tmpfs none "${file%/*}" && echo "$3" >"$file" || exit 125
fi
shift 3
exec "$@"
END
  chmod 755 "$bin"/*
}

setup() {
  xns_setup
  need_root
  need strace
  chmod 755 "$T"
  PATH=$BATS_FILE_TMPDIR/bin:$PATH
  # words of the rows
  user="setpriv --reuid=$PLAIN --regid=$PLAIN --clear-groups --"
  other='setpriv --reuid=64999 --regid=64999 --clear-groups --'
}

# first: the message, without the hints
first() {
  grep -v ': hint: ' <<<"$stderr" | head -n 1
}

# hinted PART: by whichever tool
hinted() {
  grep -F ': hint: ' <<<"$stderr" | grep -qF -e "$1" || {
    printf 'no hint with: %s\nin: %s\n' "$1" "$stderr"
    return 1
  }
}

# row PART COMMAND TWIN: both are words for eval; $stderr is COMMAND's. A twin that the row before had, too, is not run
# again.
row() {
  local message
  if [ "$3" != "${last_twin:-}" ]; then
    try eval "$3"
    [ "$status" -ne 0 ]
    no_hint
    last_twin=$3
    last_message=$(first)
  fi
  try eval "$2"
  [ "$status" -ne 0 ]
  hinted "$1"
  message=$(first)
  is "${last_message##*: }" "${message##*: }"
}

# in_chroot CMD...: in a chroot of $T/root, a plain directory with xunshare in it
in_chroot() {
  [ -e "$T/root" ] || make_root "$T/root" true mount sh "$XUNSHARE"
  private sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$T/root" "$@"
}

# bound FILE CMD...: with FILE, a namespace's, bound on $T/bound, which everybody may open
bound() {
  local file=$1
  shift
  : >"$T/bound"
  private sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$file" "$T/bound" "$@"
}

# limited FILE NUMBER CMD...: in a user namespace where that limit is NUMBER
limited() {
  "$XUNSHARE" -r sh -c 'echo "$2" >"/proc/sys/user/$1" && shift 2 && exec "$@"' sh "$@"
}

# without CAPABILITIES CMD...
without() {
  local caps=-${1//,/,-}
  shift
  setpriv --inh-caps="$caps" --bounding-set="$caps" -- "$@"
}

# ---- user namespaces ----

restrict=/proc/sys/kernel/apparmor_restrict_unprivileged_userns

@test "Ubuntu's restriction: after each refusal in a new user namespace the setting is named, and both remedies" {
  local call rest
  for call in 'unshare EPERM 1' 'unshare EACCES 1' 'write EPERM 1' 'write EACCES 1' 'write EPERM 2' 'write EPERM 3' \
    'openat EACCES /proc/self/setgroups' 'sethostname EPERM 1' 'mount EACCES 1' 'mount EPERM 1'; do
    rest="inject $call $user $XUNSHARE -rmupf --mount-proc --hostname x true"
    try placed $restrict 1 $rest
    hinted "$restrict is 1: AppArmor lets only programs with a profile"
  done
  for call in 'write EPERM 1' 'unshare EACCES 1'; do
    rest="inject $call $user $XUNSHARE -r true"
    row "$restrict is 1: AppArmor lets only programs with a profile" "placed $restrict 1 $rest" "placed $restrict 0 $rest"
  done
  try placed $restrict 1 inject write EPERM 1 "$XUNSHARE" -r true
  hinted "a profile with \"userns,\" for $XUNSHARE"
  hinted "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
}

@test "Ubuntu's restriction: who is confined in another way, or by none, is not restricted" {
  local rest="inject write EPERM 1"
  # AppArmor confines us so where it restricts: LABEL CMD...
  restricted() {
    local label=$1
    shift
    placed $restrict 1 placed /proc/self/attr/current "$label" "$@"
  }
  row "$restrict is 1" "restricted 'unprivileged_userns (enforce)' $rest $user $XUNSHARE -r true" \
    "restricted 'xunshare (unconfined)' $rest $user $XUNSHARE -r true"
  row "$restrict is 1" "restricted unconfined $rest $user $XUNSHARE -r true" "restricted unconfined $rest $XUNSHARE -r true"
}

@test "what restricts user namespaces is not named for other failures" {
  chmod 700 "$T"
  for rest in "$user $XUNSHARE -r $T/true" "$user $XUNSHARE -r -w $T/none true" "$user $XUNSHARE -r --file 0:/usr/xns true"; do
    fails 1 placed $restrict 1 $rest </dev/null || [ "$status" = 126 ]
    has "$stderr" "Permission denied"
    # but for why the program is not to be had
    is "$(grep hint: <<<"$stderr" | grep -vF -e "a directory on the way to $T/true may not be searched" -e "only its owner may make something there")" ""
  done
}

@test "why there is no user namespace" {
  local clone=/proc/sys/kernel/unprivileged_userns_clone
  local rest="inject unshare EPERM 1"
  row "$clone is 0: only root may make user namespaces" "placed $clone 0 $rest $user $XUNSHARE -r true" "placed $clone 1 $rest $user $XUNSHARE -r true"
  row "$clone is 0: only root may make user namespaces" "placed $clone 0 $rest $user $XUNSHARE -r true" "placed $clone 0 $rest $XUNSHARE -r true"
  row 'the root directory is a chroot, where the kernel allows no new user namespace' 'in_chroot /bin/xunshare -r true' \
    "$rest $XUNSHARE -r true"
  row "this process's user or group ID is not mapped in its own user namespace" '$XUNSHARE -U $XUNSHARE -U true' \
    "\$XUNSHARE -r $rest \$XUNSHARE -U true"
}

@test "a security module's label is named where nothing else is" {
  local rest="$XUNSHARE -m true"
  row 'this process is confined as docker-default (enforce)' \
    "placed /proc/self/attr/current 'docker-default (enforce)' inject mount EPERM 1 $rest" \
    "placed /proc/self/attr/current 'docker-default (complain)' inject mount EPERM 1 $rest"
  row 'this process is confined as system_u:system_r:container_t:s0' \
    "placed /proc/self/attr/current 'system_u:system_r:container_t:s0' inject unshare EACCES 1 $rest" \
    "placed /proc/self/attr/current 'unconfined_u:unconfined_r:unconfined_t:s0' inject unshare EACCES 1 $rest"
}

# A filter that refuses unshare(2), and what follows it
seccomp() {
  build seccomp <<'END'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { 4, f };

	if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		return 125;
	execvp(argv[1], argv + 1);
	return 126;
}
END
}

@test "a seccomp filter is named where nothing else is" {
  local rest
  seccomp
  for rest in -u -r; do
    row 'a seccomp filter is in force' "$T/seccomp $XUNSHARE $rest true" "inject unshare EPERM 1 $XUNSHARE $rest true"
  done
  fails 1 $user "$T/seccomp" "$XUNSHARE" -u true
  hinted "CAP_SYS_ADMIN is missing"
  hasnt "$stderr" seccomp
}

@test "the capability that is missing" {
  row 'CAP_SYS_ADMIN is missing; --map-root-user gives it in a new user namespace' "$user $XUNSHARE -m true" "inject unshare EPERM 1 $XUNSHARE -m true"
  row 'CAP_SYS_CHROOT is missing; --map-root-user gives it in a new user namespace' "$user $XUNSHARE -R / true" "inject chroot EPERM 1 $XUNSHARE -R / true"
  row 'CAP_SYS_ADMIN is missing; --map-root-user gives it in a new user namespace' "$user $XUNSHARE --setgroups deny true" \
    "inject openat EACCES /proc/self/setgroups $XUNSHARE --setgroups deny true"
  row 'CAP_SYS_TIME is missing' "without sys_time $XUNSHARE -T --boottime 5 true" \
    "inject write EPERM 1 $XUNSHARE -T --boottime 5 true"
  row 'CAP_SETUID is missing' "$user $XUNSHARE -S 5 true" "inject setuid EPERM 1 $XUNSHARE -S 5 true"
  row 'CAP_SETGID is missing' "$user $XUNSHARE -G 5 true" "inject setgroups EPERM 1 $XUNSHARE -G 5 true"
  row 'CAP_NET_ADMIN is missing' "without net_admin $XUNSHARE -n --lo-up true" "inject ioctl EPERM 1 $XUNSHARE -n --lo-up true"
}

# ---- clone and fork ----

@test "limits" {
  local twin="inject mount ENOSPC 1 $XUNSHARE -m true"
  row '/proc/sys/user/max_net_namespaces is 0: no namespace of that kind may be made' \
    'limited max_net_namespaces 0 $XUNSHARE -n true' "$twin"
  row '/proc/sys/user/max_user_namespaces is 0' 'limited max_user_namespaces 0 $XUNSHARE -r true' "$twin"
  row '/proc/sys/user/max_uts_namespaces is 1; that, or the same of an outer user namespace, is reached' \
    'limited max_uts_namespaces 1 $XUNSHARE -u $XUNSHARE -u true' "$twin"
  try limited max_net_namespaces 0 sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces; exec "$@"' sh "$XUNSHARE" -in true
  hinted "max_net_namespaces is 0"
  hinted "max_ipc_namespaces is 0"
  hasnt "$stderr" max_uts_namespaces
}

@test "32 nested PID namespaces: the depth is named" {
  cat >"$T/nest" <<'END'
#!/bin/sh
grep -w NSpid /proc/self/status | wc -w
[ "$2" -gt 0 ] || exec true
exec "$1" -pf --kill-child "$0" "$1" $(($2 - 1))
END
  chmod +x "$T/nest"
  fails 1 "$T/nest" "$XUNSHARE" 40
  has "$stderr" "failed: No space left on device"
  # NSpid, a name and 33 numbers, counts from the PID namespace of /proc, which need not be the outermost one
  if [ "${output##*"$NL"}" -gt 33 ]; then
    hinted "PID namespaces are nested 32 deep here"
  else
    hinted "or a nesting of 32, is reached"
  fi
}

@test "clone3 with what only it has" {
  mkdir -p "$T/full" "$T/free"
  echo memory >"$T/full/cgroup.subtree_control"
  echo threaded >"$T/full/cgroup.type"
  : >"$T/free/cgroup.subtree_control"
  echo domain >"$T/free/cgroup.type"
  local clone="$XUNSHARE --clone -u"
  row '--clone needs clone3(2), from Linux 5.3 on; a seccomp filter can hide it' "inject clone3 ENOSYS 1 $clone true" \
    "inject unshare ENOSYS 1 $XUNSHARE -u true"
  row '--set-tid needs Linux 5.5, --into-cgroup Linux 5.7; this is 2.6.' \
    "setarch --uname-2.6 inject clone3 E2BIG 1 $clone --set-tid 4000000 true" \
    "inject clone3 E2BIG 1 $clone --set-tid 4000000 true"
  row 'the PID of --set-tid is in use' "$clone --set-tid $$ true" "inject clone3 EEXIST 1 $clone --set-tid 4000000 true"
  row "the PID of --set-tid has to be below that of /proc/sys/kernel/pid_max, $(</proc/sys/kernel/pid_max)" \
    "$clone --set-tid 2000000000 true" "inject clone3 EINVAL 1 $clone --set-tid 3000 true"
  # by who has no right to it, also where --map-root-user is given: it is asked of outside, too
  local words tid='--set-tid takes CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN in the user namespace that the PID namespace belongs to'
  for words in "$user $XUNSHARE --clone" "$user $XUNSHARE -r -p --clone" "unshare -Ur $XUNSHARE --clone" \
    "without sys_admin,checkpoint_restore $XUNSHARE --clone"; do
    row "$tid" "$words --set-tid 3000 true" "inject clone3 EPERM 1 $clone --set-tid 3000 true"
  done
  row 'the cgroup of --into-cgroup has controllers for its children' \
    "inject clone3 EBUSY 1 $clone --into-cgroup $T/full true" "inject clone3 EBUSY 1 $clone --into-cgroup $T/free true"
  row 'the directory of --into-cgroup is not in a cgroup2 file system' "$clone --into-cgroup $T/free true" \
    "private sh -c 'mount -t cgroup2 x $T/free && exec \"\$@\"' sh inject clone3 EBADF 1 $clone --into-cgroup $T/free true"
  row 'the cgroup of --into-cgroup is a threaded one or below one' \
    "inject clone3 EOPNOTSUPP 1 $clone --into-cgroup $T/full true" "inject clone3 EOPNOTSUPP 1 $clone --into-cgroup $T/free true"
}

@test "a PID namespace whose first process is gone" {
  : >"$T/pid"
  local hint='the PID namespace is dead: its first process has ended'
  row "$hint" '$XUNSHARE -p bash -c "true & wait; exec $XUNSHARE -f true"' "inject clone ENOMEM 1 $XUNSHARE -f true"
  # made from outside, it has lost it before anything can be forked into it
  row "$hint" 'private sh -c "unshare -pf mount --bind /proc/self/ns/pid $T/pid && exec $XNSENTER --pid=$T/pid true"' \
    "inject clone ENOMEM 1 unshare -pf --mount-proc $XUNSHARE -f true"
}

@test "-F into a PID namespace whose init is gone: the program runs, its children cannot" {
  : >"$T/pid"
  succeeds private sh -c 'unshare -pf mount --bind /proc/self/ns/pid "$0/pid" && exec "$1" -F --pid="$0/pid" echo ran' \
    "$T" "$XNSENTER"
  is "$output" ran
}

# ---- mount ----

@test "why proc is not mounted" {
  local proc="$XUNSHARE -rpf --mount-proc true"
  local twin="inject mount,fsconfig EPERM 2 $proc" # that of processes alone, too
  row 'the PID namespace belongs to another user namespace' "$user $XUNSHARE -r --mount-proc true" "$twin"
  hidden() {
    private sh -c 'mount -t tmpfs mask /proc/sys/fs && mount --bind /dev/null /proc/version && exec "$@"' sh "$@"
  }
  row 'mounts hide parts of /proc: /proc/' "hidden $proc" "$twin"
  try hidden $proc
  hinted /proc/sys/fs
  try hidden "$XUNSHARE" -r -pf --new-root=/ --mount-proc true
  hinted 'mounts hide parts of /proc: /proc/'
  # root's proc is no new user namespace's
  row 'mounts hide parts of /proc: /proc/' "hidden $proc" "hidden inject mount,fsconfig EPERM 2 $XUNSHARE -pf --mount-proc true"
}

@test "no /proc" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  row '/proc is not mounted' "without_proc $XUNSHARE -r true" "$XUNSHARE -w /no/such true"
}

@test "a mount on a directory that is made for it masks nothing" {
  [ -d /proc/sys/fs/binfmt_misc ] || skip "needs binfmt_misc"
  fails 1 private sh -c 'mount -t tmpfs mask /proc/sys/fs/binfmt_misc && mount --bind /dev/null /proc/version; exec "$@"' \
    sh "$XUNSHARE" -rpf --mount-proc true
  hinted "hide parts of /proc: /proc/version;"
}

@test "binfmt_misc of a user namespace, before there was one" {
  local binfmt="$XUNSHARE -rpf --mount-binfmt true"
  row 'binfmt_misc can be mounted in a user namespace from Linux 6.7 on; this is 2.6.' \
    "setarch --uname-2.6 inject mount EPERM 3 $binfmt" "inject mount EPERM 3 $binfmt"
}

@test "a chroot has no propagation, and what to do" {
  row 'the root directory is a chroot and no mount point' "in_chroot /bin/xunshare -m true" \
    "inject mount EINVAL 1 $XUNSHARE -m true"
  succeeds in_chroot /bin/xunshare -m --propagation unchanged true
}

@test "a mount namespace cannot be bound on a shared mount" {
  mkdir "$T/p"
  # on shared|private CMD...: where $T/p is such a mount
  on() {
    private sh -c 'mount -t tmpfs x "$1" && mount "--make-$2" "$1" && mkdir "$1/d" && : >"$1/f" && shift 2 && exec "$@"' \
      sh "$T/p" "$@"
  }
  local hint="$T/p/f is on $T/p, a shared mount, where a mount namespace cannot be bound"
  row "$hint" "on shared $XUNSHARE --mount=$T/p/f true" "on shared inject mount EINVAL 1 $XUNSHARE --uts=$T/p/f true"
  row "$hint" "on shared $XUNSHARE --mount=$T/p/f true" "on private inject mount EINVAL 1 $XUNSHARE --mount=$T/p/f true"
  fails 1 on shared "$XUNSHARE" --uts="$T/p/d" true
  no_hint
}

# ---- IDs ----

@test "IDs and groups of a new user namespace" {
  row 'ID 5 is not in /proc/self/uid_map' '$XUNSHARE -r -S 5 true' 'inject setuid EINVAL 1 $XUNSHARE -S 5 true'
  row 'ID 7 is not in /proc/self/gid_map' '$XUNSHARE --map-users 0:0:3 --map-groups 0:0:3 -G 7 true' \
    'inject setgid EINVAL 1 $XUNSHARE -G 7 true'
  row 'setgroups is denied in this user namespace, by --setgroups or for a group map of a single ID' \
    "$user $XUNSHARE -r -G 0 true" 'inject setgroups EPERM 1 $XUNSHARE -G 0 true'
  row 'setgroups is denied in this user namespace already, and stays so' '$XUNSHARE -r $XUNSHARE --setgroups allow true' \
    'inject write EPERM 1 $XUNSHARE --setgroups allow true'
  row 'setgroups can be denied only before the group map is written, and only in a new user namespace (--user)' \
    '$XUNSHARE --setgroups deny true' 'inject write EPERM 1 $XUNSHARE -U --setgroups deny true'
}

@test "rules of a map" {
  local map='--map-users 0:0:1 --map-groups 0:0:1'
  row 'an ID of the map is not mapped in this user namespace: 5' '$XUNSHARE -r $XUNSHARE --map-users 0:5:1 true' \
    'inject write EPERM 1 $XUNSHARE --map-users 0:5:1 true'
  row 'an ID of the map is not mapped in this user namespace: 3' \
    '$XUNSHARE --map-users 0:0:3 --map-groups 0:0:3 $XUNSHARE --map-users 0:1:3 true' \
    'inject write EPERM 1 $XUNSHARE --map-users 0:5:1 true'
  row 'ID 0 of this user namespace is to be mapped, and CAP_SETFCAP is missing' "without setfcap $XUNSHARE $map true" \
    "inject write EPERM 1 $XUNSHARE $map true"
  row 'ID 0 of this user namespace is to be mapped, and CAP_SETFCAP is missing' \
    "without setfcap sh -c '$XUNSHARE -r true; exit 1'" "inject write EPERM 1 $XUNSHARE -r true"
  row 'with an offset, a clock of a time namespace may not be negative, nor pass 146 years' \
    '$XUNSHARE -T --boottime -9000000000 true' 'inject write ERANGE 1 $XUNSHARE -r true'
}

@test "IDs and groups of a user namespace that is joined" {
  new_target -U --map-user=5 --map-group=6
  row 'ID 0 is not in the gid_map of the user namespace; choose one that is' '$XNSENTER -t $target -U true' \
    'inject setgid EINVAL 1 $XNSENTER -t $target -U -S 5 -G 6 true'
  row 'ID 7 is not in the uid_map of the user namespace' '$XNSENTER -t $target -U -G 6 -S 7 true' \
    'inject setuid EINVAL 1 $XNSENTER -t $target -U -S 5 -G 6 true'
  row 'ID 7 is not in the uid_map of the user namespace' '$XNSENTER --user=/proc/$target/ns/user -G 6 -S 7 true' \
    'inject setuid EINVAL 1 $XNSENTER -t $target -U -S 5 -G 6 true'
  row 'ID 7 is not in the uid_map of the user namespace that is joined' '$XUNSHARE --join user=$target -S 7 true' \
    'inject setuid EINVAL 1 $XUNSHARE --join user=$target true'
  enter -t "$target" -U -S 5 -G 6 id -u
  is "$output" 5
  enter -t "$target" -U --preserve-credentials id -u
  is "$output" 5
  # where none is mapped, none can be chosen
  new_target -U
  row 'the user namespace has no map yet, so no ID can be set there' '$XNSENTER -t $target -U -S 5 true' \
    'inject setgid EINVAL 1 $XNSENTER -t $$ -u -G 6 true'
  hasnt "$stderr" 'choose one'
  row 'ID 7 is not in the uid_map' 'unshare -Ur unshare -u $XNSENTER --uts=/proc/self/ns/uts -S 7 true' \
    'inject setuid EINVAL 1 $XNSENTER --uts=/proc/self/ns/uts -S 7 true'
}

@test "groups of a user namespace that is joined" {
  local groups="setpriv --reuid=$PLAIN --regid=$PLAIN --groups 64990 --"
  as_new_target "$PLAIN" -Ur
  row 'setgroups is denied in the user namespace, and the groups could not be dropped outside' \
    "$groups $XNSENTER -t $target -U true" "inject setgroups EPERM 1 $XNSENTER -u/proc/self/ns/uts -G 0 true"
  row 'setgroups is denied in the user namespace that is joined, and the groups could not be dropped outside' \
    "$groups $XUNSHARE --join user=$target true" "inject setgroups EPERM 1 $XUNSHARE -G 0 true"
  succeeds $groups "$XNSENTER" -t "$target" -U --preserve-credentials true
  as_new_target "$PLAIN" -U
  row 'the user namespace has no map yet, so no ID can be set there' "$groups $XNSENTER -t $target -U true" \
    "inject setgroups EPERM 1 $XNSENTER -u/proc/self/ns/uts -G 0 true"
  row 'the user namespace that is joined has no map yet, so no ID can be set there' \
    "$groups $XUNSHARE --join user=$target true" "inject setgroups EPERM 1 $XUNSHARE -G 0 true"
  succeeds $groups "$XNSENTER" -t "$target" -U --preserve-credentials true
}

@test "IDs without a user namespace: the capability that is missing" {
  local without="without setuid,setgid $XNSENTER -u/proc/self/ns/uts"
  row 'CAP_SETUID is missing' "$without -S 7 true" "inject setuid EPERM 1 $XNSENTER -u/proc/self/ns/uts -S 7 true"
  row 'CAP_SETGID is missing' "$without -G 7 true" "inject setgroups EPERM 1 $XNSENTER -u/proc/self/ns/uts -G 7 true"
  hasnt "$stderr" --map-root-user
}

# ---- processes ----

@test "a zombie" {
  make_zombie
  local hint="process $zombie is a zombie: it has ended, and its namespaces are gone with it"
  row "$hint" '$XNSENTER -t $zombie -u true' 'inject setns ESRCH 1 $XNSENTER -t $$ -u true'
  row "$hint" '$XNSENTER -t $zombie -m -u -i true' 'inject setns ESRCH 1+ $XNSENTER -t $$ -u -i true'
  row "$hint" '$XNSENTER -t $zombie --uts=/proc/self/ns/uts -r true' '$XNSENTER --uts=/no/such true'
  row "$hint" '$XNSENTER -t $zombie --pid-for-children true' '$XNSENTER --uts=/no/such true'
  row "$hint" '$XNSENTER --uts=/proc/$zombie/ns/uts true' '$XNSENTER --uts=/proc/$$/ns/none true'
}

@test "a PID that nothing has is no zombie, and not hidden" {
  dead_pid
  fails 1 "$XNSENTER" -t "$pid" -u true
  no_hint
  for rest in "-t $pid -u" "--uts=/proc/$pid/ns/uts"; do
    fails 1 hidepid 2 $user "$XNSENTER" $rest true
    no_hint
  done
  # a number of ours, where that of /proc is another's
  fails 1 hidepid 2 $user unshare -Upf sh -c '"$0" --uts=/proc/$$/ns/uts true; exit $?' "$XNSENTER"
  no_hint
}

@test "the PID namespace of children without a first process" {
  new_target -p
  local words
  for words in "$XNSENTER -t $target --pid-for-children" "$XNSENTER --pid=/proc/$target/ns/pid_for_children" \
    "$XUNSHARE --join pid=/proc/$target/ns/pid_for_children"; do
    row "the target's next child will be the first process of a PID namespace" "$words true" \
      'inject openat ENOENT /proc/$$/ns/uts $XNSENTER -t $$ -u --uts=/proc/$$/ns/uts true'
  done
}

@test "a process that may not be looked into, by its number and by its file" {
  as_new_target 64999 -Ur
  local hint="process $target, of user 64999, may not be looked into from here; that takes its user's rights"
  local user="hidepid off $user"
  row "$hint" '$user $XNSENTER -t $target -U true' 'inject setns EPERM 1 $XNSENTER -t $target -u true'
  row "$hint" '$user $XNSENTER -t $target -a true' 'inject setns EPERM 1+ $XNSENTER -t $target -a true'
  for words in "$XNSENTER --user=/proc/$target/ns/user" "$XNSENTER -t $target --pid-for-children" \
    "$XUNSHARE --join user=/proc/$target/ns/user"; do
    row "$hint" "$user $words true" 'inject openat EACCES /proc/$$/ns/uts $XNSENTER --uts=/proc/$$/ns/uts true'
  done
  # who has CAP_SYS_PTRACE, where it does not count
  row "process $$, of user 0, may not be looked into from here: CAP_SYS_PTRACE counts only for processes of this user namespace" \
    'unshare -Ur $XNSENTER --user=/proc/$$/ns/user true' 'inject openat,readlinkat EACCES "ns/mnt /proc/$$/ns/uts" $XNSENTER --uts=/proc/$$/ns/uts true'
  succeeds $other "$XNSENTER" -t "$target" -U true
}

@test "a process that is there, and hidden" {
  new_target -u
  local word words hint="process $target is there, and /proc is mounted with hidepid="
  local none="hidepid off inject openat ENOENT /proc/$target/ns/uts $XNSENTER --uts=/proc/$target/ns/uts true"
  for word in noaccess invisible ptraceable; do
    row "$hint$word" "hidepid $word $user $XNSENTER -t $target -u true" \
      "hidepid off inject setns EPERM 1 $XNSENTER -t $target -u true"
  done
  row "${hint}ptraceable" "hidepid ptraceable $user $XNSENTER -t $target -u -r true" "$none"
  for words in "$XNSENTER -t $target -u --wd" "$XNSENTER --uts=/proc/$target/ns/uts" "$XUNSHARE --join uts=/proc/$target/ns/uts"; do
    row "${hint}invisible" "hidepid invisible $user $words true" "$none"
  done
  row "${hint}noaccess" "hidepid noaccess $user $XNSENTER --uts=/proc/$target/ns/uts true" "${none/ENOENT/EPERM}"
  # an ordinary user's names want a directory of his
  chmod 755 "$T" && install -d -o 64001 -g 64001 -m 700 "$T/runtime"
  for words in "env XDG_RUNTIME_DIR=$T/runtime $XNETNS identify $target" "$XLSNS -p $target" "$XLSNS --diff $target $target"; do
    try hidepid invisible $user $words
    hinted "${hint}invisible"
    try hidepid invisible $user ${words//$target/999999}
    hasnt "$stderr" hidepid
  done
}

@test "a file in the root of a process that may be looked into, and numbers that are no process" {
  as_new_target "$PLAIN" -U
  chmod 755 "$T"
  mkdir -m 700 "$T/closed"
  for words in "$XNSENTER --uts=/proc/$target/root/no/such" "$XNSENTER --uts=/proc/$target/root$T/closed/file" \
    "$XNSENTER --uts=/proc/0/ns/uts" "$XNSENTER --uts=/proc/-1/ns/uts"; do
    fails 1 hidepid invisible $user $words true
    no_hint
  done
}

@test "an id that finds no namespace: the kernel that can is named where this one cannot" {
  row 'a namespace can be opened by its id from Linux 6.19 on; this is 2.6.' 'setarch --uname-2.6 $XNSENTER --uts=:1 true' \
    'inject setns ESTALE 1 $XNSENTER -u/proc/self/ns/uts true'
  case $(uname -r) in
    [1-5].* | 6.[0-9].* | 6.1[0-8].*) ;;
    *)
      row 'from here only namespaces that this process is in can be opened by their id' 'unshare -Ur $XNSENTER --uts=:1 true' \
        'inject setns ESTALE 1 $XNSENTER -u/proc/self/ns/uts true'
      ;;
  esac
}

# ---- files, and namespaces ----

@test "a file that is no namespace, and what it is" {
  local file
  : >"$T/plain"
  mkfifo "$T/fifo"
  mknod "$T/device" c 1 3
  perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => shift, Listen => 1)' "$T/socket"
  ln -s plain "$T/link"
  local twin='inject setns EINVAL 1 $XNSENTER --uts=/proc/self/ns/uts true'
  for file in 'plain a plain file' '. a directory' 'fifo a FIFO' 'device a device' 'socket a socket' 'link a plain file'; do
    row "$T/${file%% *} is no namespace, but ${file#* }" "$XNSENTER --uts=$T/${file%% *} true" "$twin"
    row "$T/${file%% *} is no namespace, but ${file#* }" "$XUNSHARE --join uts=$T/${file%% *} true" "$twin"
  done
  row '/proc/self/ns/net is a namespace of another kind, net' '$XNSENTER --uts=/proc/self/ns/net true' "$twin"
  row '/proc/self/ns/mnt is a namespace of another kind, mount' '$XNSENTER --user=/proc/self/ns/mnt true' "$twin"
  row "/proc/$$/ns/uts is a namespace of another kind, uts" '$XNSENTER --uts=/proc/$$/ns/uts --ipc=/proc/$$/ns/uts true' "$twin"
}

@test "in a mount namespace that is joined no path is looked up again to say what it was" {
  new_target -m
  mkfifo "$T/fifo"
  fails 1 "$XNSENTER" -t "$target" --mount="/proc/$target/ns/mnt" --uts="$T/fifo" true
  is "$stderr" "xnsenter: reassociate to namespace 'ns/uts' failed: Invalid argument
xnsenter: hint: $T/fifo is no namespace"
}

@test "one's own user namespace, and what to do" {
  local foreign
  new_target -U
  foreign=$target
  new_target -u
  local hint='it is the user namespace that this process is in, which cannot be joined again; leave out --user'
  row "$hint" '$XNSENTER -t $target -U true' 'inject setns EINVAL 1 $XNSENTER -t $target -u true'
  row "$hint" '$XNSENTER -t $target -U -u true' 'inject setns EINVAL 1 $XNSENTER -t $target -u true'
  row "$hint" '$XNSENTER --user=/proc/self/ns/user true' 'inject setns EINVAL 1 $XNSENTER --user=/proc/$foreign/ns/user true'
  enter -t "$target" -u true
}

@test "a PID namespace above" {
  new_target -p -f
  row 'the PID namespace is not below ours, and so cannot be joined from here' \
    'bound /proc/self/ns/pid unshare -pf --mount-proc $XNSENTER --pid=$T/bound true' \
    'inject setns EINVAL 1 $XNSENTER --pid=/proc/$target/ns/pid true'
}

@test "a user namespace of another user, who may join it" {
  as_new_target 64999 -Ur
  row 'the user namespace was made by user 64999; only that user' \
    "bound /proc/$target/ns/user $user $XNSENTER --user=$T/bound true" \
    "inject setns EPERM 1 $XNSENTER --user=/proc/$target/ns/user true"
  row 'the user namespace was made by user 64999; only that user' \
    "bound /proc/$target/ns/user $user $XNSENTER --user=$T/bound true" \
    "$other inject setns EPERM 1 $XNSENTER --user=/proc/$target/ns/user true"
  succeeds bound "/proc/$target/ns/user" $other "$XNSENTER" --user="$T/bound" true
}

@test "a namespace of another user namespace, which has to be joined, too" {
  as_new_target "$PLAIN" -Urnu
  local twin="inject setns EPERM 1 $XNSENTER -t $target -u true"
  row 'the net namespace belongs to another user namespace; join that one too: --user, or --user-parent' \
    "$user $XNSENTER -t $target -n true" "$twin"
  row 'the net namespace belongs to another user namespace' "$user $XNSENTER --net=/proc/$target/ns/net true" "$twin"
  row 'the uts namespace belongs to another user namespace' "$user $XNSENTER -t $target -u -n true" "$twin"
  succeeds $user "$XNSENTER" -t "$target" -n -U true
  as_new_target "$PLAIN" -Urn unshare -Ur
  row '--user-parent' "$user $XNSENTER -t $target -n true" "$twin"
  succeeds $user "$XNSENTER" -t "$target" -n --user-parent true
}

@test "a namespace of an outer user namespace, and of one's own" {
  local twin="inject setns EPERM 1 $XNSENTER --net=/proc/self/ns/net true"
  row 'the net namespace belongs to a user namespace outside of ours' 'unshare -Ur $XNSENTER --net=/proc/self/ns/net true' "$twin"
  row 'the net namespace belongs to our own user namespace, where CAP_SYS_ADMIN is missing' \
    "$user $XNSENTER --net=/proc/self/ns/net true" "$twin"
  new_target -m
  row 'CAP_SYS_CHROOT is missing' "without sys_chroot $XNSENTER -t $target -m true" "inject setns EPERM 1 $XNSENTER -t $target -m true"
}

# ---- without evidence none ----

@test "a failure without a known reason has no hint" {
  local words
  new_target -p -f
  for words in "1 $XUNSHARE -w /no/such/dir" "1 $XUNSHARE -R /no/such/dir" "1 $XUNSHARE -m --mount-proc=/no/such/dir" \
    "1 $XUNSHARE -S nonsense-user" "1 $XUNSHARE --map-users 0:0:5 --map-users 0:0:5" \
    "1 private $XUNSHARE --uts=/no/such/dir/file" "1 $XNSENTER -t $target -u -r/no/such/dir" \
    "1 $XNSENTER -t $target -u -W/no/such/dir" "1 $XNSENTER --uts=/no/such/file" "1 $XNSENTER -u" \
    "1 $XNSENTER --uts=/proc/self/ns/uts -S nonsense-user"; do
    fails ${words%% *} ${words#* } true
    no_hint
  done
}

@test "a program's own failure has no hint" {
  new_target -p -f
  fails 3 "$XNSENTER" -t "$target" -p sh -c 'echo mine >&2; exit 3'
  is "$stderr" mine
}

@test "what was tried and did work out otherwise leaves no hint" {
  # the groups cannot be dropped outside, and need not be: there are none; then the directory is not there
  as_new_target "$PLAIN" -Ur
  fails 1 $user "$XNSENTER" -t "$target" -U -W/no/such true
  no_hint
}

@test "each hint is a line of its own behind the message, under the name of the tool" {
  fails 1 $user "$XUNSHARE" -u true
  is "$stderr" "xunshare: unshare failed: Operation not permitted
xunshare: hint: CAP_SYS_ADMIN is missing; --map-root-user gives it in a new user namespace"
  fails 1 "$BIN/nsenter" --uts=/proc/self/ns/net true
  is "$stderr" "nsenter: reassociate to namespace 'ns/uts' failed: Invalid argument
nsenter: hint: /proc/self/ns/net is a namespace of another kind, net"
}
