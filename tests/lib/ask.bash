# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# What a test asks: of texts, and of a command that it runs.

# is GOT EXPECTED
is() {
  [ "$1" = "$2" ] || {
    printf 'got:      %s\nexpected: %s\n' "$1" "$2"
    return 1
  }
}

isnt() {
  [ "$1" != "$2" ] || {
    printf 'got, and should not have: %s\n' "$1"
    return 1
  }
}

# has TEXT PART
has() {
  [[ $1 == *"$2"* ]] || {
    printf 'got:         %s\nwithout its: %s\n' "$1" "$2"
    return 1
  }
}

hasnt() {
  [[ $1 != *"$2"* ]] || {
    printf 'got:           %s\nwhich has not: %s\n' "$1" "$2"
    return 1
  }
}

# try CMD...: what it writes is in $output and $stderr, its status in $status
try() {
  status=0
  # where there is no standard input bash would have the pipe that it reads from in its place
  local closed=
  [ -e /proc/self/fd/0 ] || [ ! -e /proc/self/fd/1 ] || closed=yes
  output=$([ -z "$closed" ] || exec <&-; "$@" 2>"$BATS_TEST_TMPDIR/.stderr" 3>&-) || status=$?
  stderr=$(<"$BATS_TEST_TMPDIR/.stderr")
  printf 'command: %s\nstatus: %s\nstdout: %s\nstderr: %s\n' "$*" "$status" "$output" "$stderr"
}

# ok ARG...: xunshare ARG... succeeds, and says nothing on standard error
ok() {
  succeeds "$XUNSHARE" "$@"
}

# succeeds CMD...: the same of any command
succeeds() {
  try "$@"
  [ "$status" -eq 0 ] && [ -z "$stderr" ]
}

# fails STATUS CMD...: CMD ends with that status and a message
fails() {
  local expected=$1
  shift
  try "$@"
  [ "$status" -eq "$expected" ] && [ -n "$stderr" ]
}

# enter ARG...: xnsenter ARG... succeeds, and says nothing on standard error
enter() {
  succeeds "$XNSENTER" "$@"
}

# times FEW MANY: how often to try what chance decides: FEW in each run, MANY with XNS_LONG (make check-long)
times() {
  if [ -n "${XNS_LONG:-}" ]; then echo "$2"; else echo "$1"; fi
}

# hint PART: standard error has a hint of $hints_of with it
hint() {
  grep -qF -e "$1" <(grep "^$hints_of: hint: " <<<"$stderr") || {
    printf 'no hint with: %s\nin: %s\n' "$1" "$stderr"
    return 1
  }
}

no_hint() {
  hasnt "$stderr" "hint:"
}
