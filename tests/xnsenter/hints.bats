#!/usr/bin/env bats
# Hints of xnsenter: where the kernel refused and a probe can tell why, it is said, and what the hint says helps; else
# nothing is said.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

export hints_of=xnsenter # for hint

setup() {
  xns_setup
  need_root
}

teardown() {
  xns_teardown
}

# bound FILE CMD...: with FILE, a namespace's, bound on $T/bound, which everybody may open
bound() {
  local file=$1
  shift
  : >"$T/bound"
  private sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$file" "$T/bound" "$@"
}

# groups_as_user UID CMD...: as an ordinary user who has another group
groups_as_user() {
  local uid=$1
  shift
  setpriv --reuid="$uid" --regid="$uid" --groups 64990 -- "$@"
}

# ---- the target ----

@test "a zombie is named" {
  make_zombie
  fails 1 "$XNSENTER" -t "$zombie" -u true
  has "$stderr" "xnsenter: reassociate to namespaces failed: No such process"
  hint "process $zombie is a zombie: it has ended, and its namespaces are gone with it"
  fails 1 "$XNSENTER" -t "$zombie" -m -u -i true
  hint "process $zombie is a zombie"
}

@test "a zombie is named where its files cannot be opened" {
  make_zombie
  fails 1 "$XNSENTER" -t "$zombie" --uts=/proc/self/ns/uts -r true
  hint "process $zombie is a zombie"
  fails 1 "$XNSENTER" -t "$zombie" --pid-for-children true
  hint "process $zombie is a zombie"
}

@test "the PID namespace of children without a first process is named" {
  new_target -p
  fails 1 "$XNSENTER" -t "$target" --pid-for-children true
  has "$stderr" "xnsenter: cannot open /proc/$target/ns/pid_for_children: No such file or directory"
  hint "the target's next child will be the first process of a PID namespace"
}

@test "a PID that nothing has is no zombie" {
  dead_pid
  fails 1 "$XNSENTER" -t "$pid" -u true
  no_hint
}

@test "a process that may not be looked into is named with its user" {
  as_new_target 64999 -Ur
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: reassociate to namespaces failed: Operation not permitted"
  hint "process $target, of user 64999, may not be looked into from here"
}

@test "its user may, as the hint says" {
  as_new_target 64999 -Ur
  succeeds as_user 64999 "$XNSENTER" -t "$target" -U true
}

@test "an id that finds no namespace: the kernel that can is named where this one cannot" {
  fails 1 "$XNSENTER" --uts=:1 true
  case $(uname -r) in
    [1-5].* | 6.[0-9].* | 6.1[0-8].*) hint "a namespace can be opened by its id from Linux 6.19 on; this is $(uname -r)" ;;
    *) no_hint ;;
  esac
}

# ---- files ----

@test "a file that is no namespace is named" {
  : >"$T/plain"
  fails 1 "$XNSENTER" --uts="$T/plain" true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/uts' failed: Invalid argument"
  hint "$T/plain is no namespace"
}

@test "a file of another kind is named with its kind" {
  fails 1 "$XNSENTER" --uts=/proc/self/ns/net true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/uts' failed: Invalid argument"
  hint "/proc/self/ns/net is a namespace of another kind, net"
  fails 1 "$XNSENTER" --user=/proc/self/ns/mnt true
  hint "/proc/self/ns/mnt is a namespace of another kind, mount"
}

@test "of several files the one that is wrong is named" {
  new_target -u -i
  fails 1 "$XNSENTER" --uts="/proc/$target/ns/uts" --ipc="/proc/$target/ns/uts" true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/ipc' failed: Invalid argument"
  hint "/proc/$target/ns/uts is a namespace of another kind, uts"
}

# ---- user namespaces ----

@test "one's own user namespace is named, by a target and by a file" {
  new_target -u
  fails 1 "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: reassociate to namespaces failed: Invalid argument"
  hint "it is the user namespace that this process is in, which cannot be joined again; leave out --user"
  fails 1 "$XNSENTER" --user=/proc/self/ns/user true
  hint "leave out --user"
}

@test "without --user the rest is joined, as the hint says" {
  new_target -u
  fails 1 "$XNSENTER" -t "$target" -U -u true
  hint "leave out --user"
  enter -t "$target" -u true
}

@test "the user namespace of another user is named with that user" {
  as_new_target 64999 -Ur
  fails 1 bound "/proc/$target/ns/user" setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups "$XNSENTER" --user="$T/bound" true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/user' failed: Operation not permitted"
  hint "the user namespace was made by user 64999"
}

