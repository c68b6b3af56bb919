#!/usr/bin/env bats
# What is written about the tools agrees with what they do: help, manual pages, completions, README.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set
# not sanitized: texts

load ../lib/helpers

tools='xunshare xnsenter xlsns' # those whose options stand in a table of getopt's kind
all_tools="$tools xnetns"

page() {
  echo "$XNS_SRC/man/$1".[18]
}

# "-L, --name ARGUMENT" of each option of TOOL, by --help: ARGUMENT is no, optional or required; "--name" alone
# without a letter
help_options() {
  LC_ALL=C "$BIN/$1" --help | sed -nE \
    -e 's/^( -., |     )(--[a-z-]+)\[=<.*/\1\2 optional/p;t' \
    -e 's/^( -., |     )(--[a-z-]+) <.*/\1\2 required/p;t' \
    -e 's/^( -., |     )(--[a-z-]+)( .*)?$/\1\2 no/p' | sed 's/^ *//' | sort
}

# The same by the manual page's items
page_options() {
  sed -nE 's/^\.It Fl //p' "$(page "$1")" | sed -E \
    -e 's/^([A-Za-z]) , -([a-z-]+)/-\1, --\2/' \
    -e 's/^-([a-z][a-z-]+)/--\1/' \
    -e 's/^((-., )?--[a-z-]+)$/\1 no/' \
    -e 's/^((-., )?--[a-z-]+) Ns Op =.*/\1 optional/' \
    -e 's/^((-., )?--[a-z-]+) (Ns = Ns )?(Ar|Cm) .*/\1 required/' | sort
}

# The names of the options in the table of src/TOOL/options.c that have a text for --help, and of the kinds where it has
# them
table_names() {
  tr '\n' ' ' <"$XNS_SRC/src/$1/options.c" | grep -oE '\{ "[a-z-]+", [^{}]*N_\("' | sed -E 's/^\{ "([a-z-]+)".*/--\1/'
  ! grep -qF .kinds_head "$XNS_SRC/src/$1/options.c" ||
    sed -nE 's/^\t\{ "([a-z]+)", .*/--\1/p' "$XNS_SRC/src/lib/kind.c"
  printf -- '--%s\n' help version # cli.c has them for all, and two more for those that make calls
  ! grep -qF .makes_calls "$XNS_SRC/src/$1/options.c" || printf -- '--%s\n' dry-run xtrace explain
}

@test "each manual page has each option of --help with its letter and argument, and no other" {
  local tool
  for tool in $tools; do
    echo "$tool"
    [ "$(help_options "$tool" | wc -l)" -ge 18 ]
    diff -U 0 <(help_options "$tool") <(page_options "$tool")
  done
}

@test "--help has each option that the table describes, and no mere abbreviation" {
  local tool
  for tool in $tools; do
    echo "$tool"
    diff -U 0 <(table_names "$tool" | sort) <(help_options "$tool" | grep -o -e '--[a-z-]*' | sort)
  done
}

@test "what help says of an argument is what getopt wants" {
  local tool name kind
  for tool in $tools; do
    help_options "$tool" | sed 's/^-., //' >"$T/options"
    while read -r name kind; do
      case $name in --help | --version) continue ;; esac
      # an argument is taken, or an error
      stderr=$("$BIN/$tool" "$name=" --help 2>&1 >/dev/null) || :
      echo "$tool $name $kind: $stderr"
      if [ "$kind" = no ]; then
        has "$stderr" "doesn't allow an argument"
      else
        hasnt "$stderr" "doesn't allow an argument"
      fi
      output=$(cd "$T" && "$BIN/$tool" "$name" -h true </dev/null 2>/dev/null) || : # --pid-file -h makes a file; and no shell of whose profile nobody knows
      if [ "$kind" = required ]; then
        hasnt "$output" Usage: # it took -h for its argument
      else
        has "$output" Usage:
      fi
    done <"$T/options"
  done
}

@test "no letter stands for two options" {
  local tool
  for tool in $tools; do
    is "$tool $(help_options "$tool" | sed -n 's/^-\(.\),.*/\1/p' | sort | uniq -d)" "$tool "
  done
}

