# as-systemd.pl UNITS COMMAND...: makes the sockets of the printed units and runs ExecStart by COMMAND, as systemd does.
use strict;
use warnings;
use Socket;
BEGIN { $^F = 255 }    # keep descriptors over exec
use constant { SO_BINDTODEVICE => 25, IPPROTO_IP => 0, IP_FREEBIND => 15 };

my ($path, @command) = @ARGV;
open(my $file, '<', $path) or die "$path: $!";
my @units = split /^(?=# \S+\.(?:socket|service)$)/m, do { local $/; <$file> };
close $file;

my (@names, @sockets);
for my $unit (grep { /^\[Socket\]$/m } @units) {
    my %has = $unit =~ /^(\w+)=(.*)$/mg;
    my ($address, $port) = $has{ListenDatagram} =~ /^(\S+):(\d+)$/ or die $unit;
    socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) or die "SO_REUSEADDR: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEPORT, 1) or die "SO_REUSEPORT: $!" if $has{ReusePort};
    setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1) or die "SO_BROADCAST: $!" if $has{Broadcast};
    setsockopt($socket, IPPROTO_IP, IP_FREEBIND, 1) or die "IP_FREEBIND: $!" if $has{FreeBind};
    setsockopt($socket, SOL_SOCKET, SO_BINDTODEVICE, pack('Z*', $has{BindToDevice})) or die "SO_BINDTODEVICE: $!"
        if $has{BindToDevice};
    bind($socket, sockaddr_in($port, inet_aton($address))) or die "bind $port: $!";
    push @sockets, $socket;
    push @names, $has{FileDescriptorName};
}
@ENV{qw(LISTEN_PID LISTEN_FDS LISTEN_FDNAMES)} = ($$, scalar @sockets, join ':', @names);
my ($start) = map { /^ExecStart=(.*)$/m } @units;
my @words = map { s/^"(.*)"$/$1/r =~ s/%%/%/gr =~ s/\$\$/\$/gr } $start =~ /"[^"]*"|\S+/g;
exec @command, @words or die "exec: $!";
