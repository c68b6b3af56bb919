#!/usr/bin/env bats
# Users and groups by name: /etc/passwd and /etc/group, then getent, through which NSS works.
# shellcheck disable=SC2016 # what shells inside expand

load ../lib/helpers

setup() {
  need_root
  xns_setup
  getent_says passwd 'nssuser:x:4711:4712:,,,:/home:/bin/nssshell' group 'nssgroup:x:4713:a,b'
}
# getent_says (DATABASE LINE)...: a getent in $T/bin that has these, and writes down that it was asked
getent_says() {
  mkdir -p "$T/bin"
  chmod 777 "$T"
  {
    printf '#!/bin/sh\necho "$*" >>"%s/asked"\ncase "$1 $2" in\n' "$T"
    while [ $# -gt 0 ]; do
      local id=${2#*:*:}
      printf "'%s %s' | '%s %s') echo '%s'; exit ;;\n" "$1" "${2%%:*}" "$1" "${id%%:*}" "$2"
      shift 2
    done
    printf 'esac\nexit 2\n'
  } >"$T/bin/getent"
  chmod 755 "$T/bin/getent"
}

# getent_is SHELL_TEXT: a getent in $T/bin that does this
getent_is() {
  printf '#!/bin/sh\necho "$*" >>"%s/asked"\n%s\n' "$T" "$1" >"$T/bin/getent"
}

# told COMMAND...: what it tells in that world, with that getent first
told() { succeeds world env PATH="$T/bin:$PATH" "$@"; }

# in_etc COMMAND...: with $T/etc for /etc, and that getent first
in_etc() {
  private sh -c 'mount --bind "$1/etc" /etc || exit; PATH=$1/bin:$PATH; shift; exec "$@"' sh "$T" "$@"
}

asked() { cat "$T/asked" 2>/dev/null || :; }

# unknown: nssuser is no user
unknown() {
  fails 1 world env PATH="$T/bin:$PATH" "$@" "$XUNSHARE" --dry-run -S nssuser true
  is "${stderr%%"$NL"*}" "xunshare: failed to parse uid: 'nssuser'$because"
}

@test "a name that the files have is asked of nobody" {
  told "$XUNSHARE" --dry-run --owner xnssub:xnsgrp -S xnsplain -G xnssub true
  has "$output" "setgid(64105)${NL}setuid(64002)"
  has "$output" "setgid(64002)"
  has "$output" "setuid(64001)"
  told "$XNSENTER" --dry-run -t $$ -u -S xnsodd -G xnsgrp true
  has "$output" "setgid(64105)"
  has "$output" "setuid(64005)"
  told env -u SHELL "$XUNSHARE" --dry-run -u
  has "$output" 'execve("/bin/sh", ["-sh"]'
  told "$XUNSHARE" --dry-run --map-auto true
  is "$(asked)" ""
}

@test "a line of passwd that lacks fields at its end, and those that are none, are read as NSS reads them" {
  cp -r "$(world_etc)" "$T/etc"
  printf '%s\n' '#nssuser:x:1:1::/:/bin/sh' '+nssuser:x:2:2::/:/bin/sh' 'nssuser:x:y:3::/:/bin/sh' \
    'nssuser:x:4294967296:4::/:/bin/sh' 'nssuser:x' '' : ':::::::' 'nssuser:x:5:6' >>"$T/etc/passwd"
  printf '+:::\nnssgroup:x:7' >>"$T/etc/group"
  succeeds in_etc "$XUNSHARE" --dry-run -S nssuser -G nssgroup true
  has "$output" "setgid(7)"
  has "$output" "setuid(5)"
  is "$(asked)" ""
  for name in '#nssuser' +nssuser; do
    fails 1 in_etc "$XUNSHARE" --dry-run -S "$name" true
    is "$stderr" "xunshare: failed to parse uid: '$name'"
  done
}

@test "a name that only NSS knows is asked of getent, also for a dry run and where SIGCHLD is ignored" {
  told "$XUNSHARE" --dry-run --owner nssuser:nssgroup -S nssuser -G nssgroup true
  has "$output" "setgid(4713)${NL}setuid(4711)${NL}unshare("
  is "$(asked)" "passwd nssuser${NL}group nssgroup${NL}passwd nssuser${NL}group nssgroup"
  told env --ignore-signal=CHLD "$XNSENTER" --dry-run -t $$ -u -S nssuser -G nssgroup true
  has "$output" "setgid(4713)"
  has "$output" "setuid(4711)"
  told "$XUNSHARE" -S nssuser -G nssgroup sh -c 'id -u; id -g'
  is "$output" "4711${NL}4713"
  told "$XUNSHARE" -S nssuser cat /proc/thread-self/children # a zombie is one, and a shell would take it away
  is "$output" ""
}

@test "the shell of a user whom only NSS knows is asked of getent, by number" {
  told setpriv --reuid=4711 --clear-groups env -u SHELL "$XUNSHARE" --dry-run -u
  has "$output" 'execve("/bin/nssshell", ["-nssshell"]'
  is "$(asked)" "passwd 4711"
}

@test "subordinate IDs are those of a user whose name only NSS knows" {
  cp -r "$(world_etc)" "$T/etc"
  echo nssuser:500000:20 | tee -a "$T/etc/subuid" >>"$T/etc/subgid"
  succeeds in_etc setpriv --reuid=4711 --regid=4712 --clear-groups "$XUNSHARE" --dry-run --map-auto true
  has "$output" '"0", "500000", "20"'
}

@test "xnetns exec --user takes a name that only NSS knows" {
  told unshare -n "$XNETNS" --dry-run exec --user nssuser --no-mounts "/proc/$$/ns/net" true
  has "$output" "setgid(4712)"
  has "$output" "setuid(4711)"
}

@test "an answer of getent that is not one whole line of what was asked for is none" {
  local answer because=
  while read -r answer; do
    [ -n "$answer" ] || continue
    getent_is "printf '$answer'"
    unknown env
    [ -e "$T/asked" ] # it was asked
    rm "$T/asked"
  done <<'END'
nssuser:x:1:1::/:/bin/sh
nssuser:x:1:1::/:/bin/sh\n\n
nssuser:x:1:1::/:/bin/sh\nnssuser:x:0:0::/:/bin/sh\n
nssuser:x:1:1::/\n
nssuser:x:1:1::/:/bin/sh:\n
nssuser:x:1:1::/:/bin/sh:more\n
nssuser:x::1::/:/bin/sh\n
nssuser:x:1:::/:/bin/sh\n
nssuser:x:-1:1::/:/bin/sh\n
nssuser:x:+1:1::/:/bin/sh\n
nssuser:x: 1:1::/:/bin/sh\n
nssuser:x:0x1:1::/:/bin/sh\n
nssuser:x:1.0:1::/:/bin/sh\n
nssuser:x:4294967295:1::/:/bin/sh\n
nssuser:x:1:18446744073709551616::/:/bin/sh\n
nssuse:x:1:1::/:/bin/sh\n
root:x:0:0::/:/bin/sh\n
nssuser:x:1:1::/:/bin/sh\r\n
nssuser:x:1:1:\033[2J:/:/bin/sh\n
nssuser:x:1:1::/:/bin/sh\000\n
nssuser\000:x:1:1::/:/bin/sh\n
\n
:::::::\n
END
  getent_is 'exit 0'
  unknown env
}

@test "a getent that says too much, that stays, or that never answers keeps nobody" {
  local because=
  getent_is 'exec yes'
  unknown timeout 20
  getent_is 'echo $$ >"${0%/*}/pid"; echo nssuser:x:4711:1::/:/bin/sh; exec >&- 2>&-; exec sleep 1000'
  told timeout 20 "$XUNSHARE" --dry-run -S nssuser true
  has "$output" "setuid(4711)"
  [ ! -e "/proc/$(<"$T/bin/pid")" ]
  need strace # which makes a minute short
  getent_is 'exec sleep 1000'
  try world timeout 20 env PATH="$T/bin:$PATH" strace -qq -o "$T/strace" -e trace=poll,kill -e inject=poll:retval=0 \
    "$XUNSHARE" --dry-run -S nssuser true
  is "$status" 1
  has "$stderr" "xunshare: failed to parse uid: 'nssuser': "
  has "${stderr%%"$NL"*}" " timed out" # each libc has a word of its own before
  has "$(<"$T/strace")" "SIGKILL)"
}

@test "without a getent a name is one of the files, or none" {
  mkdir "$T/none" "$T/plain"
  : >"$T/plain/getent"
  for dir in "$T/none" "$T/plain" /no-such-dir; do
    fails 1 world env PATH="$dir" "$XUNSHARE" --dry-run -S nssuser /bin/true
    is "${stderr%%"$NL"*}" "xunshare: failed to parse uid: 'nssuser'"
    succeeds world env PATH="$dir" "$XUNSHARE" --dry-run -S xnssub /bin/true
  done
}

@test "what getent would take for an option, and what can be no name, is not asked for" {
  for name in --service=x -i 'a:b' "a${NL}b" :; do
    fails 1 world env PATH="$T/bin:$PATH" "$XUNSHARE" --dry-run "-S$name" true
  done
  is "$(asked)" ""
}

@test "no getent is run once the root, or the mount, user or PID namespace, is another" {
  local options
  make_root "$T/root" true
  while read -r options; do
    # shellcheck disable=SC2086 # words
    try world env -u SHELL PATH="$T/bin:$PATH" setpriv --reuid=4711 --clear-groups "$XUNSHARE" --dry-run $options
    is "$status" 0
    has "$output" 'execve("/bin/sh", ["-sh"]'
    is "$(asked)" ""
  done <<END
-m
-U
-p
-pf
-pf --clone
END
  try world env -u SHELL PATH="$T/bin:$PATH" "$XUNSHARE" --root="$T/root" -S 4711
  is "$status $(asked)" "127 "
  new_target -mp -f
  for options in -m -p "-p -r/"; do
    # shellcheck disable=SC2086 # words
    try world env -u SHELL PATH="$T/bin:$PATH" "$XNSENTER" -t "$target" $options -S 4711 </dev/null
    is "$status $(asked)" "0 "
  done
}

@test "no getent is taken out of the PATH of who has lent us the rights" {
  cp "$XUNSHARE" "$T/lent"
  chmod 4755 "$T/lent"
  fails 1 world env PATH="$T/bin:$PATH" setpriv --reuid=64001 --clear-groups "$T/lent" --dry-run -S nssuser true
  is "$(asked)" ""
  chmod 755 "$T/lent"
  ! type -P setcap || setcap cap_net_raw+ep "$T/lent" # as good as a user of its own
  ! type -P setcap || fails 1 world env PATH="$T/bin:$PATH" setpriv --reuid=64001 --clear-groups "$T/lent" --dry-run -S nssuser true
  is "$(asked)" ""
}
