#!/usr/bin/env bats
# Messages: the German catalogue is used where it should be; nothing is loaded where it must not be, nor out of another
# root or mount namespace.
# shellcheck disable=SC2016,SC2030,SC2031,SC2086,SC2154 # what shells inside expand; words of a row; variables that helpers set

load ../lib/helpers
load ../lib/locale

setup() {
  xns_setup
  need_root
  need strace
  other_locale
}

# The translation of MSGID, with "nonsense" for its %s
translated() {
  msgfmt -o "$T/po.mo" "$XNS_SRC/po/de.po"
  msgunfmt --no-wrap "$T/po.mo" | awk -v id="msgid \"$1\"" '
    $0 == id { found = 1; next }
    found { sub(/^msgstr "/, ""); sub(/"$/, ""); sub(/%s/, "nonsense"); print; exit }'
}

# speaks LANGUAGE COMMAND...: what it does in that language
speaks() {
  local locale=LC_ALL=xx.UTF-8
  [ "$1" = de ] || locale=LC_ALL=C
  shift
  try german env "$locale" LANGUAGE=de "$@"
}

@test "the German catalogue is complete" {
  need msgfmt
  LC_ALL=C msgfmt --check --statistics -o /dev/null "$XNS_SRC/po/de.po" 2>"$T/statistics"
  hasnt "$(cat "$T/statistics")" untranslated
  hasnt "$(cat "$T/statistics")" fuzzy
}

@test "the catalogue has the program's messages" {
  need xgettext msgcmp
  local sources
  mapfile -t sources < <(sed '/^#/d; /^$/d' "$XNS_SRC/po/POTFILES.in")
  (cd "$XNS_SRC" && xgettext --from-code=UTF-8 -k_ -kN_ -o "$T/xns.pot" "${sources[@]}")
  msgcmp "$XNS_SRC/po/de.po" "$T/xns.pot"
}

@test "messages are German with LANGUAGE=de in a UTF-8 locale, and English in C" {
  local text german
  text=$(translated "failed to parse uid: '%s'")
  [ -n "$text" ]
  isnt "$text" "failed to parse uid: 'nonsense'"
  for tool in "$XUNSHARE" "$XNSENTER --uts=/proc/self/ns/uts"; do
    speaks de $tool -S nonsense true
    is "$status:$(head -n 1 <<<"$stderr")" "1:$(basename "${tool%% *}"): $text"
    speaks C $tool -S nonsense true
    is "$status:$(head -n 1 <<<"$stderr")" "1:$(basename "${tool%% *}"): failed to parse uid: 'nonsense'"
    speaks de $tool --help
    german=$output
    speaks C $tool --help
    isnt "$german" "$output"
  done
}

@test "a hint before the mount namespace changed is German" {
  speaks de setpriv --bounding-set=-sys_admin "$XUNSHARE" -u true
  is "$status" 1
  hasnt "$stderr" "unshare failed"
  hasnt "$stderr" "CAP_SYS_ADMIN is missing"
}

@test "columns, signals and what is meant are found in any case where I is not the capital of i, as in Turkish" {
  local words english
  turkish_locale
  for words in "$XLSNS -n -o pid,uid,type,pidino -t user -p $$" "$XLSNS -o pidin" "$XLSNS -t uip" "$XUNSHARE --kill-child=winhc true" \
    "$XUNSHARE --kill-child=vtalrm --dry-run true" "$XNETNS pidz" "$XNETNS moniTOR x" "$XNSENTER -t 1 --follow=uIt true"; do
    try env LC_ALL=C $words
    isnt "$output$stderr" ""
    english="$status $output $stderr"
    try env LC_ALL=tr_XX $words
    is "$status $output $stderr" "$english"
  done
}

# ---- another root ----

