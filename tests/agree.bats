#!/usr/bin/env bats
# What is written about xunshare agrees with what it does: help, manual page, completions, README.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load helpers

setup() {
  xns_setup
  PAGE=$XNS_SRC/man/xunshare.1
}

teardown() {
  xns_teardown
}

# "-L, --name ARGUMENT" of each option, by --help: ARGUMENT is no, optional or required; "--name" alone without a letter
help_options() {
  LC_ALL=C "$XUNSHARE" --help | sed -nE \
    -e 's/^( -., |     )(--[a-z-]+)\[=<.*/\1\2 optional/p;t' \
    -e 's/^( -., |     )(--[a-z-]+) <.*/\1\2 required/p;t' \
    -e 's/^( -., |     )(--[a-z-]+)( .*)?$/\1\2 no/p' | sed 's/^ *//' | sort
}

# The same by the manual page's items
page_options() {
  sed -nE 's/^\.It Fl //p' "$PAGE" | sed -E \
    -e 's/^([A-Za-z]) , -([a-z-]+)/-\1, --\2/' \
    -e 's/^-([a-z][a-z-]+)/--\1/' \
    -e 's/^((-., )?--[a-z-]+)$/\1 no/' \
    -e 's/^((-., )?--[a-z-]+) Ns Op =.*/\1 optional/' \
    -e 's/^((-., )?--[a-z-]+) (Ns = Ns )?(Ar|Cm) .*/\1 required/' | sort
}

@test "the manual page has each option of --help with its letter and argument, and no other" {
  [ "$(help_options | wc -l)" -ge 39 ]
  diff -U 0 <(help_options) <(page_options)
}

@test "what help says of an argument is what getopt wants" {
  local name kind
  help_options | sed 's/^-., //' >"$T/options"
  while read -r name kind; do
    case $name in --help | --version) continue ;; esac
    status=0
    # an argument is taken, or an error
    stderr=$("$XUNSHARE" --dry-run "$name=" true 2>&1 >/dev/null) || :
    echo "$name $kind: $stderr"
    if [ "$kind" = no ]; then
      has "$stderr" "doesn't allow an argument"
    else
      hasnt "$stderr" "doesn't allow an argument"
    fi
    stderr=$("$XUNSHARE" "$name" 2>&1 >/dev/null </dev/null -h) || :
    if [ "$kind" = required ]; then
      # it took -h for its argument
      ! "$XUNSHARE" "$name" -h </dev/null 2>/dev/null | grep -q '^Usage:'
    else
      "$XUNSHARE" "$name" -h </dev/null | grep -q '^Usage:'
    fi
  done <"$T/options"
}

@test "no letter stands for two options" {
  is "$(help_options | sed -n 's/^-\(.\),.*/\1/p' | sort | uniq -d)" ""
}

@test "the manual page names each exit status" {
  local status
  for status in 126 127; do
    sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/p' "$PAGE" | grep -q "^\.It .*$status"
  done
}

@test "the manual page has its sections, and at least twelve examples" {
  local section
  for section in 'EXIT STATUS' FILES DIAGNOSTICS EXAMPLES; do
    grep -qx "\.Sh $section" "$PAGE"
  done
  [ "$(sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$PAGE" | grep -cE '[#$] (.*\| )?(sudo )?xunshare ')" -ge 12 ]
}

# options_exist FILE: each long option that stands behind "xunshare" on a line of it is one
options_exist() {
  local option all
  all=$(help_options | grep -o -e '--[a-z-]*')
  grep -E '(^|[^/a-z])xunshare ' "$1" | sed -E 's/^.*(^|[^/a-z])xunshare //; s/\\-/-/g' | tr ' ' '\n' |
    sed -nE 's/^(--[a-z][a-z-]*).*/\1/p' | sort -u >"$T/used"
  [ -s "$T/used" ]
  while read -r option; do
    echo "$option"
    case $option in --make-* | --bind | --rbind | --net | --target) continue ;; esac
    grep -qx -e "$option" <<<"$all"
  done <"$T/used"
}

@test "the options in the manual page's examples exist" {
  sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAG/p' "$PAGE" >"$T/examples"
  options_exist "$T/examples"
}

@test "the options in README.md exist" {
  options_exist "$XNS_SRC/README.md"
}

@test "README.md starts with the two commands, and marks the tools that are to come" {
  local tool
  grep -qE '^ +\./bootstrap run xunshare --user --map-root-user --pid --fork --mount-proc ps ax$' "$XNS_SRC/README.md"
  grep -qE '^ +\./bootstrap check$' "$XNS_SRC/README.md"
  for tool in xunshare xnsenter xlsns xnetns; do
    if [ -e "$XNS_BUILD/src/$tool" ]; then
      ! grep "^| \`$tool\`" "$XNS_SRC/README.md" | grep -q 'to come'
    else
      grep "^| \`$tool\`" "$XNS_SRC/README.md" | grep -q 'to come'
    fi
  done
}

