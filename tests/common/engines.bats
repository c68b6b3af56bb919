#!/usr/bin/env bats
# Targets by name: each engine is asked by its own program, which here is one of that name, first in PATH, that answers as the
# real one does; and what is made of answers that no engine should give.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # what shells inside expand; variables of and for the tests

load ../lib/helpers

setup() {
  xns_setup
  need_root
  chmod 711 "$T"
  mkdir -m 755 "$T/bin"
  own_path=$PATH
  export PATH=$T/bin:$PATH
  unset DOCKER_HOST CONTAINER_HOST
}

# fake PROGRAM BODY: a program that notes each word it is given, and then does this
fake() {
  printf '%s\n' '#!/bin/sh' 'for word; do printf "<%s>" "$word"; done >>"${0%/*}/../asked"; echo >>"${0%/*}/../asked"' "$2" >"$T/bin/$1"
  chmod 755 "$T/bin/$1"
  : >"$T/asked"
}

# says PROGRAM BODY WORD MESSAGE: xnsenter -t WORD fails with that message; what the program wrote to standard error is before it
says() {
  fake "$1" "$2"
  fails 1 "$XNSENTER" -t "$3" -u true && is "$(tail -n 1 <<<"$stderr")" "xnsenter: $4" && [ -z "$output" ]
}

# What the rows of tests are made of: the prefix, the program, the words it is given for the name web
engines='docker     docker     <inspect><--type=container><--format={{.State.Pid}}><web>
podman     podman     <inspect><--type=container><--format={{.State.Pid}}><web>
crio       crictl     <inspect><--output=json><web>
containerd crictl     <inspect><--output=json><web>
lxc        lxc-info   <--no-humanize><--pid><--name=web>
incus      incus      <list><--force-local><--format=json><^web$>
machine    machinectl <show><--property=Leader><web>
unit       systemctl  <show><--property=MainPID,LoadState><web>
runc       runc       <state><web>
crun       crun       <state><web>'

# answer PREFIX PID: a body that answers so, as the real one does
answer() {
  case $1 in
    docker | podman) echo "echo $2" ;;
    crio | containerd) echo "echo '{ \"status\": { \"id\": \"abc\", \"state\": \"CONTAINER_RUNNING\" }, \"info\": { \"sandboxID\": \"def\", \"pid\": $2, \"removing\": false } }'" ;;
    lxc) echo "echo $2" ;;
    incus) echo "echo '[{\"name\":\"web2\",\"status\":\"Running\",\"state\":{\"status\":\"Running\",\"pid\":1}},{\"name\":\"web\",\"status\":\"Running\",\"state\":{\"status\":\"Running\",\"disk\":{},\"pid\":$2,\"processes\":3}}]'" ;;
    machine) echo "echo Leader=$2" ;;
    unit) echo "echo MainPID=$2; echo LoadState=loaded" ;;
    runc | crun) printf 'echo '\''{\n  "ociVersion": "1.0.2-dev",\n  "id": "web",\n  "pid": %s,\n  "status": "%s",\n  "bundle": "/run/b"\n}'\''\n' "$2" "$([ "$2" = 0 ] && echo stopped || echo running)" ;;
  esac
}

# ---- each engine ----

@test "each engine's program is asked twice, with the name as a word, and its process is entered" {
  new_target --uts
  ns=$(readlink "/proc/$target/ns/uts")
  while read -r prefix program words; do
    fake "$program" "$(answer "$prefix" "$target")"
    enter -t "$prefix:web" -u readlink /proc/self/ns/uts
    is "$output" "$ns"
    is "$(<"$T/asked")" "$words$NL$words"
  done <<<"$engines"
}

