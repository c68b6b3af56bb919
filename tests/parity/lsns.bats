#!/usr/bin/env bats
# The same arguments for the peer and for a link named lsns; see lsns.args, lsns-targets, exceptions and compare.
# Two peers: the newest, and for tables the installed one, whose libsmartcols is ours.
# not sanitized: what it runs is run by the tools' own tests

load ../lib/helpers
load common

setup_file() {
  parity_setup_file lsns
  export XNS_IP=${PEER%/*}/ip
  serve world "$BATS_TEST_DIRNAME/lsns-targets"
  INSTALLED=$(type -P lsns)
  PEER=$INSTALLED VERSION=$("$INSTALLED" --version | peer_version) XNS_ONLY_PROCESSES=1 serve installed "$BATS_TEST_DIRNAME/lsns-targets"
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

# compare_installed TITLE: against the installed lsns, whose version decides on exceptions
compare_installed() {
  WORLD=installed compare "$1"
}

@test "parity: options" {
  compare "options"
}

@test "parity: words" {
  compare "words"
}

@test "parity: raw" {
  compare "raw"
}

@test "parity: persistent" {
  compare "persistent"
}

@test "parity: a task" {
  compare "a task"
}

@test "parity: a namespace" {
  compare "a namespace"
}

@test "parity: json" {
  compare "json"
}

@test "parity: columns" {
  compare "columns"
}

@test "parity: an ordinary user" {
  compare "an ordinary user"
}

@test "parity: ends" {
  compare "ends"
}

@test "parity: table: lists" {
  compare_installed "table: lists"
}

@test "parity: table: trees" {
  compare_installed "table: trees"
}

@test "parity: table: json and raw" {
  compare_installed "table: json and raw"
}

@test "parity: table: a terminal" {
  need script
  compare_installed "table: a terminal"
}

@test "parity: each group and each exception is used" {
  each_is_used
}

@test "parity: the version says what it is compatible with" {
  succeeds "$OURS" --version
  [[ $output =~ ^lsns\ from\ xns\ [0-9.a-z-]+\ \(util-linux\ [0-9.]+\ compatible\)$ ]]
}
