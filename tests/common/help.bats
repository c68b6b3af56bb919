#!/usr/bin/env bats
# What --help looks like: at most 80 columns, in each language.
# shellcheck disable=SC2016 # what shells inside expand

load ../lib/helpers
load ../lib/locale

commands='list list-id help add set delete identify pids exec monitor attach link holders prune rename'

# all_help: --help of the tools, of xnetns's commands and the list of columns, as they print it
all_help() {
  "$@" bash -c '
    for tool in xunshare unshare xnsenter nsenter xlsns lsns xnetns; do "$0/$tool" --help || exit; done
    "$0/xlsns" --list-columns || exit
    for command in '"$commands"'; do
      "$0/xnetns" help "$command" || exit
      "$0/xnetns" "$command" --help || exit
    done
    "$0/ip" netns help 2>&1; [ $? = 255 ]' "$BIN"
}

# fit FILE: no line of it is too long, counted in characters, or has a blank at its end; what is wrapped stands where the
# text of the line above begins
fit() {
  local line number=0 bad=0 LC_ALL=C.UTF-8
  while IFS= read -r line; do
    number=$((number + 1))
    [ "${#line}" -gt 80 ] || [[ $line == *[[:blank:]] ]] || [[ $line =~ ^\ +[^\ ] && ! $line =~ ^(\ {1,6}|\ {8}|\ {10}|\ {21}|\ {27}|\ {31})[^\ ] && ! $line =~ ^\ *[A-Z]+\ \<(integer|string)\> ]] || continue
    printf '%s, of %s columns: |%s|\n' "$number" "${#line}" "$line"
    bad=1
  done <"$1"
  [ "$number" -gt 300 ]
  return "$bad"
}

@test "help and the list of columns have at most 80 columns, no blanks at line ends, and hang where they are wrapped" {
  all_help env LC_ALL=C >"$T/help"
  fit "$T/help"
  grep -q '^ \{31\}(implies --mount)$' "$T/help"
}

@test "so in German, whose letters are counted and not their bytes" {
  need_root
  other_locale
  all_help german env LC_ALL=xx.UTF-8 LANGUAGE=de >"$T/help"
  fit "$T/help"
  grep -qx 'Weitere Einzelheiten.*xlsns(8).*' "$T/help"
  # a full line that we have wrapped has more bytes than 80; the list of columns is of libsmartcols
  sed '/ <\(integer\|string\)> /d' "$T/help" | LC_ALL=C awk 'length > 80 { n++ } END { exit !n }'
}

@test "the most used options stand first in their group of --help, and an ambiguous abbreviation lists them as ever" {
  local output
  output=$("$XUNSHARE" --help)
  [[ $output == *"Users and groups:$NL -r, --map-root-user"*"--map-user <uid>"* ]]
  [[ $output == *"The program:$NL -f, --fork"*"--kill-child"*"--forward-signals"* ]]
  output=$("$XNSENTER" --help)
  [[ $output == *"(=:<id>):$NL -a, --all "*"-m, --mount"* ]]
  output=$("$XLSNS" --help)
  [[ $output == *"-t, --type"*"-p, --task"*"--json"*"--noheadings"*"--list "* ]]
  fails 1 "$XUNSHARE" --map-r-o
  fails 1 "$XUNSHARE" --map true
  has "$stderr" "possibilities: '--map-user' '--map-users' '--map-group' '--map-groups' '--map-root-user' '--map-current-user' '--map-auto' '--map-subids'"
}

@test "xnetns prints what help has of one command, by help NAME and by NAME --help; as ip help is that of all" {
  local word
  for word in 'help add' 'add --help' 'help a' 'a --help'; do
    # shellcheck disable=SC2086 # its words
    succeeds "$XNETNS" $word
    [[ $output == "  add <name>..."*--up*--if-missing* ]]
    hasnt "$output" "delete"
  done
  succeeds "$XNETNS" -batch <(printf '%s\n' 'show --help' 'help prune')
  [[ $output == "  list$NL"*"  prune$NL"* ]]
  fails 255 "$XNETNS" help foo
  is "$stderr" 'Command "foo" is unknown, try "xnetns help".'
  fails 255 "$BIN/ip" netns help add
  [[ $stderr == "Usage: ip netns"*"  rename <name> <name>"* ]]
}