@test "each hint of the source is explained in the manual page" {
  local text
  sed -n '/^\.Sh DIAGNOSTICS/,$p' "$PAGE" | tr '\n' ' ' | sed -E "s/[0-9]+/N/g" >"$T/diagnostics"
  # the first words of each message, up to what is filled in
  tr '\n' ' ' <"$XNS_SRC/src/lib/hint.c" | grep -oE 'N_\("[^"]*' | sed -E 's/^N_\("//; s/^%s is (%ld|neither)[:;]? ?//; s/[:;,(%].*//; s/ *$//; s/^ *//' |
    grep -E '.{12}' | cut -c1-40 | sed -E "s/[0-9]+/N/g" | sort -u >"$T/hints"
  [ "$(wc -l <"$T/hints")" -gt 10 ]
  while read -r text; do
    echo "hint: $text"
    grep -qF -e "$text" "$T/diagnostics"
  done <"$T/hints"
}

# ---- completions ----

@test "each shell's completion has each long option" {
  local file option
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  for option in $(help_options | grep -o -e '--[a-z-]*'); do
    for file in bash/xunshare zsh/_xunshare; do
      echo "$file $option"
      grep -qE -e "(^|[^a-z-])$option([^a-z-]|$)" "$XNS_BUILD/completions/$file"
    done
    echo "fish $option"
    grep -qE -e "-l ${option#--}( |$)" "$XNS_BUILD/completions/fish/xunshare.fish"
  done
}

@test "bash completes the options" {
  [ -e "$XNS_BUILD/completions/bash/xunshare" ] || skip "completions are not built"
  succeeds bash --norc -c '
    compopt() { :; }
    . "$1"
    COMP_WORDS=(xunshare --map-s) COMP_CWORD=1 COMP_LINE="xunshare --map-s" COMP_POINT=16
    spec=$(complete -p xunshare)
    [[ $spec =~ -F\ ([^ ]+) ]]
    "${BASH_REMATCH[1]}" xunshare --map-s xunshare
    echo "${COMPREPLY[@]}"' bash "$XNS_BUILD/completions/bash/xunshare"
  has "$output" --map-subids
  hasnt "$output" --map-auto
}

@test "the completions can be read by their shells" {
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  bash -n "$XNS_BUILD/completions/bash/xunshare"
  ! command -v zsh >/dev/null || zsh -n "$XNS_BUILD/completions/zsh/_xunshare"
  ! command -v fish >/dev/null || fish -n "$XNS_BUILD/completions/fish/xunshare.fish"
}

# ---- abbreviations ----

# The peer's long options with what they need
peer_options='mount uts ipc net pid user cgroup time mount-proc mount-binfmt load-interp=:x:M::x::/x: propagation=slave
  root=/ wd=/ setuid=1 setgid=1 map-user=1 map-group=1 map-root-user map-current-user map-auto map-subids
  map-users=1:1:1 map-groups=1:1:1 owner=1:1 fork kill-child forward-signals setgroups=deny keep-caps monotonic=1
  boottime=1 clear-env whitelist-env=A help version'

# one_of NAME PREFIX: whether NAME is the only one of the peer's options that starts so, or is it itself
one_of() {
  local option n=0
  [ "$1" != "$2" ] || return 0
  for option in $peer_options; do
    option=${option%%=*}
    [[ $option != "$2"* ]] || n=$((n + 1))
  done
  [ "$n" -eq 1 ]
}

@test "each abbreviation of three letters or more that the peer takes means the same here" {
  local option name argument length prefix expected tried=0
  for option in $peer_options; do
    name=${option%%=*} argument=${option#"$name"}
    expected=$("$XUNSHARE" --dry-run -T --"$option" true 2>&1) || :
    for ((length = 3; length < ${#name}; length++)); do
      prefix=${name:0:length}
      one_of "$name" "$prefix" || continue
      tried=$((tried + 1))
      output=$("$XUNSHARE" --dry-run -T --"$prefix$argument" true 2>&1) || :
      [ "$output" = "$expected" ] || is "--$prefix: $output" "--$name: $expected"
    done
  done
  [ "$tried" -gt 100 ]
}

@test "no option of ours has the letter or name of a peer's that means another thing" {
  local letters
  # those of the peer's that have one; a and x are ours
  letters=$(help_options | sed -n 's/^-\(.\), --\([a-z-]*\) .*/\1=\2/p' | sort | tr '\n' ' ')
  is "$letters" "$(printf '%s\n' C=cgroup G=setgid R=root S=setuid T=time U=user V=version a=all c=map-current-user f=fork \
    h=help i=ipc l=load-interp m=mount n=net p=pid r=map-root-user u=uts w=wd x=xtrace | sort | tr '\n' ' ')"
}
