#!/usr/bin/env bats
# User namespaces: the ID maps of xunshare, who writes them, and what goes with them.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  need newuidmap newgidmap
}

# maps CMD...: CMD shows the maps, "USERS / GROUPS", lines joined by "; "
show_maps='for m in uid_map gid_map; do
  sep=
  while read -r a b c; do printf "%s%s %s %s" "$sep" "$a" "$b" "$c"; sep="; "; done </proc/self/$m
  [ "$m" = gid_map ] || printf " / "
done'

maps() {
  succeeds "$@" sh -c "$show_maps"
}

user_maps() {
  local uid=$1
  shift
  maps world_as "$uid" "$XUNSHARE" "$@"
}

root_maps() {
  maps world "$XUNSHARE" "$@"
}

# each_maps: rows "UID|OPTIONS|MAPS" on standard input, 0 for root; with the options these are the user's maps
each_maps() {
  local uid options expected by
  while IFS='|' read -r uid options expected; do
    by=(user_maps "$uid")
    [ "$uid" != 0 ] || by=(root_maps)
    # shellcheck disable=SC2086 # words
    "${by[@]}" $options </dev/null
    is "$uid|$options|$output" "$uid|$options|$expected" || return 1
  done
}

# ---- one's own ID ----

@test "maps of one ID: none by -U, root by -r, itself by -c, what --map-user and --map-group say, after -r and by name too" {
  each_maps <<END
0|-U| / 
$PLAIN|-U| / 
$PLAIN|-r|0 $PLAIN 1 / 0 $PLAIN 1
$PLAIN|--map-root-user|0 $PLAIN 1 / 0 $PLAIN 1
0|-r|0 0 1 / 0 0 1
$PLAIN|-c|$PLAIN $PLAIN 1 / $PLAIN $PLAIN 1
$PLAIN|--map-current-user|$PLAIN $PLAIN 1 / $PLAIN $PLAIN 1
$PLAIN|--map-user 7|7 $PLAIN 1 / 
$PLAIN|--map-group 8| / 8 $PLAIN 1
$PLAIN|--map-user 7 --map-group 8|7 $PLAIN 1 / 8 $PLAIN 1
$PLAIN|-r --map-user 7|7 $PLAIN 1 / 0 $PLAIN 1
$PLAIN|--map-user nobody --map-group xnsgrp|65534 $PLAIN 1 / 64105 $PLAIN 1
END
}

@test "--map-user 4242 works where passwd has no such user" {
  maps as_user 64999 "$XUNSHARE" --map-user 4242
  is "$output" "4242 64999 1 / "
  succeeds as_user 64999 "$XUNSHARE" --map-user 4242 id -u
  is "$output" 4242
}

@test "a user that passwd does not have can map himself to root" {
  maps as_user 64999 "$XUNSHARE" -r
  is "$output" "0 64999 1 / 0 64999 1"
}

@test "--map-user refuses what is no user ID, and quotes it" {
  local word
  for word in 4294967296 4294967295 -1 1x '' no-such-user; do
    fails 1 "$XUNSHARE" --map-user "$word" true
    has "$stderr" "xunshare: failed to parse uid '$word'"
    fails 1 "$XUNSHARE" --map-group "$word" true
    has "$stderr" "xunshare: failed to parse gid '$word'"
  done
}

# ---- ranges ----

@test "root maps any range, of users and of groups, repeated, touching, to the highest ID, in either way of writing" {
  each_maps <<END
0|--map-users 0:100000:1000 --map-groups 5:200000:7|0 100000 1000 / 5 200000 7
0|--map-users 100000,0,1000 --map-groups 200000,5,7|0 100000 1000 / 5 200000 7
0|--map-users 0:100000:1000|0 100000 1000 / 
0|--map-groups 0:100000:1000| / 0 100000 1000
0|--map-users 0:100000:10 --map-users 50:200000:5 --map-users 20:300000:1|0 100000 10; 50 200000 5; 20 300000 1 / 
0|--map-users 4294967294:4294967294:1|4294967294 4294967294 1 / 
0|--map-users 0:0:4294967295|0 0 4294967295 / 
0|--map-users 0:100000:10 --map-users 10:100010:10|0 100000 10; 10 100010 10 / 
END
}