@test "what does not run, as each engine says it" {
  while read -r prefix program words; do
    says "$program" "$(answer "$prefix" 0)" "$prefix:web" "$prefix:web is not running"
  done <<<"$engines"
  says lxc-info : lxc:web "lxc:web is not running" # which says nothing then
  says lxc-info 'echo "PID:            0"' lxc:web "lxc:web is not running"
  says incus 'echo "{\"pid\":0,\"status\":\"Stopped\"}"' incus:web "incus:web is not running"
  says crictl "echo '{\"status\":{\"state\":\"CONTAINER_EXITED\"},\"info\":{\"pid\":$$}}'" crio:web "crio:web is not running"
}

@test "what nobody knows, or several are called by, as each engine says it; its own words stand before ours" {
  new_target --uts
  while IFS='|' read -r prefix program status said what; do
    says "$program" "echo '${said//\'/\'\\\'\'}' >&2; exit $status" "$prefix:web" "$prefix:web: $program knows $what of that name"
    has "$stderr" "$said$NL"
  done <<'END'
docker|docker|1|Error: No such container: web|nothing
docker|docker|1|error: no such object: web|nothing
docker|docker|1|Error response from daemon: Multiple IDs found with provided prefix: a|several
podman|podman|125|Error: inspecting object: no such container web|nothing
podman|podman|125|Error: more than one result for container ID a: container already exists|several
lxc|lxc-info|1|web doesn't exist|nothing
machine|machinectl|1|Could not get path to machine: No machine 'web' known|nothing
runc|runc|1|time="2026-11-26T07:56:42Z" level=error msg="container does not exist"|nothing
crun|crun|1|error opening file `/run/crun/web/status`: No such file or directory|nothing
END
  says incus 'echo "[]"' incus:web "incus:web: incus knows nothing of that name"
  says systemctl 'echo MainPID=0; echo LoadState=not-found' unit:web "unit:web: systemctl knows nothing of that name"
  says systemctl 'echo LoadState=loaded' unit:web.target "unit:web.target: systemctl knows no process of it"
  says systemctl "echo MainPID=$target; echo LoadState=loaded; echo; echo MainPID=$target; echo LoadState=loaded" 'unit:w*' "unit:w*: systemctl knows several of that name"
  says docker "echo '[{\"State\":{\"Pid\":$target}},{\"State\":{\"Pid\":$target}}]'" docker:web "docker:web: docker knows several of that name"
}

@test "crictl is asked for the container of a name where that is no ID, and what it then says is heard" {
  new_target --uts
  fake crictl 'case $1 in
    ps) echo 0123abc ;;
    inspect) [ "$3" = 0123abc ] || { echo "level=fatal msg=\"code = NotFound desc = could not find container \\\"web\\\"\"" >&2; exit 1; }
      '"$(answer crio "$target")"' ;;
    esac'
  enter -t crio:web -u true
  is "$(head -n 3 "$T/asked")" "<inspect><--output=json><web>$NL<ps><--quiet><--name=^web\$>$NL<inspect><--output=json><0123abc>"
  notfound='echo "code = NotFound" >&2; exit 1'
  says crictl 'case $1 in ps) echo 0123abc; echo 0456def ;; inspect) '"$notfound"' ;; esac' containerd:web "containerd:web: crictl knows several of that name"
  says crictl 'case $1 in ps) ;; inspect) '"$notfound"' ;; esac' containerd:web "containerd:web: crictl knows nothing of that name"
  says crictl 'case $1 in ps) echo "--x" ;; inspect) '"$notfound"' ;; esac' containerd:web "containerd:web: crictl knows nothing of that name"
  says crictl "$notfound" containerd:w.b "containerd:w.b: crictl knows nothing of that name" # which would be a pattern
  is "$(wc -l <"$T/asked")" 1
}

