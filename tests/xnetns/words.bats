#!/usr/bin/env bats
# What the tools say, and what they do not: of names without a namespace, as JSON, to a full disk, and of names that
# would steer a terminal.

# shellcheck disable=SC2016,SC2034 # what other shells, and perl, expand; what in_world reads
load ../lib/helpers
load ../lib/netns

in_world='say() { "$@"; echo "= $?"; }'

# ---- nothing to say it of ----

@test "pids, holders, delete --kill of a name without a network namespace: a message, status 1" {
  try in_world 'exec 2>&1; mkdir -p /run/netns/dir; echo x >/run/netns/file; mkfifo /run/netns/fifo; cp -a /dev/null /run/netns/null
    touch /run/netns/uts; mount --bind /proc/self/ns/uts /run/netns/uts
    for name in none dir file fifo null uts; do say "$X" pids $name; say "$I" -j netns pids $name; say "$X" holders $name; say "$X" -j holders $name; done
    say "$X" delete --kill uts; ls -d /run/netns/uts'
  # shellcheck disable=SC2034 # by the name of the word
  hint_file="hint: no namespace is mounted on /run/netns/file; xnetns prune removes such files"
  hint_uts="hint: /run/netns/uts is a namespace of another kind, uts"
  for word in none dir file fifo null uts; do
    reason="Invalid argument" hint=hint_$word
    [ $word != none ] || reason="No such file or directory"
    for tool in xnetns: ip: xnetns:\ \"$word\" xnetns:\ \"$word\"; do
      echo "Cannot open network namespace${tool#*:}: $reason${!hint:+$NL${tool%%:*}: ${!hint}}${NL}= 1"
    done
  done >"$T/expected"
  is "$(head -n -4 <<<"$output")" "$(<"$T/expected")"
  is "$(tail -n 4 <<<"$output")" "Cannot open network namespace \"uts\": Invalid argument${NL}xnetns: $hint_uts${NL}= 1${NL}/run/netns/uts"
}