# The commands of xnetns, their options, and the options before them: "command NAME", "option COMMAND --NAME",
# "global NAME"; of those that --help shows, from the tables of src/xnetns/commands.c and args.c
netns_table() {
  perl -0777 -ne '
    while (/\{ "([a-z-]+)", cmd_|\{ WITH_\w+, "(--?[a-z-]+)",|\{ "([a-z-]+)",[^{}]*\.help = (?:""|N_)/g) {
      print "command ", $c = $1, "\n" if $1;
      print "option $c $2\n" if $2;
      print "global $3\n" if $3;
    }' "$XNS_SRC"/src/xnetns/{commands,args}.c | sort
}

# The same by --help
netns_help() {
  LC_ALL=C "$XNETNS" --help | sed -nE \
    -e 's/^  ([a-z][a-z-]*)( .*)?$/command \1/;T option;h;p;d;:option' \
    -e 's/^ {8}(--?[a-z-]+).*/\1/;T global;G;s/^(.*)\ncommand (.*)/option \2 \1/p;d;:global' \
    -e '/^Options: /{s///;s/ <[a-z]*>//g;s/-([a-z]+) ?/global \1\n/g;s/\n$//;p}' \
    -e 's/^  (-., )?--([a-z-]+) .*/global \2/p' | sort
}

# The same by the manual page; show and lst are other names of list
netns_page() {
  sed -nE -e '/^\.Sh OPTIONS/,/^\.Sh/s/^\.It Fl (. , )?-?([a-z-]+)( Ar .*)?$/global \2/p' \
    -e '/^\.Sh COMMANDS/,/^\.Sh E/{' \
    -e '/^\.It Cm (show|lst)$/d' \
    -e 's/^\.It Cm ([a-z-]+).*/command \1/;T option;h;p;d;:option' \
    -e 's/^\.It Fl (-?[a-z-]+).*/-\1/;T;G;s/^(.*)\ncommand (.*)/option \2 \1/p' \
    -e '}' "$(page xnetns)" | sort -u
}

@test "--help and the manual page of xnetns have each command and option of its tables, and no other" {
  [ "$(netns_table | grep -c ^command)" -ge 15 ]
  [ "$(netns_table | grep -c ^option)" -ge 9 ]
  [ "$(netns_table | grep -c ^global)" -ge 10 ]
  diff -U 0 <(netns_table) <(netns_help)
  diff -U 0 <(netns_table) <(netns_page)
}

@test "each manual page names each exit status" {
  local tool status statuses
  for tool in $all_tools; do
    case $tool in
      xlsns) statuses='0 1' ;; # it runs no program
      xnetns) statuses='0 1 2 255' ;;
      *) statuses='0 1 126 127' ;;
    esac
    for status in $statuses; do
      echo "$tool $status"
      sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/p' "$(page "$tool")" | grep -q "^\.It .*\<$status\>"
    done
  done
}

@test "each manual page has its sections, and at least twelve examples" {
  local tool section
  for tool in $all_tools; do
    for section in 'EXIT STATUS' FILES DIAGNOSTICS EXAMPLES; do
      echo "$tool $section"
      grep -qx "\.Sh $section" "$(page "$tool")"
    done
    [ "$(sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$(page "$tool")" | grep -cE "[#\$] (.*\| )?(sudo )?$tool ")" -ge 12 ]
  done
}

# options_exist TOOL FILE: each long option that stands behind TOOL on a line of the file, before another of the
# tools, is one
options_exist() {
  local option all
  all=$(LC_ALL=C "$BIN/$1" --help | sed -nE 's/^ +(-., )?(--[a-z-]+).*/\2/p')
  grep -E "(^|[^/a-z])$1 " "$2" | sed -E "s/^.*(^|[^/a-z])$1 //; s/ (xunshare|xnsenter|xlsns|xnetns) .*//; s/\\\\-/-/g" |
    tr ' ' '\n' | sed -nE 's/^(--[a-z][a-z-]*).*/\1/p' | sort -u >"$T/used"
  while read -r option; do
    echo "$1 $option"
    case $option in --make-* | --bind | --rbind) continue ;; esac
    grep -qx -e "$option" <<<"$all"
  done <"$T/used"
}

