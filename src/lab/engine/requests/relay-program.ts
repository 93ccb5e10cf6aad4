/**
 * The relay that the inspector starts in the machine, in Perl, which every Debian has: it stands between clients and the
 * daemon, passes every byte on, and reports a copy of it on a socket of its own.
 *
 * The clients are not asked to do anything: the relay's socket takes the place of `/run/docker.sock` in one rename, the
 * daemon's own remains under another name, and the same happens backwards at the end. It ends when whoever reads the
 * report goes away, so that nothing stays behind. The page's own requests, which come from Drydock's agent, are passed on
 * but not reported.
 *
 * It is read from standard input. Arguments: path of the socket, name of the daemon's meanwhile, path of the report, bytes reported of each direction of
 * a connection. Report: `<connection> <kind> <milliseconds> <length>\n` and so many bytes. Kinds: `o` opened (name of the
 * program), `>` from the client, `<` from the daemon, `c` no more of this connection is reported, `x` closed.
 *
 * POSIX, Fcntl and Errno would make it readable and five times slower to start: the numbers are those of Linux on i386
 * (system calls 66 setsid and 265 clock_gettime, F_GETFL 3, F_SETFL 4, O_NONBLOCK 04000, EAGAIN 11, SO_PEERCRED 17).
 */
export const relayProgram = String.raw`
use strict; use Socket;
my ($path, $real, $report, $limit) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$0 = 'drydock-inspector';

sub listener {
  my ($at) = @_;
  unlink $at;
  socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
  my $mask = umask 0177;
  bind($s, pack_sockaddr_un($at)) or die "bind $at: $!\n";
  umask $mask;
  listen($s, 64) or die "listen $at: $!\n";
  return $s;
}
sub milliseconds {
  my $t = pack 'll', 0, 0;
  syscall(265, 1, $t);
  my ($s, $n) = unpack 'll', $t;
  return $s * 1000 + int($n / 1_000_000);
}
sub nonblocking { my ($h) = @_; fcntl($h, 4, fcntl($h, 3, 0) | 04000) }

# Another one that has just lost its reader needs a moment to give the socket back. One that was killed cannot.
for (my $tries = 0; -e $real; $tries++) {
  socket(my $probe, AF_UNIX, SOCK_STREAM, 0);
  if (!connect($probe, pack_sockaddr_un($report))) { rename($real, $path); last }
  die "another one is at work\n" if $tries > 100;
  close $probe;
  select undef, undef, undef, 0.1;
}

my @was = lstat $path or die "there is no $path: $!\n";
die "$path is no socket\n" unless -S _;
my $feed = listener($report);
my $front = listener("$path.new");
chown $was[4], $was[5], "$path.new";
chmod $was[2] & 07777, "$path.new";
link($path, $real) or die "link $real: $!\n";
rename("$path.new", $path) or die "rename $path: $!\n";
my $ours = (lstat $path)[1];
sub restore {
  unlink $report;
  my @now = lstat $path;
  # Whoever made the socket anew meanwhile has the right one.
  if (@now && $now[1] == $ours) { rename($real, $path) } else { unlink $real }
}

defined(my $child = fork) or die "fork: $!\n";
exit(0) if $child;
syscall(66);
open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null'; open STDERR, '>', '/dev/null';
$SIG{TERM} = sub { restore(); exit(0) };

my $ready = ''; vec($ready, fileno $feed, 1) = 1;
unless (select(my $r = $ready, undef, undef, 120)) { restore(); exit(1) }
accept(my $reader, $feed) or do { restore(); exit(1) };

my (%connections, $next);
sub report {
  my ($c, $kind, $bytes) = @_;
  return if $c->{hidden};
  my $frame = "$c->{id} $kind " . milliseconds() . ' ' . length($bytes) . "\n$bytes";
  while (length $frame) {
    my $n = syswrite $reader, $frame;
    unless (defined $n) { restore(); exit(0) }
    substr($frame, 0, $n, '');
  }
}
sub begin {
  accept(my $client, $front) or return;
  my $peer = getsockopt($client, SOL_SOCKET, 17);
  my ($pid) = unpack 'i', $peer;
  my $name = '';
  if (open my $f, '<', "/proc/$pid/comm") { $name = <$f> // ''; chomp $name }
  socket(my $server, AF_UNIX, SOCK_STREAM, 0);
  unless (connect($server, pack_sockaddr_un($real))) { close $client; return }
  nonblocking($_) for $client, $server;
  my $c = { id => ++$next, hidden => (readlink "/proc/$pid/exe" // '') =~ /drydock/ ? 1 : 0 };
  $c->{ways} = [ { kind => '>', from => $client, to => $server, left => '', told => 0, open => 1 },
                 { kind => '<', from => $server, to => $client, left => '', told => 0, open => 1 } ];
  $connections{$c->{id}} = $c;
  report($c, 'o', $name);
}
sub take {
  my ($c, $way) = @_;
  my $n = sysread $way->{from}, my $bytes, 16384;
  return if !defined $n && $! == 11;
  if (!$n) { $way->{open} = 0; return }
  $way->{left} .= $bytes;
  return if $c->{cut};
  if ($way->{told} + $n > $limit) { $c->{cut} = 1; report($c, 'c', ''); return }
  $way->{told} += $n;
  report($c, $way->{kind}, $bytes);
}
sub give {
  my ($way) = @_;
  my $n = syswrite $way->{to}, $way->{left};
  if (defined $n) { substr($way->{left}, 0, $n, '') }
  elsif (!$! == 11) { $way->{left} = ''; $way->{open} = 0 }
}
for (;;) {
  my ($in, $out) = ('', '');
  vec($in, fileno $front, 1) = 1;
  vec($in, fileno $reader, 1) = 1;
  for my $c (values %connections) {
    for my $way (@{$c->{ways}}) {
      vec($in, fileno $way->{from}, 1) = 1 if $way->{open} && length($way->{left}) < 65536;
      vec($out, fileno $way->{to}, 1) = 1 if length $way->{left};
    }
  }
  next if select($in, $out, undef, undef) < 0;
  if (vec($in, fileno $reader, 1)) {
    last unless sysread $reader, my $gone, 16;
  }
  begin() if vec($in, fileno $front, 1);
  for my $id (keys %connections) {
    my $c = $connections{$id};
    for my $way (@{$c->{ways}}) {
      take($c, $way) if $way->{open} && vec($in, fileno $way->{from}, 1);
      give($way) if length $way->{left};
      if (!$way->{open} && !length $way->{left} && !$way->{ended}) { $way->{ended} = 1; shutdown $way->{to}, 1 }
    }
    if ($c->{ways}[1]{ended}) { report($c, 'x', ''); close $_->{from} for @{$c->{ways}}; delete $connections{$id} }
  }
}
restore();
# Connections that stand are not cut off: they are passed on until they end.
close $front; close $reader;
$reader = undef;
my $deadline = time + 3600;
while (%connections && time < $deadline) {
  my ($in, $out) = ('', '');
  for my $c (values %connections) {
    $c->{hidden} = 1;
    for my $way (@{$c->{ways}}) {
      vec($in, fileno $way->{from}, 1) = 1 if $way->{open} && length($way->{left}) < 65536;
      vec($out, fileno $way->{to}, 1) = 1 if length $way->{left};
    }
  }
  select($in, $out, undef, 60);
  for my $id (keys %connections) {
    my $c = $connections{$id};
    for my $way (@{$c->{ways}}) {
      take($c, $way) if $way->{open} && vec($in, fileno $way->{from}, 1);
      give($way) if length $way->{left};
      if (!$way->{open} && !length $way->{left} && !$way->{ended}) { $way->{ended} = 1; shutdown $way->{to}, 1 }
    }
    if ($c->{ways}[1]{ended}) { close $_->{from} for @{$c->{ways}}; delete $connections{$id} }
  }
}
`;
