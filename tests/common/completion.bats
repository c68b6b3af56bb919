#!/usr/bin/env bats
# Completion in real shells, on a terminal: what they put on the command line is a word.
# not sanitized: shells

# shellcheck disable=SC2016,SC2088 # what other shells expand; words as they are typed
load ../lib/helpers

setup() {
  xns_setup
  export XDG_RUNTIME_DIR=$T # fish would make a directory in /tmp
  need_root
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
}

teardown() {
  exec 8>&-
  xns_teardown
}

# in_shell SHELL COMMAND...: types each line and a tab into an interactive shell on a terminal, in a world with names that would
# be code, and the file netfile; what the tools are given there is in $output, a line each. $T/links, with the classic names and a
# program xnsprogram, stands first in PATH; with $last it stands last.
in_shell() {
  local shell=$1 line i=0
  shift
  need script "$shell"
  cat >"$T/world" <<'END'
mount -t tmpfs xns /run && mkdir /run/netns /run/w && cd /run/netns || exit
for name in 'x;touch pwn' '$(touch pwn)' '`touch pwn`' 'a b' "q'uote" 'd"q' 'back\slash' '~tilde' '*glob' '&amp' '|bar' '<in' '(par' $'t\n; touch pwn' 'e!x' '#hash' all plain; do : >"$name"; done
cd /run/w && : >netfile && exec "$@" <"$T/keys" >/dev/null 2>&1 8>&-
END
  mkdir -p "$T/links"
  ln -s "$XUNSHARE" "$T/links/unshare"
  ln -s "$XNSENTER" "$T/links/nsenter"
  ln -s "$XLSNS" "$T/links/lsns"
  ln -s "$XNETNS" "$T/links/ip"
  ln -s /bin/true "$T/links/xnsprogram"
  local path="$T/links:$PATH"
  [ -z "${last:-}" ] || path="$PATH:$T/links"
  cat >"$T/rc.bash" <<'END'
for tool in {x,}{unshare,nsenter,lsns} xnetns ip; do eval "$tool() { printf '<%s>' \"\$@\" >>\"\$T/got\"; echo >>\"\$T/got\"; }"; done
xnsfunction() { :; }
for file in xunshare xnsenter xlsns xnetns xns; do . "$XNS_BUILD/completions/bash/$file"; done
bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; PS1='@ '
END
  mkdir -p "$T/zsh" "$T/fish"
  cat >"$T/zsh/.zshrc" <<'END'
fpath=("$XNS_BUILD/completions/zsh" "$XNS_SRC/completions/zsh" $fpath); autoload -Uz compinit; compinit -u -d "$T/zdump"; unset zle_bracketed_paste; PS1='@ '
xunshare xnsenter xlsns xnetns unshare nsenter lsns ip() { printf '<%s>' "$@" >>"$T/got"; echo >>"$T/got" }
xnsfunction() { : }
END
  cat >"$T/rc.fish" <<'END'
for tool in {x,}{unshare,nsenter,lsns} xnetns ip; function $tool; printf '<%s>' $argv >>$T/got; echo >>$T/got; end; end
function xnsfunction; end
function fish_prompt; echo -n '@ '; end
function fish_greeting; end
for file in $XNS_BUILD/completions/fish/*.fish; source $file; end
END
  case $shell in
    bash) set -- "bash --noprofile --rcfile $T/rc.bash -i" "$@" ;;
    zsh) set -- "zsh -i" "$@" ;;
    fish) set -- "fish --no-config -i -C 'source $T/rc.fish'" "$@" ;;
  esac
  export T
  mkfifo "$T/keys"
  exec 8<>"$T/keys"
  : >"$T/got"
  start unshare --mount --propagation private -- env PATH="$path" HOME="$T/fish" ZDOTDIR="$T/zsh" TERM=xterm XDG_CONFIG_HOME="$T/fish" bash "$T/world" script -qfec "stty cols 200; exec $1" "$T/log"
  shift
  wait_until grep -q '@ ' "$T/log"
  for line; do
    printf '%s\t' "$line" >&8
    # the answer of the shell to the tab is on the terminal once it has echoed what comes behind it
    printf ' ,%s,' $((++i)) >&8
    wait_until grep -q ",$i," "$T/log"
    printf '\r' >&8
    wait_until grep -q ",$i," "$T/got"
  done
  [ ! -e "/proc/$pid/root/run/w/pwn" ]
  child_of "$pid"
  is "$(find "/proc/$child/root/run/w" "/proc/$child/root/run/netns" -name pwn)" ""
  exec 8>&-
  output=$(<"$T/got")
}

# ---- names are not code ----

lines=('xnetns delete x' 'xnetns delete \$' 'xnetns delete \`' 'xnetns delete a\ ' 'xnetns delete q' 'xnetns delete d' 'xnetns delete ba' 'xnetns delete \~' 'xnetns delete \*'
  'xnetns delete \&' 'xnetns delete \|' 'xnetns delete \<' 'xnetns delete \(' 'xnetns exec e' 'xnetns -n pl' 'xnetns delete t')
expected='<delete><x;touch pwn><,1,>
<delete><$(touch pwn)><,2,>
<delete><`touch pwn`><,3,>
<delete><a b><,4,>
<delete><q'"'"'uote><,5,>
<delete><d"q><,6,>
<delete><back\slash><,7,>
<delete><~tilde><,8,>
<delete><*glob><,9,>
<delete><&amp><,10,>
<delete><|bar><,11,>
<delete><<in><,12,>
<delete><(par><,13,>
<exec><e!x><,14,>
<-n><plain><,15,>'

@test "bash puts names on the command line as words, whatever they are" {
  in_shell bash "${lines[@]}"
  is "$output" "$expected$NL<delete><t$NL; touch pwn><,16,>"
}

@test "zsh puts names on the command line as words, whatever they are" {
  in_shell zsh "${lines[@]}"
  is "$output" "$expected$NL<delete><t$NL; touch pwn><,16,>"
}

@test "fish puts names on the command line as words, whatever they are" {
  lines[8]='xnetns delete al' # it does not complete behind \*
  in_shell fish "${lines[@]:0:15}"
  is "$output" "${expected/\*glob/all}"
}

# ---- what is offered ----

# a line and a tab, and what the tool gets
offers=(
  'xunshare --join n' '<--join><net=>'
  'xunshare --join=net=netf' '<--join=net=netfile>'
  'xunshare --join net=netf' '<--join><net=netfile>'
  'xunshare --bind netf' '<--bind><netfile>'
  'xnsenter -S fol' '<-S><follow>'
  'xnsenter --setgid fol' '<--setgid><follow>'
  'xunshare --kill-child=XCP' '<--kill-child=XCPU>'
  'xunshare --kill-child=SIGVTA' '<--kill-child=SIGVTALRM>'
  'xnetns delete --kill=WINC' '<delete><--kill=WINCH>'
  'xnetns attach blue netf' '<attach><blue><netfile>'
  'xnetns pids ./netf' '<pids><./netfile>'
  'xnetns set plain aut' '<set><plain><auto>'
  'xnetns help ren' '<help><rename>'
  'xnetns link plai' '<link><plain>'
  'xnetns link plain,de' '<link><plain,dev=>'
  'xnetns link . plai' '<link><.><plain>'
  'xnetns link .,dev=e0,g' '<link><.,dev=e0,gw=>'
  'xnetns link . plain,ad' '<link><.><plain,addr=>'
  'xlsns -t cgr' '<-t><cgroup>'
  'xlsns --output NPROCS,HOLD' '<--output><NPROCS,HOLDERS>'
  'xunshare --net xnsp' '<--net><xnsprogram>'
  'xunshare --net xnsf' '<--net><xnsf>'
  'xunshare --net _xn' '<--net><_xn>'
  'xnsenter -a xnsp' '<-a><xnsprogram>'
  'xnetns exec plain xnsp' '<exec><plain><xnsprogram>'
  'xnetns exec plain xnsf' '<exec><plain><xnsf>'
  'xnetns -all exec xnsp' '<-all><exec><xnsprogram>'
)

classic=(
  'unshare --join n' '<--join><net=>'
  'nsenter -S fol' '<-S><follow>'
  'lsns --output NPROCS,HOLD' '<--output><NPROCS,HOLDERS>'
  'ip netns att' '<netns><attach>'
  'ip -json netns ren' '<-json><netns><rename>'
  'ip -n plain net exec pla' '<-n><plain><net><exec><plain>'
  'ip netns exec plain xnsp' '<netns><exec><plain><xnsprogram>'
  'ip netns add --if' '<netns><add><--if>'
)

# answers SHELL ROW...: each line and what is expected of it
answers() {
  local shell=$1 i wanted=() typed=()
  shift
  for ((i = 1; i < $#; i += 2)); do
    typed+=("${@:i:1}")
    wanted+=("${@:i+1:1}<,$((i / 2 + 1)),>")
  done
  in_shell "$shell" "${typed[@]}"
  is "$output" "$(printf '%s\n' "${wanted[@]}")"
}

@test "bash offers kinds, signals, files, names and columns where they stand, and programs alone where one does" {
  answers bash "${offers[@]}" 'xlsns -o nprocs,hold' '<-o><nprocs,HOLDERS>' 'xunshare --kill-child=sigvta' '<--kill-child=sigVTALRM>'
}

@test "bash offers processes for both words of xlsns --diff, and namespaces elsewhere" {
  replies() {
    bash -c '. "$XNS_BUILD/completions/bash/xlsns"; COMP_LINE=$*; COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _xlsns; printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | grep -cx "${!#}"
  }
  for line in "xlsns --diff $$" "xlsns --diff 1 $$" "xlsns -J --diff=1 $$"; do
    # shellcheck disable=SC2086 # several words
    is "$(PATH=$BIN:$PATH COMP_WORDBREAKS=' ' replies $line)" 1
  done
  is "$(PATH=$BIN:$PATH replies xlsns $$ || :)" 0
}

@test "zsh offers kinds, signals, files, names and columns where they stand, and programs alone where one does" {
  answers zsh "${offers[@]}"
}

@test "fish offers kinds, signals, files, names and columns where they stand, and programs alone where one does" {
  answers fish "${offers[@]}"
}

# Of a container's engine, which is there, and one that is not
engine_lines=('xnsenter -t dock' 'xnsenter -t docker:we' 'xlsns -p docker:we' 'xnetns exec docker:we' 'xnetns attach blue docker:we' 'xunshare --join net=docker:we'
  'xnsenter -t docker:\$' 'xnsenter -t docker:x' 'xnsenter -t docker:no' 'xnsenter -t crun:x')
engine_gets='<-t><docker:>
<-t><docker:web>
<-p><docker:web>
<exec><docker:web>
<attach><blue><docker:web>
<--join><net=docker:web>
<-t><docker:$(touch>
<-t><docker:x;touch>
<-t><docker:no>
<-t><crun:x>'

# in_shell_with_docker SHELL: what these lines become, without the numbers behind them
in_shell_with_docker() {
  mkdir -p "$T/links"
  printf '%s\n' '#!/bin/sh' '[ "$*" = "ps --format {{.Names}}" ] && printf "%s\n" web "x;touch pwn" "\$(touch pwn)"' >"$T/links/docker"
  chmod 755 "$T/links/docker"
  in_shell "$1" "${engine_lines[@]}"
  is "$(sed -E 's/<,[0-9]+,>$//; s/,[0-9]+,>$/>/' <<<"$output")" "$engine_gets"
}

@test "bash offers what an engine knows behind its prefix, as words, and nothing where it is not there" {
  in_shell_with_docker bash
}

@test "zsh offers what an engine knows behind its prefix, as words, and nothing where it is not there" {
  in_shell_with_docker zsh
}

@test "fish offers what an engine knows behind its prefix, as words, and nothing where it is not there" {
  in_shell_with_docker fish
}

@test "bash completes the classic names as the tools where their links come first in PATH" {
  answers bash "${classic[@]}"
}

@test "zsh completes the classic names as the tools where their links come first in PATH" {
  answers zsh "${classic[@]}"
}

@test "fish completes the classic names as the tools where their links come first in PATH" {
  answers fish "${classic[@]}"
}

@test "the classic names are the shell's own business where the links do not come first in PATH" {
  local last=1 shell
  need unshare nsenter
  for shell in bash zsh fish; do
    [ "$shell" = bash ] || rm -r "$T/keys" "$T/links"
    answers "$shell" 'unshare --join cgr' '<--join><cgr>' 'nsenter -S fol' '<-S><fol>'
  done
}

@test "fish says what each column, each kind of namespace and each command means" {
  local all column meaning pid=$BASHPID
  need fish
  fish_says() {
    fish --no-config -c 'for file in $XNS_BUILD/completions/fish/*.fish; source $file; end; complete -C $argv[1]' "$1"
  }
  succeeds "$XLSNS" --list-columns
  all=$(fish_says 'xlsns --output ')
  while read -r column _ meaning; do
    has "$NL$all$NL" "$NL$column"$'\t'"$meaning$NL"
  done <<<"$output"
  has "$(fish_says 'xlsns --output NPROCS,DEP')" $'NPROCS,DEPTH\thow many parents'
  is "$(fish_says 'xlsns --type cg')" $'cgroup\tthe root of the cgroup tree'
  is "$(fish_says 'xunshare --join cg')" $'cgroup=\tthe root of the cgroup tree'
  is "$(fish_says 'xnetns ren')" $'rename\tchange a name'
  has "$NL$(fish_says "xlsns --diff 1 $pid")" "$NL$pid"
  hasnt "$NL$(fish_says "xlsns $pid")" "$NL$pid"
  # of a process, too, behind the kind
  has "$(fish_says "xunshare --join net=$pid")" "net=$pid"
}

@test "the generator of a cross build is made for the build machine, and says what the other does" {
  local shell tool
  need make "${CC:-cc}"
  make -s -C "$XNS_BUILD" completions/gen-for-build CC_FOR_BUILD="${CC:-cc}" CFLAGS_FOR_BUILD=-O0 3>&-
  for shell in bash/ zsh/_ fish/; do
    for tool in xunshare xnsenter xlsns xnetns; do
      "$XNS_BUILD/completions/gen-for-build" "$XNS_SRC/completions" "${shell%%/*}" "$tool" |
        cmp - "$XNS_BUILD/completions/$shell$tool$([ "$shell" != fish/ ] || echo .fish)"
    done
  done
}

@test "bash and fish offer each signal that kill has, whatever machine this was built on" {
  local name
  need fish
  # shellcheck disable=SC2043 # one list
  while read -r name; do
    case $name in RTMI[N]?* | RTMA[X]?* | IO | POLL) continue ;; esac
    grep -qE "[' ]${name}[' ]" "$XNS_BUILD/completions/bash/xunshare"
    grep -qx "	echo $name" "$XNS_BUILD/completions/fish/xunshare.fish"
  done < <(bash -c 'kill -l' | grep -oE 'SIG[A-Z0-9+-]+' | sed 's/^SIG//')
}
