#!/usr/bin/env bats
# Hints: where the kernel refused and a probe can tell why, it is said; else nothing is.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

export hints_of=xunshare # for hint

setup() {
  xns_setup
  need_root
}

teardown() {
  xns_teardown
}

# in_chroot CMD...: in a chroot of $T/root, a plain directory with xunshare in it
in_chroot() {
  if [ ! -e "$T/root" ]; then
    make_root "$T/root" true mount sh "$XUNSHARE"
  fi
  private sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$T/root" "$@"
}

@test "-m in a chroot names the chroot and what to do" {
  fails 1 in_chroot /bin/xunshare -m true
  has "$stderr" "xunshare: cannot change root filesystem propagation: Invalid argument"
  hint "the root directory is a chroot and no mount point"
  hint "--propagation unchanged"
}

@test "-m --propagation unchanged works in a chroot, as the hint says" {
  succeeds in_chroot /bin/xunshare -m --propagation unchanged true
}

@test "a user namespace in a chroot names the chroot" {
  fails 1 in_chroot /bin/xunshare -r true
  has "$stderr" "xunshare: unshare failed: Operation not permitted"
  hint "the root directory is a chroot, where the kernel allows no new user namespace"
}

@test "without rights --map-root-user is named" {
  fails 1 as_user "$PLAIN" "$XUNSHARE" -m true
  has "$stderr" "xunshare: unshare failed: Operation not permitted"
  hint "CAP_SYS_ADMIN is missing"
  hint "--map-root-user"
}

@test "a limit of 0 is named with its value" {
  fails 1 "$XUNSHARE" -r sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$1" -n true' sh "$XUNSHARE"
  has "$stderr" "xunshare: unshare failed: No space left on device"
  hint "/proc/sys/user/max_net_namespaces is 0"
}

@test "only the limits of the kinds asked for are named" {
  fails 1 "$XUNSHARE" -r sh -c 'echo 0 >/proc/sys/user/max_net_namespaces; echo 0 >/proc/sys/user/max_ipc_namespaces
    exec "$1" -in true' sh "$XUNSHARE"
  hint "max_net_namespaces is 0"
  hint "max_ipc_namespaces is 0"
  hasnt "$stderr" max_uts_namespaces
}

@test "a limit of 0 user namespaces is named" {
  fails 1 "$XUNSHARE" -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$1" -r true' sh "$XUNSHARE"
  hint "/proc/sys/user/max_user_namespaces is 0"
}

@test "a limit that is reached is named" {
  fails 1 "$XUNSHARE" -r sh -c 'echo 1 >/proc/sys/user/max_uts_namespaces && exec "$1" -u "$1" -u true' sh "$XUNSHARE"
  hint "/proc/sys/user/max_uts_namespaces is 1"
}

@test "32 nested PID namespaces: the depth is named" {
  cat >"$T/nest" <<'END'
#!/bin/sh
[ "$2" -gt 0 ] || exec true
exec "$1" -pf --kill-child "$0" "$1" $(($2 - 1))
END
  chmod +x "$T/nest"
  fails 1 "$T/nest" "$XUNSHARE" 40
  has "$stderr" "failed: No space left on device"
  # NSpid counts from the PID namespace of /proc, which need not be the outermost one
  hint "PID namespaces are nested 32 deep" || hint "or a nesting of 32, is reached"
}

@test "a mount on a directory that is made for it masks nothing" {
  [ -d /proc/sys/fs/binfmt_misc ] || skip "needs binfmt_misc"
  fails 1 private sh -c 'mount -t tmpfs mask /proc/sys/fs/binfmt_misc && mount --bind /dev/null /proc/version; exec "$@"' \
    sh "$XUNSHARE" -rpf --mount-proc true
  hint "hide parts of /proc: /proc/version;"
}

@test "a masked /proc is named with its masks" {
  fails 1 private sh -c 'mount -t tmpfs mask /proc/sys/fs && mount --bind /dev/null /proc/timer_list 2>/dev/null ||
    mount --bind /dev/null /proc/version; exec "$@"' sh "$XUNSHARE" -rpf --mount-proc true
  has "$stderr" "xunshare: mount /proc failed: Operation not permitted"
  hint "mounts hide parts of /proc: "
  hint /proc/sys/fs
}

@test "--mount-proc in a user namespace without a new PID namespace: that is named" {
  fails 1 as_user "$PLAIN" "$XUNSHARE" -r --mount-proc true
  has "$stderr" "xunshare: mount /proc failed: Operation not permitted"
  hint "--pid --fork"
}

@test "setgroups denied is named" {
  fails 1 as_user "$PLAIN" "$XUNSHARE" -r -G 0 true
  has "$stderr" "xunshare: setgroups failed: Operation not permitted"
  hint "setgroups is denied in this user namespace"
}

