# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # what shells inside expand; variables of and for the tests
# A locale, and the German catalogue in its place.

# other_locale: xx.UTF-8. A C library of 2024 and later ignores LANGUAGE in C.UTF-8, as it always did in C: so
# the same locale by another name.
other_locale() {
  [ -d /usr/lib/locale/C.utf8 ] || skip "needs /usr/lib/locale/C.utf8"
  mkdir -p "$T/locales"
  cp -r /usr/lib/locale/C.utf8 "$T/locales/xx.utf8"
  export LOCPATH=$T/locales
}

# turkish_locale: tr_XX, where the small letter of I is not i, nor I the capital of i
turkish_locale() {
  need localedef
  local i
  mkdir -p "$T/locales"
  { # a minimal machine has no character set's description either
    printf '%s\n' '<code_set_name> ANSI_X3.4-1968' '<comment_char> %' '<escape_char> /' CHARMAP
    for ((i = 0; i < 128; i++)); do printf '<U%04X> /x%02x\n' "$i" "$i"; done
    echo 'END CHARMAP'
  } >"$T/ascii"
  printf '%s\n' 'comment_char %' 'escape_char /' LC_CTYPE 'upper <U0041>..<U005A>' 'lower <U0061>..<U007A>' \
    'print <U0020>..<U007E>' 'tolower (<U0041>,<U0061>);(<U0049>,<U0049>)' 'toupper (<U0061>,<U0041>);(<U0069>,<U0069>)' 'END LC_CTYPE' >"$T/tr"
  localedef --no-archive -c -i "$T/tr" -f "$T/ascii" "$T/locales/tr_XX" >"$T/localedef" 2>&1 || : # -c: it says what is not defined
  [ -e "$T/locales/tr_XX/LC_CTYPE" ] || { cat "$T/localedef"; return 1; }
  export LOCPATH=$T/locales
}

# localedir: what was compiled in. The path of a catalogue below it is what strace sees of a message in German.
localedir() {
  LC_ALL=xx.UTF-8 LANGUAGE=de strace -o "$T/find" -e trace=openat "$XUNSHARE" -S nonsense 2>/dev/null || :
  sed -n 's,^openat([^"]*"\(.*\)/de/LC_MESSAGES/xns\.mo".*,\1,p' "$T/find" | head -n 1
}

# german CMD...: in a private mount namespace where the German catalogue is in its place
german() {
  need msgfmt msgunfmt strace
  local dir
  dir=$(localedir)
  [ -n "$dir" ]
  mkdir -p "$T/locale/de/LC_MESSAGES"
  msgfmt -o "$T/locale/de/LC_MESSAGES/xns.mo" "$XNS_SRC/po/de.po"
  # the place may not be there: its lowest directory that is gets a tmpfs, with the rest in it
  private sh -c '
    dir=$1 locale=$2
    shift 2
    if [ ! -d "$dir" ]; then
      up=$dir
      while [ ! -d "$up" ]; do up=${up%/*}; [ -n "$up" ] || up=/; done
      [ "$up" != / ] || exit 125
      mount -t tmpfs none "$up" && mkdir -p "$dir" || exit 125
    fi
    mount --bind "$locale" "$dir" || exit 125
    exec "$@"' sh "$dir" "$T/locale" "$@"
}
