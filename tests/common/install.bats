#!/usr/bin/env bats
# From a bare machine to installed programs, and back: bootstrap, make install, make uninstall.
# not sanitized: scripts and makefiles
# shellcheck disable=SC2016,SC2015 # what shells inside expand

load ../lib/helpers

# bare_machine: in $T/m a bootstrap of its own, and in $T/bin all that it finds: a package manager that writes down what it
# is called with, and says $T/says and fails as often as $T/often says
bare_machine() {
  local tool
  mkdir "$T/m" "$T/bin"
  cp "$XNS_SRC/bootstrap" "$T/m"
  touch "$T/m/configure.ac" "$T/m/Makefile.am"
  for tool in sh dirname mkdir cat grep sed tail find head env nproc touch; do
    ln -s "$(command -v $tool)" "$T/bin/$tool"
  done
  echo 'echo 0' >"$T/bin/id"
  echo 'echo "$1" >>"$LOG.slept"' >"$T/bin/sleep"
  cat >"$T/bin/apt-get" <<'END'
echo "apt-get $*" >>"$LOG"
read -r left <"$LOG.often"
[ "$left" -gt 0 ] || exit 0
echo $((left - 1)) >"$LOG.often"
cat "$LOG.says"
exit 100
END
  sed -i '1i#!/bin/sh' "$T/bin"/{id,sleep,apt-get}
  chmod +x "$T/bin"/{id,sleep,apt-get}
}

# boots OFTEN MESSAGE: bootstrap there, where the package manager says so, so often
boots() {
  echo "$1" >"$T/log.often"
  echo "$2" >"$T/log.says"
  : >"$T/log"
  : >"$T/log.slept"
  try env -i PATH="$T/bin" LOG="$T/log" "$T/m/bootstrap"
}

@test "bootstrap waits for a package manager's lock that another holds, for ten minutes, and says so once" {
  local message waits="bootstrap: another holds the lock of apt-get; waiting for it, for up to ten minutes"
  bare_machine
  while read -r message; do
    boots 3 "$message"
    is "$(grep -c 'waiting for it' <<<"$stderr")" 1
    has "$stderr" "$waits"
    is "$(tr '\n' ' ' <"$T/log.slept")" "5 5 5 "
    is "$(cut -d' ' -f 1-2 "$T/log" | uniq -c | tr -s ' \n' ' ')" " 4 apt-get update 1 apt-get install "
    has "$stderr" "bootstrap: autoreconf"
  done <<'END'
E: Could not get lock /var/lib/apt/lists/lock. It is held by process 4711 (apt-get)
E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?
error: failed to synchronize all databases (unable to lock database)
ERROR: Unable to lock database: Resource temporarily unavailable
System management is locked by the application with pid 4711 (zypper).
END
  boots 1000 "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)"
  is "$status:$(wc -l <"$T/log.slept")" 1:120
  has "$stderr" "bootstrap: failed: install_all"
  has "$stderr" "held by process 4711"
}

@test "bootstrap does not wait where a package manager fails of something else" {
  bare_machine
  boots 1 "E: Unable to locate package nonsense"
  is "$status:$(wc -l <"$T/log.slept"):$(wc -l <"$T/log")" 1:0:1
  hasnt "$stderr" "another holds"
  has "$stderr" "Unable to locate package"
}

@test "bootstrap goes without a package of the tests that a system's lists lack, and says so; not without one of the build" {
  bare_machine
  # it fails where one of $LOG.lacks is asked for
  cat >"$T/bin/apt-get" <<'END'
#!/bin/sh
echo "apt-get $*" >>"$LOG"
while read -r lack; do
  case " $* " in *" $lack "*) echo "E: Unable to locate package $lack"; exit 100 ;; esac
