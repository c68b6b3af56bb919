#!/usr/bin/env bats
# The same arguments for the peer and for a link named unshare; see unshare.args, exceptions and compare.
# shellcheck disable=SC2154 # status, output, stderr: set by try

load ../helpers

setup_file() {
  local dir=${XNS_PEERS:-/tmp/peers}
  if [ "$(id -u)" != 0 ]; then
    echo "needs root" >"$BATS_FILE_TMPDIR/why"
  elif ! timeout 300 "$BATS_TEST_DIRNAME/make-peers" "$dir" >"$BATS_FILE_TMPDIR/log" 2>&1; then
    echo "the peers cannot be had: $(tail -n 1 "$BATS_FILE_TMPDIR/log")" >"$BATS_FILE_TMPDIR/why"
  fi
  export PEER=$dir/bin/unshare
  [ -e "$BATS_FILE_TMPDIR/why" ] || VERSION=$("$PEER" --version | awk '{ print $NF }')
  export VERSION
  XNS_LIST=$BATS_TEST_DIRNAME/unshare.args
  XNS_EXCEPTIONS=$BATS_TEST_DIRNAME/exceptions
  export XNS_LIST XNS_EXCEPTIONS
}

setup() {
  [ ! -e "$BATS_FILE_TMPDIR/why" ] || skip "$(<"$BATS_FILE_TMPDIR/why")"
  xns_setup
  chmod a+x "$BATS_FILE_TMPDIR"
  OURS=$BIN/unshare
}

teardown() {
  [ -e "$BATS_FILE_TMPDIR/why" ] || xns_teardown
}

# group TITLE: its command lines; its user in $user
group() {
  awk -v head="== $1: " '
    /^#/ || /^$/ { next }
    /^== / { in_it = index($0, head) == 1; next }
    in_it' "$XNS_LIST"
}

user_of() {
  sed -n "s/^== $1: //p" "$XNS_LIST"
}

ids_of() {
  [ "$1" = root ] || awk -F: -v name="$1" '$1 == name { print $3 ":" $4 }' "$(world_etc)/passwd"
}

# compare TITLE: the lines of that group, both sides in the same private world
compare() {
  local title=$1 user
  user=$(user_of "$title")
  [ -n "$user" ]
  [ -e "$BATS_FILE_TMPDIR/root" ] || make_root "$BATS_FILE_TMPDIR/root" sh ls cat true
  D=$BATS_FILE_TMPDIR/d R=$BATS_FILE_TMPDIR/root SHELL=/bin/sh PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    world "$BATS_TEST_DIRNAME/compare" "$PEER" "$OURS" "$VERSION" "$XNS_EXCEPTIONS" \
    "$user" "$(ids_of "$user")" < <(group "$title")
}

@test "parity: options" {
  compare "options"
}

@test "parity: user and group words" {
  compare "user and group words"
}

@test "parity: range words" {
  compare "range words"
}

@test "parity: other words" {
  compare "other words"
}

@test "parity: the program" {
  compare "the program"
}

@test "parity: directories" {
  compare "directories"
}

@test "parity: one's own id" {
  compare "one's own id"
}

@test "parity: maps" {
  compare "maps"
}

@test "parity: namespaces" {
  compare "namespaces"
}

@test "parity: mounts" {
  compare "mounts"
}

@test "parity: namespaces on files" {
  compare "namespaces on files"
}

@test "parity: an ordinary user with subordinate ids" {
  compare "an ordinary user with subordinate ids"
}

@test "parity: an ordinary user without subordinate ids" {
  compare "an ordinary user without subordinate ids"
}

@test "parity: an ordinary user whose ids are given by number" {
  compare "an ordinary user whose ids are given by number"
}

@test "parity: an ordinary user with several ranges" {
  compare "an ordinary user with several ranges"
}

@test "parity: an ordinary user whose group has ranges of its own" {
  compare "an ordinary user whose group has ranges of its own"
}

@test "parity: options of util-linux 2.43" {
  compare "options of util-linux 2.43"
}

@test "parity: how it ends" {
  compare "how it ends"
}

@test "parity: signals" {
  compare "signals"
}

@test "parity: descriptors" {
  compare "descriptors"
}

@test "parity: the shell" {
  compare "the shell"
}

@test "parity: the environment" {
  compare "the environment"
}

@test "parity: each group and each exception is used" {
  local title user rest
  while IFS= read -r title; do
    grep -qxF "  compare \"$title\"" "$BATS_TEST_FILENAME" || {
      echo "no test for: $title"
      return 1
    }
  done < <(sed -n 's/^== \(.*\): [a-z]*$/\1/p' "$XNS_LIST")
  while read -r user rest; do
    [ "$user" != peers ] || continue
    LINE=$rest awk -v user="$user" '
      /^== / { in_it = $NF == user; next }
      in_it && $0 == ENVIRON["LINE"] { found = 1 }
      END { exit !found }' "$XNS_LIST" || {
      echo "no such line in unshare.args: $user $rest"
      return 1
    }
  done < <(grep -E '^[a-z]' "$XNS_EXCEPTIONS")
}
