#!/usr/bin/env bats
# Messages of xnsenter: German where they should be, and nothing is loaded out of the target.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/locale

setup() {
  xns_setup
  need_root
  need strace
  other_locale
}

teardown() {
  xns_teardown
}

# A target whose root directory is full of what libc would load, and whose /proc is its own: each would show in strace.
# Its mount namespace has that root, too.
new_trap() {
  local dir=$T/root path
  make_root "$dir" sleep
  for path in etc/nsswitch.conf etc/passwd etc/group etc/localtime etc/ld.so.preload etc/locale.alias \
    lib/x86_64-linux-gnu/libnss_files.so.2 lib64/libnss_files.so.2 usr/share/locale/locale.alias \
    usr/share/locale/de/LC_MESSAGES/{libc,xns}.mo usr/local/share/locale/de/LC_MESSAGES/{libc,xns}.mo \
    usr/lib/locale/locale-archive usr/lib/locale/C.utf8/LC_CTYPE usr/lib/x86_64-linux-gnu/gconv/gconv-modules{,.cache}; do
    mkdir -p "$dir/${path%/*}"
    [ "$path" = etc/ld.so.preload ] || echo trap >"$dir/$path"
  done
  mkdir -p "$dir$(localedir)/de/LC_MESSAGES" "$dir$LOCPATH/xx.utf8"
  echo trap >"$dir$(localedir)/de/LC_MESSAGES/xns.mo"
  echo trap >"$dir$LOCPATH/xx.utf8/LC_CTYPE"
  new_target "$@" --root="$dir"
  mkdir "$dir/proc/$target"
  # what is read below this /proc would be the target's word for it
  printf 'Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\n' >"$dir/proc/$target/status"
}

# traced ARG...: xnsenter with strace, in German; what it writes is in $stderr
traced() {
  status=0
  LC_ALL=xx.UTF-8 LANGUAGE=de german strace -f -o "$T/strace" -e signal=none "$XNSENTER" "$@" >"$T/out" 2>"$T/err" || status=$?
  stderr=$(<"$T/err")
  output=$(<"$T/out")
  printf 'xnsenter %s: %s\n%s\n' "$*" "$status" "$stderr"
}