@test "an engine that is not there: its package; one that fails: how; one that asks another machine is not asked" {
  export PATH=$T/bin
  while read -r prefix program words; do
    fails 1 "$XNSENTER" -t "$prefix:web" -u true
    has "$stderr" "xnsenter: $prefix:web: cannot ask $program: No such file or directory${NL}xnsenter: hint: $program is not installed, or not in PATH; it is in the package "
  done <<<"$engines"
  PATH=$T/bin:$own_path
  says docker 'echo "Cannot connect to the daemon" >&2; exit 7' docker:web "docker:web: docker failed with status 7"
  says docker 'printf "no end" >&2; exit 7' docker:web "docker:web: docker failed with status 7"
  is "$stderr" "no end${NL}xnsenter: docker:web: docker failed with status 7"
  says docker 'kill -9 $$' docker:web "docker:web: docker was killed by signal 9"
  says docker "echo $$; exit 1" docker:web "docker:web: docker failed with status 1"
  fake docker :
  chmod a-x "$T/bin/docker"
  PATH=$T/bin fails 1 "$XNSENTER" -t docker:web -u true
  is "$stderr" "xnsenter: docker:web: cannot ask docker: Permission denied"
  DOCKER_HOST=ssh://other says docker :  docker:web "docker:web: docker asks another machine, whose PIDs mean nothing here: DOCKER_HOST=ssh://other"
  CONTAINER_HOST=tcp://other:1 says podman : podman:web "podman:web: podman asks another machine, whose PIDs mean nothing here: CONTAINER_HOST=tcp://other:1"
  [ ! -s "$T/asked" ]
  new_target --uts
  fake docker "echo $target"
  DOCKER_HOST=unix:///run/docker.sock enter -t docker:web -u true
}

# ---- answers ----

@test "no answer that is not one number, and nothing else, is taken for a process" {
  new_target --uts
  junk="docker:web: the answer of docker is not understood:"
  while IFS='|' read -r body quote; do
    says docker "$body" docker:web "$junk $quote"
  done <<END
echo "12; rm -rf"|"12; rm -rf"
echo -5|"-5"
echo +$target|"+$target"
echo 0x10|"0x10"
echo $target.0|"$target.0"
echo 99999999999999999999|"99999999999999999999"
echo 4294967297|"4294967297"
echo "${target}x"|"${target}x"
echo "<no value>"|"<no value>"
printf '$target\\0'|"$target\\x00"
printf '\\033[2J$target'|"\\x1b[2J$target"
printf '\\200\\377$target'|"\\x80\\xff$target"
echo "$target # yes"|"$target # yes"
echo "Pid: $target"|"Pid: $target"
END
  says docker "head -c 1048575 /dev/zero | tr '\\0' 1" docker:web "$junk \"$(printf '1%.0s' {1..60})...\""
  says docker "echo $target $target" docker:web "docker:web: docker knows several of that name"
  says docker "echo $target; echo 1" docker:web "docker:web: docker knows several of that name"
  says docker : docker:web "docker:web: docker answers nothing"
  says docker 'exec >&-' docker:web "docker:web: docker answers nothing"
  says docker "head -c 1048576 /dev/zero | tr '\\0' 1" docker:web "docker:web: the answer of docker is too long"
  says docker 'yes' docker:web "docker:web: the answer of docker is too long"
  says docker 'echo 00' docker:web "docker:web is not running"
}

@test "of JSON the PID is a number at its place, once" {
  new_target --uts
  while IFS= read -r json; do
    fake runc "cat <<'JSON'$NL$json${NL}JSON"
    fails 1 "$XNSENTER" -t runc:web -u true
    has "$stderr" "xnsenter: runc:web: the answer of runc is not understood: "
  done <<END
{"pid":"$target"}
{"pid":$target,"pid":$target}
{"pid":$target.5}
{"pid":[$target]}
{"pid":{"pid":$target}}
{"pid":-$target}
{"pid":null}
{"x":{"pid":$target}}
{"x":"\\",\\"pid\\":$target"}
{"pid":$target
{"pid":$target}}
{"pid":$target} 1
{"pid" $target}
{pid:$target}
[["pid",$target]]
$(printf '[%.0s' {1..200})
{"p\\u0069d":$target}
END
  for json in '{"pid":'"$target"'}' '[{"a":[1,{"pid":2}],"pid":'"$target"',"b":"}"}]' '  { "x" : { "pid" : 1 } ,
    "pid" : '"$target"' } '; do
    fake runc "printf '%s\\n' '$json'"
    enter -t runc:web -u true
  done
}

