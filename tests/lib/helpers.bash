# shellcheck shell=bash
# What all bats files load: `load ../lib/helpers`, in files of one idea. A bats file that has a setup or a teardown of its own
# calls xns_setup or xns_teardown there.
#
# XUNSHARE and XNSENTER are copies of the programs that ordinary users can reach. Nothing here is done to the
# machine itself: what mounts anything does so in a mount namespace of its own, made by util-linux's
# unshare, so that a test does not lean on the program it tests.
# shellcheck disable=SC2034 # variables for the tests

bats_require_minimum_version 1.5.0

PLAIN=64001 # an ordinary user without subordinate IDs, and without a passwd entry outside of `world`
NL=$'\n'
: "${XNS_BUILD:?is not set: run the tests through tests/run}"

for part in setup processes ask places; do
  # shellcheck source=/dev/null
  source "${BASH_SOURCE[0]%/*}/$part.bash"
done
unset part

setup() {
  xns_setup
}

teardown() {
  xns_teardown
}
