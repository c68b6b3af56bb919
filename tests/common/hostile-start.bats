#!/usr/bin/env bats
# All four tools, started in a hostile way: one matrix of ways and command lines. In each way a command does what it does
# when it is left in peace, or says what is missing; and the program sees what the tool was started with.
# shellcheck disable=SC2016,SC2034,SC2154 # what is expanded later; variables that helpers set

load ../lib/helpers

setup() {
  xns_setup
  need_root
  LOOK=$BATS_FILE_TMPDIR/look PLACE=$BATS_FILE_TMPDIR/place
  [ -e "$LOOK" ] || {
    build look <<'END'
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* what a program was started with, in a file; it needs no descriptor of the three for it, and no /proc */
int main(int argc, char **argv)
{
	char text[4096];
	sigset_t mask;
	int fd, n = 0;

	n += sprintf(text + n, "fds");
	for (fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			n += sprintf(text + n, " %d", fd);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	n += sprintf(text + n, "\nblocked");
	for (int sig = 1; sig < 65; sig++)
		if (sigismember(&mask, sig) == 1)
			n += sprintf(text + n, " %d", sig);
	n += sprintf(text + n, "\nignored");
	for (int sig = 1; sig < 65; sig++) {
		struct sigaction act;
		if (sigaction(sig, NULL, &act) == 0 && act.sa_handler == SIG_IGN)
			n += sprintf(text + n, " %d", sig);
	}
	n += sprintf(text + n, "\n");
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, text, n) != n)
		return 1;
	return argc > 2 ? atoi(argv[2]) : 42;
}
END
    mv "$T/look" "$LOOK"
    "${CC:-cc}" -O1 -o "$PLACE" "$BATS_TEST_DIRNAME/place.c"
  }
  chmod 755 "$BATS_FILE_TMPDIR"
  chmod 777 "$T"
  : >"$T/looked"
  chmod 666 "$T/looked" # by whomever the program runs as
  new_target -muinpC -f --mount-proc
  # shellcheck disable=SC2034 # a word of the rows
  look="$LOOK $T/looked"
}

# The rows: tool, flags, the status, words. Flags: l - runs $look; o - its output is the same each time; p - needs /proc;
# w - writes more than an error.
rows='
xunshare l  42 $look
xunshare l  42 -u $look
xunshare lp 42 -r $look
xunshare lp 42 -rf $look
xunshare lp 42 -rpf --mount-proc $look
xunshare l  42 -pf --mount-proc $look
xunshare l  42 -mf $look
xunshare lp 42 -r --map-users 1:100000:10 --map-groups 1:200000:10 $look
xunshare lp 42 -rpf --mount-proc --map-users 1:100000:10 $look
xunshare lp 42 --uts=/run/ns $look
xunshare lp 42 -f --uts=/run/ns --ipc=/run/ipc $look
xunshare lp 42 -m --uts=/run/ns $look
xunshare lp 42 -mf --mount=/run/ns $look
xunshare l  42 --kill-child $look
xunshare l  42 --forward-signals $look
xunshare l  42 -p --forward-signals $look
xunshare l  42 --die-with-parent -f $look
xunshare l  42 --init --mount-proc $look
xunshare l  42 --clone -uipn --init $look
xunshare lp 42 --clone -r --kill-child --net=/run/ns $look
xunshare lp 42 -T --boottime 5 $look
xunshare l  42 -f --pid-file /run/pid $look
xunshare lp 42 --join net=$target -f $look
xunshare lp 42 -a -f $look
xunshare -  127 -f /no/such/program
xunshare p  127 -m --uts=/run/ns /no/such/program
xunshare p  1 -rf -S 5 true
xunshare wo 0 --dry-run -n true
xunshare wo 0 --version
xnsenter l  42 -t $target -u $look
xnsenter l  42 -t $target -p -m $look
xnsenter lp 42 -t $target -a $look
xnsenter lp 42 -t $target -a -r -w -e $look
xnsenter lp 42 -t $target -a -S follow -G follow $look
xnsenter l  42 -t $target -u --kill-child $look
xnsenter l  42 -t $target -p -m --forward-signals $look
xnsenter l  42 -t $target -u --new-session $look
xnsenter lp 42 -t $target -u --close-fds $look
xnsenter lp 42 -t $target --pid-for-children -m $look
xnsenter lp 42 --uts=/proc/$target/ns/uts $look
xnsenter -  127 -t $target -p /no/such/program
xnsenter w  0 --dry-run -t $target -u true
xlsns    wop 0 -rn -o TYPE -p $target
xlsns    wp 0
xlsns    wp 0 -J --output-all
xlsns    wp 0 -t net -o NS,NETNSID,NSFS,HOLDERS
xlsns    wp 0 --dot
xlsns    wp 0 --persistent
xlsns    wo 0 --version
xnetns   wo 0 list
xnetns   wo 0 -j list
xnetns   wo 0 list -l
xnetns   wp 0 list --all -l
xnetns   p  0 add c
xnetns   p  0 add c d
xnetns   -  0 delete a
xnetns   p  0 delete --kill a
xnetns   -  0 rename a c
xnetns   p  0 attach c $target
xnetns   o  0 list-id
xnetns   -  0 set a 7
xnetns   wp 0 identify $target
xnetns   p  0 pids a
xnetns   wp 0 holders a
xnetns   p  0 prune
xnetns   p  0 link a b
xnetns   l  42 exec a $look
xnetns   wl 0 -all exec $look
xnetns   wo 0 -all exec true
xnetns   wop 0 -batch /run/batch
xnetns   -  255 exec no-such true'

