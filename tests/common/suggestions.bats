#!/usr/bin/env bats
# What is said of a word that a tool does not know: the peer's line first, then the nearest word that it knows, or the list.

load ../lib/helpers

# each: of the rows "STATUS|COMMAND LINE|FIRST LINE|HINT...", the hints in their order without "TOOL: hint: "; none: there
# is none. "Try ... --help" is no hint.
each() {
  local row command hints bad=0 status want first words line
  while IFS= read -r row; do
    IFS='|' read -r status command first want <<<"$row"
    read -ra words <<<"$command"
    local got_status=0
    mapfile -t line < <("$BIN/${words[0]}" "${words[@]:1}" 2>&1 >/dev/null && echo 0 || echo "$?")
    got_status=${line[-1]}
    hints=$(printf '%s\n' "${line[@]}" | sed -n "s/^${words[0]}: hint: //p")
    [ "$got_status|${line[0]}|${hints//$NL/|}" = "$status|$first|$want" ] && continue
    printf 'command:  %s\ngot:      %s\nexpected: %s\n' "$command" "$got_status|${line[0]}|${hints//$NL/|}" "$status|$first|$want"
    bad=1
  done
  return "$bad"
}

@test "an option that there is not: the nearest one, before where help is; a list where an argument is missing" {
  each <<'END'
1|xunshare --mount-prc|xunshare: unrecognized option '--mount-prc'|did you mean --mount-proc?
1|unshare --mount-prc|unshare: unrecognized option '--mount-prc'|did you mean --mount-proc?
1|xunshare --mount-rpoc=/proc|xunshare: unrecognized option '--mount-rpoc=/proc'|did you mean --mount-proc?
1|xunshare --FORK|xunshare: unrecognized option '--FORK'|did you mean --fork?
1|xunshare -mount-proc|xunshare: invalid option -- 'o'|did you mean --mount-proc?
1|xunshare -pid|xunshare: invalid option -- 'd'|did you mean --pid?
1|xunshare -M|xunshare: invalid option -- 'M'|
1|xunshare -mfQ -w|xunshare: invalid option -- 'Q'|
1|xunshare --zzzzz|xunshare: unrecognized option '--zzzzz'|
1|xunshare --map-u|xunshare: option '--map-u' is ambiguous; possibilities: '--map-user' '--map-users'|
1|xunshare --fork=1|xunshare: option '--fork' doesn't allow an argument|
1|xunshare --wd|xunshare: option '--wd' requires an argument|
1|xunshare --propagation|xunshare: option '--propagation' requires an argument|one of these: slave shared private unchanged
1|xunshare --map-users|xunshare: option '--map-users' requires an argument|
1|xunshare --bind=/usr:/mnt:nosid true|xunshare: --bind '/usr:/mnt:nosid': unknown option 'nosid'|did you mean nosuid?
1|xunshare --tmpfs=/tmp:siz=1m true|xunshare: --tmpfs '/tmp:siz=1m': unknown option 'siz'|did you mean size?
1|xunshare --overlay=/usr:/mnt,uper=/x true|xunshare: --overlay '/usr:/mnt,uper=/x': unknown option 'uper'|did you mean upper?
1|xunshare --tmpfs=/tmp:size true|xunshare: --tmpfs '/tmp:size': unknown option 'size'|it takes a value: size=...
1|nsenter -S|nsenter: option requires an argument -- 'S'|
1|xnsenter --traget=1|xnsenter: unrecognized option '--traget=1'|did you mean --target?
1|nsenter -f true|nsenter: invalid option -- 'f'|
1|xnsenter -un true|xnsenter: cannot open n: No such file or directory|what stands right behind the letter of a namespace is its file; as options of their own: -n
1|nsenter -mpn true|nsenter: cannot open pn: No such file or directory|what stands right behind the letter of a namespace is its file; as options of their own: -pn
1|xnsenter --net=1 true|xnsenter: cannot open 1: No such file or directory|1 is a process: --target=1 names it; behind the = stands a file
1|xnsenter --net=99999999 true|xnsenter: cannot open 99999999: No such file or directory|
1|xnsenter -unx true|xnsenter: cannot open nx: No such file or directory|
1|xunshare --join net=n true|xunshare: cannot open n: No such file or directory|
1|xlsns --tre 1 --rwa|xlsns: unrecognized option '--rwa'|did you mean --raw?
1|lsns -L|lsns: invalid option -- 'L'|
255|xnetns -jsno list|Option "-jsno" is unknown, try "xnetns -help".|did you mean -json?
255|xnetns --dryrun list|Option "--dryrun" is unknown, try "xnetns -help".|did you mean --dry-run?
255|xnetns -foo list|Option "-foo" is unknown, try "xnetns -help".|
255|xnetns add --upp x|unknown option of add: '--upp'|did you mean --up?
255|xnetns add --down x|unknown option of add: '--down'|one of these: --up --if-missing
255|xnetns pids --foo|unknown option of pids: '--foo'|
END
  try "$XUNSHARE" --mount-prc
  is "$stderr" "xunshare: unrecognized option '--mount-prc'${NL}xunshare: hint: did you mean --mount-proc?${NL}Try 'xunshare --help' for more information."
}

