#!/usr/bin/perl
# lock-step.pl COUNT COMMAND...  One line, one answer, the next line; over a socket pair as Squid has it.
# Prints p50 and p99 in microseconds and the helper's resident memory in KB.
use strict;
use warnings;
use Socket;
use Time::HiRes 'time';
use IO::Handle;

my $count = shift;
socketpair(my $ours, my $theirs, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die $!;
my $pid = fork // die $!;
if ($pid == 0) {
    close $ours;
    open STDIN,  '<&', $theirs or die $!;
    open STDOUT, '>&', $theirs or die $!;
    exec @ARGV or die $!;
}
close $theirs;
$ours->autoflush(1);
my $warm = $count / 5;
my @times;
for my $i (1 .. $count + $warm) {
    my $line = "$i http://mirrors.kernel.org/debian/pool/main/b/bash/bash_5.2-${i}_amd64.deb 10.0.0.9/- - GET myip=10.0.0.1 myport=3128\n";
    my $start = time;
    syswrite $ours, $line;
    sysread $ours, my $answer, 4096;
    push @times, time - $start if $i > $warm;
    die "bad answer: $answer" unless $answer =~ /^$i OK store-id=/;
}
open my $status, '<', "/proc/$pid/status" or die $!;
my ($rss) = map { /VmRSS:\s+(\d+)/ ? $1 : () } <$status>;
@times = sort { $a <=> $b } @times;
printf "%.1f %.1f %d\n", $times[@times * 0.5] * 1e6, $times[@times * 0.99] * 1e6, $rss;
close $ours;
kill 'TERM', $pid;
waitpid $pid, 0;