@test "a process that ends, or is another by the second answer, is not entered; nor is this process, or none" {
  new_target --uts
  fake docker 'echo $$' # the program that answers
  fails 1 "$XNSENTER" -t docker:web -u true
  [[ $stderr =~ ^xnsenter:\ docker:web:\ process\ [0-9]+\ has\ ended\ meanwhile$ ]]
  says docker 'echo $PPID' docker:web "docker:web: docker says that it is this process itself"
  dead_pid
  says docker "echo $pid" docker:web "docker:web: process $pid has ended meanwhile"
  says docker '[ "$(wc -l <'"$T/asked"')" = 1 ] && echo '"$target"' || echo 1' docker:web "docker:web was process $target, and is no more"
  says docker '[ "$(wc -l <'"$T/asked"')" = 1 ] && echo '"$target"' || echo 0' docker:web "docker:web was process $target, and is no more"
  says docker '[ "$(wc -l <'"$T/asked"')" = 1 ] && echo '"$target"' || { echo "No such container" >&2; exit 1; }' docker:web "docker:web: docker knows nothing of that name"
  is "$(head -n 1 <<<"$stderr")" "No such container"
  says docker '[ "$(wc -l <'"$T/asked"')" = 1 ] || { kill -9 '"$target"'; while readlink /proc/'"$target"'/exe; do sleep 0.01; done >/dev/null; }; echo '"$target" docker:web "docker:web: process $target has ended meanwhile"
}