# opens_after CALL: what our processes open by path after the first call like that; the current directory is no path
opens_after() {
  grep -q " $1(.* = 0\$" "$T/strace"
  awk -v call=" $1\\\\(" '
    !on { on = $0 ~ call && $0 ~ / = 0$/; next }
    / execve\(.* = 0$/ { over[$1] = 1 }
    !over[$1] && / (open|openat|openat2|newfstatat|stat|access|readlink)\(/ && !/AT_EMPTY_PATH/ && !/openat\([0-9]|AT_FDCWD, "\."/' "$T/strace"
}

failed_to_execute="xnsenter: failed to execute /no-such-program: No such file or directory"

@test "messages before a namespace is joined are German" {
  fails 1 german env LC_ALL=xx.UTF-8 LANGUAGE=de "$XNSENTER" -t 0 -u true
  hasnt "$stderr" "invalid PID argument"
  has "$stderr" "'0'"
  fails 1 german env LC_ALL=C LANGUAGE=de "$XNSENTER" -t 0 -u true
  has "$stderr" "invalid PID argument: '0'"
}

@test "a start without a message opens no locale file" {
  local env
  new_target -mup -f
  for env in LC_ALL=C LC_ALL=C.UTF-8 LC_ALL=xx.UTF-8 LANG=de_DE.UTF-8; do
    env -u LC_ALL LANGUAGE=de "$env" strace -f -o "$T/strace" "$XNSENTER" -t "$target" -a -r -w -e -S 0 -G 0 /bin/echo
    # up to echo's execve, which may load what it likes
    awk '/execve\(.*"\/bin\/echo"/ && ++n == 2 { exit } { print }' "$T/strace" >"$T/ours"
    grep -q setns "$T/ours"
    is "$(grep -E '"[^"]*(locale|\.mo|gconv|nsswitch)[^"]*"' "$T/ours" | grep -v execve)" ""
  done
}

@test "after a mount namespace was joined a message is untranslated and loads nothing" {
  new_trap -mu
  traced -t "$target" -m /no-such-program
  is "$status" 127
  is "$stderr" "$failed_to_execute"
  is "$(opens_after setns)" ""
  traced -t "$target" -m -r /no-such-program
  is "$status" 127
  is "$stderr" "$failed_to_execute"
  is "$(opens_after setns)" ""
  traced -t "$target" -a -r -w /no-such-program
  is "$status" 127
  is "$stderr" "$failed_to_execute"
  is "$(opens_after setns)" ""
  traced --mount="/proc/$target/ns/mnt" -r"$T/root" /no-such-program
  is "$stderr" "$failed_to_execute"
  is "$(opens_after setns)" ""
}

@test "the same with a fork" {
  new_trap -mup -f
  traced -t "$target" -m -p -r /no-such-program
  is "$status" 127
  is "$stderr" "$failed_to_execute"
  is "$(opens_after setns)" ""
  traced -t "$target" -a -r --kill-child --forward-signals /no-such-program
  is "$status" 127
  is "$stderr" "$failed_to_execute"
  is "$(opens_after setns)" ""
}

@test "the same after -r alone" {
  new_trap -u
  traced -t "$target" -u -r /no-such-program
  is "$status" 127
  is "$stderr" "$failed_to_execute"
  is "$(opens_after chroot)" ""
}

@test "a working directory that is not there: untranslated, and nothing is loaded" {
  new_trap -m
  traced -t "$target" -m -r -W/no-such-dir /bin/sleep 0
  is "$status" 1
  has "$stderr" ": No such file or directory"
  is "$(tr -d '\000-\177' <<<"$stderr")" ""
  is "$(opens_after setns)" ""
}

@test "a user namespace's IDs that are not mapped: untranslated, and no file but of our own /proc is read" {
  new_trap -Urmu
  traced -t "$target" -a -r -S 77 /bin/sleep 0
  is "$status" 1
  has "$stderr" "xnsenter: setuid() failed: Invalid argument"
  is "$(opens_after setns)" ""
}

@test "follow reads the IDs from our own /proc" {
  new_trap -mu
  traced -t "$target" -m -S follow -G follow --root="$T/root" /no-such-program
  is "$(opens_after setns)" ""
  traced -t "$target" -a -S follow /no-such-program
  is "$(opens_after setns)" ""
}

@test "follow in a mount namespace with another /proc gives the target's IDs" {
  new_target -m
  nsenter -t "$target" -m sh -c 'mount -t tmpfs none /proc && mkdir "/proc/$1" &&
    printf "Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\n" >"/proc/$1/status"' sh "$target"
  succeeds "$XNSENTER" -t "$target" -m -S follow -G follow id -u
  is "$output" 0
  succeeds "$XNSENTER" -t "$target" -m -S follow -G follow id -g
  is "$output" 0
}

@test "the environment is read from our own /proc" {
  new_trap -mu
  traced -t "$target" -m -r -e /no-such-program
  is "$status" 127
  is "$(opens_after setns)" ""
}

@test "the shell of the target's passwd is read without NSS" {
  new_trap -mu
  echo 'root:x:0:0::/:/no-such-shell' >"$T/root/etc/passwd"
  unset SHELL
  traced -t "$target" -m -r
  is "$status" 127
  is "$stderr" "xnsenter: failed to execute /no-such-shell: No such file or directory"
  has "$(opens_after setns)" '"/etc/passwd"'
  is "$(opens_after setns | wc -l)" 1
}

@test "names given to -S and -G are looked up before any namespace is joined" {
  new_trap -mu
  printf 'root:x:0:0::/:/bin/sh\nnobody:x:0:0::/:/bin/sh\n' >"$T/root/etc/passwd"
  traced -t "$target" -m -r -S nobody -G nogroup /no-such-program
  is "$status" 127
  has "$(cat "$T/strace")" "setuid($(id -u nobody))"
  is "$(opens_after setns)" ""
}
