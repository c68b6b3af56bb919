#!/usr/bin/env bats
# Messages: the German catalogue is used where it should be, and nothing is loaded where it must not be.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what shells inside expand; variables that helpers set

load ../lib/helpers
load ../lib/locale

setup() {
  xns_setup
  need_root
  other_locale
}

teardown() {
  xns_teardown
}

msgid="failed to parse uid: '%s'"

# The translation of $msgid, with "nonsense" for its %s
translated() {
  msgfmt -o "$T/po.mo" "$XNS_SRC/po/de.po"
  msgunfmt --no-wrap "$T/po.mo" | awk -v id="msgid \"$msgid\"" '
    $0 == id { found = 1; next }
    found { sub(/^msgstr "/, ""); sub(/"$/, ""); sub(/%s/, "nonsense"); print; exit }'
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

@test "messages are German with LANGUAGE=de in a UTF-8 locale" {
  fails 1 german env LC_ALL=xx.UTF-8 LANGUAGE=de "$XUNSHARE" -S nonsense true
  [ -n "$(translated)" ]
  isnt "$(translated)" "failed to parse uid: 'nonsense'"
  is "$stderr" "xunshare: $(translated)"
}

@test "--help is German with LANGUAGE=de in a UTF-8 locale" {
  succeeds german env LC_ALL=xx.UTF-8 LANGUAGE=de "$XUNSHARE" --help
  local german=$output
  ok --help
  isnt "$german" "$output"
}

@test "messages are English with LC_ALL=C" {
  fails 1 german env LC_ALL=C LANGUAGE=de "$XUNSHARE" -S nonsense true
  is "$stderr" "xunshare: failed to parse uid: 'nonsense'"
}

@test "a hint before the mount namespace changed is German" {
  fails 1 german env LC_ALL=xx.UTF-8 LANGUAGE=de setpriv --bounding-set=-sys_admin "$XUNSHARE" -u true
  hasnt "$stderr" "unshare failed"
  hasnt "$stderr" "CAP_SYS_ADMIN is missing"
}

# What a start opens: the loader's cache and libc, and the sanitizers' own
opened() {
  grep -oE '^[0-9]+ +(open|openat|openat2|stat|newfstatat|access|readlink)\([^"]*"[^"]*"' "$T/strace" | sed 's/[^"]*"//; s/"$//'
}

@test "a start without a message opens no locale file" {
  need strace
  local env
  for env in LC_ALL=C LC_ALL=C.UTF-8 LC_ALL=xx.UTF-8 LANG=de_DE.UTF-8; do
    env -u LC_ALL LANGUAGE=de "$env" strace -f -o "$T/strace" "$XUNSHARE" -uf --forward-signals -R / "$XUNSHARE" -r /bin/echo
    # up to the last execve, echo's, which may load what it likes
    awk '{ line[NR] = $0 } / execve\(.*"\/bin\/echo"/ { last = NR } END { for (i = 1; i < last; i++) print line[i] }' \
      "$T/strace" >"$T/ours"
    mv "$T/ours" "$T/strace"
    opened
    hasnt "$(opened)" locale
    hasnt "$(opened)" .mo
    hasnt "$(opened)" gconv
    hasnt "$(opened)" nsswitch
  done
}

# ---- the trap root ----

# A root directory full of what libc would load: each would show in strace.
trap_root() {
  local dir=$1 path
  mkdir -p "$dir"/{proc,etc,bin,tmp}
  for path in etc/nsswitch.conf etc/passwd etc/group etc/localtime etc/ld.so.cache etc/ld.so.preload etc/locale.alias \
    lib/x86_64-linux-gnu/libnss_files.so.2 lib64/libnss_files.so.2 usr/share/locale/locale.alias \
    usr/share/locale/de/LC_MESSAGES/{libc,xns}.mo usr/local/share/locale/de/LC_MESSAGES/{libc,xns}.mo \
    usr/lib/locale/locale-archive usr/lib/locale/C.utf8/LC_CTYPE usr/lib/x86_64-linux-gnu/gconv/gconv-modules{,.cache}; do
    mkdir -p "$dir/${path%/*}"
    echo trap >"$dir/$path"
  done
  mkdir -p "$dir$(localedir)/de/LC_MESSAGES"
  echo trap >"$dir$(localedir)/de/LC_MESSAGES/xns.mo"
  mkdir -p "$dir$LOCPATH/xx.utf8"
  echo trap >"$dir$LOCPATH/xx.utf8/LC_CTYPE"
}

# opens_after CALL: what our processes open after the first call like that; hints read proc, which they may
opens_after() {
  awk -v call="$1" '
    !on { on = $0 ~ call && $0 ~ / = 0$/; next }
    / (open|openat|openat2|execve|newfstatat|stat|access|readlink)\(/ && !/"\/proc\// && !/AT_EMPTY_PATH/ && !/"\/?no-such/' "$T/strace"
}

traced() {
  status=0
  need strace
  LC_ALL=xx.UTF-8 LANGUAGE=de german strace -f -o "$T/strace" -e signal=none "$XUNSHARE" "$@" >/dev/null 2>"$T/err" || status=$?
  stderr=$(<"$T/err")
  printf 'xunshare %s: %s\n%s\n' "$*" "$status" "$stderr"
}

@test "after -R a failing program's message is untranslated and loads nothing" {
  trap_root "$T/root"
  traced -R "$T/root" /no-such-program
  is "$status" 127
  is "$stderr" "xunshare: failed to execute /no-such-program: No such file or directory"
  is "$(opens_after ' chroot\\(')" ""
}

@test "the same with a fork, -m and -w" {
  trap_root "$T/root"
  traced -mf -R "$T/root" /no-such-program
  is "$status" 127
  is "$stderr" "xunshare: failed to execute /no-such-program: No such file or directory"
  is "$(opens_after ' unshare\\(')" ""
  traced -mf -R "$T/root" -w /no-such-dir /bin/true
  is "$stderr" "xunshare: cannot change directory to /no-such-dir: No such file or directory"
  is "$(opens_after ' unshare\\(')" ""
}

@test "after -m alone a message is untranslated and loads nothing" {
  traced -m -w /no-such-dir true
  is "$status" 1
  is "$stderr" "xunshare: cannot change directory to /no-such-dir: No such file or directory"
  is "$(opens_after ' unshare\\(')" ""
}

@test "a locale that was loaded before is not used after the root changed" {
  # the hint's message comes first from the helper, the second from the process in the new root
  trap_root "$T/root"
  traced -r -S 77 -R "$T/root" /bin/true
  is "$status" 1
  has "$stderr" "xunshare: setuid() failed: Invalid argument"
  is "$(opens_after ' chroot\\(')" ""
}

@test "the shell of the new root's passwd is read without NSS" {
  trap_root "$T/root"
  echo 'root:x:0:0::/:/no-such-shell' >"$T/root/etc/passwd"
  traced --clear-env -R "$T/root"
  is "$status" 127
  is "$stderr" "xunshare: failed to execute /no-such-shell: No such file or directory"
  has "$(opens_after ' chroot\\(')" '"/etc/passwd"'
  is "$(opens_after ' chroot\\(' | wc -l)" 1
}

@test "names given to -S and -G are looked up before the root changes" {
  trap_root "$T/root"
  printf 'root:x:0:0::/:/bin/sh\nnobody:x:0:0::/:/bin/sh\n' >"$T/root/etc/passwd"
  traced -R "$T/root" -S nobody -G nogroup /no-such-program || :
  is "$(opens_after ' chroot\\(')" ""
}