@test "an ID that is not mapped is named with its map" {
  fails 1 "$XUNSHARE" -r -S 5 true
  has "$stderr" "xunshare: setuid() failed: Invalid argument"
  hint "ID 5 is not in /proc/self/uid_map"
  fails 1 "$XUNSHARE" --map-users 0:0:3 --map-groups 0:0:3 -G 7 true
  has "$stderr" "xunshare: setgid() failed: Invalid argument"
  hint "ID 7 is not in /proc/self/gid_map"
}

@test "an own ID that is not mapped forbids a user namespace, and is named" {
  fails 1 "$XUNSHARE" -U "$XUNSHARE" -U true
  hint "user or group ID is not mapped in its own user namespace"
}

@test "a namespace whose init is gone is named" {
  fails 1 "$XUNSHARE" -p bash -c 'true & wait; exec "$@"' bash "$XUNSHARE" -f true
  has "$stderr" "xunshare: fork failed: Cannot allocate memory"
  hint "the PID namespace is dead"
}

@test "a map of IDs that are not there outside is named" {
  fails 1 "$XUNSHARE" -r "$XUNSHARE" --map-users 0:5:1 true
  has "$stderr" "/uid_map: Operation not permitted"
  hint "an ID of the map is not mapped in this user namespace"
}

# setting NAME VALUE CMD...: with a file /proc/sys/kernel/NAME, which this kernel may not have, and a kernel
# that refuses user namespaces for another reason, a chroot's: a probe takes the file for evidence
setting() {
  local name=$1 value=$2
  shift 2
  [ -e "$T/root" ] || make_root "$T/root" true sh "$XUNSHARE"
  private sh -c 'root=$1 name=$2 value=$3
    shift 3
    mount -t proc proc "$root/proc" && mount -t tmpfs none "$root/proc/sys/kernel" || exit
    echo "$value" >"$root/proc/sys/kernel/$name"
    exec chroot "$root" "$@"' sh "$T/root" "$name" "$value" "$@"
}

@test "unprivileged_userns_clone 0 is named" {
  fails 1 setting unprivileged_userns_clone 0 /bin/xunshare -r true
  hint "/proc/sys/kernel/unprivileged_userns_clone is 0"
}

@test "unprivileged_userns_clone 1 is not" {
  fails 1 setting unprivileged_userns_clone 1 /bin/xunshare -r true
  hasnt "$stderr" unprivileged_userns_clone
}

@test "apparmor_restrict_unprivileged_userns 1 is named" {
  fails 1 setting apparmor_restrict_unprivileged_userns 1 /bin/xunshare -r true
  hint "/proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1"
}

@test "apparmor_restrict_unprivileged_userns 0 is not" {
  fails 1 setting apparmor_restrict_unprivileged_userns 0 /bin/xunshare -r true
  hasnt "$stderr" apparmor_restrict
}

# A filter that refuses unshare(2), and what follows it
seccomp() {
  cat >"$T/seccomp.c" <<'END'
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
  "${CC:-cc}" -o "$T/seccomp" "$T/seccomp.c" && "$T/seccomp" "$@"
}

@test "a seccomp filter is named where nothing else is" {
  fails 1 seccomp "$XUNSHARE" -u true
  hint "a seccomp filter is in force"
  fails 1 seccomp "$XUNSHARE" -r true
  hint "a seccomp filter is in force"
}

@test "a seccomp filter is not named where the rights are missing" {
  cp "$(type -P true)" "$T/true"
  seccomp true
  fails 1 as_user "$PLAIN" "$T/seccomp" "$XUNSHARE" -u true
  hint "CAP_SYS_ADMIN is missing"
  hasnt "$stderr" seccomp
}

# ---- without evidence none ----

@test "a failure without a known reason has no hint" {
  fails 127 "$XUNSHARE" /no/such/program
  no_hint
  fails 1 "$XUNSHARE" -w /no/such/dir true
  no_hint
  fails 1 "$XUNSHARE" -R /no/such/dir true
  no_hint
  fails 1 "$XUNSHARE" -m --mount-proc=/no/such/dir true
  no_hint
  fails 1 private "$XUNSHARE" --uts=/no/such/dir/file true
  no_hint
}

@test "an error of usage has no hint" {
  fails 1 "$XUNSHARE" --no-such
  no_hint
  fails 1 "$XUNSHARE" -S nonsense-user true
  no_hint
  fails 1 "$XUNSHARE" --map-users 0:0:5 --map-users 0:0:5 true
  no_hint
}

@test "a bind of another kind that fails on a shared mount has no hint of it" {
  mkdir "$T/p"
  fails 1 private sh -c 'mount -t tmpfs x "$1" && mount --make-shared "$1" && mkdir "$1/d" && exec "$2" --uts="$1/d" true' \
    sh "$T/p" "$XUNSHARE"
  no_hint
}

@test "each hint is a line of its own behind the message" {
  fails 1 as_user "$PLAIN" "$XUNSHARE" -u true
  is "${stderr%%:*}: ${stderr#*"$NL"}" "xunshare: $(grep "^xunshare: hint: " <<<"$stderr")"
  is "$(wc -l <<<"$stderr")" 2
}
