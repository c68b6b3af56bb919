# bench/common.bash: what the measurements share
# shellcheck shell=bash
#
# A result that is to stand in bench/RESULTS.md is given to row as well, which prints it as a line of a Markdown table behind
# "#", where XNS_BENCH_ROWS is set: bench/run sets it, and takes these lines out of the output. Of a peer, the first one
# in the directory $XNS_BENCH_PEERS, then in PATH, is measured.

fail() { echo "bench/${0##*/}: $1" >&2; exit 2; }

# row WHAT OURS PEER RATIO BOUND BROKEN: BOUND may be empty; BROKEN is 1 where it is not met
row() {
  [ -n "${XNS_BENCH_ROWS:-}" ] || return 0
  local bound=$5
  [ "${6:-0}" = 0 ] || bound="$bound, **broken**"
  printf '#| %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$bound"
}

is_program() { [ "$(head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }

# program_in PATH NAME: the program itself, as a wrapper script starts slower than a program
program_in() {
  local path
  path=$(PATH=$1 type -P "$2") || fail "no $2 in $1"
  path=$(realpath "$path")
  is_program "$path" || fail "$path is a script: not measured"
  echo "$path"
}

# peer NAME: a program; scripts are passed over. Status 1: there is none.
peer() {
  local dir path
  for dir in ${XNS_BENCH_PEERS:+"$XNS_BENCH_PEERS"} /usr/bin /bin /usr/sbin /sbin; do
    if path=$(realpath -e "$dir/$1" 2>/dev/null) && is_program "$path"; then
      echo "$path"
      return
    fi
  done
  return 1
}

# long_peer NAME: the same, of what runs for so long that it may as well be started by a script
long_peer() { PATH=${XNS_BENCH_PEERS:+$XNS_BENCH_PEERS:}/usr/bin:/bin:/usr/sbin:/sbin type -P "$1"; }

# ratio A B [FORMAT]
ratio() { awk -v a="$1" -v b="$2" -v format="${3:-%.3f}" 'BEGIN { if (b > 0) printf format, a / b; else print "-" }'; }

bad=0 broken=0

# at_most WHAT VALUE MAX: says so; sets $broken, and $bad for good if it is not so
at_most() {
  broken=$(awk -v value="$2" -v max="$3" 'BEGIN { print (value > max) + 0 }')
  say_bound "$1: $2 (at most $3)" EXCEEDED
}

# at_least WHAT VALUE MIN
at_least() {
  broken=$(awk -v value="$2" -v min="$3" 'BEGIN { print (value < min) + 0 }')
  say_bound "$1: $2 (at least $3)" MISSED
}

say_bound() {
  if [ "$broken" = 0 ]; then echo "$1"; return; fi
  # shellcheck disable=SC2034 # the status that the measurement ends with
  bad=1
  echo "$1  $2"
}
