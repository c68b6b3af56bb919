#!/usr/bin/perl
# outside.pl - what stands outside of a namespace in tests; each of these answers till it is ended.
#
#   tcp ADDRESS PORT WORD      says WORD to who connects
#   asked ADDRESS PORT WORD    says WORD to who has said something
#   udp ADDRESS PORT WORD      sends WORD back
#   dns ADDRESS IPV4 IPV6      a name server on port 53, to which all hosts have these addresses
#   nscd PATH IPV4             glibc's nscd: all hosts have this address
#   unix PATH WORD             a daemon behind a socket, which says WORD
# And who asks; each prints the answer, or "nobody" after SECONDS:
#   ask-tcp ADDRESS PORT    ask-asked ADDRESS PORT    ask-udp ADDRESS PORT    ask-dns ADDRESS    ask-unix PATH
# A line "up" is printed when it answers.
use strict;
use warnings;
use IO::Socket::IP;
use IO::Socket::UNIX;
use Socket;

my $seconds = $ENV{SECONDS_TO_WAIT} || 5;
$SIG{PIPE} = 'IGNORE';
$| = 1;

sub inet {
    my ($type, $address, $port) = @_;
    return IO::Socket::IP->new(LocalHost => $address, LocalPort => $port, Type => $type, ReuseAddr => 1, V6Only => 1,
        Proto => $type == SOCK_STREAM ? 'tcp' : 'udp', $type == SOCK_STREAM ? (Listen => 5) : ()) || die "$address $port: $@\n";
}

sub serve {
    my ($server, $with) = @_;
    print "up\n";
    close STDOUT;
    while (1) {
        my $client = $server->accept or next;
        $with->($client);
        close $client;
    }
}

sub serve_datagrams {
    my ($server, $answer) = @_;
    print "up\n";
    close STDOUT;
    while (1) {
        my $from = recv($server, my $query, 2000, 0);
        send($server, $answer->($query), 0, $from) if defined $from;
    }
}

sub dns {
    my ($query, $v4, $v6) = @_;
    my $at = 12;
    $at += ord(substr($query, $at, 1)) + 1 while ord(substr($query, $at, 1));
    my $type = unpack('n', substr($query, $at + 1, 2));
    my $data = $type == 1 ? inet_aton($v4) : $type == 28 ? Socket::inet_pton(AF_INET6, $v6) : '';
    my $record = $data eq '' ? '' : pack('n3 N n', 0xc00c, $type, 1, 60, length $data) . $data;
    return substr($query, 0, 2) . pack('n5', 0x8180, 1, $record ne '', 0, 0) . substr($query, 12, $at - 7) . $record;
}

# What glibc asks by GETHOSTBYNAME (4) and GETHOSTBYNAMEv6 (5); a client that wants to share memory is sent away.
sub nscd {
    my ($client, $v4) = @_;
    read($client, my $head, 12) == 12 or return;
    my ($version, $type, $length) = unpack('l3', $head);
    read($client, my $key, $length);
    $key =~ s/\0.*//s;
    if ($type == 4) {
        print $client pack('l8', 2, 1, 1 + length $key, 0, AF_INET, 4, 1, 0), "$key\0", inet_aton($v4);
    } elsif ($type == 5) {
        print $client pack('l8', 2, 0, 0, 0, -1, 0, 0, 1);
    }
    $client->flush;
}

sub answer {
    my ($socket, $query) = @_;
    my $answer;
    local $SIG{ALRM} = sub { die };
    alarm $seconds;
    eval {
        syswrite $socket, $query if defined $query;
        sysread $socket, $answer, 2000;
    } if $socket;
    alarm 0;
    return $answer;
}

sub show {
    my ($answer) = @_;
    chomp $answer if defined $answer;
    print defined $answer && $answer ne '' ? $answer : 'nobody', "\n";
}

my ($what, @a) = @ARGV;
if ($what eq 'tcp') {
    serve(inet(SOCK_STREAM, $a[0], $a[1]), sub { print { $_[0] } "$a[2]\n" });
} elsif ($what eq 'asked') {
    serve(inet(SOCK_STREAM, $a[0], $a[1]), sub { sysread $_[0], my $query, 2000; print { $_[0] } "$a[2]\n" });
} elsif ($what eq 'udp') {
    serve_datagrams(inet(SOCK_DGRAM, $a[0], $a[1]), sub { "$a[2]\n" });
} elsif ($what eq 'dns') {
    serve_datagrams(inet(SOCK_DGRAM, $a[0], 53), sub { dns($_[0], $a[1], $a[2]) });
} elsif ($what eq 'nscd' || $what eq 'unix') {
    my $server = IO::Socket::UNIX->new(Local => $a[0], Listen => 5) || die "$a[0]: $!\n";
    chmod 0666, $a[0];
    serve($server, sub { $what eq 'nscd' ? nscd($_[0], $a[1]) : print { $_[0] } "$a[1]\n" });
} elsif ($what eq 'ask-tcp' || $what eq 'ask-asked' || $what eq 'ask-udp') {
    my $udp = $what eq 'ask-udp';
    my $socket = IO::Socket::IP->new(PeerHost => $a[0], PeerPort => $a[1], Timeout => $seconds,
        Proto => $udp ? 'udp' : 'tcp', Type => $udp ? SOCK_DGRAM : SOCK_STREAM);
    show(answer($socket, $what eq 'ask-tcp' ? undef : "?\n"));
} elsif ($what eq 'ask-dns') {
    my $socket = IO::Socket::IP->new(PeerHost => $a[0], PeerPort => 53, Proto => 'udp', Type => SOCK_DGRAM);
    my $answer = answer($socket, pack('n6', 7, 0x100, 1, 0, 0, 0) . "\1x\4test\0" . pack('n2', 1, 1));
    show(defined $answer ? inet_ntoa(substr($answer, -4)) : undef);
} elsif ($what eq 'ask-unix') {
    show(answer(scalar IO::Socket::UNIX->new(Peer => $a[0])));
} else {
    die "outside.pl: what is '$what'?\n";
}
