#!/usr/bin/env bats
# The house: what may include what. lib is the ground, find and net stand on it, a tool's folder on these;
# a room is a header with its source.
# not sanitized: sources

setup_file() {
  # "FOLDER/room FOLDER/room" a line: the first includes the second
  cd "$XNS_SRC/src" || return 1
  export EDGES=$BATS_FILE_TMPDIR/edges
  local file header dir
  for file in */*.[ch]; do
    while read -r header; do
      [ "$header" != config.h ] || continue
      dir=${file%/*}
      [ -e "$dir/$header" ] || dir=$(dirname -- */"$header")
      echo "${file%.*} $dir/${header%.h}"
    done < <(sed -n 's/^#include "\(.*\)"$/\1/p' "$file")
  done | awk '$1 != $2' | sort -u >"$EDGES"
}

@test "a header's name is of one room only, among those that a tool can include" {
  # Two tools may call rooms of their own alike
  local tool
  cd "$XNS_SRC/src"
  for tool in x*/; do
    output=$(printf '%s\n' lib/*.h find/*.h net/*.h "$tool"*.h | sed 's|.*/||' | sort | uniq -d)
    [ -z "$output" ] || { echo "$tool: $output"; false; }
  done
}

@test "rooms include downwards only: tools, then find and net, then lib" {
  run awk 'function floor(r) { return r ~ /^lib\// ? 0 : r ~ /^(find|net)\// ? 1 : 2 }
    { split($1, a, "/"); split($2, b, "/") }
    floor($1) < floor($2) || (floor($1) == 2 && floor($2) == 2 && a[1] != b[1]) { print $1 " includes " $2 }' "$EDGES"
  [ -z "$output" ] || { echo "$output"; false; }
}

@test "no two rooms include each other, by whatever way round" {
  run tsort "$EDGES"
  [ "$status" -eq 0 ] || { echo "$output" | grep '^tsort'; false; }
  [ "${#lines[@]}" -gt 30 ]
}

@test "xnetns on floors: main; ip and batch; args and commands; the topics; options" {
  run awk '$1 ~ /^xnetns/ && $2 ~ /^xnetns/ { split($1, a, "/"); split($2, b, "/"); print a[2], b[2] }' "$EDGES"
  [ "${#lines[@]}" -gt 20 ]
  run awk 'BEGIN { f["main"] = 4; f["ip"] = f["batch"] = 3; f["args"] = f["commands"] = 2; f["options"] = 0
      f["enter"] = f["dir"] = f["names"] = f["list"] = f["link"] = f["json"] = f["hints"] = f["holder"] = f["rootless"] = f["whose"] = f["uplinks"] = 1 }
    !($1 in f) || !($2 in f) || f[$1] < f[$2] { print $1 " includes " $2 }' <<<"$output"
  [ -z "$output" ] || { echo "$output"; false; }
}

@test "nothing stands in lib that a single tool uses" {
  # The tools that reach a room, through others too
  run awk '{ uses[$1] = uses[$1] " " $2; rooms[$1]; rooms[$2] }
    function reach(r, tool,  n, i, next_) {
      if ((tool, r) in seen) return
      seen[tool, r]; count[r]++
      n = split(uses[r], next_, " ")
      for (i = 1; i <= n; i++) reach(next_[i], tool)
    }
    END {
      for (r in rooms) if (r ~ /^x[a-z]*\//) { split(r, a, "/"); reach(r, a[1]) }
      for (r in rooms) if (r ~ /^(lib|find|net)\// && count[r] < 2) print r ": of one tool alone"
    }' "$EDGES"
  [ -z "$output" ] || { echo "$output"; false; }
}