@test "a range that is none is an error that quotes it" {
  local word
  for word in 0:0:99999999999 0:-1:1 -1:0:1 0:0:0 0:0 0:0:1:1 0,0 '' x 0:0:x 0,0:1 4294967295:0:1 \
    4294967290:0:10 0:4294967290:10 ' 0:0:1' 0:0:1x; do
    fails 1 "$XUNSHARE" --map-users "$word" true
    has "$stderr" "xunshare: invalid mapping '$word'"
    fails 1 "$XUNSHARE" --map-groups "$word" true
    has "$stderr" "xunshare: invalid mapping '$word'"
  done
}

@test "ranges that overlap inside or outside are an error that names both" {
  fails 1 "$XUNSHARE" --map-users 0:100000:10 --map-users 9:200000:5 true
  is "$stderr" "xunshare: mappings overlap: '0:100000:10' and '9:200000:5'"
  fails 1 "$XUNSHARE" --map-users 0:100000:10 --map-users 20:100009:5 true
  is "$stderr" "xunshare: mappings overlap: '0:100000:10' and '20:100009:5'"
  fails 1 "$XUNSHARE" --map-groups 0:100000:10 --map-groups 20:100009:5 true
  has "$stderr" "xunshare: mappings overlap: "
}

# many N OPTION: in ${args[@]} N ranges of one ID
many() {
  local i
  args=()
  for ((i = 0; i < $1; i++)); do
    args+=("$2" "$i:$((2 * i)):1")
  done
}

@test "as many ranges as a command line may have are mapped" {
  many 60 --map-users
  root_maps "${args[@]}"
  is "$(grep -o ';' <<<"$output" | wc -l)" 59
}

@test "340 lines are mapped, the most that the kernel takes" {
  # short ones: a map has to fit in a page less one byte, too
  seq -f 'root:%.0f:1' 1000 2 1678 >"$T/subuid"
  is "$(wc -l <"$T/subuid")" 340
  succeeds world sh -c 'mount --bind "$1" /etc/subuid; shift; exec "$@"' sh "$T/subuid" \
    "$XUNSHARE" --map-users auto-all cat /proc/self/uid_map
  is "$(wc -l <<<"$output")" 340
}

@test "341 lines are refused before anything is done" {
  seq -f 'root:%.0f:1' 1000 2 1680 >"$T/subuid"
  is "$(wc -l <"$T/subuid")" 341
  fails 1 world sh -c 'mount --bind "$1" /etc/subuid; shift; exec "$@"' sh "$T/subuid" \
    "$XUNSHARE" --map-users auto-all true
  hasnt "$stderr" "unshare failed"
  hasnt "$stderr" "write failed"
}

@test "a map that is longer than one write may be is refused before anything is done" {
  seq -f 'root:%.0f:1' 4000000000 2 4000000600 >"$T/subuid"
  fails 1 world sh -c 'mount --bind "$1" /etc/subuid; shift; exec "$@"' sh "$T/subuid" \
    "$XUNSHARE" --map-users auto-all true
  has "$stderr" "xunshare: too many mappings"
}

@test "an ordinary user may not map a range that is not his" {
  fails 1 world_as 64002 "$XUNSHARE" --map-users 0:900000:10 true
  has "$stderr" "newuidmap: "
  has "$stderr" "xunshare: hint: newuidmap maps only what /etc/subuid gives to the user, and the user's own ID; 900000 is neither"
  fails 1 world_as 64002 "$XUNSHARE" --map-users 0:700090:11 true
  has "$stderr" "; 700100 is neither"
  # where it fails of what is given, nobody knows why
  mkdir "$T/bin"
  printf '#!/bin/sh\nexit 1\n' >"$T/bin/newuidmap"
  chmod 4755 "$T/bin/newuidmap"
  fails 1 world_as 64002 env PATH="$T/bin:$PATH" "$XUNSHARE" --map-users 0:700090:10 true
  is "$stderr" "xunshare: newuidmap failed with status 1"
}

@test "an ordinary user without subordinate IDs may not map any range" {
  fails 1 world_as "$PLAIN" "$XUNSHARE" --map-users 0:900000:10 true
  has "$stderr" "newuidmap: "
}

