#!/usr/bin/env bats
# What --enable-static-start makes of xunshare and xnsenter, and that nothing else does.
# not sanitized: the programs are not linked so there
# shellcheck disable=SC2016 # what shells inside expand

load ../lib/helpers
load ../lib/locale

setup() {
  need_root
  xns_setup
}
# is_static: whether this build was to be
is_static() { [ -n "$(sed -n "s/^START_LDFLAGS = *//p" "$XNS_BUILD/Makefile")" ]; }

@test "xunshare and xnsenter are linked as configure was told, the others dynamically" {
  local tool
  need ldd
  for tool in "$XUNSHARE" "$XNSENTER"; do
    try ldd "$tool"
    if is_static; then
      has "$output$stderr" "not a dynamic executable"
    else
      has "$output" "libc.so"
    fi
  done
  has "$(ldd "$XLSNS")" "libsmartcols"
  has "$(ldd "$XNETNS")" "libc.so"
}

@test "a static one starts in a root without libraries, with a name of its /etc/passwd, or of a getent there" {
  mkdir -p "$T/root/etc" "$T/root/bin"
  cp "$XUNSHARE" "$XNSENTER" "$T/root/bin"
  echo 'someone:x:4711:4712::/:/bin/xunshare' >"$T/root/etc/passwd"
  echo 'some:x:4713:' >"$T/root/etc/group"
  if ! is_static; then # whose loader is not there
    fails 127 chroot "$T/root" /bin/xunshare --version
    return
  fi
  succeeds chroot "$T/root" /bin/xunshare -u -S someone -G some /bin/xnsenter --version
  has "$output" xnsenter
  fails 1 chroot "$T/root" /bin/xnsenter -S someone -G someone -t 1 /bin/true
  is "${stderr%%"$NL"*}" "xnsenter: failed to parse gid: 'someone'"
  succeeds chroot "$T/root" /bin/xunshare --dry-run -S someone -G some /bin/true
  has "$output" "setgid(4713)"
  has "$output" "setuid(4711)"
  build getent -static <<'END'
#include <stdio.h>
int main(int argc, char *argv[])
{
	return argc == 3 && printf("%s:x:4721:4722::/:/bin/sh\n", argv[2]) > 0 ? 0 : 2;
}
END
  cp "$T/getent" "$T/root/bin"
  succeeds env PATH=/bin "$(type -P chroot)" "$T/root" /bin/xunshare --dry-run -S nssuser /bin/true
  has "$output" "setuid(4721)"
}

@test "a static one opens nothing for its start, and no gconv module for a message in another character set" {
  need strace
  other_locale
  cp -r "$T/locales/xx.utf8" "$T/locales/xx.cp737"
  sed -i 's/UTF-8/CP737/' "$T/locales/xx.cp737/LC_CTYPE"
  if ! is_static; then # which does
    LC_ALL=xx.CP737 LANGUAGE=de try german strace -qq -o "$T/strace" -e trace=open,openat "$XUNSHARE" -S nonsense true
    has "$(<"$T/strace")" gconv
    return
  fi
  strace -qq -e trace=open,openat,access,mmap -o "$T/strace" "$XUNSHARE" -u "$XNSENTER" --version >"$T/out"
  is "$(grep -v MAP_ANONYMOUS "$T/strace")" ""
  [ -n "$(localedir)" ] || return 0 # musl knows one character set
  for locale in xx.UTF-8 xx.CP737; do
    LC_ALL=$locale LANGUAGE=de try german strace -qq -o "$T/strace" -e trace=open,openat "$XUNSHARE" -S nonsense true
    is "$status" 1
    hasnt "$(<"$T/strace")" ".so"
    case $locale in
    xx.UTF-8) hasnt "$stderr" "failed to parse uid" ;; # but German
    *) has "$stderr" "failed to parse uid" ;;
    esac
  done
}
