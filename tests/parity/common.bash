# shellcheck shell=bash
# What the parity tests of the tools share: the groups of NAME.args for the peer and for a link named so; see compare.
# Loaded after helpers.bash.
# shellcheck disable=SC2034,SC2154 # variables of and for bats and helpers.bash

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

# serve NAME [COMMAND...]: lets compare answer in a world of its own, without the machine's names, whose /proc hides
# no one, through COMMAND, which runs the rest. It goes on till parity_teardown_file: what is to be entered there is made
# once for all groups.
serve() {
  local dir=$BATS_FILE_TMPDIR/$1
  shift
  [ ! -e "$BATS_FILE_TMPDIR/why" ] || return 0
  [ -e "$BATS_FILE_TMPDIR/root" ] || make_root "$BATS_FILE_TMPDIR/root" sh ls cat true sleep
  (xns_setup) # what the programs need is there before two want to put it there
  chmod a+x "$BATS_FILE_TMPDIR"
  mkdir -p "$dir/tmp" "$dir/d"
  mkfifo "$dir/ask" "$dir/answer"
  (
    xns_setup
    export XNS_TEST=$dir D=$dir/d R=$BATS_FILE_TMPDIR/root SHELL=/bin/sh
    PATH=/usr/sbin:/usr/bin:/sbin:/bin world sh -c "$no_names"'; mount -t proc -o hidepid=off proc /proc && exec "$@"' sh \
      env --default-signal=INT,QUIT "$@" "$BATS_TEST_DIRNAME/compare" "$PEER" \
      "$BIN/${PEER##*/}" "$VERSION" "$XNS_EXCEPTIONS" "$XNS_LIST" "$dir"
    : >"$dir/ended"
    echo 2 1<>"$dir/answer"
  ) >"$dir/log" 2>&1 </dev/null 3>&- 4>&- &
}

# parity_teardown_file: what serve began ends
parity_teardown_file() {
  local dir NEVER=$BATS_RUN_TMPDIR/never
  for dir in "$BATS_FILE_TMPDIR"/*/; do
    [ -p "$dir/ask" ] || continue
    echo 1<>"$dir/ask"
    wait_until [ -e "$dir/ended" ]
  done
}

parity_setup() {
  [ ! -e "$BATS_FILE_TMPDIR/why" ] || skip "$(<"$BATS_FILE_TMPDIR/why")"
  xns_setup
  OURS=$BIN/${PEER##*/}
}

parity_teardown() {
  [ -e "$BATS_FILE_TMPDIR/why" ] || xns_teardown
}

# compare TITLE [NAME...]: the lines of that group, both sides in the same private world, or with these names in worlds of
# their own; by the process that `serve "${WORLD:-world}"` started
compare() {
  local dir=$BATS_FILE_TMPDIR/${WORLD:-world} status=2
  local IFS=$'\t'
  wait_until [ -e "$dir/ready" ] # before, nobody would hear the question
  if [ ! -e "$dir/ended" ]; then
    echo "$*" 1<>"$dir/ask"
    read -rt 300 status <>"$dir/answer" || echo "no answer"
  fi
  [ "$status" = 0 ] || cat "$dir/log" "$dir/said"
  return "$status"
}

# Each group of the list has a test, and each exception for this tool a line in the list.
each_is_used() {
  perl -e '
    my ($ours, $tests, $list, $exceptions) = @ARGV;
    my ($title, $user, $tool, $bad, %has) = ("", "", "unshare", 0);
    my $slurp = sub { open my $in, "<", shift or die $!; local $/; <$in> };
    my $called = $slurp->($tests);
    for (split /\n/, $slurp->($list)) {
      if (/^== (.*): ([a-z]*)$/) {
        ($title, $user) = ($1, $2);
        $bad = 1, print "no test for: $title\n" if $called !~ /^  compare\w* "\Q$title\E"( |$)/m;
      } else {
        $has{"$user $_"} = 1;
      }
    }
    for (split /\n/, $slurp->($exceptions)) {
      if (/^tool (.*)/) {
        $tool = $1;
      } elsif (/^[a-z]/ && !/^peers / && $tool eq $ours && !$has{$_}) {
        $bad = 1, print "no such line in $list: $_\n";
      }
    }
    exit $bad' "${PEER##*/}" "$BATS_TEST_FILENAME" "$XNS_LIST" "$XNS_EXCEPTIONS"
}
