#!/usr/bin/env bats
# xlsns: a table on a terminal, where columns of free text are shortened before lines wrap; and nowhere else.

# shellcheck disable=SC2016 # what other shells expand
load ../lib/helpers

setup_file() {
  # In a PID namespace of its own, with a /proc and a /run of its own: a long command line with a line end in it, long
  # paths of mounts, and a long cgroup if we can make one.
  export WORLD=$BATS_FILE_TMPDIR/world
  cat >"$WORLD" <<'END'
mount -t tmpfs xns /run
mkdir -p /run/netns
long=/run/netns/a-name-of-a-network-namespace-that-does-not-end-so-soon-and-is-longer-than-half-of-a-line
: >$long
unshare -n bash -c 'exec -a "$(printf "begin of\na command line with a line end \303\244\303\266\303\274 %090d end" 5)" sleep 1000' 2>/dev/null &
unshare --net=$long true
# a whole line: words of it are in those of grep and of the shell before it is that program
until grep -qsax 'begin of' /proc/[0-9]*/cmdline; do sleep 0.02; done
# on COLUMNS COMMAND: what it prints on a terminal of so many
on() { script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'; }
eval "$1"
END
  chmod 755 "$WORLD"
}

# in_world COMMANDS: bash, there; $L is xlsns, $P the same by the name lsns
in_world() {
  need_root
  need script
  succeeds env L="$XLSNS" P="$BIN/lsns" unshare -mpf --mount-proc --propagation slave bash "$WORLD" "$1"
}

longest() {
  LC_ALL=C.UTF-8 wc -L <<<"$output"
}

ALL=NS,TYPE,HOLDERS,NSFS,NAME,CGROUP,CONTAINER,COMMAND

@test "no line is longer than the terminal: as a list, as trees, in each locale; what is cut ends with an ellipsis" {
  for options in "" "-l" "-Towner" "-T -o $ALL" "-l -o $ALL" "-W -o $ALL" "-o COMMAND,NS" "-t net"; do
    for locale in C C.UTF-8; do
      for columns in 80 70; do
        in_world "export LC_ALL=$locale; on $columns \"\$L $options\""
        echo "$options $locale $columns: $(longest)"
        [ "$(longest)" -le "$columns" ]
        mark=…
        [ "$locale" != C ] || mark=...
        has "$output" "$mark"
        hasnt "$(grep -vF "$mark" <<<"$output")" "a command line"
      done
    done
  done
}

@test "a table that fits loses nothing, and fills the terminal where it does not" {
  in_world 'export LC_ALL=C.UTF-8; on 200 "$L -l -t user"; on 700 "$L -o '"$ALL"'"'
  hasnt "$output" "…"
  in_world 'on 80 "$L -l -t net -o NS,COMMAND"'
  is "$(longest)" 80
}

@test "a column is never narrower than its heading" {
  in_world 'export LC_ALL=C.UTF-8; on 31 "$L -l -t net -o NS,NSFS,COMMAND,HOLDERS"'
  has "$output" " /ru… "
  has "$output" " begin … "
}

@test "nothing is cut with --notruncate, in JSON, in raw rows, and where the output is no terminal" {
  in_world 'export LC_ALL=C.UTF-8; for o in -u -J -r; do on 80 "$L $o -o '"$ALL"'"; done; stty cols 80 2>/dev/null; COLUMNS=80 "$L" -o '"$ALL"' | cat'
  hasnt "$output" "…"
  is "$(grep -c "end$\|end\"\|[5] end\|5.x20end" <<<"$output")" 4
}

@test "under the name lsns only COMMAND is cut, without a mark" {
  in_world 'export LC_ALL=C.UTF-8; on 80 "$P"; on 80 "$P -l -t net -o NS,NSFS,COMMAND"'
  hasnt "$output" "…"
  has "$output" "longer-than-half-of-a-line"
}
