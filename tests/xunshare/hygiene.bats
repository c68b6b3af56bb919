#!/usr/bin/env bats
# What the program inherits: nothing of ours, and all that it should.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/descriptors

setup() {
  xns_setup
  P=$T/p
  mkdir "$P"
}

# The program looks at itself: its descriptors, without what it opens to do so, and its maps. It writes to a file.
look='
  out=$1
  shopt -s nullglob
  fds=
  for ((fd = 0; fd < 64; fd++)); do [ -e "/proc/$$/fd/$fd" ] && fds+=" $fd"; done
  mapfile -t users </proc/self/uid_map
  mapfile -t groups </proc/self/gid_map
  exec 9>"$out"
  echo "fds$fds" >&9
  printf "u %s\n" "${users[@]}" >&9
  printf "g %s\n" "${groups[@]}" >&9
  exit 42'

# clean EXPECTED ARG...: with each combination of closed descriptors xunshare ARG... ends with the program's status, 42;
# the program has the open ones of the three and no other; the maps are the lines EXPECTED
clean() {
  local expected=$1 set status fds fd
  shift
  need_root
  for set in '' 0 1 2 01 02 12 012; do
    status=0
    : >"$T/look"
    closed "$set" unshare --mount --propagation private -- "$XUNSHARE" "$@" bash -c "$look" bash "$T/look" </dev/null >"$T/out" 2>&1 || status=$?
    echo "closed: '$set', xunshare $*: status $status, output: $(<"$T/out")"
    is "$status" 42
    fds=fds
    for fd in 0 1 2; do
      [[ $set == *$fd* ]] || fds+=" $fd"
    done
    is "$(sed -n '/^fds/p' "$T/look")" "$fds"
    is "$(sed -n '/^[ug] /p' "$T/look" | tr -s ' ' | sed 's/ $//')" "$expected"
    [ ! -s "$T/out" ]
  done
}

own_maps() {
  awk 'FNR == 1 { f = FILENAME ~ /uid/ ? "u" : "g" } { print f, $1, $2, $3 }' /proc/self/uid_map /proc/self/gid_map
}

@test "closed descriptors: -u" {
  need_root
  clean "$(own_maps)" -u
}

@test "closed descriptors: -r" {
  clean "u 0 $(id -u) 1${NL}g 0 $(id -g) 1" -r
}

@test "closed descriptors: -rfp --mount-proc" {
  clean "u 0 $(id -u) 1${NL}g 0 $(id -g) 1" -rfp --mount-proc
}

@test "closed descriptors: -fp --mount-proc" {
  need_root
  clean "$(own_maps)" -fp --mount-proc
}

@test "closed descriptors: maps written from outside" {
  need_root
  clean "u 0 0 1${NL}u 1 100000 10${NL}g 0 0 1${NL}g 1 200000 10" -r --map-users 1:100000:10 --map-groups 1:200000:10
}

@test "closed descriptors: maps written from outside, and a fork" {
  need_root
  clean "u 0 0 1${NL}u 1 100000 10${NL}g 0 0 1" -rpf --mount-proc --map-users 1:100000:10
}

@test "closed descriptors: namespaces on files, bound from outside" {
  need_root
  clean "$(own_maps)" -m --uts="$P/uts"
  clean "$(own_maps)" -mf --uts="$P/uts"
}

@test "closed descriptors: namespaces on files, bound from inside" {
  need_root
  clean "$(own_maps)" --uts="$P/uts"
  clean "$(own_maps)" -f --uts="$P/uts" --ipc="$P/ipc"
}

@test "closed descriptors: signals" {
  clean "$(own_maps)" --forward-signals
  clean "$(own_maps)" --kill-child
}

@test "closed descriptors: clocks" {
  need_root
  need_kind time
  clean "$(own_maps)" -T --boottime 5
}

@test "closed descriptors: none of ours takes their place" {
  need_root
  need strace
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime reads files before main"
  none_used "$XUNSHARE" -r
  none_used "$XUNSHARE" -rpf --mount-proc
  none_used "$XUNSHARE" -r --map-users 1:100000:10
  none_used "$XUNSHARE" -r --map-users 1:4000000000:1 --map-users 1:5:1
  none_used "$XUNSHARE" -mf --uts="$P/uts"
  none_used "$XUNSHARE" --kill-child --forward-signals
  none_used "$XUNSHARE" -r -S 77
  none_used "$XUNSHARE" -T --boottime -9000000000
}

@test "closed descriptors: -x" {
  local set
  for set in '' 0 1 2 01 02 12 012; do
    status=0
    closed "$set" "$XUNSHARE" -x -rf bash -c 'mapfile -t m </proc/self/uid_map; [ ${#m[@]} = 1 ] && exit 42' \
      </dev/null >/dev/null 2>&1 || status=$?
    is "$status" 42
  done
}

@test "closed descriptors: an error has its status" {
  local set
  for set in '' 0 1 2 01 02 12 012; do
    status=0
    closed "$set" "$XUNSHARE" -r /no/such/program </dev/null >/dev/null 2>&1 || status=$?
    is "$status" 127
    status=0
    closed "$set" "$XUNSHARE" -rf -S 5 true </dev/null >/dev/null 2>&1 || status=$?
    is "$status" 1
  done
}

@test "an inherited descriptor passes through" {
  local way
  for way in '' -r -rf '-r --forward-signals'; do
    # shellcheck disable=SC2086
    is "$("$XUNSHARE" $way sh -c 'cat <&7; cat <&9' 7<<<seven 9<<<nine)" "seven${NL}nine"
  done
  is "$("$XUNSHARE" -rf bash -c 'cat <&200' 200<<<high)" high
}

@test "a helper does not hold the caller's pipe when the program has ended" {
  need_root
  # $(...) returns at the end of file: when nobody holds the pipe any more
  is "$(private "$XUNSHARE" -m --uts="$P/uts" echo "the end")" "the end"
}

@test "no child is left, neither of the tool nor of the program" {
  need_root
  local args
  for args in '-u' '-r --map-users 1:100000:10' "-m --uts=$P/uts" "-mf --uts=$P/uts" '--map-users 0:0:5 -f'; do
    # shellcheck disable=SC2086
    succeeds private bash -c '"$@" && read -r left <"/proc/$$/task/$$/children"; echo "left:$left"' bash \
      "$XUNSHARE" $args bash -c 'read -r left <"/proc/$$/task/$$/children"; echo "below:$left"'
    is "$output" "below:${NL}left:"
  done
}

@test "a zombie helper is not left for the program" {
  need_root
  succeeds private "$XUNSHARE" -m --uts="$P/uts" bash -c 'wait; read -r left <"/proc/$$/task/$$/children"; echo "below:$left"'
  is "$output" "below:"
}

@test "umask and working directory are unchanged" {
  local way
  cd "$T"
  umask 0137
  for way in '' -r -rf '-rpf --mount-proc'; do
    # shellcheck disable=SC2086
    ok $way sh -c 'umask; pwd -P'
    is "$output" "0137${NL}$(pwd -P)"
  done
}

@test "resource limits are unchanged" {
  need_root
  local plain
  plain=$(cat /proc/self/limits)
  ok -rf --map-users 1:100000:10 --kill-child cat /proc/self/limits
  is "$(grep -v 'pending signals' <<<"$output")" "$(grep -v 'pending signals' <<<"$plain")"
}

@test "the session and process group are unchanged" {
  ok -f sh -c 'cut -d" " -f5,6 /proc/$$/stat'
  is "$output" "$(cut -d" " -f5,6 /proc/self/stat)"
}
