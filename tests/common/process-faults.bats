#!/usr/bin/env bats
# Between the processes of a tool: each call by which one tells, hears, makes or awaits another is made to fail, once and
# for good. Nothing hangs, nothing is left, and what is said to be done is.
# shellcheck disable=SC2016,SC2154 # what is expanded later; variables that helpers set

load ../lib/helpers

setup_file() {
  local T=$BATS_FILE_TMPDIR
  command -v "${CC:-cc}" >/dev/null || return 0
  build did <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char text[4096];
	int in = open("/proc/self/uid_map", O_RDONLY), out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n = pread(in, text, sizeof(text), 0);

	return argc == 2 && out >= 0 && pwrite(out, text, n, 0) == n ? 42 : 1;
}
END
}

setup() {
  xns_setup
  need_root
  need strace "${CC:-cc}"
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime forks and waits itself"
  mkfifo "$T/fifo"
  did=("$BATS_FILE_TMPDIR/did" "$T/done")
}

# one INJECT WORD...: the tool with that fault, in the mount namespace of `calls`; $status (124: it hung), $stderr, $bound
# (whether the file holds a namespace afterwards), $left (whether a process is left), and what the program wrote: $ran (0:
# it did not run) lines, $map
one() {
  local inject=$1 line lines
  shift
  [ ! -e "$T/done" ] || rm "$T/done"
  status=0
  # a minute: who may not send tries a thousand times, and strace looks at each, on a machine with other work too;
  # whoever holds the FIFO is the tool, or what it left
  # shellcheck disable=SC2094 # open for both, so that neither open waits
  exec 5<>"$T/fifo" 4<"$T/fifo"
  timeout --foreground -k 1 60 strace -f -qq -o "$T/strace" -e "inject=$inject" -e signal=none "$@" \
    >"$T/out" 2>"$T/err" 4>&- || status=$?
  exec 5>&-
  left=0
  read -r -t 3 -u 4 _ || left=$?
  exec 4<&-
  stderr=$(<"$T/err") bound=no lines=()
  mapfile -t lines </proc/self/mountinfo
  for line in "${lines[@]}"; do
    [[ $line != *" /run/ns "*" - nsfs "* ]] || bound=yes
  done
  [ "$bound" = no ] || umount -l /run/ns
  lines=(/run/*)
  [ ! -e "${lines[0]}" ] || rm -rf /run/*
  lines=()
  [ ! -e "$T/done" ] || mapfile -t lines <"$T/done"
  ran=${#lines[@]} map=${lines[*]}
}

# judge INJECT BINDS LINES WORD...: what came of it; BINDS: yes if a namespace is to be on /run/ns, LINES: of uid_map
judge() {
  local inject=$1 binds=$2 wanted=$3 map ran
  shift 3
  one "$inject" "$@"
  if [ "$status" = 124 ] || [ "$status" = 137 ]; then
    echo "$inject $*: it hung"
  elif [ "$left" != 1 ]; then
    echo "$inject $*: a process is left"
  elif [ "$status" = 42 ]; then
    [ "$bound" = "$binds" ] && [ "$ran" = "$wanted" ] && return 0
    echo "$inject $*: status 42, bound: $bound, map: $map"
  elif [ "$status" = 0 ]; then
    echo "$inject $*: status 0"
  elif [ -z "$stderr" ]; then
    echo "$inject $*: status $status, no message"
  elif [ "$bound" = yes ] && [ ! -e "$T/done" ]; then
    echo "$inject $*: the program did not run, and /run/ns is bound"
  else
    return 0
  fi
  bad=1
}

# each CALL ERRORS BINDS LINES WORD...: each of the calls, as often as a process makes it, with each of the errors; and from
# there on for good
each() {
  local call=$1 errors=$2 n error most
  shift 2
  one "$call:delay_enter=0" "${@:3}"
  is "$status" 42 || { echo "undisturbed: ${*:3}: $stderr"; return 1; }
  most=$(awk -v call="$call" '$2 ~ "^" call "\\(" { n[$1]++ } END { for (p in n) if (n[p] > max) max = n[p]; print max + 0 }' "$T/strace")
  for ((n = 1; n <= most; n++)); do
    for error in $errors; do
      judge "$call:error=$error:when=$n" "$@"
      [ $n -gt 1 ] || judge "$call:error=$error:when=$n+" "$@"
    done
  done
}

# each_call BINDS LINES WORD...
each_call() {
  bad=0
  each sendto "ENOBUFS EPERM" "$@"
  each recvfrom "EINTR EIO" "$@"
  each wait4 EINTR "$@"
  each rt_sigtimedwait EINTR "$@"
  each poll EINTR "$@"
  each socketpair EMFILE "$@"
  each clone EAGAIN "$@"
  each clone3 EAGAIN "$@"
  return $bad
}

# calls BINDS LINES WORD...: in a mount namespace of its own with an empty /run
calls() {
  export -f is one judge each each_call
  T=$T private bash -ec 'mount -t tmpfs none /run && each_call "$@"' bash "$@" 3>&-
}

@test "a helper that writes the maps" {
  calls no 2 "$BIN/xunshare" -r --map-users 1:100000:10 "${did[@]}"
}

@test "a helper that binds, with a child and without" {
  calls yes 1 "$BIN/xunshare" -m --uts=/run/ns "${did[@]}"
  calls yes 1 "$BIN/xunshare" -m -f --uts=/run/ns "${did[@]}"
}

@test "--clone, with maps and a namespace on a file" {
  calls yes 1 "$BIN/xunshare" --clone -r --forward-signals --kill-child --uts=/run/ns "${did[@]}"
}

@test "--init, with what is told when it is ready" {
  calls yes 1 "$BIN/xunshare" --init --die-with-parent --uts=/run/ns --pid-file /run/pid --mount-proc "${did[@]}"
}

@test "xnsenter, waiting in each of its ways" {
  new_target -muinpC -f --mount-proc
  calls no 1 "$BIN/xnsenter" -t "$target" -a "${did[@]}"
  calls no 1 "$BIN/xnsenter" -t "$target" -p -m --forward-signals --kill-child "${did[@]}"
}