@test "no command opens a FIFO or a device in a namespace's place" {
  need strace
  try in_world 'exec 2>&1; mkdir -p /run/netns/dir; mkfifo /run/netns/fifo; cp -a /dev/null /run/netns/null; "$X" add a; "$X" set a 3
    for name in fifo null dir; do
      for line in "pids N" "holders N" "list" "list --all" "list-id" "identify" "set N 5" "attach new N" "attach new /run/netns/N" "rename N new" \
          "exec N true" "link N a" "prune" "delete --kill N" "-n N list"; do
        echo "# $name $line"
        timeout 5 strace -f -qq -o "$T/trace" -e trace=open,openat "$X" ${line//N/$name} >/dev/null 2>&1
        echo "$?"; grep "netns/$name" "$T/trace" | grep -v O_PATH; rm -f "/run/netns/new"
        [ -e /run/netns/$name ] || echo gone
      done
      [ -e /run/netns/$name ] || { echo "$name is gone"; exit; }
    done
    for line in --net=N --mount=N; do
      timeout 5 strace -f -qq -o "$T/trace" -e trace=open,openat "$1" ${line//N//run/netns/fifo} true 2>/dev/null; echo "xnsenter $line: $?"
      grep "netns/fifo" "$T/trace" | grep -v O_PATH
    done
    timeout 5 strace -f -qq -o "$T/trace" -e trace=open,openat "$2" --join net=/run/netns/fifo true 2>/dev/null; echo "xunshare: $?"
    grep "netns/fifo" "$T/trace" | grep -v O_PATH; :' "$XNSENTER" "$XUNSHARE"
  hasnt "$output" 'openat('
  hasnt "$output" 124 # nothing waits
}

@test "exec, -n, set, link, rename of what carries no namespace say so" {
  try in_world 'exec 2>&1; mkdir -p /run/netns; mkfifo /run/netns/fifo; "$X" add a
    say "$X" exec fifo true; say "$X" -n fifo list; say "$X" set fifo 5; say "$X" link fifo a; say "$X" rename fifo b; say "$I" netns set fifo 5
    ls /run/netns | sort'
  is "$output" 'setting the network namespace "fifo" failed: Invalid argument
= 255
setting the network namespace "fifo" failed: Invalid argument
= 255
Error: Peer netns reference is invalid.
= 2
Cannot open network namespace "fifo": Invalid argument
= 1
Cannot open network namespace "fifo": Invalid argument
= 1
Error: Peer netns reference is invalid.
= 2
a
fifo'
}

@test "a namespace is entered where there is no /proc" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  try in_world '"$X" add a; no_proc; "$X" exec a echo inside'
  is "$status:$output" "0:inside"
}

@test "xlsns -p of a PID that has ended, may not be read, or has no such namespace: a message, status 1, in every form" {
  dead_pid
  dead=$pid
  make_zombie
  start setpriv --reuid=64002 --regid=64002 --clear-groups sleep 1000
  wait_until runs "$pid" sleep
  for form in "" -J -r -l -Towner "-Q NS>0" "-o NS" --dot "-J -o NSID"; do
    [ "$form" != "-Q NS>0" ] || "$XLSNS" -Q 'NS>0' >/dev/null 2>&1 || continue # an old libsmartcols
    # shellcheck disable=SC2086 # words
    try "$XLSNS" -p "$dead" $form
    is "$form: $status:$output:$stderr" "$form: 1::xlsns: cannot read the namespaces of process $dead: No such process"
    # shellcheck disable=SC2086
    try user_seeing 64001 "$XLSNS" -p "$pid" $form
    is "$form: $status:$output:$stderr" "$form: 1::xlsns: cannot read the namespaces of process $pid: Permission denied"
    # shellcheck disable=SC2086
    try "$XLSNS" -p "$zombie" -t net $form
    is "$form: $status:$output:$stderr" "$form: 1::xlsns: process $zombie has no namespace of that type"
  done
  succeeds "$XLSNS" -p $$ -rno TYPE
  has "$output" net
}

# ---- what a descriptor's link points to at that moment ----

@test "xlsns and holders do not open what a process puts in the place of a namespace" {
  need strace perl
  mkfifo "$T/fifo"
  # 9, which is read first, is now the one, now the other
  start unshare -n bash -c 'exec nsenter -t "$0" -n "$@" 20</proc/self/ns/net' $$ perl -MPOSIX -e '
    sysopen(my $fifo, shift, O_RDWR) or die;
    for (;;) { dup2(20, 9); select(undef, undef, undef, 0.01); dup2(fileno($fifo), 9); select(undef, undef, undef, 0.01) }' "$T/fifo"
  wait_until test -e "/proc/$pid/fd/9"
  for _ in {1..12}; do
    strace -f -y -qq -o "$T/trace" -P "/proc/$pid/fd" -e trace=openat,readlinkat -e inject=readlinkat:delay_exit=$((7000 + RANDOM % 6000)) \
      "$XLSNS" -t net -rno NS,HOLDERS >"$T/out"
    is "$(grep 'openat(.*"9"' "$T/trace" | grep -v O_PATH | grep "= .*$T/fifo" || :)" ""
  done
}

# ---- JSON ----

valid_json() {
  need perl
  perl -MJSON::PP -e '$j = JSON::PP->new; while (<STDIN>) { $j->incr_parse($_); while (my $v = $j->incr_parse) { $n++ } } $j->incr_text =~ /\S/ and die; print "$n\n"'
}

@test "-j prints JSON from each command that prints, also where there is nothing, as the peer writes an empty list" {
  ip=/tmp/peers/bin/ip
  [ -x "$ip" ] || ip=$(type -P ip) || ip=
  try in_world 'exec 2>&1; cp -a /dev/null /run/null; mkdir /run/netns; "$1" -j netns list >/run/empty 2>/dev/null; "$1" -j -p netns list >/run/pretty 2>/dev/null; rmdir /run/netns
    [ -s /run/empty ] || { echo "[]" >/run/empty; echo "[ ]" >/run/pretty; }
    for ip in "$X" "$I netns"; do
      set -- "${ip#* }"; [ "$1" != "$ip" ] || set --
      "${ip%% *}" -j "$@" list | cmp - /run/empty; "${ip%% *}" -j -p "$@" list | cmp - /run/pretty
      [ ! -e /run/netns ] || echo made
    done
    "$X" -j identify | cmp - /run/empty; "$X" -j prune | cmp - /run/empty; "$X" -j list-id
    "$X" add a; "$X" -j pids a | cmp - /run/empty; "$X" -j -p pids a | cmp - /run/pretty
    "$X" exec a sh -c "echo >/run/ready; exec sleep 1000" & until [ -s /run/ready ]; do sleep 0.02; done
    [ "$("$X" -j pids a)" = "[{\"pid\":$!}]" ] && [ "$("$I" -j netns pids a)" = "[{\"pid\":$!}]" ] || "$X" -j pids a
    "$X" -j identify $!; "$I" -j netns identify $!; kill $!
    touch -d "2 hours ago" /run/netns/dead; sleep 1.1; "$X" -j prune' "$ip"
  is "$output" '[{"name":"a"}]
[{"name":"a"}]
[{"name":"dead"}]' || is "$output" '[]
[{"name":"a"}]
[{"name":"a"}]
[{"name":"dead"}]'
}

@test "a name with bytes that are no UTF-8, control characters, and what turns the direction: valid JSON, all of it ASCII there" {
  try in_world 'n=$(printf "a\300\233\377\303(\355\240\200\364\220\200\200\033[31m\177\302\233\342\200\256\342\201\246\330\234\"\\\\b\303\251"); "$X" add "$n"; "$X" set "$n" 7
    for line in "list" "list --all -l" "list-id" "holders" "identify"; do
      case $line in
        holders) set -- holders "$n" ;;
        identify) "$X" -j exec --no-mounts "$n" "$X" -j identify; continue ;;
        *) set -- $line ;;
      esac
      "$X" -j "$@"
    done
    "$X" -j monitor >/run/events & until grep -q inotify "/proc/$!/fdinfo/"* 2>/dev/null; do sleep 0.02; done
    "$X" rename "$n" "x$n"; until [ "$(wc -l </run/events)" = 2 ]; do sleep 0.02; done; kill $!; cat /run/events'
  is "$status:$stderr" "0:"
  is "$(valid_json <<<"$output")" 7
  has "$(head -n 1 <<<"$output")" '[{"name":"a\\xc0\\x9b\\xff\\xc3(\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\u001b[31m\u007f\u009b\u202e\u2066\u061c\"\\b'$'\xc3\xa9''","id":7}]'
  is "$(tr -d '\n' <<<"$output" | LC_ALL=C tr -d ' -~' | sed $'s/\xc3\xa9//g')" ""
  has "$output" '[{"event":"add","name":"xa'
}

