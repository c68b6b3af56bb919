#!/usr/bin/env bats
# xunshare --dns: whom programs ask for hosts, with a daemon of outside behind each door.
# shellcheck disable=SC2016,SC2034,SC2154,SC2046,SC2086 # what shells inside expand; variables of and for the tests

load ../lib/helpers
load ../lib/outside

# doors SCRIPT ARG...: in the outside, with a daemon behind each door by which libc may ask, all of whom say 203.0.113.66
doors() {
  outside unshare --mount --propagation private bash -c 'set -e
    trap "kill \$jobs" EXIT
    rm -rf /run/nscd /run/systemd/resolve /run/avahi-daemon "$T"/up.*; mkdir -p /run/nscd /run/systemd/resolve /run/avahi-daemon
    run() { "$@" >"$T/up.${4//\//_}" & jobs="$jobs $!"; until [ -s "$T/up.${4//\//_}" ]; do sleep 0.01; done; }
    [ "$nscd" = no ] || run perl "$PL" nscd /run/nscd/socket 203.0.113.66
    run perl "$PL" unix /run/systemd/resolve/io.systemd.Resolve 203.0.113.66
    run perl "$PL" unix /run/avahi-daemon/socket 203.0.113.66
    printf "hosts: $hosts\n" >/run/nsswitch.conf
    set +e
    '"$1" doors "${@:2}"
}

@test "names: with each daemon of outside behind its door, with and without --dns, each is asked and nobody of outside answers" {
  export T nscd hosts ask
  # the namespace's own server says 203.0.113.7
  ask='perl "$PL" dns 127.0.0.1 203.0.113.7 2001:db8::7 >/dev/null & server=$!; n=0
    until getent hosts y.test >/dev/null || [ $((n += 1)) = 50 ]; do sleep 0.02; done
    getent hosts x.test | cut -d" " -f1; getent -s hosts:dns hosts x.test | cut -d" " -f1
    for s in nscd/socket systemd/resolve/io.systemd.Resolve avahi-daemon/socket; do SECONDS_TO_WAIT=1 perl "$PL" ask-unix /run/$s; done
    grep ^hosts /etc/nsswitch.conf; ls -A /run/nscd /run/systemd/resolve | wc -w; kill $server'
  for nscd in no yes; do
    for hosts in "files dns" "files mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns myhostname" "resolve  # comment"; do
      case $hosts in *mdns*) now="files dns myhostname" ;; resolve*) now=dns ;; *) now=$hosts ;; esac
      try doors '"$1" --net --lo-up --dns 127.0.0.1 sh -c "$ask"' "$XUNSHARE"
      is "$output" "2001:db8::7${NL}2001:db8::7${NL}nobody${NL}nobody${NL}nobody${NL}hosts: $now${NL}2"
    done
  done
  # as an ordinary user
  try doors 'setpriv --reuid=64001 --regid=64001 --clear-groups "$1" -r --net --lo-up --dns 127.0.0.1,::1 sh -c "$ask; cat /etc/resolv.conf"' "$XUNSHARE"
  is "$(sed '1d;2d' <<<"$output" | tail -n 2)" "nameserver 127.0.0.1${NL}nameserver ::1"
  # without: nscd of outside says what it likes
  nscd=yes hosts="files dns"
  is "$(doors '"$1" --net getent hosts x.test | cut -d" " -f1; "$1" --net perl "$PL" ask-unix /run/avahi-daemon/socket' "$XUNSHARE")" "203.0.113.66${NL}203.0.113.66"
  # with an uplink: who is asked outside is the resolver of outside, through the engine
  need pasta
  is "$(doors '"$1" --uplink=pasta getent ahostsv4 x.test | sed -n "s/ *STREAM.*//p"' "$XUNSHARE")" "203.0.113.1"
}
