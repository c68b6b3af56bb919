# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# Descriptors: what is open of them when a tool starts, and what it makes of those that are not.

# closed SET CMD...: CMD with those of stdin, stdout and stderr closed that the word SET names by number, and no others
# open but $keep
closed() {
  local set=$1 fd
  shift
  (
    for fd in "/proc/$BASHPID/fd/"*; do # what bats has open
      fd=${fd##*/}
      [ "$fd" -lt 3 ] || [ "$fd" = "${keep:-}" ] || eval "exec $fd>&-"
    done
    [[ $set != *0* ]] || exec 0<&-
    [[ $set != *1* ]] || exec 1>&-
    [[ $set != *2* ]] || exec 2>&-
    exec "$@"
  )
}

# none_used TOOL ARG...: with all three closed, none of our processes reads or writes one of them with success
none_used() {
  local tool=$1
  shift
  private strace -f -qq -o "$T/strace" -e trace=read,write,sendto,recvfrom,poll,ppoll,sendmsg,recvmsg,execve \
    sh -c 'exec "$@" 0<&- 1>&- 2>&-' sh "$tool" "$@" /bin/true || :
  # from its start on, and in each process up to its execve; but for the loader, which reads libc, and
  # stdio, which reads a file at once and closes it
  awk -v tool="\"$tool\"" '
    index($0, "execve(" tool) { on = 1; over[$1] = 0; next }
    / execve\(.* = 0$/ { over[$1] = 1 }
    on && !over[$1] && / [a-z]+\((\[\{fd=)?[012][,}]/ && !/ = -1 | read\([0-2], "\\177ELF| read\(.*, (1024|4096)\) += /' "$T/strace" >"$T/used"
  grep -q execve "$T/strace"
  is "$(<"$T/used")" ""
}
