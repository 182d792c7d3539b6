# Hashes, sort, regular expressions, closures, child processes, eval and die.
program perl perl

export PERL_HASH_SEED=0 PERL_PERTURB_KEYS=0

make_input() {
  cat >hashes.pl <<'PERL'
use strict; use warnings;
my %count;
$count{"key $_"} = { n => $_, text => "v" x ($_ % 50) } for 1 .. 40000;
my @keys = sort { $count{$b}{n} % 1009 <=> $count{$a}{n} % 1009 || $a cmp $b } keys %count;
print scalar(@keys), " @keys[0 .. 4]\n";
delete @count{ grep { /[13579]$/ } @keys };
print scalar(keys %count), "\n";
PERL
  cat >regex.pl <<'PERL'
use strict; use warnings;
my $text = join "\n", map { "2024-0" . ($_ % 9 + 1) . "-$_ user$_\@host" . ($_ % 7) . ".example GET /page/$_?q=" . ($_ * 31) } 1 .. 5000;
my %hosts; $hosts{$2}++ while $text =~ /(\w+)@([\w.]+)/g;
print "$_ $hosts{$_}\n" for sort keys %hosts;
(my $swapped = $text) =~ s{(\d+)-(\d+)-(\d+)}{$3.$2.$1}g;
print length $swapped, " ", unpack("%32C*", $swapped), "\n";
my @fields = map { [split /[ ?=]/] } split /\n/, $swapped;
print join("|", map { $$_[-1] } @fields[0 .. 9]), "\n";
print sprintf("%s\n", join ",", map { ucfirst lc } "ABC DEF" =~ /(\w+)/g);
PERL
  cat >processes.pl <<'PERL'
use strict; use warnings;
use List::Util qw(sum); use Data::Dumper; use POSIX qw(floor);
$Data::Dumper::Sortkeys = 1;
print Dumper({ list => [1 .. 3], code => floor(3.7), sum => sum(1 .. 100) });
open my $pipe, "-|", "sort -n" , () or die; close $pipe;
for my $n (1 .. 5) { my $child = fork // die; if (!$child) { my @waste = map { "x" x $_ } 1 .. 500; exit $n } waitpid $child, 0; print $? >> 8, "\n" }
print `echo from a child`;
eval { die { code => 42 } }; print $@->{code}, "\n";
warn "to standard error\n";
die "the end\n";
PERL
}

steps() {
  run hashes perl hashes.pl
  meets_limit hashes
  run regex perl regex.pl
  fails processes
  run processes perl processes.pl
}
