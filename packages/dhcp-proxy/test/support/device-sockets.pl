# device-sockets.pl DEVICE… -- COMMAND…: runs COMMAND with the sockets that systemd's units of this package would pass.
use strict;
use warnings;
use Socket;
BEGIN { $^F = 255 }    # keep descriptors over exec
use constant SO_BINDTODEVICE => 25;

my (@devices, @names, @sockets);
while (@ARGV) { my $word = shift; last if $word eq '--'; push @devices, $word }
for my $device (@devices) {
    for my $port (67, 4011) {
        socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
        setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) or die "SO_REUSEADDR: $!";
        setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1) or die "SO_BROADCAST: $!";
        setsockopt($socket, SOL_SOCKET, SO_BINDTODEVICE, pack('Z*', $device)) or die "SO_BINDTODEVICE: $!";
        bind($socket, sockaddr_in($port, INADDR_ANY)) or die "bind $port: $!";
        push @sockets, $socket;
        push @names, "dhcp$port-$device";
    }
}
$ENV{LISTEN_PID} = $$;
$ENV{LISTEN_FDS} = @sockets;
$ENV{LISTEN_FDNAMES} = join ':', @names;
exec @ARGV or die "exec: $!";