# none_runs NAME: no process of this test executes a program called so
none_runs() {
  local file files
  mapfile -t files < <(grep -lzxF "XNS_TEST=$T" /proc/[0-9]*/environ 2>/dev/null)
  for file in "${files[@]}"; do
    [ "$(cat "${file%/*}/comm" 2>/dev/null)" != "$1" ] || return 1
  done
}

@test "an engine has ten seconds, and then it is killed, with all that it has started" {
  fake docker 'sleep 41003'
  fake podman 'trap "" TERM INT HUP; exec >&-; while :; do sleep 41003; done'
  fake runc 'echo 1; exec sleep 41003'
  fake crun '(while :; do echo x >&2; done) & sleep 41003'
  fake lxc-info 'yes >&2' # which nobody reads
  start bash -c '"$1" -t lxc:web -u true 2> >(exec sleep 41006)' sh "$XNSENTER"
  for prefix in docker podman runc crun; do
    start bash -c '"$1" -t "$2:web" -u true 2>"$3"; echo "$?" >>"$3"' sh "$XNSENTER" "$prefix" "$T/$prefix"
  done
  begun=$SECONDS
  for prefix in docker podman runc crun; do
    wait_until grep -qx 1 "$T/$prefix" || wait_until grep -qx 1 "$T/$prefix"
    is "$(tail -n 2 "$T/$prefix")" "xnsenter: $prefix:web: $prefix has not answered within 10 seconds${NL}1"
  done
  took=$((SECONDS - begun))
  [ "$took" -ge 8 ]
  [ "$took" -le 30 ]
  wait_until none_runs yes
  is "$(grep -lzxF "XNS_TEST=$T" /proc/[0-9]*/environ 2>/dev/null | xargs -r -n 1 dirname | while read -r dir; do tr '\0' ' ' <"$dir/cmdline"; done | grep '4100[3]' || :)" ""
}

@test "who ends xnsenter ends what it asks; what an engine leaves running is not waited for" {
  fake docker 'echo $$ >"${0%/*}/../pid"; exec sleep 41004'
  for signal in INT TERM HUP; do
    rm -f "$T/pid"
    start "$XNSENTER" -t docker:web -u true
    wait_until [ -s "$T/pid" ]
    wait_until runs "$(<"$T/pid")" sleep
    kill -s "$signal" "$pid"
    status=0
    wait "$pid" || status=$?
    is "$status" $((128 + $(kill -l "$signal")))
    wait_until gone "$(<"$T/pid")"
  done
  new_target --uts
  fake docker "sleep 41005 & echo $target"
  SECONDS=0
  enter -t docker:web -u true
  [ "$SECONDS" -lt 5 ]
}

@test "an ignored or a blocked SIGCHLD, closed descriptors, and much on standard error do not matter" {
  new_target --uts
  fake docker "head -c 300000 /dev/zero >&2; /bin/true; echo $target"
  for how in --ignore-signal=CHLD --block-signal=CHLD --default-signal=CHLD; do
    try env "$how" "$XNSENTER" -t docker:web -u true
    is "$status" 0
    try env "$how" "$XLSNS" -n -p docker:web -t uts -o PID
    is "${output// /}" "$target"
  done
  fake docker "cat; echo $target"
  "$XNSENTER" -t docker:web -u cat <<<"mine" >"$T/out"
  is "$(<"$T/out")" mine # it reads nothing of what is the program's
  "$XNSENTER" -t docker:web -u true <&- >&- 2>&-
}

# ---- words ----

@test "a name is no option and no path; a prefix that is not known is told from one that is" {
  fake docker 'echo 1'
  for tool in xnsenter xlsns; do
    letter=$([ $tool = xnsenter ] && echo -t || echo -p)
    while IFS='|' read -r word message near; do
      fails 1 "$BIN/$tool" "$letter" "$word"
      is "$stderr" "$tool: $message${near:+$NL$tool: hint: did you mean $near?}"
    done <<END
docker:|there is no name behind the colon: 'docker:'
docker:--help|a name does not begin with -: 'docker:--help'
docker:../x|a name is no path: 'docker:../x'
crun:..|a name is no path: 'crun:..'
netns:a/b|a name is no path: 'netns:a/b'
dokcer:web|invalid PID argument: 'dokcer:web'|docker
Docker:web|invalid PID argument: 'Docker:web'|docker
frobnicate:web|invalid PID argument: 'frobnicate:web'
END
  done
  [ ! -s "$T/asked" ]
  fails 1 "$XUNSHARE" --join net=docker: true
  is "$stderr" "xunshare: there is no name behind the colon: 'docker:'"
  fails 1 "$XUNSHARE" --join net=dokcer:web true
  is "$stderr" "xunshare: cannot open dokcer:web: No such file or directory${NL}xunshare: hint: did you mean docker?"
  fails 1 "$XNSENTER" --net=docker:web true
  is "$(tail -n 1 <<<"$stderr")" "xnsenter: hint: docker:web is a process: --target=docker:web names it; behind the = stands a file"
  new_target --uts
  for word in 'a b' 'a;touch pwn' '$(touch pwn)' 'a:b' $'a\nb' '*' 'a%b'; do
    fake docker "echo $target"
    enter -t "docker:$word" -u true
    is "$(head -n "$(($(wc -l <"$T/asked") / 2))" "$T/asked")" "<inspect><--type=container><--format={{.State.Pid}}><$word>"
  done
}

@test "a file that is called as an engine's container is a path with a slash" {
  new_target --net
  fake docker 'exit 1'
  cd "$T"
  : >docker:x
  private sh -c 'mount --bind /proc/'"$target"'/ns/net docker:x && exec "$0" --join net=./docker:x readlink /proc/self/ns/net' "$XUNSHARE" >out
  is "$(<out)" "$(readlink "/proc/$target/ns/net")"
  private sh -c 'mount --bind /proc/'"$target"'/ns/net docker:x && exec "$0" --net=docker:x readlink /proc/self/ns/net' "$XNSENTER" >out
  is "$(<out)" "$(readlink "/proc/$target/ns/net")"
  [ ! -s asked ]
}

@test "a program with rights that its caller has not asks nobody" {
  new_target --uts
  fake docker "echo $target"
  cp "$XNSENTER" "$T/setuid"
  chmod 4755 "$T/setuid"
  [ "$(as_user "$PLAIN" "$T/setuid" --version)" ]
  fails 1 as_user "$PLAIN" "$T/setuid" -t docker:web -u true
  is "$stderr" "setuid: docker:web: no program is asked with rights that the caller has not"
  [ ! -s "$T/asked" ]
}

# ---- each tool ----

@test "xunshare --join asks once for all that is joined of a name, and tells what it asked" {
  new_target --net --uts
  fake podman "echo $target"
  ok --join net=podman:web --join uts=podman:web sh -c 'readlink /proc/self/ns/net /proc/self/ns/uts'
  is "$output" "$(readlink "/proc/$target/ns/net" "/proc/$target/ns/uts")"
  is "$(wc -l <"$T/asked")" 2
  ok --dry-run --join net=podman:web true
  is "$(head -n 2 <<<"$output" | sed 's/([0-9]*</(FD</')" "# podman:web is process $target, as podman says: podman inspect --type=container --format={{.State.Pid}} web answers $target
setns(FD</proc/$target/ns/net>, CLONE_NEWNET)"
  fails 1 "$XUNSHARE" --join uts=netns:blue true
  is "$stderr" "xunshare: netns:blue is a network, without a uts namespace"
}

@test "what a dry run of a target by name tells is what strace sees" {
  need strace
  new_target --net --uts
  fake runc "$(answer runc "$target")"
  for args in "-t runc:web -n -u" "-t runc:web -a -r -w"; do
    # shellcheck disable=SC2086 # words
    "$XNSENTER" --dry-run $args /bin/true >"$T/dry"
    has "$(head -n 1 "$T/dry")" "# runc:web is process $target, as runc says: runc state web (pid)"
    # shellcheck disable=SC2086
    strace -f -qq -s 4096 -o "$T/strace" "$XNSENTER" $args /bin/true 2>/dev/null
    awk -f "$XNS_SRC/tests/lib/strace-normalize" -v told=1 "$T/dry" >"$T/dry.normal"
    awk -f "$XNS_SRC/tests/lib/strace-normalize" -v tool="$XNSENTER" "$T/strace" >"$T/strace.normal"
    grep -q execve "$T/dry.normal"
    diff -U 100 "$T/dry.normal" "$T/strace.normal"
  done
  "$XNSENTER" -x -t runc:web -u true 2>"$T/err"
  has "$(<"$T/err")" "# runc:web is process $target"
}

@test "xlsns: the namespaces of a name, the differences of two" {
  new_target --net --uts
  one=$target
  new_target --net
  fake docker "case \$4 in one) echo $one ;; two) echo $target ;; esac"
  succeeds "$XLSNS" -p docker:one -r -n -o NS,TYPE
  is "$output" "$("$XLSNS" -p "$one" -r -n -o NS,TYPE)"
  succeeds "$XLSNS" -r --diff docker:one docker:two
  is "$output" "$("$XLSNS" -r --diff "$one" "$target")"
  succeeds "$XLSNS" -r --diff "$one" docker:two
  is "$output" "$("$XLSNS" -r --diff "$one" "$target")"
  fails 1 "$XLSNS" -P -p docker:one
  fails 1 "$XLSNS" -p docker:one 4026531840
  is "$stderr" "xlsns: --task is mutually exclusive with <namespace>"
  fails 1 "$XLSNS" --diff docker:one netns:blue
  is "$stderr" "xlsns: netns:blue is a network, and no process"
}

@test "the classic names take a target by name where they take a PID" {
  new_target --net --uts
  fake docker "echo $target"
  succeeds "$BIN/nsenter" -t docker:web -u readlink /proc/self/ns/uts
  is "$output" "$(readlink "/proc/$target/ns/uts")"
  succeeds "$BIN/lsns" -p docker:web -t uts -n -o NS
  is "${output// /}" "$(stat -Lc %i "/proc/$target/ns/uts")"
}