@test "that user may join it, as the hint says" {
  as_new_target 64999 -Ur
  succeeds bound "/proc/$target/ns/user" setpriv --reuid=64999 --regid=64999 --clear-groups "$XNSENTER" --user="$T/bound" true
}

@test "a namespace of another user namespace: that this one has to be joined, too" {
  as_new_target "$PLAIN" -Urn
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -n true
  has "$stderr" "xnsenter: reassociate to namespaces failed: Operation not permitted"
  hint "the net namespace belongs to another user namespace; join that one too: --user, or --user-parent"
  fails 1 as_user "$PLAIN" "$XNSENTER" --net="/proc/$target/ns/net" true
  hint "the net namespace belongs to another user namespace"
}

@test "with --user it is joined, as the hint says" {
  as_new_target "$PLAIN" -Urn
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -n -U true
}

@test "with --user-parent it is joined where the parent owns it, as the hint says" {
  as_new_target "$PLAIN" -Urn unshare -Ur
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -n true
  hint "--user-parent"
  succeeds as_user "$PLAIN" "$XNSENTER" -t "$target" -n --user-parent true
}

@test "of several namespaces the one that refused is named" {
  start setpriv --reuid="$PLAIN" --regid="$PLAIN" --clear-groups unshare -Urnu sleep 1000
  wait_until runs "$pid" sleep
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$pid" -u -n true
  hint "the uts namespace belongs to another user namespace"
}

@test "a namespace of an outer user namespace is named as that" {
  fails 1 unshare -Ur "$XNSENTER" --net=/proc/self/ns/net true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/net' failed: Operation not permitted"
  hint "the net namespace belongs to a user namespace outside of ours"
}

@test "a namespace of one's own user namespace: CAP_SYS_ADMIN is missing" {
  fails 1 as_user "$PLAIN" "$XNSENTER" --net=/proc/self/ns/net true
  has "$stderr" "xnsenter: reassociate to namespace 'ns/net' failed: Operation not permitted"
  hint "the net namespace belongs to our own user namespace, where CAP_SYS_ADMIN is missing"
}

@test "-a of another's target refuses with the reason" {
  new_target -u
  fails 1 as_user "$PLAIN" "$XNSENTER" -t "$target" -a true
  hint "process $target, of user 0, may not be looked into from here"
}

@test "a mount namespace without CAP_SYS_CHROOT: that it is missing" {
  new_target -m
  fails 1 setpriv --inh-caps=-sys_chroot --bounding-set=-sys_chroot "$XNSENTER" -t "$target" -m true
  has "$stderr" "Operation not permitted"
  hint "CAP_SYS_CHROOT is missing"
}

# ---- IDs ----

@test "ID 0 that is not mapped is named with its map, and what to do" {
  new_target -U --map-user=5 --map-group=6
  fails 1 "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: setgid() failed: Invalid argument"
  hint "ID 0 is not in the gid_map of the user namespace"
  hint "--preserve-credentials"
}

@test "an ID that is mapped, or --preserve-credentials, works as the hint says" {
  new_target -U --map-user=5 --map-group=6
  enter -t "$target" -U -S 5 -G 6 id -u
  is "$output" 5
  enter -t "$target" -U --preserve-credentials id -u
  is "$output" 5
}

@test "an ID of -S or -G that is not mapped is named with its map" {
  new_target -Ur
  fails 1 "$XNSENTER" -t "$target" -U -S 7 true
  has "$stderr" "xnsenter: setuid() failed: Invalid argument"
  hint "ID 7 is not in the uid_map of the user namespace"
  fails 1 "$XNSENTER" -t "$target" -U -G 8 true
  has "$stderr" "xnsenter: setgid() failed: Invalid argument"
  hint "ID 8 is not in the gid_map of the user namespace"
}

@test "the map is read of the namespace that was joined by a file, too" {
  new_target -Ur
  fails 1 "$XNSENTER" --user="/proc/$target/ns/user" -S 7 true
  hint "ID 7 is not in the uid_map of the user namespace"
}

@test "setgroups denied is named, and what to do" {
  as_new_target "$PLAIN" -Ur
  fails 1 groups_as_user "$PLAIN" "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: setgroups failed: Operation not permitted"
  hint "setgroups is denied in the user namespace"
  hint "--preserve-credentials"
}

