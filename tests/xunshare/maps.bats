#!/usr/bin/env bats
# User namespaces: the ID maps of xunshare, who writes them, and what goes with them.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  need newuidmap newgidmap
}

teardown() {
  xns_teardown
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

# ---- one's own ID ----

@test "--user alone writes no map" {
  root_maps -U
  is "$output" " / "
  user_maps "$PLAIN" -U
  is "$output" " / "
}

@test "-r, --map-root-user map the current user and group to root" {
  user_maps "$PLAIN" -r
  is "$output" "0 $PLAIN 1 / 0 $PLAIN 1"
  user_maps "$PLAIN" --map-root-user
  is "$output" "0 $PLAIN 1 / 0 $PLAIN 1"
  root_maps -r
  is "$output" "0 0 1 / 0 0 1"
}

@test "-c, --map-current-user map the current user and group to themselves" {
  user_maps "$PLAIN" -c
  is "$output" "$PLAIN $PLAIN 1 / $PLAIN $PLAIN 1"
  user_maps "$PLAIN" --map-current-user
  is "$output" "$PLAIN $PLAIN 1 / $PLAIN $PLAIN 1"
}

@test "--map-user maps the current user alone" {
  user_maps "$PLAIN" --map-user 7
  is "$output" "7 $PLAIN 1 / "
}

@test "--map-group maps the current group alone" {
  user_maps "$PLAIN" --map-group 8
  is "$output" " / 8 $PLAIN 1"
}

@test "--map-user and --map-group together map both" {
  user_maps "$PLAIN" --map-user 7 --map-group 8
  is "$output" "7 $PLAIN 1 / 8 $PLAIN 1"
}

@test "--map-user and --map-group after -r change its map" {
  user_maps "$PLAIN" -r --map-user 7
  is "$output" "7 $PLAIN 1 / 0 $PLAIN 1"
}

@test "--map-user 4242 works where passwd has no such user" {
  maps as_user 64999 "$XUNSHARE" --map-user 4242
  is "$output" "4242 64999 1 / "
  succeeds as_user 64999 "$XUNSHARE" --map-user 4242 id -u
  is "$output" 4242
}

@test "--map-user and --map-group take names" {
  user_maps "$PLAIN" --map-user nobody --map-group xnsgrp
  is "$output" "65534 $PLAIN 1 / 64105 $PLAIN 1"
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

@test "root maps any range" {
  root_maps --map-users 0:100000:1000 --map-groups 5:200000:7
  is "$output" "0 100000 1000 / 5 200000 7"
}

@test "a range may be written outer,inner,count" {
  root_maps --map-users 100000,0,1000 --map-groups 200000,5,7
  is "$output" "0 100000 1000 / 5 200000 7"
}

@test "--map-users maps no group, --map-groups no user" {
  root_maps --map-users 0:100000:1000
  is "$output" "0 100000 1000 / "
  root_maps --map-groups 0:100000:1000
  is "$output" " / 0 100000 1000"
}

@test "--map-users can be repeated" {
  root_maps --map-users 0:100000:10 --map-users 50:200000:5 --map-users 20:300000:1
  is "$output" "0 100000 10; 50 200000 5; 20 300000 1 / "
}

@test "the highest ID can be mapped" {
  root_maps --map-users 4294967294:4294967294:1
  is "$output" "4294967294 4294967294 1 / "
  root_maps --map-users 0:0:4294967295
  is "$output" "0 0 4294967295 / "
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

@test "ranges that touch do not overlap" {
  root_maps --map-users 0:100000:10 --map-users 10:100010:10
  is "$output" "0 100000 10; 10 100010 10 / "
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

@test "--map-users with --map-user loses no ID: 1:100000:10 and 11" {
  root_maps --map-users 1:100000:10 --map-user 11
  is "$output" "11 0 1; 1 100000 10 / "
}

@test "--map-user in the middle of a range: the other IDs of the range close up" {
  root_maps --map-users 0:100000:10 --map-user 4
  is "$output" "4 0 1; 0 100000 4; 5 100004 5 / "
}

@test "--map-user at the start of a range" {
  root_maps --map-users 0:100000:10 --map-user 0
  is "$output" "0 0 1; 1 100000 9 / "
}

@test "--map-user at the end of a range" {
  root_maps --map-users 0:100000:10 --map-user 9
  is "$output" "9 0 1; 0 100000 9 / "
}

@test "--map-user where the range holds the current user outside" {
  root_maps --map-users 100:0:10 --map-user 5
  is "$output" "5 0 1; 100 1 9 / "
}

@test "--map-user where the range holds both its sides" {
  root_maps --map-users 0:0:10 --map-user 5
  is "$output" "5 0 1; 0 1 5; 6 6 4 / "
}

@test "-r with ranges maps the current user and group to root beside them" {
  root_maps -r --map-users 1:100000:10 --map-groups 1:200000:10
  is "$output" "0 0 1; 1 100000 10 / 0 0 1; 1 200000 10"
}

@test "-r with --map-users maps the group too" {
  root_maps -r --map-users 1:100000:10
  is "$output" "0 0 1; 1 100000 10 / 0 0 1"
}

# ---- subordinate IDs ----

@test "-r --map-auto with a range of 100 maps 0 to the caller and 1 to 100" {
  user_maps 64002 -r --map-auto
  is "$output" "0 64002 1; 1 700000 100 / 0 64002 1; 1 800000 100"
}

@test "-r --map-auto with a range of one maps that ID too" {
  user_maps 64003 -r --map-auto
  is "$output" "0 64003 1; 1 700200 1 / 0 64003 1; 1 800200 1"
}

@test "-c --map-auto keeps the caller's own ID, and all of the range" {
  user_maps 64002 -c --map-auto
  is "$output" "64002 64002 1; 0 700000 100 / 64002 64002 1; 0 800000 100"
}

@test "--map-auto alone maps the range from 0 on" {
  user_maps 64002 --map-auto
  is "$output" "0 700000 100 / 0 800000 100"
}

@test "--map-users=auto maps users alone, --map-groups=auto groups alone" {
  user_maps 64002 --map-users auto
  is "$output" "0 700000 100 / "
  user_maps 64002 --map-groups auto
  is "$output" " / 0 800000 100"
}

@test "--map-user in the middle of --map-users=auto loses no subordinate ID" {
  user_maps 64002 --map-users auto --map-user 50
  is "$output" "50 64002 1; 0 700000 50; 51 700050 50 / "
}

@test "the program can become each user of --map-auto" {
  succeeds world_as 64002 "$XUNSHARE" -r --map-auto -S 100 -G 100 sh -c 'id -u; id -g'
  is "$output" "100${NL}100"
}

@test "--map-auto takes the first range of several" {
  user_maps 64004 --map-auto
  is "$output" "0 710000 10 / 0 810000 10"
}

@test "auto-all takes all ranges, one behind the other, by name and by number" {
  user_maps 64004 --map-users auto-all --map-groups auto-all
  is "$output" "0 710000 10; 10 720000 5; 15 730000 1 / 0 810000 10; 10 820000 5"
}

@test "auto-all with -r leaves room for root" {
  user_maps 64004 -r --map-users auto-all --map-groups auto-all
  is "$output" "0 64004 1; 1 710000 10; 11 720000 5; 16 730000 1 / 0 64004 1; 1 810000 10; 11 820000 5"
}

@test "--map-subids maps the subordinate IDs to themselves" {
  user_maps 64002 --map-subids
  is "$output" "700000 700000 100 / 800000 800000 100"
}

@test "--map-users=subids maps users alone, --map-groups=subids groups alone" {
  user_maps 64002 --map-users subids
  is "$output" "700000 700000 100 / "
  user_maps 64002 --map-groups subids
  is "$output" " / 800000 800000 100"
}

@test "the user may stand in /etc/subuid by number" {
  user_maps 64003 --map-auto
  is "$output" "0 700200 1 / 0 800200 1"
}

@test "group ranges are looked up by user, not by group" {
  user_maps 64005 --map-groups auto
  is "$output" " / 0 840000 10"
}

@test "root's own subordinate ranges are root's --map-auto" {
  root_maps --map-auto
  is "$output" "0 1000000 65536 / 0 2000000 65536"
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

@test "a group map of one ID denies setgroups" {
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" -r
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" -c
  setgroups_is deny as_user "$PLAIN" "$XUNSHARE" --map-group 5
}

@test "without a group map setgroups stays allowed" {
  setgroups_is allow as_user "$PLAIN" "$XUNSHARE" -U
  setgroups_is allow as_user "$PLAIN" "$XUNSHARE" --map-user 5
}

@test "a group map written from outside leaves setgroups allowed" {
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

@test "--setgroups refuses another word" {
  fails 1 "$XUNSHARE" -U --setgroups maybe true
  is "$stderr" "xunshare: unsupported --setgroups argument 'maybe'"
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
  cat >"$T/owner.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
int main(int argc, char **argv)
{
	unsigned int uid;
	if (argc != 2 || ioctl(open(argv[1], O_RDONLY), 0xb704, &uid) < 0)
		return 1;
	printf("%u\n", uid);
	return 0;
}
END
  "${CC:-cc}" -o "$T/owner" "$T/owner.c" && "$T/owner" "$1"
}

@test "a user namespace belongs to who made it" {
  owner_is 0 -U
}

@test "--owner: it belongs to that user" {
  owner_is 1234 --owner 1234:1235
}

@test "--owner implies --user and sets the IDs outside" {
  start "$XUNSHARE" --owner 1234:1235 sleep 1000
  wait_until runs "$pid" sleep
  isnt "$(readlink "/proc/$pid/ns/user")" "$(readlink /proc/self/ns/user)"
  is "$(awk '$1 == "Uid:" || $1 == "Gid:" { print $2 }' "/proc/$pid/status")" "1234${NL}1235"
}

@test "--owner takes names" {
  succeeds world "$XUNSHARE" --dry-run --owner xnssub:xnsgrp true
  has "$output" "setgid(64105)${NL}setuid(64002)"
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