@test "a word of a list that there is not: the nearest one, or the list" {
  each <<'END'
1|unshare --propagation slav true|unshare: unsupported propagation mode: slav|did you mean slave?
1|xunshare --propagation rslave true|xunshare: unsupported propagation mode: rslave|did you mean slave?
1|xunshare --propagation x true|xunshare: unsupported propagation mode: x|one of these: slave shared private unchanged
1|xunshare --setgroups allwo true|xunshare: unsupported --setgroups argument 'allwo'|did you mean allow?
1|xunshare --setgroups no true|xunshare: unsupported --setgroups argument 'no'|one of these: allow deny
1|xunshare --map-users atuo true|xunshare: invalid mapping 'atuo'|did you mean auto?
1|xunshare --map-groups 0:x true|xunshare: invalid mapping '0:x'|
1|xunshare --map-groups every true|xunshare: invalid mapping 'every'|one of these: auto auto-all subids all
1|unshare --kill-child=TREM true|unshare: unknown signal: TREM|did you mean TERM?
1|xnsenter --kill-child=sigtrem -a true|xnsenter: unknown signal: sigtrem|did you mean SIGTERM?
1|xunshare --kill-child=RTMN true|xunshare: unknown signal: RTMN|did you mean RTMIN?
1|xunshare --kill-child=99 true|xunshare: unknown signal: 99|kill -l lists the signals
1|xunshare --join nett=1 true|xunshare: failed to parse --join: 'nett=1'|did you mean net?
1|xunshare --join mounts=1 true|xunshare: failed to parse --join: 'mounts=1'|did you mean mnt?
1|xunshare --join foo=1 true|xunshare: failed to parse --join: 'foo=1'|one of these: mnt uts ipc net pid user cgroup time
1|xunshare --join net true|xunshare: failed to parse --join: 'net'|it takes the kind and which one: net=FILE, net=:ID, net=PID or net=ENGINE:NAME
1|xnsenter -S folow true|xnsenter: failed to parse uid: 'folow'|did you mean follow?
1|xnsenter -S 1x true|xnsenter: failed to parse uid: '1x'|
1|lsns -t mount|lsns: unknown namespace type: mount|did you mean mnt?
1|xlsns -t cgr|xlsns: unknown namespace type: cgr|did you mean cgroup?
1|xlsns -t x|xlsns: unknown namespace type: x|one of these: mnt uts ipc net pid user cgroup time
1|xlsns net|xlsns: invalid namespace argument: 'net'|did you mean --type net?
1|xlsns foo|xlsns: invalid namespace argument: 'foo'|
1|xlsns -Tpocess|xlsns: unknown tree type: pocess|did you mean process?
1|xlsns -Tx|xlsns: unknown tree type: x|one of these: parent owner process
1|lsns -o PDI|lsns: unknown column: PDI|did you mean PID?|--list-columns tells of each column
1|xlsns -o PID,HOLD,NS|xlsns: unknown column: HOLD,NS|did you mean HOLDERS?|--list-columns tells of each column
1|xlsns -o zzzzz|xlsns: unknown column: zzzzz|--list-columns tells of each column
255|xnetns lsit|Command "lsit" is unknown, try "xnetns help".|did you mean list?
255|ip netns idnetify|Command "idnetify" is unknown, try "ip netns help".|did you mean identify?
255|xnetns rm x|Command "rm" is unknown, try "xnetns help".|did you mean delete?
255|xnetns create x|Command "create" is unknown, try "xnetns help".|did you mean add?
255|xnetns run x true|Command "run" is unknown, try "xnetns help".|did you mean exec?
255|xnetns mv x y|Command "mv" is unknown, try "xnetns help".|did you mean rename?
255|xnetns foo|Command "foo" is unknown, try "xnetns help".|
255|xnetns -family ient list|Error: argument "ient" is wrong: invalid protocol family|did you mean inet?
255|xnetns -color=x list|Option "-color=x" is unknown, try "xnetns -help".|one of these: always auto never
255|xnetns link a,dve=x b|unknown part of a link: 'dve=x'|did you mean dev=?
255|xnetns link a,mtu=1 b|unknown part of a link: 'mtu=1'|one of these: dev= addr= gw=
255|xnetns set a atuo|Error: argument "atuo" is wrong: Invalid "netnsid" value|did you mean auto?
1|xnetns delete --kill=TREM a|unknown signal: TREM|did you mean TERM?
END
}

@test "a word of any length and of any bytes gets a hint of our own words, or none" {
  local big esc=$'\e' tool
  big=$(head -c 100000 /dev/zero | tr '\0' x)
  for tool in "$XUNSHARE --" "$XNSENTER --" "$XLSNS -o" "$XLSNS -t" "$XNETNS " "$XNETNS -" "$XUNSHARE --propagation=" "$XUNSHARE --kill-child="; do
    # shellcheck disable=SC2086 # the words of it
    try $tool"$big"
    [ "$status" -eq 1 ] || [ "$status" -eq 255 ]
    hasnt "$stderr" "did you mean"
  done
  for tool in "$XUNSHARE --for" "$XLSNS -oPI" "$XNETNS lis"; do
    # shellcheck disable=SC2086 # the words of it
    try $tool"$esc"
    has "$stderr" "did you mean"
    hasnt "$stderr" "$esc"
  done
  try "$XLSNS" -t $'ne\xff'
  has "$stderr" "hint: did you mean net?"
}