@test "an ordinary user maps a part of his subordinate range" {
  user_maps 64002 --map-users 5:700010:20 --map-groups 6:800020:30
  is "$output" "5 700010 20 / 6 800020 30"
}

# ---- splicing ----

@test "--map-user and -r with ranges lose no ID: beside a range, at its start, in its middle, at its end, on both its sides" {
  each_maps <<END
0|--map-users 1:100000:10 --map-user 11|11 0 1; 1 100000 10 / 
0|--map-users 0:100000:10 --map-user 4|4 0 1; 0 100000 4; 5 100004 5 / 
0|--map-users 0:100000:10 --map-user 0|0 0 1; 1 100000 9 / 
0|--map-users 0:100000:10 --map-user 9|9 0 1; 0 100000 9 / 
0|--map-users 100:0:10 --map-user 5|5 0 1; 100 1 9 / 
0|--map-users 0:0:10 --map-user 5|5 0 1; 0 1 5; 6 6 4 / 
0|-r --map-users 1:100000:10 --map-groups 1:200000:10|0 0 1; 1 100000 10 / 0 0 1; 1 200000 10
0|-r --map-users 1:100000:10|0 0 1; 1 100000 10 / 0 0 1
END
}

# ---- subordinate IDs ----

@test "--map-auto and auto map the first subordinate range, of the user by name or number, beside -r, -c and --map-user" {
  each_maps <<END
64002|-r --map-auto|0 64002 1; 1 700000 100 / 0 64002 1; 1 800000 100
64003|-r --map-auto|0 64003 1; 1 700200 1 / 0 64003 1; 1 800200 1
64002|-c --map-auto|64002 64002 1; 0 700000 100 / 64002 64002 1; 0 800000 100
64002|--map-auto|0 700000 100 / 0 800000 100
64002|--map-users auto|0 700000 100 / 
64002|--map-groups auto| / 0 800000 100
64002|--map-users auto --map-user 50|50 64002 1; 0 700000 50; 51 700050 50 / 
64004|--map-auto|0 710000 10 / 0 810000 10
64003|--map-auto|0 700200 1 / 0 800200 1
64005|--map-groups auto| / 0 840000 10
0|--map-auto|0 1000000 65536 / 0 2000000 65536
END
}

@test "the program can become each user of --map-auto" {
  succeeds world_as 64002 "$XUNSHARE" -r --map-auto -S 100 -G 100 sh -c 'id -u; id -g'
  is "$output" "100${NL}100"
}

@test "auto-all takes all ranges, one behind the other, beside root with -r; subids maps them to themselves" {
  each_maps <<END
64004|--map-users auto-all --map-groups auto-all|0 710000 10; 10 720000 5; 15 730000 1 / 0 810000 10; 10 820000 5
64004|-r --map-users auto-all --map-groups auto-all|0 64004 1; 1 710000 10; 11 720000 5; 16 730000 1 / 0 64004 1; 1 810000 10; 11 820000 5
64002|--map-subids|700000 700000 100 / 800000 800000 100
64002|--map-users subids|700000 700000 100 / 
64002|--map-groups subids| / 800000 800000 100
END
}

# fake_getsubids TEXT...: a getsubids that answers for xnsnss, in $T/bin
fake_getsubids() {
  mkdir -p "$T/bin"
  cat >"$T/bin/getsubids" <<'END'
#!/bin/sh
case "$*" in
-g\ root) echo "0: root 860000 60" ;;
root) echo "0: root 760000 50"; echo "1: root 770000 5" ;;
*) echo "Error fetching ranges" >&2; exit 1 ;;
esac
END
  chmod +x "$T/bin/getsubids"
}

@test "what the files do not have is asked of getsubids" {
  fake_getsubids
  grep -v '^root' "$(world_etc)/subuid" >"$T/subuid"
  grep -v '^root' "$(world_etc)/subgid" >"$T/subgid"
  maps world sh -c 'mount --bind "$1/subuid" /etc/subuid && mount --bind "$1/subgid" /etc/subgid || exit
    PATH=$1/bin:$PATH; shift; exec "$@"' sh "$T" "$XUNSHARE" --map-auto
  is "$output" "0 760000 50 / 0 860000 60"
}