# place WAY CMD...: in a mount namespace of its own, where xnetns finds the names a and b (place.c)
place() {
  timeout --foreground -k 1 20 "$PLACE" "$1" "$XNETNS" "${@:2}"
}

# run_row WAY TOOL WORDS: its $status, $output, $stderr, and what the program saw in $looked
run_row() {
  local tool=$BIN/$2 words
  : >"$T/looked"
  eval "words=($3)"
  status=0
  place "$1" "$tool" "${words[@]}" </dev/null >"$T/out" 2>"$T/err" || status=$?
  output=$(<"$T/out") stderr=$(<"$T/err") looked=$(<"$T/looked")
}

# matrix WAY...: each row in each of the ways
matrix() {
  local way tool flags expected words seen bad=0 row plain
  for way; do
    # what the program would see without us, but that SIGCHLD is at its default
    place "$way" "$LOOK" "$T/looked" </dev/null >/dev/null 2>&1 || :
    seen=$(sed '/^ignored/s/ 17\>//' "$T/looked")
    while read -r tool flags expected words; do
      [ -n "$tool" ] || continue
      row="$way: $tool $words"
      case $flags in *o*)
        plain=$BATS_FILE_TMPDIR/$tool.${words//\//_}
        [[ $words != *target* ]] || plain=$T/plain.$tool # the numbers of another's namespaces may have another order
        [ -e "$plain" ] || {
          run_row plain "$tool" "$words"
          echo "$output" >"$plain"
        }
        ;;
      esac
      run_row "$way" "$tool" "$words"
      if [ "$way" = noproc ] && [[ $flags == *p* ]]; then
        if [ "$status" = 0 ] || [ "$status" = 42 ] || [[ $stderr != *"/proc is not mounted"* ]]; then
          echo "$row: status $status, stderr: $stderr"
          bad=1
        fi
        continue
      fi
      [ "$way" != full ] || [[ $flags != *w* ]] || expected=1
      [[ $way != closed*1* ]] || [[ $words != --dry-run* ]] || expected=1
      if [ "$status" != "$expected" ]; then
        echo "$row: status $status, not $expected; stderr: $stderr"
        bad=1
      elif [[ $flags == *l* ]] && [ "$looked" != "$seen" ]; then
        printf '%s: the program saw\n%s\nand not\n%s\n' "$row" "$looked" "$seen"
        bad=1
      elif [[ $flags == *o* ]] && [ "$way" != full ] && [[ $way != closed*1* ]] && [ "$output" != "$(<"$plain")" ]; then
        printf '%s: printed\n%s\nand not\n%s\n' "$row" "$output" "$(<"$plain")"
        bad=1
      elif [[ $expected =~ ^(0|42)$ ]] && [ -n "$stderr" ]; then
        echo "$row: said: $stderr"
        bad=1
      elif ! [[ $expected =~ ^(0|42)$ || $way == full || $way == closed*2* ]] && [ -z "$stderr" ]; then
        echo "$row: said nothing"
        bad=1
      fi
    done <<<"$rows"
  done
  return $bad
}

@test "left in peace, each row is as it says, and the program has 0, 1, 2 and nothing else" {
  matrix plain
  run_row plain xunshare '$look'
  is "$(sed -n 1p "$T/looked")" "fds 0 1 2"
}

@test "SIGCHLD ignored" {
  matrix chld
}

@test "every signal ignored" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime handles SEGV, BUS and FPE"
  matrix ignored
}

@test "every signal blocked" {
  matrix blocked
}

@test "16 descriptors" {
  matrix few
}

@test "standard input, output and error closed, singly" {
  matrix closed0 closed1 closed2
}

@test "standard input, output and error closed, together" {
  matrix closed01 closed02 closed12 closed012
}

@test "standard output and error full" {
  matrix full
}

@test "no /proc" {
  [ -z "${XNS_SANITIZED:-}" ] || skip "sanitized: its runtime wants a /proc"
  matrix noproc
}
