#!/usr/bin/env bats
# Every example of the manual pages and the README is run, and prints what stands there.
# not sanitized: texts
# shellcheck disable=SC2016,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

check() {
  try perl "$XNS_SRC/tests/manual/check" "$@"
}

@test "every example prints what its page says, and each character of that counts" {
  need_root
  need jq nc python3 busybox ip ping slirp4netns newuidmap dot nft strace "${CC:-cc}"
  check -m
  is "$status" 0
  grep -E '^[^ ]+: [0-9]+ of [0-9]+ commands run' <<<"$output" >&3
  grep -E '^[^ ]+: not run:' <<<"$output" >&3 || :
}

# page LINE...: a page with one display
page() {
  printf '%s\n' '.Sh EXAMPLES' '.Bd -literal' "$@" '.Ed' >"$T/p.1"
}

@test "the check of the manual: a character, a line, a number, a command that fails, a display without a mark are noticed" {
  need_root
  page '# echo one; echo two' one two
  check "$T/p.1"
  is "$status" 0
  has "$output" "p.1: 1 of 1 commands run, 1 outputs compared"
  local row
  for row in 'one|twO' 'one' 'one|two|three' 'two|one' 'one|two|...|x'; do
    IFS='|' read -ra lines <<<"$row"
    page '# echo one; echo two' "${lines[@]}"
    check "$T/p.1"
    is "$status" 1
    has "$output" "not ok p.1:3"
  done
  # the same number is the same thing, also in a command
  page '# sleep 1000 &' '# echo $! $!' '4100 4100' "# readlink /proc/4100/exe | grep -o 'sleep\$'" sleep
  check "$T/p.1"
  is "$status" 0
  page '# sleep 1000 &' '# echo $! $$' '4100 4100'
  check "$T/p.1"
  is "$status" 1
  page 'neither' '# true'
  check "$T/p.1"
  is "$status" 1
  has "$output" "not ok p.1:3: neither a command nor a mark"
  page '.\" not run: for the test' '# false' 'what it prints' '.\" run if false: never' '# echo a' b '.\" run if true: always' '# echo a' a
  check "$T/p.1"
  is "$status" 0
  has "$output" "p.1:4: not run: false (for the test)"
  has "$output" "p.1:7: not run: echo a (never)"
  has "$output" "p.1: 1 of 3 commands run"
  printf '%s\n' '    ls /nowhere' >"$T/p.md"
  check "$T/p.md"
  is "$status" 1
}

@test "the check of the manual: who runs what, in a shell that a command has started too; nothing stays outside" {
  need_root
  page '# touch /etc/made-by-manual; id -u' 0 '$ id -u' 1000 '$ xunshare -r sh' '# id -u' 0 '# exit' '$ id -u' 1000
  check "$T/p.1"
  is "$status" 0
  [ ! -e /etc/made-by-manual ]
}

@test "no line of a manual page is wider than 78 columns" {
  need mandoc
  local page wide
  for page in "$XNS_SRC"/man/*.[178]; do
    wide=$(mandoc -T ascii -O width=78 "$page" | sed 's/.\x08//g' | grep -nE '^.{79}' || :)
    is "$page $wide" "$page "
  done
}
