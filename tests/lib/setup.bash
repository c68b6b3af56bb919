# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# What is made for each test and what goes with it; what it needs of the machine.

# untraced: bats looks at each command that a test runs, for the line of a failure; that costs more than the command
# itself, so here it looks at those of the test's body alone: a failure names the line there, but of a function that is
# called with a redirection. XNS_TRACE=1: at all.
untraced() {
  [ -z "${XNS_TRACE:-}" ] || return 0
  set +T
  [ -z "${BATS_TEST_NAME:-}" ] || declare -ft "$BATS_TEST_NAME"
}

# put_tools: copies of the programs, whole as soon as they are there, and links with the peers' names
put_tools() {
  chmod a+x "$BATS_RUN_TMPDIR"
  [ -p "$NEVER" ] || mkfifo "$NEVER"
  mkdir -p "$BIN.$$"
  cp "$XNS_BUILD"/bin/{xunshare,xnsenter,xlsns,xnetns} "$BIN.$$/"
  chmod 755 "$BIN.$$"/*
  ln -s xunshare "$BIN.$$/unshare"
  ln -s xnsenter "$BIN.$$/nsenter"
  ln -s xlsns "$BIN.$$/lsns"
  ln -s xnetns "$BIN.$$/ip"
  mv -T "$BIN.$$" "$BIN"
}

xns_setup() {
  untraced
  T=$BATS_TEST_TMPDIR BIN=$BATS_RUN_TMPDIR/bin NEVER=$BATS_RUN_TMPDIR/never
  XUNSHARE=$BIN/xunshare XNSENTER=$BIN/xnsenter XLSNS=$BIN/xlsns XNETNS=$BIN/xnetns
  [ -e "$BIN" ] || put_tools
  STARTED=()
  export XNS_TEST=$T
  if [ "$EUID" -ne 0 ]; then # who runs the tests may have no such directory, and may have networks in it
    export XDG_RUNTIME_DIR=$T/run
    [ -d "$XDG_RUNTIME_DIR" ] || mkdir -m 700 "$XDG_RUNTIME_DIR"
  fi
  unset LANGUAGE LC_MESSAGES
  export LC_ALL=C
  if [ -n "${XNS_SANITIZED:-}" ]; then # its runtime would set RLIMIT_CORE
    export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}disable_coredump=0
  fi
  cd / || return 1
}

# Ends what the test started, and what that started, and looks that nothing of it is left mounted.
xns_teardown() {
  local pid all
  for pid in "${STARTED[@]}"; do
    all=$(descendants "$pid")
    # shellcheck disable=SC2086 # a word for each
    kill -KILL "$pid" $all 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  done
  end_orphans
  mapfile -t all </proc/self/mountinfo
  if [[ ${all[*]} == *" $BATS_TEST_TMPDIR"* ]]; then
    echo "left mounted: $(grep -F " $BATS_TEST_TMPDIR" /proc/self/mountinfo)"
    return 1
  fi
}

# Ends what the test left behind: it has the test's mark in its environment. A process that outlived its test would hold
# bats's pipe open, and the whole run with it.
end_orphans() {
  local file files
  mapfile -t files < <(unset XNS_TEST && exec grep -lzxF "XNS_TEST=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ 2>/dev/null)
  for file in "${files[@]}"; do
    file=${file#/proc/}
    kill -KILL "${file%%/*}" 2>/dev/null || :
  done
}

# need_root, need PROGRAM...: skip the test where that is missing
need_root() {
  [ "$(id -u)" = 0 ] || skip "needs root"
}

need() {
  local program
  for program; do
    command -v "$program" >/dev/null || skip "needs $program"
  done
}

need_kind() {
  [ -e "/proc/self/ns/$1" ] || skip "this kernel has no $1 namespaces"
}

# build NAME OPTION...: compiles the C program on standard input to $T/NAME, which everybody may run
build() {
  need "${CC:-cc}"
  cat >"$T/$1.c"
  "${CC:-cc}" -pthread "${@:2}" -o "$T/$1" "$T/$1.c" && chmod 755 "$T/$1"
}
