#!/usr/bin/env bats
# xlsns: processes that come and go, names that could break a table, rights and descriptors that are missing, a /proc that
# shows little.
# alone: two looks at all processes have to see the same

# shellcheck disable=SC2016 # what other shells, and perl, expand
load ../lib/helpers

inode() {
  stat -Lc %i "$1"
}

# valid_json: standard input is JSON, of which the value of the expression is printed
valid_json() {
  need perl
  perl -MJSON::PP -e 'local $/; $_ = decode_json(<STDIN>); print join("", '"${1:-1}"'), "\n"'
}

# churn: processes and namespaces come and go, till the test ends
churn() {
  local i
  for i in 1 2 3; do
    start bash -c 'while :; do
        unshare -n -u -m true
        true &
        setpriv --reuid=64001 --regid=64001 --clear-groups unshare -Urpf true
        wait
      done' >/dev/null 2>&1
  done
}

@test "100 runs (1,000 with XNS_LONG) while processes and namespaces come and go: never empty, never an error, never a row cut short" {
  need_root
  churn
  columns=NS,TYPE,NPROCS,PID,PPID,UID,USER,COMMAND
  own=$(inode /proc/self/ns/user)
  rounds=$(times 100 1000)
  for ((i = 0; i < rounds; i++)); do
    "$XLSNS" -r -n -o $columns 2>"$T/err" || {
      echo "run $i: status $?: $(<"$T/err")" >&2
      return 1
    }
    [ ! -s "$T/err" ]
    echo end
  done >"$T/out"
  awk -v own="$own" -v rounds="$rounds" '
    $0 == "end" { if (!found) { print "run " n ": empty"; bad = 1 } n++; found = 0; next }
    $3 > 0 && NF != 8 { print "run " n ": cut short: " $0; bad = 1 }
    $1 == own { found = 1 }
    END { exit bad || n != rounds }' "$T/out"
}

@test "JSON and trees are whole while processes and namespaces come and go, 10 times (50 with XNS_LONG)" {
  need_root
  churn
  own=$(inode /proc/self/ns/user)
  rounds=$(times 10 50)
  for ((i = 0; i < rounds; i++)); do
    "$XLSNS" -J --output-all >>"$T/json"
    "$XLSNS" -T -o NS,TYPE >"$T/tree"
    has "$(<"$T/tree")" "$own"
    "$XLSNS" "$own" -rn -o PID,COMMAND >>"$T/rows"
    echo "end of" >>"$T/rows"
    "$XLSNS" --dot >"$T/dot"
    mapfile -t lines <"$T/dot"
    is "${lines[-1]}" "}"
  done
  is "$(perl -MJSON::PP -e 'local $/; my $json = JSON::PP->new->utf8; $json->incr_parse(<STDIN>); my $n = 0; $n++ while $json->incr_parse; print $n' <"$T/json")" "$rounds"
  awk -v rounds="$rounds" '
    $0 == "end of" { if (rows < 2) bad = 1; rows = 0; n++; next }
    { rows++ }
    NF != 2 { print; bad = 1 }
    END { exit bad || n != rounds }' "$T/rows"
}

@test "an odd command line breaks neither JSON nor raw rows nor a table" {
  need_root
  start unshare -u bash -c 'exec -a "$1" sleep 1000' sh $'a\tb\nc\e[31m\xff\xfe\xc3 "d" \\e \xe2\x82\xac \xed\xa0\x80 \xf4\x90\x80\x80 '$'\x7f end'
  wait_until runs "$pid" sleep
  inode=$(inode "/proc/$pid/ns/uts")
  command='(grep { $_->{ns} == '"$inode"' } @{$_->{namespaces}})[0]->{command}'
  is "$("$XLSNS" -J | valid_json "utf8::is_utf8($command) ? 'text' : 'none'")" text
  has "$("$XLSNS" -J | valid_json "$command =~ /xff.xfe.xc3 \"d\" / ? 'kept' : 'lost'")" kept
  is "$("$XLSNS" -rn -o NS,COMMAND | grep -c "^$inode ")" 1
  is "$("$XLSNS" -rn -o NS,COMMAND | awk -v n="$inode" '$1 == n { print NF }')" 2
  is "$(LC_ALL=C.UTF-8 "$XLSNS" -n -l -o NS,COMMAND | grep -vE '^ *[0-9]+( |$)')" ""
  hasnt "$(LC_ALL=C.UTF-8 "$XLSNS" -n -l -o NS,COMMAND)" $'\e'
}

@test "an odd name of a process does not, either" {
  need_root
  need perl
  start unshare -u perl -e 'open($f, ">", "/proc/self/comm"); print $f "a b\n) c\xff"; close $f; sleep 1000'
  wait_until sh -c 'grep -q "^a b" /proc/$0/comm' "$pid"
  inode=$(inode "/proc/$pid/ns/uts")
  is "$("$XLSNS" -rn -o NS,PPID,PID | grep "^$inode ")" "$inode $$ $pid"
  "$XLSNS" -J | valid_json
}

@test "an odd path of a mount breaks no row, and JSON has it whole" {
  need_root
  mkdir "$T/"$'a\nb "c" \xff'
  odd=$T/$'a\nb "c" \xff/net,1'
  : >"$odd"
  try private sh -c '
    unshare -n mount --bind /proc/self/ns/net "$1"
    inode=$(stat -c %i "$1")
    echo "$inode"
    "$0" -rn -t net -o NS,NSFS,HOLDERS | grep -c "^$inode "
    "$0" -n -t net -o NS,NSFS | grep -c "^$inode "
    "$0" -J -t net -o NS,NSFS,HOLDERS >"$2"' "$XLSNS" "$odd" "$T/json"
  is "$status" 0
  is "${output#*$'\n'}" "1${NL}1"
  inode=${output%%$'\n'*}
  is "$(valid_json '(grep { $_->{ns} == '"$inode"' } @{$_->{namespaces}})[0]->{nsfs}' <"$T/json")" \
    "$T/a\\x0ab \"c\" \\xff/net,1"
}