# ---- a full disk ----

@test "a full disk is an error of each command under each name; a closed standard output is none" {
  try in_world 'exec 2>>/run/err; "$X" add a; "$X" set a 3; "$X" attach here $$; echo list >/run/b
    "$X" exec a sh -c "echo >/run/ready; exec sleep 1000" & sleeper=$!; until [ -s /run/ready ]; do sleep 0.02; done
    for ip in "$X" "$I netns"; do
      for line in "list" "-j list" "list --all" "-j list --all -l" "list-id" "-j list-id" "identify" "-j identify" "pids a" "-j pids a" "holders a" "-j prune" \
          "-batch /run/b" "-all exec true" "--help" "--version" "--dry-run add b" "prune"; do
        case $ip:$line in # what is ours alone, or the other ip answers
          *netns:-b* | *netns:*holders* | *netns:*prune | *netns:*--*) continue ;;
        esac
        [ "$line" != prune ] || { touch /run/netns/dead; sleep 1.1; }
        words=($line)
        [ "$ip" = "$X" ] || while [[ ${words[0]} == -* ]]; do set -- "$@" "${words[0]}"; words=("${words[@]:1}"); done
        if [ "$ip" = "$X" ]; then run=("$X" "${words[@]}"); else run=("$I" "$@" netns "${words[@]}"); fi
        set --
        : >/run/err
        "${run[@]}" >/dev/full || full=$?
        [ "${full:-0}" = 1 ] && grep -q "rite error: No space left on device" /run/err || echo "full: ${run[*]##*/}: ${full:-0}: $(cat /run/err)"
        [ "$line" != prune ] || { touch /run/netns/dead; sleep 1.1; }
        "${run[@]}" >&-; closed=$?
        [ $closed = 0 ] || [ "$line" = "--dry-run add b" ] || echo "closed: ${run[*]##*/}: $closed: $(cat /run/err)"
        full=
      done
    done
    kill $sleeper
    timeout 10 "$X" monitor >/dev/full & until grep -q inotify "/proc/$(pgrep -P $!)/fdinfo/"* 2>/dev/null; do sleep 0.02; done
    "$X" add new; wait $!; echo "monitor $?"'
  is "$output" "monitor 1"
}

@test "a full disk is an error of the other tools, too, whatever they print" {
  local tool option
  for tool in xunshare unshare xnsenter nsenter xlsns lsns; do
    for option in --help --version; do
      status=0
      "$BIN/$tool" $option >/dev/full 2>"$T/err" || status=$?
      is "$tool $option: $status: $(<"$T/err")" "$tool $option: 1: $tool: write error: No space left on device"
      "$BIN/$tool" $option >&-
    done
  done
  for option in "" -J -r -l --list-columns --dot -Tparent "-p $$" "-J -p $$"; do
    status=0
    # shellcheck disable=SC2086 # words
    "$XLSNS" $option >/dev/full 2>"$T/err" || status=$?
    is "xlsns $option: $status: $(<"$T/err")" "xlsns $option: 1: xlsns: write error: No space left on device"
    # shellcheck disable=SC2086
    "$XLSNS" $option >&-
  done
  for option in "$XUNSHARE --dry-run -n true" "$XNSENTER --dry-run -t $$ -n true"; do
    status=0
    $option >/dev/full 2>"$T/err" || status=$?
    is "$status" 1
    has "$(<"$T/err")" "write error: No space left on device"
  done
}

