# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# Names of network namespaces: a world without any, to make some in.

setup() {
  xns_setup
  need_root
}

# in_world SCRIPT ARG...: a bash script in a mount and a network namespace of its own, and those of the options in the array
# world_has, where /run is empty; there $X is xnetns, $I a link to it called ip, $L is xlsns, and $T the test's directory.
# In front of it stands $in_world: what a file's scripts have in common.
in_world() {
  no_proc=$no_proc T=$T X=$XNETNS I=$BIN/ip L=$XLSNS PLAIN=$PLAIN timeout -k 5 300 \
    unshare --mount --net "${world_has[@]}" --propagation private -- bash -c "$own_run"'
    no_proc() { eval "$no_proc"; }
    '"$in_world$NL$1" bash "${@:2}" 3>&-
}