@test "a command line of a megabyte, and one without an end" {
  need_root
  start unshare -u perl -e 'exec "sleep", "1000"' "$(printf 'x%.0s' {1..1000})"
  start unshare -i bash -c 'exec sleep 1000 "${@:2}"' sh sh
  succeeds "$XLSNS" -o COMMAND
}

@test "too few descriptors are an error, never a short list" {
  need_root
  # where no others' namespaces come and go, whose numbers are used again
  new_target -m -n -p -f --mount-proc
  inside() { nsenter -t "$target" -m -p -- "$@"; }
  inside sh -c "$own_run"
  all=$(inside "$XLSNS" -rn -o NS -t net -t uts | sort)
  is "$(wc -l <<<"$all")" 3
  for ((n = 4; n < 16; n++)); do
    try inside prlimit --nofile="$n" "$XLSNS" -rn -o NS -t net -t uts
    if [ "$status" -eq 0 ]; then
      is "$(sort <<<"$output")" "$all"
    else
      is "$status:$output" "1:"
      has "$stderr" "Too many open files"
    fi
  done
  is "$status" 0
}

@test "no netlink socket is an error where an ID is asked for" {
  need_root
  need strace
  fails 1 strace -qq -f -o /dev/null -e trace=socket -e inject=socket:error=EMFILE "$XLSNS" -t net
  is "$output:$stderr" ":xlsns: cannot open a socket of NETLINK_ROUTE: Too many open files"
}

@test "a read that fails is an error, and one that finds no process any more is none" {
  need_root
  need strace
  new_target -u
  fails 1 strace -qq -f -o /dev/null -e trace=readlinkat -e inject=readlinkat:error=EIO:when=20 "$XLSNS"
  has "$stderr" "Input/output error"
  for error in ENOENT ESRCH EACCES EPERM; do
    succeeds strace -qq -f -o /dev/null -e trace=readlinkat -e inject=readlinkat:error=$error:when=20+9 "$XLSNS"
    has "$output" "NS TYPE"
  done
}

@test "an ordinary user sees what is his, and is not told that the rest is an error" {
  need_root
  as_new_target "$PLAIN" -Urn
  succeeds as_user "$PLAIN" "$XLSNS" -rn -o NS,TYPE,PID,USER
  has "$output" "$(inode "/proc/$target/ns/net") net $target $PLAIN"
  succeeds as_user "$PLAIN" "$XLSNS" -rn -o NS,TYPE,HOLDERS
  has "$output" "$(inode "/proc/$target/ns/net") net proc"
  succeeds as_user "$PLAIN" "$XLSNS" --dot
}

@test "hidepid hides processes without an error" {
  need_root
  as_new_target "$PLAIN" -Urn
  for hide in 1 2; do
    try private setpriv --bounding-set=-sys_ptrace sh -c '
      mount -t proc -o hidepid='$hide' xns /proc && exec setpriv --reuid=64001 --regid=64001 --clear-groups "$0" -rn -o NS,TYPE,PID' "$XLSNS"
    is "$status:$stderr" "0:"
    has "$output" "$(inode "/proc/$target/ns/net") net $target"
  done
}

@test "in a PID namespace with a /proc of its own its processes are counted" {
  need_root
  try unshare --mount --pid --fork --mount-proc --kill-child sh -c 'sleep 1000 & "$0" -rn -t pid -o NPROCS,PID; kill $!' "$XLSNS"
  is "$status:$output:$stderr" "0:3 1:"
}

@test "without a /proc it says so" {
  need_root
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime reads /proc itself"
  try private sh -c 'mount -t tmpfs xns /proc && exec "$0"' "$XLSNS"
  is "$status:$output:$stderr" "1::xlsns: cannot read /proc/self/ns/mnt: No such file or directory${NL}xlsns: hint: /proc is not mounted"
}

@test "standard descriptors may be closed, and none of them is used for anything else" {
  need strace
  # not USER, for which NSS may look where it likes
  for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
    eval "strace -f -qq -o \"\$T/trace\" -e trace=openat,readlinkat,getdents64,read,ioctl,pidfd_getfd \"\$XLSNS\" -t net -o NS,TYPE,NPROCS,PID,NETNSID,NSFS,COMMAND,HOLDERS $closed" >/dev/null
    # from the first look at /proc on, what the loader did is its own
    sed '1,/self.ns.mnt\|"\/proc"/d' "$T/trace" >"$T/ours"
    [ -s "$T/ours" ]
    hasnt "$(grep -E ' (openat|readlinkat|getdents64|pidfd_getfd)\([012],|ioctl\([012], (NS_|SIOC)' "$T/ours" || :)" "("
  done
}

@test "SIGPIPE ends it" {
  is "$(set +o pipefail; env --default-signal=PIPE bash -c 'for i in 1 2 3 4 5; do "$0" -J --output-all | true; echo "${PIPESTATUS[0]}"; done' "$XLSNS" | sort -u | tr -d '0\n')" 141
}

@test "nothing is written but the table" {
  before=$(find "$T" | sort)
  (cd "$T" && "$XLSNS" >/dev/null)
  is "$(find "$T" | sort)" "$before"
}