@test "the options in the manual pages' examples exist" {
  local tool page
  for page in $all_tools; do
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAG/p' "$(page "$page")" >"$T/examples"
    for tool in $all_tools; do
      options_exist "$tool" "$T/examples"
      [ "$tool" != "$page" ] || [ -s "$T/used" ]
    done
  done
}

@test "the options in README.md exist" {
  local tool
  for tool in xnetns xlsns xnsenter xunshare; do
    options_exist "$tool" "$XNS_SRC/README.md"
  done
  [ -s "$T/used" ]
}

@test "README.md starts with the two commands, and marks the tools that are to come" {
  local tool line
  grep -qE '^ +\./bootstrap run xunshare --user --map-root-user --pid --fork --mount-proc ps ax$' "$XNS_SRC/README.md"
  grep -qE '^ +\./bootstrap check$' "$XNS_SRC/README.md"
  for tool in $all_tools; do
    line=$(grep "^| \`$tool\`" "$XNS_SRC/README.md")
    if [ -e "$XNS_BUILD/bin/$tool" ]; then
      hasnt "$line" 'to come'
    else
      has "$line" 'to come'
    fi
  done
}

# hints FILE: a part of each message of that C code, without what is filled in, one a line
hints() {
  perl -0777 -ne '
    s/\n/ /g;
    while (/N_\("([^"]*)/g) {
      my ($part) = grep { length >= 11 } map { s/^\s+|\s+$//gr } split /[:;,(]|%l?[a-z]/, $1;
      print substr($part, 0, 40), "\n" if defined $part;
    }' "$1" | sed -E 's/[0-9]+/N/g' | sort -u
}

# explained HINTS_FILE TOOL...: each line of it stands in the DIAGNOSTICS of one of these pages
explained() {
  local hints=$1 tool text
  shift
  for tool; do
    sed -n '/^\.Sh DIAGNOSTICS/,$p' "$(page "$tool")"
  done | tr '\n' ' ' | sed -E 's/[0-9]+/N/g' >"$T/diagnostics"
  while read -r text; do
    echo "hint: $text"
    grep -qF -e "$text" "$T/diagnostics"
  done <"$hints"
}

# all_hints: of the rooms that look why the kernel refused
all_hints() {
  sed '/warn_msg(/d; /must(/d' "$XNS_SRC"/src/lib/{hint,mapper}.c >"$T/all.c"
  hints "$T/all.c"
}

@test "each hint of the source has a row in the table of hints, or of maps" {
  sed -E 's/[0-9]+/N/g' "$XNS_SRC"/tests/{common/hints,xunshare/maps}.bats >"$T/rows"
  all_hints | while read -r text; do
    echo "hint: $text"
    grep -qF -e "$text" "$T/rows"
  done
}

@test "each hint of the source is explained in a manual page" {
  all_hints >"$T/hints"
  [ "$(wc -l <"$T/hints")" -gt 40 ]
  # shellcheck disable=SC2086 # words
  explained "$T/hints" $all_tools
}

@test "each hint about joining is explained in xnsenter's manual page" {
  sed -n '/joined_ids = /,/^}/p; /^\/\* ---- setns ---- /,/^\/\* ---- any call/p' "$XNS_SRC/src/lib/hint.c" >"$T/joining.c"
  hints "$T/joining.c" >"$T/hints"
  [ "$(wc -l <"$T/hints")" -gt 8 ]
  explained "$T/hints" xnsenter
}

# ---- completions ----

# stands WORD TEXT: in it as a word of its own
stands() {
  [[ $2 =~ (^|[^a-z-])$1([^a-z-]|$) ]]
}

@test "each shell's completion has each long option" {
  local tool option bash zsh fish
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  each_option() {
    bash=$(<"$XNS_BUILD/completions/bash/$tool") zsh=$(<"$XNS_BUILD/completions/zsh/_$tool")
    fish=$(<"$XNS_BUILD/completions/fish/$tool.fish")$NL
    for option in $(help_options "$tool" | grep -o -e '--[a-z-]*'); do
      echo "$tool $option"
      stands "$option" "$bash" && stands "$option" "$zsh" && [[ $fish == *"-l ${option#--}"[\ $NL]* ]] || return 1
    done
  }
  for tool in $tools; do
    each_option
  done
}