@test "a list longer than a buffer: closed is no error, full is one" {
  try in_world 'mkdir /run/netns; long=$(printf "x%.0s" {1..250}); for i in {1..400}; do : >"/run/netns/$long$i"; done
    "$X" list 2>/dev/null >&-; echo $?; "$X" -j list 2>/dev/null >&-; echo $?; "$X" list 2>/dev/null >/dev/full; echo $?'
  is "$output" "0${NL}0${NL}1"
}

# ---- what would steer a terminal ----

odd=$'o\e[31m\x7f\xc2\x9bJ\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\x8e\xe2\x80\xa8e'

# unfit: what of standard input is not fit to be shown, in hexadecimal
unfit() {
  perl -CS -ne 'print map { sprintf("%x ", ord) } /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]/g'
}

@test "no table, message, graph or listing of ours has what would steer a terminal" {
  need perl
  start unshare -n bash -c 'exec -a "$1" sleep 1000' sh "$odd"
  wait_until runs "$pid" sleep
  try in_world 'exec 2>&1; "$X" add "$1"; "$X" set "$1" 5; touch "/run/netns/d$1"; sleep 1.1
    mkdir "/run/$1"; touch "/run/$1/n"; mount --bind "/run/netns/$1" "/run/$1/n"
    "$X" list --all -l; "$X" holders "$1"
    for l in C C.UTF-8; do export LC_ALL=$l
      "$L"; "$L" --output-all; "$L" -l; "$L" -r --output-all; "$L" -J --output-all | tr -d "\177"; "$L" -u; "$L" -W --output-all; "$L" --dot; "$L" -T -o NS,NAME,NSFS,COMMAND,HOLDERS
      "$L" -Q "$1"; "$L" -o "$1"; "$L" -t "$1"; "$L" "--$1"; "$L" -p "$1"; "$X" pids "none$1"; "$X" "$1"; "$X" "-$1"; "$X" exec "$1" "/none/$1"; "$X" set "$1" "$1"
      "$X" exec "none$1" true; "$2" "--$1"; "$2" -t "$1"; "$3" "--$1"; "$3" "$1"; "$2" -n"/run/$1"; "$3" --propagation "$1"; "$X" -x add "$1"; "$X" --dry-run add "$1"
    done; "$X" prune' "$odd" "$XNSENTER" "$XUNSHARE"
  is "$(unfit <<<"$output")" ""
  has "$output" 'o\x1b[31m\x7f\u009bJ\u202e\u2066\u061c\u200e\u2028e'
  has "$output" 'o?[31m??J?????e'
}

@test "JSON of xlsns has it whole, escaped" {
  need perl
  start unshare -n bash -c 'exec -a "$1" sleep 1000' sh "$odd"
  wait_until runs "$pid" sleep
  has "$(LC_ALL=C.UTF-8 "$XLSNS" -J -p "$pid" -t net -o COMMAND)" 'o\u001b[31m'
  has "$(LC_ALL=C.UTF-8 "$XLSNS" -J -p "$pid" -t net -o COMMAND)" '\u009bJ\u202e\u2066\u061c\u200e\u2028e'
  is "$("$XLSNS" -J -p "$pid" -t net -o COMMAND | perl -MJSON::PP -e 'local $/; print ord(substr(decode_json(<STDIN>)->{namespaces}[0]{command}, 9, 1))')" $((0x202e))
}

@test "names go to a pipe as they are, as the peer's, and to a terminal fit to be shown" {
  need script perl
  try in_world 'exec 2>&1; "$X" add "$1"; "$X" set "$1" 5
    for line in list identify list-id "-all exec true" "list --all"; do
      "$X" exec --no-mounts "$1" "$X" $line 2>&1 | grep -c "$1"
      script -qec "\"\$X\" exec --no-mounts \"\$1\" \"\$X\" $line" /dev/null </dev/null | perl -ne "s/\r//; print if /o.x1b/"
    done' "$odd"
  sed '/^[01]$/d' <<<"$output" | unfit >"$T/unfit"
  is "$(<"$T/unfit")" ""
}
