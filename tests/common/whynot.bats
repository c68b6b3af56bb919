#!/usr/bin/env bats
# Why a program was not executed: what is there is looked at, and what is wrong with it is a hint; and what
# -x says of the search in PATH.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  root=$T/root
  mkdir -p "$root"/{bin,opt,usr/sbin}
  env=(env PATH=/bin:/usr/bin SHELL=/bin/zsh)
}

# place NAME TEXT...: an executable file in the root
place() {
  printf '%b' "${@:2}" >"$root/$1"
  chmod 755 "$root/$1"
}

# both STATUS WHAT HINT PROGRAM...: that fails so in the root, with both tools, and that is all they say
both() {
  local tool tool_in expected=$1 what=$2 why=$3
  shift 3
  for tool in xunshare xnsenter; do
    if [ $tool = xunshare ]; then tool_in=("$XUNSHARE" -R "$root"); else tool_in=("$XNSENTER" -t $$ -u --root="$root" --wd="$root"); fi
    fails "$expected" "${around[@]}" timeout 10 "${env[@]}" "${tool_in[@]}" "$@"
    is "$stderr" "$tool: failed to execute $what${why:+$NL$tool: hint: $why}"
  done
}

# elf MACHINE TYPE OFFSET INTERPRETER...: a 64-bit LSB ELF file with that program header
elf() {
  perl -e 'my ($machine, $type, $offset, $name) = @ARGV;
    print "\x7fELF", pack("CCCx9vvVQQQVv6", 2, 1, 1, $type, $machine, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0),
      pack("VVQQQQQQ", 3, 4, $offset, 0, 0, length($name) + 1, length($name) + 1, 1), $name, "\0"' "$@"
}

own_machine() {
  od -An -j18 -N2 -tu2 "$XUNSHARE" | tr -d ' '
}

gone="No such file or directory"
denied="Permission denied"

@test "no evidence, no hint: a program that is nowhere, by path and by PATH; a link that leads round; an empty word" {
  both 127 "/opt/gone: $gone" "" /opt/gone
  both 127 "gone: $gone" "" gone
  both 127 "/bin/gone/more: $gone" "" /bin/gone/more
  both 127 ": $gone" "" ''
  ln -s loop "$root/opt/loop"
  both 126 "/opt/loop: Too many levels of symbolic links" "" /opt/loop
}

@test "SHELL is missing there: it is named, and the shells that are there" {
  place bin/sh x
  both 127 "/bin/zsh: $gone" "SHELL is /bin/zsh, which is not there; what is there: /bin/sh"
  both 127 "/bin/bash: $gone" "the shell /bin/bash is not there; what is there: /bin/sh" /bin/bash
  both 127 "bash: $gone" "the shell bash is not there; what is there: /bin/sh" bash
  rm "$root/bin/sh"
  both 127 "/bin/zsh: $gone" "the shell /bin/zsh is not there, and no other one is; name a program"
}

@test "PATH lacks the directory where it is: the file is named" {
  place usr/sbin/xip x
  both 127 "xip: $gone" "/usr/sbin/xip is there, in a directory that PATH does not have" xip
  chmod 644 "$root/usr/sbin/xip"
  both 127 "xip: $gone" "" xip
  place here x
  both 127 "here: $gone" "./here is there, in a directory that PATH does not have" here
}

@test "its ELF interpreter is missing: both are named, by path and by PATH" {
  elf "$(own_machine)" 2 120 /lib/ld-none.so.1 >"$root/bin/prog"
  chmod 755 "$root/bin/prog"
  both 127 "prog: $gone" "/bin/prog is there, but not /lib/ld-none.so.1, the ELF interpreter that it is linked for" prog
  both 127 "/bin/prog: $gone" "/bin/prog is there, but not /lib/ld-none.so.1, the ELF interpreter that it is linked for" /bin/prog
  cp "$(type -P true)" "$root/bin/true"
  fails 127 "${env[@]}" "$XUNSHARE" -R "$root" true
  hints_of=xunshare hint "/bin/true is there, but not $(ldd "$(type -P true)" | grep -o '/[^ ]*ld-[^ ]*'), the ELF interpreter"
}

@test "the interpreter of #! is missing, or that one's: named; CR LF is said to be that" {
  place opt/py '#! /usr/bin/python9 -E\nx\n'
  both 127 "/opt/py: $gone" "/opt/py is there, but not /usr/bin/python9, which its first line names as interpreter" /opt/py
  place opt/crlf '#!/bin/sh\r\nx\r\n'
  place bin/sh x
  both 127 "/opt/crlf: $gone" "the first line of /opt/crlf ends in CR LF, so its interpreter is called \"/bin/sh\\r\", which is not there" /opt/crlf
  elf "$(own_machine)" 2 120 /lib/ld-none.so.1 >"$root/bin/prog"
  chmod 755 "$root/bin/prog"
  place opt/by '#!/bin/prog\n'
  both 127 "/opt/by: $gone" "/bin/prog is there, but not /lib/ld-none.so.1, the ELF interpreter that it is linked for" /opt/by
  place opt/dir '#!/opt\n'
  both 126 "/opt/dir: $denied" "/opt is a directory" /opt/dir
}

