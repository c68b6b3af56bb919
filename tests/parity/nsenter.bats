#!/usr/bin/env bats
# The same arguments for the peer and for a link named nsenter; see nsenter.args, targets, exceptions and compare.
# not sanitized: what it runs is run by the tools' own tests

load ../lib/helpers
load common

setup_file() {
  parity_setup_file nsenter
  serve world "$BATS_TEST_DIRNAME/targets" "$PLAIN:$PLAIN"
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

@test "parity: options" {
  compare "options"
}

@test "parity: words" {
  compare "words"
}

@test "parity: one namespace" {
  compare "one namespace"
}

@test "parity: several namespaces" {
  compare "several namespaces"
}

@test "parity: the target's view" {
  compare "the target's view"
}

@test "parity: user namespaces" {
  compare "user namespaces"
}

@test "parity: ids of the target" {
  compare "ids of the target"
}

@test "parity: the user namespace above" {
  compare "the user namespace above"
}

@test "parity: root and working directory" {
  compare "root and working directory"
}

@test "parity: environment of the target" {
  compare "environment of the target"
}

@test "parity: sockets" {
  compare "sockets"
}

@test "parity: processes that are none" {
  compare "processes that are none"
}

@test "parity: the program" {
  compare "the program"
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

@test "parity: the search" {
  compare "the search"
}

@test "parity: cgroups" {
  compare "cgroups"
}

@test "parity: an ordinary user" {
  compare "an ordinary user"
}

@test "parity: an ordinary user in more groups" {
  compare "an ordinary user in more groups"
}

@test "parity: each group and each exception is used" {
  each_is_used
}

@test "parity: the version says what it is compatible with" {
  succeeds "$OURS" --version
  [[ ${output%%"$NL"*} =~ ^nsenter\ from\ xns\ [0-9.a-z-]+\ \(util-linux\ [0-9.]+\ compatible\)$ ]]
}
