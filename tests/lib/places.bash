# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# Places: a mount namespace of one's own, a small /etc with users of its own, a root directory.

# as_user UID CMD...: as an ordinary user, with a group of the same number
as_user() {
  local uid=$1
  shift
  setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"
}

# private CMD...: in a mount namespace of its own, where nothing is shared
private() {
  unshare --mount --propagation private -- "$@"
}

# hidepid WORD CMD...: the same where /proc is mounted with that; off, and it hides no process from anybody
hidepid() {
  private sh -c 'mount -t proc -o "hidepid=$1" proc /proc && shift && exec "$@"' sh "$@"
}

# user_seeing UID CMD...: as_user there
user_seeing() {
  local uid=$1
  shift
  hidepid off setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"
}

# No /proc is mounted any more: there may be one over another.
no_proc='while umount -l /proc; do :; done 2>/dev/null'

# What the machine has mounted below /run is not among our mounts (all are read before one goes, or some would be left
# out); and /run is empty.
no_names='for at in $(cut -d" " -f5 /proc/self/mountinfo); do case $at in /run/*) umount -l "$at" 2>/dev/null ;; esac; done'
own_run="$no_names; mount -t tmpfs -o mode=755 xns /run || exit 125"

# without_proc CMD...: the same where there is none
without_proc() {
  private sh -c "$no_proc"'; exec "$@"' sh "$@"
}

# world CMD...: in a private mount namespace with a small /etc, where these are the users
#   xnsplain 64001  no subordinate IDs
#   xnssub   64002  700000…700099; groups 800000…800099
#   xnsone   64003  one, 700200, by its number in the file; group 800200
#   xnsmany  64004  710000…710009, 720000…720004, 730000; groups 810000…810009, 820000…820004
#   xnsodd   64005  its group xnsgrp 64105 has the name of a line of /etc/subgid, which is not the user's
#   xnsnss   64006  not in the files
#   root            1000000…1065535, and groups 2000000…2065535
world() {
  private sh -c '
    etc=$1
    shift
    mount --bind "$etc" /etc || exit 125
    exec "$@"' sh "$(world_etc)" "$@"
}

# world_as UID CMD...: in that world as one of its users
world_as() {
  local uid=$1 gid=$1
  shift
  [ "$uid" = 64005 ] && gid=64105
  world setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"
}

world_etc() {
  local etc=$BATS_FILE_TMPDIR/etc f new
  if [ ! -e "$etc" ]; then
    new=$etc.$BASHPID # two may want to make it
    mkdir -p "$new"
    for f in alternatives ld.so.cache ld.so.conf ld.so.conf.d login.defs terminfo localtime; do
      [ ! -e "/etc/$f" ] || cp -a "/etc/$f" "$new/"
    done
    printf '%s: files\n' passwd group shadow subid >"$new/nsswitch.conf"
    cat >"$new/passwd" <<'END'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/sh
xnsplain:x:64001:64001::/:/bin/sh
xnssub:x:64002:64002::/:/bin/sh
xnsone:x:64003:64003::/:/bin/sh
xnsmany:x:64004:64004::/:/bin/sh
xnsodd:x:64005:64105::/:/bin/sh
xnsnss:x:64006:64006::/:/bin/sh
END
    cat >"$new/group" <<'END'
root:x:0:
nogroup:x:65534:
xnsplain:x:64001:
xnssub:x:64002:
xnsone:x:64003:
xnsmany:x:64004:
xnsgrp:x:64105:
xnsnss:x:64006:
END
    cat >"$new/subuid" <<'END'
nobody:690000:10
xnssub:700000:100
64003:700200:1
xnsmany:710000:10
xnsmany:720000:5
64004:730000:1
xnsodd:740000:10
root:1000000:65536
END
    cat >"$new/subgid" <<'END'
xnsgrp:850000:10
xnssub:800000:100
64003:800200:1
xnsmany:810000:10
xnsmany:820000:5
xnsodd:840000:10
root:2000000:65536
END
    mv -T "$new" "$etc" 2>/dev/null || rm -rf "$new"
  fi
  echo "$etc"
}

# make_root DIR PROGRAM...: a root directory with just what it takes to run these; DIR is a copy of one that is made once
make_root() {
  local root=$1 made program lib libs=() programs=()
  shift
  made=$*
  made=$BATS_RUN_TMPDIR/root-${made//\//_}
  mkdir -p "$root"
  if [ ! -e "$made" ]; then
    mkdir -p "$made.$$"/{proc,dev,etc,tmp,bin}
    for program; do
      programs+=("$(type -P "$program")")
    done
    cp -L "${programs[@]}" "$made.$$/bin/"
    while read -r lib; do
      [[ ! $lib =~ (=\> |^)(/[^ :]+)\ \( ]] || [[ " ${libs[*]} " == *" ${BASH_REMATCH[2]} "* ]] || libs+=("${BASH_REMATCH[2]}")
    done < <(ldd "${programs[@]}" 2>/dev/null)
    [ ${#libs[@]} -eq 0 ] || cp -L --parents "${libs[@]}" "$made.$$"
    mv -T "$made.$$" "$made"
  fi
  cp -a "$made/." "$root"
}