@test "each shell's completion of xnetns has each command and option" {
  local kind one two word name file
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  while read -r kind one two; do
    word=${two:-$one} name=${two#-}
    for file in bash/xnetns zsh/_xnetns; do
      echo "$file $kind $one $two"
      grep -qE -e "(^|[^a-z])$word([^a-z-]|$)" "$XNS_BUILD/completions/$file"
    done
    echo "fish $kind $one $two"
    case $kind in
      command) file=" -n '__xnetns_at \"\"' -a $one( |$)" ;;
      option) file=" -n '__xnetns_at $one' -[ls] ${name#-}( |$)" ;;
      global) file=" -n '__xnetns_at \"\"' .*-[lo] $one( |$)" ;;
    esac
    grep -qE -e "$file" "$XNS_BUILD/completions/fish/xnetns.fish"
  done < <(netns_table)
}

fails_to_find() {
  is "$(grep -E "$@")" ""
}

@test "no completion has a mere abbreviation" {
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  fails_to_find -e '--no-?([^a-z-]|$)' "$XNS_BUILD/completions/bash/xnsenter" "$XNS_BUILD/completions/zsh/_xnsenter"
  fails_to_find -e '-l no-?( |$)' "$XNS_BUILD/completions/fish/xnsenter.fish"
}

