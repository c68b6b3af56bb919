#!/usr/bin/env bats
# The same arguments for the peer and for a link named ip; see ip.args, ip-targets, exceptions and compare.
# not sanitized: what it runs is run by the tools' own tests

load ../lib/helpers
load common

setup_file() {
  parity_setup_file ip
  export VERSION
  VERSION=$("$PEER" -V 2>/dev/null | sed -E 's/.*iproute2-([0-9.]+).*/\1/')
  serve world "$BATS_TEST_DIRNAME/ip-targets"
}

setup() {
  parity_setup
}

teardown_file() {
  parity_teardown_file
}

teardown() {
  parity_teardown
}

@test "parity: no names" {
  compare "no names"
}

@test "parity: prefixes" {
  compare "prefixes"
}

@test "parity: options" {
  compare "options"
}

@test "parity: -netns" {
  compare "-netns"
}

@test "parity: names" {
  compare "names"
}

@test "parity: add" {
  compare "add"
}

@test "parity: delete" {
  compare "delete"
}

@test "parity: attach" {
  compare "attach"
}

@test "parity: set" {
  compare "set"
}

@test "parity: list" {
  compare "list"
}

@test "parity: list-id" {
  compare "list-id"
}

@test "parity: identify" {
  compare "identify"
}

@test "parity: pids" {
  compare "pids"
}

@test "parity: exec" {
  compare "exec"
}

@test "parity: etc" {
  compare "etc"
}

@test "parity: monitor" {
  compare "monitor"
}

@test "parity: an ordinary user" {
  compare "an ordinary user" one two
}

@test "parity: no names for a user" {
  compare "no names for a user"
}

@test "parity: each group and each exception is used" {
  each_is_used
}
