# What the host debian needs beside its packages: see install-host.sh.
before_configure() { :; }

after_configure() {
  # Without apt-utils, which a host need not have, no package can ask anything before it is unpacked; debconf would load half of Perl to
  # find that out, and complain about dialogs that it cannot show.
  sed -i 's|^DPkg::|// &|' /mnt/etc/apt/apt.conf.d/70debconf || die "debconf's hook"
}