done <"$LOG.lacks"
END
  printf '%s\n' passt jq >"$T/log.lacks"
  try env -i PATH="$T/bin" LOG="$T/log" "$T/m/bootstrap" check
  is "$(grep -o 'skipped: .*' <<<"$stderr")" "skipped: passt${NL}skipped: jq"
  has "$stderr" "bootstrap: autoreconf"
  has "$(<"$T/log")" "apt-get install -y --no-install-recommends slirp4netns"
  is "$(grep -c 'apt-get update' "$T/log")" 1

  echo libmnl-dev >"$T/log.lacks"
  try env -i PATH="$T/bin" LOG="$T/log" "$T/m/bootstrap" check
  is "$status" 1
  has "$stderr" "bootstrap: failed: install_all"
  has "$stderr" "Unable to locate package libmnl-dev"
  hasnt "$stderr" "bootstrap: autoreconf"
}

@test "the Debian package's run of all tests asks for what bootstrap installs for them with apt" {
  local wanted suite
  wanted=$(sed -n '/manager=apt$/,/elif/p' "$XNS_SRC/bootstrap" | tr '\n' ' ' | sed 's/.*tests="//; s/".*//' | xargs -n 1 | sort -u)
  suite=$(sed -n '/^Tests: suite/,/^Restrictions/s/^Depends: //p' "$XNS_SRC/packaging/debian/tests/control" | tr -d ' ' | tr , '\n' | sort -u)
  has "$wanted" strace
  is "$(comm -23 <(echo "$wanted") <(echo "$suite"))" ""
}

@test "bootstrap says in one line that a path with a blank or a quote is none, before it starts" {
  local dir
  bare_machine
  for dir in 'a b' $'a\tb' "a'b" 'a"b' 'a$b' 'a&b' 'a#b'; do
    mkdir "$T/$dir"
    cp "$T/m"/* "$T/$dir"
    : >"$T/log"
    try env -i PATH="$T/bin" LOG="$T/log" "$T/$dir/bootstrap"
    is "$status:$output" 1:
    is "$stderr" "bootstrap: autoconf can make nothing in a path with a blank or a quote: $T/$dir"
    is "$(ls "$T/$dir")" "$(ls "$T/m")"
    is "$(cat "$T/log")" ""
  done
}

# installable: skips where this build is not one to install from
installable() {
  need make
  [ -e "$XNS_BUILD/Makefile" ] && [ ! -L "$XNS_BUILD/bin/xunshare" ] && [ -e "$XNS_BUILD/po/Makefile" ] ||
    skip "nothing can be installed from there"
}

@test "make uninstall takes away each file, link and directory of ours, and nothing else; all can read them, whatever the umask" {
  installable
  mkdir -p "$T/d/usr/libexec/other" "$T/d/etc"
  : >"$T/d/etc/before"
  set -- -s -C "$XNS_BUILD" DESTDIR="$T/d" prefix=/usr sysconfdir=/etc
  (umask 077 && make "$@" install) >"$T/log" 2>&1 || { cat "$T/log"; false; }
  is "$(find "$T/d/usr" ! -type l ! -perm -444; find "$T/d/usr" -type d ! -perm 755)" ""
  local file
  for file in bin/xunshare bin/xnsenter bin/xlsns bin/xnetns share/man/man1/xunshare.1 share/locale/de/LC_MESSAGES/xns.mo; do
    [ -s "$T/d/usr/$file" ] || { echo "not installed: $file"; false; }
  done
  make "$@" uninstall >"$T/log" 2>&1 || { cat "$T/log"; false; }
  is "$(cd "$T/d" && find . ! -type d; find . -depth -name 'xns*')" "./etc/before"
}

@test "a DESTDIR with a blank is refused, and nothing is installed or removed" {
  installable
  mkdir "$T/in"
  : >"$T/in/a"
  fails 2 make -s -C "$XNS_BUILD" install DESTDIR="$T/in/a b"
  has "$stderr" "DESTDIR has a blank in it, which gettext's makefile cannot take: $T/in/a b"
  fails 2 make -s -C "$XNS_BUILD" uninstall DESTDIR="$T/in/a b"
  is "$(ls "$T/in")" a
}