@test "getsubids answers although the standard descriptors are closed" {
  fake_getsubids
  grep -v '^root' "$(world_etc)/subuid" >"$T/subuid"
  world sh -c 'mount --bind "$1/subuid" /etc/subuid || exit
    PATH=$1/bin:$PATH
    exec "$2" --map-users auto sh -c "cat /proc/self/uid_map >$1/map" <&- >&-' sh "$T" "$XUNSHARE"
  is "$(awk '{ print $1, $2, $3 }' "$T/map")" "0 760000 50"
}

@test "getsubids answers although standard error is closed" {
  fake_getsubids
  grep -v '^root' "$(world_etc)/subuid" >"$T/subuid"
  maps world sh -c 'mount --bind "$1/subuid" /etc/subuid || exit
    PATH=$1/bin:$PATH; shift; exec "$@" 2>&-' sh "$T" "$XUNSHARE" -r --map-users auto
  is "${output%% /*}" "0 0 1; 1 760000 50"
}

@test "a newuidmap that is killed is named" {
  mkdir -p "$T/bin"
  printf '#!/bin/sh\nkill -KILL $$\n' >"$T/bin/newuidmap"
  chmod 4755 "$T/bin/newuidmap"
  fails 1 world_as 64002 env PATH="$T/bin:$PATH" "$XUNSHARE" --map-auto true
  has "$stderr" "newuidmap was killed by signal 9"
}

@test "where there are no files at all getsubids is asked" {
  fake_getsubids
  cp -a "$(world_etc)" "$T/etc"
  rm "$T/etc/subuid" "$T/etc/subgid"
  maps private sh -c 'mount --bind "$1/etc" /etc || exit; PATH=$1/bin:$PATH; shift; exec "$@"' sh "$T" \
    "$XUNSHARE" --map-users auto-all --map-groups auto-all
  is "$output" "0 760000 50; 50 770000 5 / 0 860000 60"
}

@test "what the files have is not asked of getsubids" {
  fake_getsubids
  maps world env PATH="$T/bin:$PATH" "$XUNSHARE" --map-auto
  is "$output" "0 1000000 65536 / 0 2000000 65536"
}

# hinted_none USER FILE HINT SUBUID SUBGID WORD: USER has none in FILE, where both files have these lines beside their own
hinted_none() {
  local user=$1 file=$2 hint=$3 sub
  for sub in subuid subgid; do
    { cat "$(world_etc)/$sub" && printf %b "$4"; } >"$T/$sub"
    shift
  done
  fails 1 world sh -c 'mount --bind "$1/subuid" /etc/subuid && mount --bind "$1/subgid" /etc/subgid || exit 125
    shift; exec setpriv --reuid="$1" --regid="$1" --clear-groups -- "$2" --map-users auto --map-groups auto true' \
    sh "$T" "$user" "$XUNSHARE"
  is "$stderr" "xunshare: no line matching user \"$(world id -un "$user" 2>/dev/null || echo "$user")\" in /etc/$file${NL}xunshare: hint: $hint"
}

@test "a user who has no subordinate IDs is told so, and how he gets some that are free" {
  local or='by root, gives some that are free; --map-root-user maps one ID without'
  hinted_none 64006 subuid "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 xnsnss, $or" '' ''
  # not those that anybody has, in either file
  hinted_none 64006 subuid "usermod --add-subuids 296608-362143 --add-subgids 296608-362143 xnsnss, $or" \
    'a:231072:65536\nb:100000:65536\n' 'a:165536:65536\n'
  hinted_none 64006 subuid "usermod --add-subuids 250001-315536 --add-subgids 250001-315536 xnsnss, $or" \
    'a:150000:100000\nb:90000:10001\n' 'c:250000:1\n'
  # no more than is missing
  hinted_none 64006 subgid "usermod --add-subgids 100000-165535 xnsnss, $or" 'xnsnss:1100000:65536\n' ''
  hinted_none 64006 subuid "usermod --add-subuids 100000-165535 xnsnss, $or" '' 'xnsnss:1100000:65536\n'
  # none is free, or there is no user to give them to
  hinted_none 64006 subuid "--map-root-user maps one ID, and needs none of these" 'a:100000:4294860000\n' ''
  hinted_none 64999 subuid "--map-root-user maps one ID, and needs none of these" '' ''
}