# trap_root DIR: a root directory full of what libc would load: each would show in strace
trap_root() {
  local dir=$1 path
  make_root "$dir" sleep
  for path in etc/nsswitch.conf etc/passwd etc/group etc/localtime etc/ld.so.preload etc/locale.alias \
    lib/x86_64-linux-gnu/libnss_files.so.2 lib64/libnss_files.so.2 usr/share/locale/locale.alias \
    usr/share/locale/de/LC_MESSAGES/{libc,xns}.mo usr/local/share/locale/de/LC_MESSAGES/{libc,xns}.mo \
    usr/lib/locale/locale-archive usr/lib/locale/C.utf8/LC_CTYPE usr/lib/x86_64-linux-gnu/gconv/gconv-modules{,.cache} \
    "$(localedir)/de/LC_MESSAGES/xns.mo" "$LOCPATH/xx.utf8/LC_CTYPE"; do
    mkdir -p "$dir/${path%/*}"
    [ "$path" = etc/ld.so.preload ] || echo trap >"$dir/$path"
  done
}

# new_trap OPTION...: a target with that root, whose /proc is its own, as that of its mount namespace
new_trap() {
  trap_root "$T/root"
  new_target "$@" --root="$T/root"
  mkdir "$T/root/proc/$target"
  # what is read below this /proc would be the target's word for it
  printf 'Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\n' >"$T/root/proc/$target/status"
}

# traced COMMAND...: with strace, in German; what it writes is in $output and $stderr
traced() {
  status=0
  LC_ALL=xx.UTF-8 LANGUAGE=de german strace -f -o "$T/strace" -e signal=none "$@" >"$T/out" 2>"$T/err" || status=$?
  stderr=$(<"$T/err")
  output=$(<"$T/out")
  printf '%s: %s\n%s\n' "$*" "$status" "$stderr"
}

