#!/usr/bin/env bats
# What a program inherits, and what is the same of xunshare and xnsenter. What is not stands in theirs.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

# argv COMMAND...: it hands on
argv() {
  succeeds "$@" printf '<%s>' a '' 'b c' $'d\ne' '*'
  is "$output" "<a><><b c><d${NL}e><*>"
}

@test "argv is handed on as it is" {
  argv "$XUNSHARE" -f
  need_root
  new_target -p -f
  argv "$XNSENTER" -t "$target" -p
}
