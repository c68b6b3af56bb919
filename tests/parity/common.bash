# shellcheck shell=bash
# What the parity tests of the tools share: the groups of NAME.args for the peer and for a link named so; see compare.
# Loaded after helpers.bash.
# shellcheck disable=SC2154 # variables of bats and of helpers.bash

# Of "NAME from util-linux 2.43 (features: ...)", or "ip utility, iproute2-7.0.0, ...": 2.43
peer_version() {
  sed -n '1s/.* util-linux \([0-9][0-9.]*\).*/\1/; 1s/.* //; 1p'
}

# parity_setup_file NAME: the peer is NAME
parity_setup_file() {
  local dir=${XNS_PEERS:-/tmp/peers}
  if [ "$(id -u)" != 0 ]; then
    echo "needs root" >"$BATS_FILE_TMPDIR/why"
  elif ! timeout 300 "$BATS_TEST_DIRNAME/make-peers" "$dir" >"$BATS_FILE_TMPDIR/log" 2>&1; then
    echo "the peers cannot be had: $(tail -n 1 "$BATS_FILE_TMPDIR/log")" >"$BATS_FILE_TMPDIR/why"
  fi
  export PEER=$dir/bin/$1
  [ -e "$BATS_FILE_TMPDIR/why" ] || VERSION=$("$PEER" --version | peer_version)
  export VERSION
  XNS_LIST=$BATS_TEST_DIRNAME/$1.args
  XNS_EXCEPTIONS=$BATS_TEST_DIRNAME/exceptions
  export XNS_LIST XNS_EXCEPTIONS
}

# parity_setup [COMMAND...]: compare through COMMAND, which runs the rest
parity_setup() {
  THROUGH=("$@")
  [ ! -e "$BATS_FILE_TMPDIR/why" ] || skip "$(<"$BATS_FILE_TMPDIR/why")"
  xns_setup
  chmod a+x "$BATS_FILE_TMPDIR"
  OURS=$BIN/${PEER##*/}
}

parity_teardown() {
  [ -e "$BATS_FILE_TMPDIR/why" ] || xns_teardown
}

# group TITLE: its command lines
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
  awk -F: -v name="$1" '$1 == name { print $3 ":" $4 }' "$(world_etc)/passwd"
}

# compare TITLE: the lines of that group, both sides in the same private world
compare() {
  local title=$1 user ids=
  user=$(user_of "$title")
  [ -n "$user" ]
  [ "$user" = root ] || ids=$(ids_of "$user")
  [ -e "$BATS_FILE_TMPDIR/root" ] || make_root "$BATS_FILE_TMPDIR/root" sh ls cat true sleep
  D=$BATS_FILE_TMPDIR/d R=$BATS_FILE_TMPDIR/root SHELL=/bin/sh PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    world "${THROUGH[@]}" "$BATS_TEST_DIRNAME/compare" "$PEER" "$OURS" "$VERSION" "$XNS_EXCEPTIONS" \
    "$user" "$ids" < <(group "$title")
}

# Each group of the list has a test, and each exception for this tool a line in the list.
each_is_used() {
  local title user rest tool=unshare
  while IFS= read -r title; do
    grep -qE "^  compare[a-z_]* \"$title\"\$" "$BATS_TEST_FILENAME" || {
      echo "no test for: $title"
      return 1
    }
  done < <(sed -n 's/^== \(.*\): [a-z]*$/\1/p' "$XNS_LIST")
  while read -r user rest; do
    case $user in
      tool) tool=$rest ;;
      peers) ;;
      *)
        [ "$tool" = "${PEER##*/}" ] || continue
        LINE=$rest awk -v user="$user" '
          /^== / { in_it = $NF == user; next }
          in_it && $0 == ENVIRON["LINE"] { found = 1 }
          END { exit !found }' "$XNS_LIST" || {
          echo "no such line in ${XNS_LIST##*/}: $user $rest"
          return 1
        }
        ;;
    esac
  done < <(grep -E '^[a-z]' "$XNS_EXCEPTIONS")
}