@test "the mount is noexec" {
  around=(private sh -c 'mount -t tmpfs -o noexec xns "$0/opt" && cp -p "$0/bin/prog" "$0/opt/prog" && exec "$@"' "$root")
  place bin/prog x
  both 126 "/opt/prog: $denied" "/opt/prog is on a mount of which nothing may be executed (noexec)" /opt/prog
  place bin/by '#!/opt/prog\n'
  both 126 "by: $denied" "/opt/prog is on a mount of which nothing may be executed (noexec)" by
}

@test "it is a program for another machine: both are named, also when /bin/sh gets it, or is not there" {
  local other=183 name=aarch64
  [ "$(own_machine)" != 183 ] || { other=62 name=x86-64; }
  elf $other 2 120 "" >"$root/bin/prog"
  chmod 755 "$root/bin/prog"
  SHELL=/bin/prog
  env=(env PATH=/bin SHELL=/bin/prog)
  local tool what="/bin/prog is a program for another machine, 64-bit LSB $name; this one is "
  for tool in "$XUNSHARE -R $root" "$XNSENTER -t $$ -u --root=$root"; do
    # shellcheck disable=SC2086 # words
    fails 126 "${env[@]}" $tool
    has "$stderr" "failed to execute /bin/prog: Exec format error$NL"
    hints_of=$(basename "${tool%% *}") hint "$what"
    # shellcheck disable=SC2086 # words
    fails 127 "${env[@]}" $tool prog
    has "$stderr" "failed to execute prog: $gone$NL"
    hints_of=$(basename "${tool%% *}") hint "$what"
  done
  make_root "$root" sh
  try "${env[@]}" "$XUNSHARE" -R "$root" prog
  hints_of=xunshare hint "$what"
}

@test "it is no program: empty, without a format, to be linked, cut off; or only /bin/sh is missing that would run it" {
  local make what
  while IFS=@ read -r _ make what; do
    eval "$make" >"$root/bin/zsh"
    chmod 755 "$root/bin/zsh"
    both 126 "/bin/zsh: Exec format error" "/bin/zsh is $what"
  done <<'END'
empty@:@empty
a text@echo true@neither an ELF file nor a script that begins with #!
an object@elf "$(own_machine)" 1 120 ""@an ELF file, but no program: it is to be linked, or a core
cut off@elf "$(own_machine)" 2 120 "" | head -c 70@an ELF file that is cut off or damaged
a head@printf '\177ELF'@an ELF file that is cut off or damaged
END
  echo true >"$root/bin/text"
  chmod 755 "$root/bin/text"
  both 127 "text: $gone" "/bin/text is there, but not /bin/sh, which runs a file without #!" text
}

@test "it may not be executed: a directory, no x bit, one for others, a directory on the way, no regular file" {
  place opt/plain x
  chmod 644 "$root/opt/plain"
  both 126 "/opt: $denied" "/opt is a directory" /opt
  both 126 "/opt/plain: $denied" "/opt/plain has no execute permission; chmod +x gives it one" /opt/plain
  mkfifo -m 755 "$root/opt/fifo"
  both 126 "/opt/fifo: $denied" "/opt/fifo is no regular file" /opt/fifo
  mkdir "$root/bin/prog"
  both 126 "prog: $denied" "/bin/prog is a directory" prog
  chmod 711 "$T" "$root"
  place opt/mine x
  chmod 700 "$root/opt/mine"
  mkdir -m 700 "$root/usr/bin"
  fails 126 "$XUNSHARE" -S "$PLAIN" -R "$root" /opt/mine
  hints_of=xunshare hint "/opt/mine may be executed by others, but not by user $PLAIN"
  fails 126 "${env[@]}" "$XUNSHARE" -S "$PLAIN" -R "$root" gone
  hints_of=xunshare hint "a directory on the way to /usr/bin/gone may not be searched by this process"
}

@test "a link that leads nowhere is named with its target" {
  ln -s /nix/gone "$root/bin/prog"
  both 127 "prog: $gone" "/bin/prog is a link to /nix/gone, which is not there" prog
}