# bash_completes [ROWS]: what bash offers for the last word of each row "LINE|", behind the row, in $output; in one bash,
# run by the command ${within[@]}, if set; sorted, each once, where $sorted is set
within=()
bash_completes() {
  succeeds "${within[@]}" env "PATH=$BIN:$PATH" bash --norc -c '
    compopt() { :; }
    completed() {
      [[ $(type -t "_$1") ]] || . "$XNS_BUILD/completions/bash/$1"
      COMP_LINE=$* COMP_POINT=${#COMP_LINE} COMPREPLY=()
      mapfile -t COMP_WORDS < <(printf "%s\n" "$@" | sed -E "s/(.)([=:]+)/\1\n\2/; s/([=:]+)(.)/\1\n\2/")
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      spec=$(complete -p "$1")
      [[ $spec =~ -F\ ([^ ]+) ]]
      "${BASH_REMATCH[1]}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    }
    while IFS="|" read -r line _; do
      mapfile -t -d " " words <<<"$line " # the last may be empty
      unset "words[-1]"                   # the end of the line
      completed "${words[@]}" </dev/null
      if [ -n "$1" ]; then
        echo "$line|$(printf "%s\n" "${COMPREPLY[@]}" | tr " " "\n" | sort -u | paste -s -d " ")"
      else
        echo "$line|${COMPREPLY[*]}"
      fi
    done <<<"$2"' bash "${sorted:-}" "$1"
}

# fish_completes ROWS: the same of fish. From 4 on it offers what has the letters of the word anywhere beside what begins
# with it; that is its own doing, and none of ours.
fish_completes() {
  succeeds "${within[@]}" env "HOME=$T" "XDG_RUNTIME_DIR=$T" "PATH=$BIN:$PATH" fish --no-config -c '
    for tool in xunshare xnsenter xlsns xnetns
      source "$XNS_BUILD/completions/fish/$tool.fish"
    end
    for row in (string split \n $argv)
      set line (string split -m 1 "|" $row)[1]
      set words (complete -C $line | cut -f 1 | sort -u)
      set word (string replace -r ".*[ ,]" "" -- $line)
      set begin (string match -r -- "^"(string escape --style=regex -- $word)".*" $words)
      set -q begin[1]; and set words $begin
      echo "$line|$words"
    end' "$1"
}

# as_expected: $output is the rows on standard input
as_expected() {
  diff -U 0 - <(echo "$output")
}

@test "bash completes the options" {
  local sorted=1
  [ -e "$XNS_BUILD/completions/bash/xunshare" ] || skip "completions are not built"
  bash_completes 'xunshare --map-s|'
  has "$output" --map-subids
  hasnt "$output" --map-auto
  bash_completes "xnsenter --no|${NL}xlsns 1 --no|"
  as_expected <<'END'
xnsenter --no|--no-fork --no-new-privs
xlsns 1 --no|--noheadings --notruncate --nowrap
END
}

@test "bash completes the arguments of options" {
  [ -e "$XNS_BUILD/completions/bash/xunshare" ] || skip "completions are not built"
  local rows
  read -r -d '' rows <<END || :
xunshare --propagation=s|slave shared
xunshare --kill-child=T|TRAP TERM TSTP TTIN TTOU
xunshare --kill-child=sigX|sigXCPU sigXFSZ
xunshare --join n|net=
xnsenter -t $$|$(cd /proc && compgen -d -X '*[!0-9]*' -- $$ | paste -s -d ' ')
xnsenter --kill-child=H|HUP
xnsenter --target $$: --no-f|--no-fork
xnsenter -t $$:|
xlsns -t n|net
xlsns --type=u|uts user
xlsns -t ti 1|
xlsns -l 1 -tm|-tmnt
xlsns --task $$|$(cd /proc && compgen -d -X '*[!0-9]*' -- $$ | paste -s -d ' ')
xlsns -p /proc/self/f|
xlsns -o TY|TYPE
xlsns -o NS,TY|NS,TYPE
xlsns -o +NS,TY|+NS,TYPE
xlsns -rno +own|+OWNER
xlsns --output=+GI|+GIDMAP
xlsns -oNS,TY|-oNS,TYPE
xlsns --tree=p|parent process
xlsns -Tp|-Tparent -Tprocess
xlsns --filter N|
END
  bash_completes "$rows"
  as_expected <<<"$rows"
}

@test "each shell's completion of xlsns has each column and each type of namespace" {
  local file names name
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  succeeds "$XLSNS" --list-columns
  names=$(awk '{ print $1 }' <<<"$output" | paste -s -d ' ')
  [ "$(wc -w <<<"$names")" -ge 23 ]
  output=$(tr "'()" '\n' <"$XNS_BUILD/completions/bash/xlsns")
  has "$output" "$names"
  has "$output" "${NL}mnt uts ipc net pid user cgroup time$NL"
  # the others say what each means
  for name in $names mnt uts ipc net pid user cgroup time; do
    echo "$name"
    grep -qE "^\s*'$name(\[.+\]|:.+)'$" "$XNS_BUILD/completions/zsh/_xlsns"
    grep -qE "^\s*echo $name\\\\t'.+'$" "$XNS_BUILD/completions/fish/xlsns.fish"
  done
}

@test "no completion of xlsns offers a program, or stops at the first word" {
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  fails_to_find -e 'compgen -c|_command_offset' "$XNS_BUILD/completions/bash/xlsns"
  fails_to_find -e "_command_names|_normal|-A '-\*'" "$XNS_BUILD/completions/zsh/_xlsns"
  fails_to_find -e '__fish_complete_command|no_program' "$XNS_BUILD/completions/fish/xlsns.fish"
}

@test "bash completes a namespace of xlsns, and no program" {
  local inode line rows=''
  [ -e "$XNS_BUILD/completions/bash/xlsns" ] || skip "completions are not built"
  inode=$(stat -Lc %i /proc/self/ns/uts)
  for line in "$inode" "-l $inode" "-t uts $inode" "-- $inode" "-Jo NS -- $inode"; do
    rows+="xlsns $line|$inode$NL"
  done
  for line in sle /bi '-- sle' '-- --li'; do
    rows+="xlsns $line|$NL"
  done
  rows=${rows%"$NL"}
  bash_completes "$rows"
  as_expected <<<"$rows"
  bash_completes 'xunshare sle|'
  has "${output#*|} " 'sleep '
}

@test "fish completes the arguments of options, and a namespace" {
  local rows inode
  need fish
  [ -e "$XNS_BUILD/completions/fish/xlsns.fish" ] || skip "completions are not built"
  inode=$(stat -Lc %i /proc/self/ns/uts)
  read -r -d '' rows <<END || :
xnsenter --kill-child=TE|--kill-child=TERM
xlsns -t ne|net
xlsns -o NS,TY|NS,TYPE
xlsns -o +TY|+TYPE
xlsns -rnoNS,+TY|-rnoNS,+TYPE
xlsns --output=+NS,GI|--output=+NS,GIDMAP
xlsns --tree=p|--tree=parent --tree=process
xlsns $inode --rav|
xlsns $inode --threa|--threads
xlsns -t uts $inode|$inode
END
  fish_completes "$rows"
  as_expected <<<"$rows"
}

# within_names NAME...: sets within, for a world where these are the names of network namespaces, in an empty directory
within_names() {
  within=(private bash -c 'mount -t tmpfs xns /run && mkdir /run/empty && cd /run/empty && "$1" add ${2} && exec "${@:3}"' bash "$XNETNS" "$*")
}

@test "bash completes the commands, options and words of xnetns" {
  local rows sorted=1
  need_root
  [ -e "$XNS_BUILD/completions/bash/xnetns" ] || skip "completions are not built"
  within_names black blue red
  read -r -d '' rows <<END || :
xnetns d|delete
xnetns -n|-netns
xnetns --n|
xnetns -j l|link list list-id
xnetns -netns b|black blue
xnetns -n re|red
xnetns -n red ex|exec
xnetns -batch /proc/self/status|/proc/self/status
xnetns add --|--if-missing --up
xnetns add b|
xnetns delete b|black blue
xnetns del red b|black blue
xnetns delete --k|--kill --kill=
xnetns delete --kill=H|HUP
xnetns delete --kill=HUP r|red
xnetns exec |black blue red
xnetns exec --u|--user
xnetns exec --user roo|root
xnetns exec --user root r|red
xnetns exec red slee|sleep
xnetns -all exec slee|sleep
xnetns -all exec --e|--env
xnetns pids re|red
xnetns set red |auto
xnetns attach r|
xnetns attach new $$|$$
xnetns identify $$|$$
xnetns list-id |nsid target-nsid
xnetns list-id nsid |
xnetns link red bl|black blue
xnetns holders bl|black blue
xnetns rename re|red
xnetns rename red |
xnetns monitor |
xnetns no-such-command |
END
  bash_completes "$rows"
  as_expected <<<"$rows"
}

@test "fish completes the commands, options and words of xnetns" {
  local rows
  need_root
  need fish
  [ -e "$XNS_BUILD/completions/fish/xnetns.fish" ] || skip "completions are not built"
  within_names black blue red
  read -r -d '' rows <<END || :
xnetns d|delete
xnetns -ne|-netns
xnetns -netns b|black blue
xnetns -n red ex|exec
xnetns -batch /proc/self/status|/proc/self/status
xnetns add --|--if-missing --up
xnetns add b|
xnetns del red b|black blue
xnetns delete --kill=H|--kill=HUP
xnetns exec |black blue red
xnetns exec --user roo|root
xnetns exec --user root r|red
xnetns exec red --u|
xnetns exec red xnetns exec b|black blue
xnetns -all exec --e|--env
xnetns -all exec xnetns exec b|black blue
xnetns set red |auto
xnetns attach r|
xnetns list-id nsid |
xnetns rename red |
xnetns no-such-command |
END
  fish_completes "$rows"
  as_expected <<<"$rows"
}

@test "the completions can be read by their shells" {
  local tool
  [ -d "$XNS_BUILD/completions/bash" ] || skip "completions are not built"
  for tool in $all_tools; do
    bash -n "$XNS_BUILD/completions/bash/$tool"
    if command -v zsh >/dev/null; then zsh -n "$XNS_BUILD/completions/zsh/_$tool"; fi
    if command -v fish >/dev/null; then fish -n "$XNS_BUILD/completions/fish/$tool.fish"; fi
  done
}

# ---- abbreviations ----

# The long options of the peers with what they need
unshare_options='mount uts ipc net pid user cgroup time mount-proc mount-binfmt load-interp=:x:M::x::/x:
  propagation=slave root=/ wd=/ setuid=1 setgid=1 map-user=1 map-group=1 map-root-user map-current-user map-auto map-subids
  map-users=1:1:1 map-groups=1:1:1 owner=1:1 fork kill-child forward-signals setgroups=deny keep-caps monotonic=1
  boottime=1 clear-env whitelist-env=A help version'
nsenter_options='all target=1 mount uts ipc net net-socket=0 pid user user-parent cgroup time setuid=1 setgid=1
  preserve-credentials keep-caps root=/ wd=/ wdns=/ env no-fork join-cgroup follow-context help version'
lsns_options="json list list-columns noheadings output=PATH output-all persistent task=1 filter=NS==0 raw notruncate nowrap
  type=uts tree=process help version"

# one_of NAME PREFIX OPTION...: whether NAME is the only one of the options that starts so, or is it itself
one_of() {
  local name=$1 prefix=$2 option n=0
  shift 2
  [ "$name" != "$prefix" ] || return 0
  for option; do
    option=${option%%=*}
    [[ $option != "$prefix"* ]] || n=$((n + 1))
  done
  [ "$n" -eq 1 ]
}

# said COMMAND...: what it says; the process that a user's newuidmap would map is another each time
said() {
  "$@" 2>&1 | sed -E 's/(\["new[ug]idmap", )"[0-9]+"/\1"PID"/' || :
}

# abbreviated TOOL OPTION...: each abbreviation of three letters or more that is the only one among the options means,
# with ALSO before it and BEHIND behind it, what the whole name does; how many there are is in $tried
abbreviated() {
  local tool=$1 option name argument length prefix expected
  shift
  tried=0
  for option; do
    name=${option%%=*} argument=${option#"${option%%=*}"}
    expected=$(said "$BIN/$tool" "${also[@]}" --"$option" "${behind[@]}")
    for ((length = 3; length < ${#name}; length++)); do
      prefix=${name:0:length}
      one_of "$name" "$prefix" "$@" || continue
      tried=$((tried + 1))
      output=$(said "$BIN/$tool" "${also[@]}" --"$prefix$argument" "${behind[@]}")
      [ "$output" = "$expected" ] || is "--$prefix: $output" "--$name: $expected"
    done
  done
}

@test "each abbreviation of three letters or more that unshare takes means the same here" {
  also=(--dry-run -T) behind=(true)
  # shellcheck disable=SC2086 # words
  abbreviated xunshare $unshare_options
  [ "$tried" -gt 100 ]
}

@test "each abbreviation of three letters or more that nsenter takes means the same here" {
  also=(--dry-run "--uts=/proc/$$/ns/uts") behind=(true)
  # shellcheck disable=SC2086 # words
  abbreviated xnsenter ${nsenter_options/target=1/target=$$}
  [ "$tried" -gt 60 ]
}

@test "each abbreviation of three letters or more that lsns takes means the same here" {
  also=(-p $$ -o TYPE) behind=()
  # shellcheck disable=SC2086 # words
  abbreviated xlsns $lsns_options
  [ "$tried" -gt 40 ]
}

@test "--no and --no- of nsenter stay --no-fork" {
  local word
  need_root
  new_target -p -f
  for word in --no --no- --no-f; do
    is "$word $("$XNSENTER" --dry-run --target "$target" --pid $word true | grep -v '^#' | grep -c 'fork\|clone')" "$word 0"
  done
  isnt "$("$XNSENTER" --dry-run --target "$target" --pid true | grep -c 'fork\|clone')" 0
}

# letters_of TOOL: its letters, each with its option
letters_of() {
  help_options "$1" | sed -n 's/^-\(.\), --\([a-z-]*\) .*/\1=\2/p' | sort | tr '\n' ' '
}

@test "no option of ours has the letter or name of a peer's that means another thing" {
  # those of the peer's that have one; unshare: a and x are ours, nsenter: x
  is "$(letters_of xunshare)" "$(printf '%s\n' C=cgroup G=setgid R=root S=setuid T=time U=user V=version a=all \
    c=map-current-user f=fork h=help i=ipc l=load-interp m=mount n=net p=pid r=map-root-user u=uts w=wd x=xtrace | sort |
    tr '\n' ' ')"
  is "$(letters_of xnsenter)" "$(printf '%s\n' C=cgroup F=no-fork G=setgid N=net-socket S=setuid T=time U=user V=version \
    W=wdns Z=follow-context a=all c=join-cgroup e=env h=help i=ipc m=mount n=net p=pid r=root t=target u=uts w=wd \
    x=xtrace | sort | tr '\n' ' ')"
  is "$(letters_of xlsns)" "$(printf '%s\n' H=list-columns J=json P=persistent Q=filter T=tree V=version W=nowrap h=help \
    l=list n=noheadings o=output p=task r=raw t=type u=notruncate | sort | tr '\n' ' ')"
}
