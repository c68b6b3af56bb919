#!/usr/bin/env bats
# The same arguments for the peer and for a link named unshare; see unshare.args, exceptions and compare.
# not sanitized: what it runs is run by the tools' own tests

load ../lib/helpers
load common

setup_file() {
  parity_setup_file unshare
  serve world
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
  each_is_used
}