@test "with --preserve-credentials it works, as the hint says" {
  as_new_target "$PLAIN" -Ur
  succeeds groups_as_user "$PLAIN" "$XNSENTER" -t "$target" -U --preserve-credentials true
}

@test "a user namespace without a map is named, and what to do" {
  as_new_target "$PLAIN" -U
  fails 1 groups_as_user "$PLAIN" "$XNSENTER" -t "$target" -U true
  has "$stderr" "xnsenter: setgroups failed: Operation not permitted"
  hint "the user namespace has no map yet"
  hint "--preserve-credentials"
  succeeds groups_as_user "$PLAIN" "$XNSENTER" -t "$target" -U --preserve-credentials true
}

@test "-S and -G without a user namespace: the capability that is missing" {
  local ids=-setuid,-setgid
  local without=(setpriv --inh-caps="$ids" --bounding-set="$ids" --)
  new_target -u
  fails 1 "${without[@]}" "$XNSENTER" -t "$target" -u -S 7 true
  has "$stderr" "xnsenter: setuid() failed: Operation not permitted"
  hint "CAP_SETUID is missing"
  fails 1 "${without[@]}" "$XNSENTER" -t "$target" -u -G 7 true
  has "$stderr" "xnsenter: setgroups failed: Operation not permitted"
  hint "CAP_SETGID is missing"
}

@test "an ID of -S that is not mapped in one's own user namespace is named" {
  fails 1 unshare -Ur unshare -u "$XNSENTER" --uts=/proc/self/ns/uts -S 7 true
  has "$stderr" "xnsenter: setuid() failed: Invalid argument"
  hint "ID 7 is not in the uid_map of the user namespace"
}

# ---- fork ----

@test "a PID namespace whose init is gone is named" {
  : >"$T/pid"
  fails 1 private sh -c 'unshare -pf sh -c "mount --bind /proc/self/ns/pid \"\$0/pid\"" "$0" && exec "$1" --pid="$0/pid" true' \
    "$T" "$XNSENTER"
  has "$stderr" "xnsenter: fork failed: Cannot allocate memory"
  hint "the PID namespace is dead"
}

@test "-F into a PID namespace whose init is gone: the program runs, its children cannot" {
  : >"$T/pid"
  succeeds private sh -c 'unshare -pf sh -c "mount --bind /proc/self/ns/pid \"\$0/pid\"" "$0" &&
    exec "$1" -F --pid="$0/pid" echo ran' "$T" "$XNSENTER"
  is "$output" ran
}

# ---- without evidence none ----

@test "a failure without a known reason has no hint" {
  new_target -p -f
  fails 127 "$XNSENTER" -t "$target" -u /no/such/program
  no_hint
  fails 127 "$XNSENTER" -t "$target" -p /no/such/program
  no_hint
  fails 1 "$XNSENTER" -t "$target" -u -r/no/such/dir true
  no_hint
  fails 1 "$XNSENTER" -t "$target" -u -W/no/such/dir true
  no_hint
  fails 1 "$XNSENTER" --uts=/no/such/file true
  no_hint
}

@test "a program's own failure has no hint" {
  new_target -p -f
  fails 3 "$XNSENTER" -t "$target" -p sh -c 'echo mine >&2; exit 3'
  is "$stderr" mine
}

@test "an error of usage has no hint" {
  fails 1 "$XNSENTER" --no-such
  no_hint
  fails 1 "$XNSENTER" true
  no_hint
  fails 1 "$XNSENTER" -u true
  no_hint
  fails 1 "$XNSENTER" --uts=/proc/self/ns/uts -S nonsense-user true
  no_hint
}

@test "what was tried and did work out otherwise leaves no hint" {
  # the groups cannot be dropped outside, and need not be: there are none; then the program is not there
  as_new_target "$PLAIN" -Ur
  fails 127 as_user "$PLAIN" "$XNSENTER" -t "$target" -U /no/such/program
  no_hint
}

@test "each hint is a line of its own behind the message" {
  fails 1 "$XNSENTER" --uts=/proc/self/ns/net true
  is "$stderr" "xnsenter: reassociate to namespace 'ns/uts' failed: Invalid argument
xnsenter: hint: /proc/self/ns/net is a namespace of another kind, net"
}

@test "under the name nsenter hints carry that name" {
  fails 1 "$BIN/nsenter" --uts=/proc/self/ns/net true
  has "$stderr" "nsenter: hint: /proc/self/ns/net"
}