@test "hostile files hold nothing up: FIFOs and devices are not opened, of others less than a page is read" {
  need strace
  mkfifo -m 755 "$root/opt/fifo"
  mknod -m 755 "$root/opt/zero" c 1 5
  place opt/by-fifo '#!/opt/fifo\n'
  place opt/by-zero '#!/opt/zero\n'
  place opt/by-itself '#!/opt/by-itself\n'
  elf "$(own_machine)" 2 120 "$(printf 'x%.0s' {1..3000})" >"$root/opt/long"
  elf "$(own_machine)" 2 99999999999 /lib/ld.so >"$root/opt/far"
  elf "$(own_machine)" 2 120 $'/\e[31m' >"$root/opt/escape"
  { elf "$(own_machine)" 2 120 /lib/ld.so; head -c 100000 /dev/zero; } >"$root/opt/large"
  chmod 755 "$root"/opt/*
  local name
  for name in "$root"/opt/*; do
    try env PATH=/bin timeout 10 "$(type -P strace)" -f -o "$T/strace" -e trace=openat,open,read,pread64 \
      "$XUNSHARE" -R "$root" "/opt/${name##*/}"
    [[ $status = 12[67] ]]
    hasnt "$stderr" $'\e'
    sed -n '/"\/opt/,$p' "$T/strace" >"$T/after"
    is "$(grep -E '"/opt/(fifo|zero)"' "$T/after" | grep -v O_PATH)" ""
    is "$(grep '"/opt' "$T/after" | grep -vc 'O_PATH\|O_NONBLOCK')" 0
    is "$(awk -F ' = ' '/pread/ && $NF > 0 { n += $NF } END { print n < 4096 ? "few" : n }' "$T/after")" few
  done
}

@test "the same without a new root" {
  printf '#!/no/such/interpreter\n' >"$T/script"
  chmod +x "$T/script"
  fails 127 "$XUNSHARE" "$T/script"
  is "$stderr" "xunshare: failed to execute $T/script: $gone${NL}xunshare: hint: $T/script is there, but not /no/such/interpreter, which its first line names as interpreter"
  fails 127 "$XNSENTER" -t $$ -u "$T/script"
  has "$stderr" "hint: $T/script is there, but not /no/such/interpreter"
  fails 127 env PATH=/nowhere "$XUNSHARE" -f true
  has "$stderr" "true is there, in a directory that PATH does not have"
}

@test "the same of xnetns exec" {
  fails 1 private sh -c 'mount -t tmpfs xns /run && "$1" add a && PATH=/nowhere "$1" exec a true' sh "$XNETNS"
  has "$stderr" "exec of \"true\" failed: $gone${NL}xnetns: hint: "
  has "$stderr" "true is there, in a directory that PATH does not have"
}

# ---- the search, traced ----

@test "-x: one note says where the program is not, before the execve that finds it" {
  mkdir "$T/a" "$T/b"
  place bin/prog '#!/bin/sh\n'
  try env PATH="$T/a:$T/none:$T/script/x:$root/bin" "$XUNSHARE" -x prog
  is "$stderr" "# prog is not in $T/a, $T/none, $T/script/x${NL}$(grep execve <<<"$stderr")"
  has "$stderr" "execve(\"$root/bin/prog\", [\"prog\"], [/*"
  is "$(grep -c execve <<<"$stderr")" 1
  try env PATH="$root/bin:$T/a" "$XUNSHARE" -x prog
  hasnt "$stderr" "#"
  fails 127 env PATH="$T/a::$T/b" "$XNSENTER" -t $$ -x -u gone
  has "$stderr" "# gone is not in $T/a, ., $T/b${NL}xnsenter: failed to execute gone: $gone"
}

@test "-x: a file that may not be executed has its line, as it may be the one that is meant" {
  mkdir "$T/a"
  : >"$T/a/prog"
  place bin/prog '#!/bin/sh\n'
  try env PATH="$T/none:$T/a:$T/nowhere:$root/bin" "$XUNSHARE" -x prog
  has "$stderr" "# prog is not in $T/none${NL}execve(\"$T/a/prog\""
  has "$stderr" " = -1 EACCES (Permission denied)${NL}# prog is not in $T/nowhere${NL}execve(\"$root/bin/prog\""
}

@test "-x: the calls that are made are the same as without" {
  need strace
  place bin/prog '#!/bin/sh\n'
  local x strace
  strace=$(type -P strace)
  for x in "" -x; do
    # shellcheck disable=SC2086 # no word, or one
    env PATH="$T/a:$T/b:$root/bin" "$strace" -qq -e trace=execve -o "$T/strace$x" "$XUNSHARE" $x prog 2>"$T/err" || true
    sed 's/0x[0-9a-f]*//' "$T/strace$x" | grep '/prog"' >"$T/calls$x"
  done
  is "$(<"$T/calls-x")" "$(<"$T/calls")"
  is "$(wc -l <"$T/calls")" 3
}
