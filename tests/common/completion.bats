#!/usr/bin/env bats
# Completion in real shells, on a terminal: what they put on the command line is a word.
# not sanitized: shells

# shellcheck disable=SC2016,SC2088 # what other shells expand; words as they are typed
load ../lib/helpers

setup() {
  xns_setup
  need_root
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
}

teardown() {
  exec 8>&-
  xns_teardown
}

# ---- names are not code ----

# in_shell SHELL COMMAND...: types each line into an interactive shell on a terminal, in a world with names that would be
# code; what xnetns is given there is in $output, a line each
in_shell() {
  local shell=$1 line i=0
  shift
  need script "$shell"
  cat >"$T/world" <<'END'
mount -t tmpfs xns /run && mkdir /run/netns /run/w && cd /run/netns || exit
for name in 'x;touch pwn' '$(touch pwn)' '`touch pwn`' 'a b' "q'uote" 'd"q' 'back\slash' '~tilde' '*glob' '&amp' '|bar' '<in' '(par' $'t\n; touch pwn' 'e!x' '#hash' all plain; do : >"$name"; done
cd /run/w && exec "$@" <"$T/keys" >/dev/null 2>&1 8>&-
END
  cat >"$T/rc.bash" <<'END'
xnetns() { printf '<%s>' "$@" >>"$T/got"; echo >>"$T/got"; }
. "$XNS_BUILD/completions/bash/xnetns"
bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; PS1='@ '
END
  mkdir -p "$T/zsh" "$T/fish"
  cat >"$T/zsh/.zshrc" <<'END'
fpath=("$XNS_BUILD/completions/zsh" $fpath); autoload -Uz compinit; compinit -u -d "$T/zdump"; unset zle_bracketed_paste; PS1='@ '
xnetns() { printf '<%s>' "$@" >>"$T/got"; echo >>"$T/got" }
END
  cat >"$T/rc.fish" <<'END'
function xnetns; printf '<%s>' $argv >>$T/got; echo >>$T/got; end
function fish_prompt; echo -n '@ '; end
function fish_greeting; end
source $XNS_BUILD/completions/fish/xnetns.fish
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
  start unshare --mount --propagation private -- env HOME="$T/fish" ZDOTDIR="$T/zsh" TERM=xterm XDG_CONFIG_HOME="$T/fish" bash "$T/world" script -qfec "stty cols 200; exec $1" "$T/log"
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