@test "lines of /etc/subuid that are none are passed over" {
  printf '%s\n' '' xnssub 'xnssub:1' 'xnssub:x:1' 'xnssub:1:0' 'xnssub:99999999999:1' '#xnssub:1:1' \
    'xnssub:700000:100' >"$T/subuid"
  succeeds world sh -c 'mount --bind "$1" /etc/subuid; shift; exec "$@"' sh "$T/subuid" \
    setpriv --reuid=64002 --regid=64002 --clear-groups "$XUNSHARE" --dry-run --map-users auto true
  has "$output" '[newuidmap] execve('
  has "$output" '"0", "700000", "100"'
}

# ---- all ----

@test "all maps each ID of the namespace to itself" {
  local users groups
  users=$(awk '{ print $1, $1, $3 }' /proc/self/uid_map)
  groups=$(awk '{ print $1, $1, $3 }' /proc/self/gid_map)
  root_maps --map-users all --map-groups all
  is "$output" "$users / $groups"
}

@test "all in a nested user namespace maps what that one has" {
  root_maps --map-users 0:0:10 --map-users 50:200000:5 --map-groups 0:0:10 -- \
    "$XUNSHARE" --map-users all --map-groups all
  is "$output" "0 0 10; 50 50 5 / 0 0 10"
}

@test "all with --map-user" {
  root_maps --map-users 0:0:10 --map-groups 0:0:10 -- "$XUNSHARE" --map-users all --map-user 20
  is "$output" "20 0 1; 0 1 9 / "
}

# ---- who writes them ----

# without PROGRAM...: a PATH that has what this file needs, and not these
path_without() {
  local program
  mkdir -p "$T/path"
  for program in sh cat true id setpriv env; do
    ln -sf "$(type -P "$program")" "$T/path/$program"
  done
  echo "$T/path"
}

@test "root maps any range where newuidmap is absent" {
  maps world env PATH="$(path_without)" "$XUNSHARE" --map-users 0:100000:1000 --map-groups 0:200000:1000
  is "$output" "0 100000 1000 / 0 200000 1000"
}

@test "without newuidmap an ordinary user is told which package has it" {
  fails 127 world_as 64002 env PATH="$(path_without)" "$XUNSHARE" --map-auto true
  has "$stderr" "xunshare: hint: newuidmap is not installed; it is in the package uidmap"
}

@test "a newuidmap that may not be executed is not \"not installed\", and one that cannot be searched for is" {
  local path
  path=$(path_without)
  mkdir "$T/bin" "$T/closed"
  cp "$(type -P newuidmap)" "$T/bin/newuidmap"
  chmod 644 "$T/bin/newuidmap"
  fails 126 world_as 64002 env PATH="$T/bin:$path" "$XUNSHARE" --map-auto true
  has "$stderr" "xunshare: hint: $T/bin/newuidmap is there, and this process may not execute it"
  hasnt "$stderr" "not installed"
  chmod 700 "$T/closed"
  cp -p "$(type -P newuidmap)" "$T/closed/newuidmap"
  fails 127 world_as 64002 env PATH="$T/closed:$path" "$XUNSHARE" --map-auto true
  has "$stderr" "xunshare: hint: newuidmap is not installed"
  succeeds world_as 64002 env PATH="$T/closed:$PATH" "$XUNSHARE" --map-auto true
}

@test "a line of /etc/subuid with a carriage return, or otherwise malformed, is skipped, and named if there is no other" {
  local line
  for line in 'xnssub:700000:5\r' 'xnssub:700000:5 ' 'xnssub:700000' xnssub 'xnssub:x:5'; do
    printf 'nobody:690000:10\n%b\n' "$line" >"$T/subuid"
    fails 1 world sh -c 'mount --bind "$1/subuid" /etc/subuid && exec setpriv --reuid=64002 --regid=64002 --clear-groups -- "$2" --map-users auto true' sh "$T" "$XUNSHARE"
    is "$stderr" "xunshare: no line matching user \"xnssub\" in /etc/subuid: line 2 is not of the form NAME:START:COUNT"
    printf "xnssub:700000:7\n" >>"$T/subuid"
    maps world sh -c 'mount --bind "$1/subuid" /etc/subuid || exit; shift; exec setpriv --reuid=64002 --regid=64002 --clear-groups -- "$@"' sh "$T" "$XUNSHARE" -r --map-users auto
    is "${output%% /*}" "0 64002 1; 1 700000 7"
  done
}