# opens_after CALL: what our processes look up by path after the first call like that; the current directory is no path, what
# is not there is no trap, and after unshare(2) /proc is ours
opens_after() {
  grep -q " $1(.* = 0\$" "$T/strace"
  awk -v call=" $1\\\\(" -v proc="$([ "$1" = unshare ] && echo '"/proc/' || echo '^$')" '
    !on { on = $0 ~ call && $0 ~ / = 0$/; next }
    / execve\(.* = 0$/ { over[$1] = 1 }
    !over[$1] && / (open|openat|openat2|newfstatat|stat|access|readlink)\(/ && !/AT_EMPTY_PATH/ && !/openat\([0-9]|AT_FDCWD, "\."/ &&
      !/"\/?no-such/ && $0 !~ proc' "$T/strace"
}

# untranslated CALL STATUS MESSAGE COMMAND...: it ends with that, and has loaded nothing after CALL
untranslated() {
  local call=$1 expected=$2 message=$3
  shift 3
  traced "$@"
  is "$status" "$expected"
  is "${stderr%%"$NL"*}" "$message"
  is "$(tr -d '\000-\177' <<<"$stderr")" ""
  is "$(opens_after "$call")" ""
}

execute="failed to execute /no-such-program: No such file or directory"

# clean_start COMMAND...: up to the execve of /bin/echo, which may load what it likes, it opens no locale file
clean_start() {
  local env
  for env in LC_ALL=C LC_ALL=C.UTF-8 LC_ALL=xx.UTF-8 LANG=de_DE.UTF-8; do
    env -u LC_ALL LANGUAGE=de "$env" strace -f -o "$T/strace" "$@" /bin/echo
    awk '{ line[NR] = $0 } / execve\("\/bin\/echo"/ { last = NR } END { for (i = 1; i < last; i++) print line[i] }' \
      "$T/strace" >"$T/ours"
    grep -qE 'setns|unshare' "$T/ours"
    is "$(grep -E '"[^"]*(locale|\.mo|gconv|nsswitch)[^"]*"' "$T/ours" | grep -v execve)" ""
  done
}

@test "a start without a message opens no locale file" {
  clean_start "$XUNSHARE" -uf --forward-signals -R / "$XUNSHARE" -r
  new_target -mup -f
  clean_start "$XNSENTER" -t "$target" -a -r -w -e -S 0 -G 0
}

@test "after the root or the mount namespace changed a message is untranslated, and loads nothing" {
  trap_root "$T/root"
  untranslated chroot 127 "xunshare: $execute" "$XUNSHARE" -R "$T/root" /no-such-program
  untranslated unshare 127 "xunshare: $execute" "$XUNSHARE" -mf -R "$T/root" /no-such-program
  local cannot="cannot change directory to /no-such-dir: No such file or directory"
  untranslated unshare 1 "xunshare: $cannot" "$XUNSHARE" -mf -R "$T/root" -w /no-such-dir /bin/true
  untranslated unshare 1 "xunshare: $cannot" "$XUNSHARE" -m -w /no-such-dir true
}

@test "a locale that was loaded before is not used after the root changed" {
  # the hint's message comes first from the helper, the second from the process in the new root
  trap_root "$T/root"
  traced "$XUNSHARE" -r -S 77 -R "$T/root" /bin/true
  is "$status" 1
  has "$stderr" "xunshare: setuid() failed: Invalid argument"
  is "$(opens_after chroot)" ""
}

@test "after a mount namespace or a root was joined a message is untranslated, and loads nothing" {
  new_trap -mu
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -m /no-such-program
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -m -r /no-such-program
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -a -r -w /no-such-program
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" --mount="/proc/$target/ns/mnt" -r"$T/root" /no-such-program
  untranslated setns 1 "xnsenter: cannot open current working directory: No such file or directory" \
    "$XNSENTER" -t "$target" -m -r -W/no-such-dir /bin/sleep 0
}

@test "the same with a fork, and after -r alone" {
  new_trap -mup -f
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -m -p -r /no-such-program
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -a -r --kill-child --forward-signals /no-such-program
  new_target -u --root="$T/root"
  untranslated chroot 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -u -r /no-such-program
}

@test "a user namespace's IDs that are not mapped: untranslated, and no file but of our own /proc is read" {
  new_trap -Urmu
  untranslated setns 1 "xnsenter: setuid() failed: Invalid argument" "$XNSENTER" -t "$target" -a -r -S 77 /bin/sleep 0
}

@test "IDs, names and the environment are read before, and from our own /proc" {
  new_trap -mu
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -m -S follow -G follow --root="$T/root" /no-such-program
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -a -S follow /no-such-program
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -m -r -e /no-such-program
  printf 'root:x:0:0::/:/bin/sh\nnobody:x:0:0::/:/bin/sh\n' >"$T/root/etc/passwd"
  untranslated setns 127 "xnsenter: $execute" "$XNSENTER" -t "$target" -m -r -S nobody -G nogroup /no-such-program
  has "$(cat "$T/strace")" "setuid($(id -u nobody))"
  untranslated chroot 127 "xunshare: $execute" "$XUNSHARE" -R "$T/root" -S nobody -G nogroup /no-such-program
  has "$(cat "$T/strace")" "setuid($(id -u nobody))"
}

@test "follow in a mount namespace with another /proc gives the target's IDs" {
  new_target -m
  nsenter -t "$target" -m sh -c 'mount -t tmpfs none /proc && mkdir "/proc/$1" &&
    printf "Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\n" >"/proc/$1/status"' sh "$target"
  succeeds "$XNSENTER" -t "$target" -m -S follow -G follow id -u
  is "$output" 0
  succeeds "$XNSENTER" -t "$target" -m -S follow -G follow id -g
  is "$output" 0
}

@test "the shell of another root's passwd is read without NSS" {
  new_trap -mu
  echo 'root:x:0:0::/:/no-such-shell' >"$T/root/etc/passwd"
  unset SHELL
  local words
  for words in "chroot xunshare --clear-env -R $T/root" "setns xnsenter -t $target -m -r"; do
    traced "$BIN"/${words#* }
    is "$status" 127
    words=${words% "${words#* * }"}
    is "${stderr%%"$NL"*}" "${words#* }: failed to execute /no-such-shell: No such file or directory"
    has "$(opens_after "${words% *}")" '"/etc/passwd"'
    # shells are only looked for
    is "$(opens_after "${words% *}" | grep -vc O_PATH)" 1
  done
}