@test "a newuidmap that is not set-user-ID is named" {
  mkdir "$T/bin"
  cp "$(type -P newuidmap)" "$(type -P newgidmap)" "$T/bin/"
  chmod 755 "$T"/bin/*
  fails 1 world_as 64002 env PATH="$T/bin:$PATH" "$XUNSHARE" --map-auto true
  has "$stderr" "xunshare: hint: $T/bin/newuidmap is neither set-user-ID root nor has it file capabilities"
}

@test "a newuidmap that gets no rights: no new privileges, a mount with nosuid; where it has them nothing is said" {
  fails 1 world_as 64002 setpriv --no-new-privs -- "$XUNSHARE" --map-auto true
  has "$stderr" "newuidmap has no more rights than this process: no program gets any from here on (NoNewPrivs: 1 in /proc/self/status)"
  fails 1 world sh -c 'mount --bind "${0%/*}" "${0%/*}" && mount -o remount,bind,nosuid "${0%/*}" && exec setpriv --reuid=64002 --regid=64002 --clear-groups -- "$@"' \
    "$(type -P newuidmap)" "$XUNSHARE" --map-auto true
  has "$stderr" "newuidmap is on a mount where no program gets rights of its own (nosuid)"
  succeeds world_as 64002 "$XUNSHARE" --map-auto true
}

@test "subordinate IDs are suggested only where the user namespace has them" {
  fails 1 world_as 64006 "$XUNSHARE" --map-auto true
  has "$stderr" "xunshare: hint: usermod --add-subuids "
  fails 1 world_as 64006 "$XUNSHARE" -c "$XUNSHARE" --map-auto true
  has "$stderr" "xunshare: hint: --map-root-user maps one ID, and needs none of these"
  hasnt "$stderr" usermod
}

@test "root of a nested user namespace writes the maps of a further one itself" {
  maps world_as 64002 "$XUNSHARE" -r --map-auto env PATH="$(path_without)" \
    "$XUNSHARE" --map-users 0:10:20 --map-groups 0:30:40
  is "$output" "0 10 20 / 0 30 40"
}

@test "the map file holds the map and nothing else" {
  ok --map-users 0:100000:10 -r cat /proc/self/uid_map
  is "$(tr -s ' ' <<<"$output")" " 0 0 1${NL} 1 100000 9"
}

# ---- setgroups ----

setgroups_is() {
  local expected=$1
  shift
  succeeds "$@" cat /proc/self/setgroups
  is "$output" "$expected"
}

@test "a group map of one ID denies setgroups; without one, or with one from outside, it stays allowed" {
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" -r
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" -c
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" --map-group 5
  setgroups_is allow as_user "$PLAIN" "$XUNSHARE" -U
  setgroups_is allow as_user "$PLAIN" "$XUNSHARE" --map-user 5
  setgroups_is allow world "$XUNSHARE" --map-auto
  setgroups_is allow world_as 64002 "$XUNSHARE" -r --map-auto
}

@test "--setgroups deny denies it" {
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" -U --setgroups deny
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" -r --setgroups deny
  setgroups_is deny world "$XUNSHARE" --map-auto --setgroups deny
  setgroups_is deny world_as 64002 "$XUNSHARE" -r --map-auto --setgroups deny
}

@test "--setgroups allow allows it" {
  setgroups_is allow "$XUNSHARE" -U --setgroups allow
  setgroups_is allow as_user "$PLAIN" "$XUNSHARE" --map-user 5 --setgroups allow
  setgroups_is allow world "$XUNSHARE" -r --map-auto --setgroups allow
}

@test "--setgroups allow with a group map of one ID is an error" {
  fails 1 as_user "$PLAIN" "$XUNSHARE" -r --setgroups allow true
  is "$stderr" "xunshare: options --setgroups=allow and --map-group are mutually exclusive"
}

@test "with setgroups allowed the program's groups can be set" {
  succeeds world_as 64002 "$XUNSHARE" -r --map-auto setpriv --groups 3,4 id -G
  is "$output" "0 3 4"
}

# ---- owner ----

# owner_is UID ARG...
owner_is() {
  local expected=$1
  shift
  start "$XUNSHARE" "$@" sleep 1000
  wait_until runs "$pid" sleep
  is "$(owner_of "/proc/$pid/ns/user")" "$expected"
}

# owner_of FILE: NS_GET_OWNER_UID (0xb704) of it
owner_of() {
  need perl
  perl -e 'open F, $ARGV[0] or die; $b = "x" x 4; ioctl(F, 0xb704, $b) or die; print unpack("L", $b)' "$1"
}

@test "a user namespace belongs to who made it, and with --owner to that user" {
  owner_is 0 -U
  owner_is 1234 --owner 1234:1235
}

@test "--owner implies --user and sets the IDs outside" {
  start "$XUNSHARE" --owner 1234:1235 sleep 1000
  wait_until runs "$pid" sleep
  isnt "$(readlink "/proc/$pid/ns/user")" "$(readlink /proc/self/ns/user)"
  is "$(awk '$1 == "Uid:" || $1 == "Gid:" { print $2 }' "/proc/$pid/status")" "1234${NL}1235"
}

@test "--owner with -r maps the caller to root: written from outside" {
  root_maps --owner 64002:64002 -r
  is "$output" "0 0 1 / 0 0 1"
}

@test "--owner with --map-auto maps the owner's subordinate IDs" {
  root_maps --owner 64002:64002 --map-auto
  is "$output" "0 700000 100 / 0 800000 100"
}

@test "--owner refuses what is no owner" {
  local word
  for word in '' 1 1: :1 1:x x:1 4294967295:0 0:-1; do
    fails 1 "$XUNSHARE" --owner "$word" true
    has "$stderr" "xunshare: failed to parse owner: '$word'"
  done
}

@test "--owner of somebody else is refused to an ordinary user" {
  fails 1 as_user "$PLAIN" "$XUNSHARE" --owner 0:0 true
  has "$stderr" "Operation not permitted"
}

# ---- capabilities ----

ambient_is() {
  local expected=$1
  shift
  succeeds "$@" sh -c 'while read -r name value; do case $name in CapAmb:) echo $value; esac; done </proc/self/status'
  is "$output" "$expected"
}

all_caps() {
  printf '%016x' $(((1 << ($(cat /proc/sys/kernel/cap_last_cap) + 1)) - 1))
}

@test "--keep-caps: the program has all capabilities of the user namespace as ambient ones" {
  ambient_is "$(all_caps)" as_user "$PLAIN" "$XUNSHARE" -c --keep-caps
  ambient_is "$(all_caps)" as_user "$PLAIN" "$XUNSHARE" -r --keep-caps
}

@test "without --keep-caps the program has no ambient capability" {
  ambient_is 0000000000000000 as_user "$PLAIN" "$XUNSHARE" -c
}

@test "--keep-caps lets an ordinary user mount in his namespace" {
  fails 32 as_user "$PLAIN" "$XUNSHARE" -c -m mount -t tmpfs none /tmp || isnt "$status" 0
  succeeds as_user "$PLAIN" "$XUNSHARE" -c -m --keep-caps sh -c 'mount -n -t tmpfs none /tmp && ls /tmp'
  is "$output" ""
}

@test "--keep-caps without a user namespace has no effect, and -x says so" {
  ambient_is 0000000000000000 "$XUNSHARE" --keep-caps
  try "$XUNSHARE" -x --keep-caps true
  is "$status" 0
  has "$stderr" "# --keep-caps has no effect"
}

# ---- helpers ----

@test "a failing map leaves no process behind" {
  fails 1 world_as "$PLAIN" sh -c '"$1" --map-users 0:900000:10 true; status=$?
    read -r left <"/proc/$$/task/$$/children" && [ -n "$left" ] && echo "left: $left"; exit $status' sh "$XUNSHARE"
  is "$output" ""
}

@test "with --map-auto no child of xunshare's is left in the program" {
  ok -r --map-users 1:100000:10 sh -c 'cat /proc/$$/task/$$/children'
  # the cat itself
  [[ $output =~ ^[0-9]+\ ?$ ]]
}
