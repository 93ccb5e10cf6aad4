# What the host debian needs beside its packages: see install-host.sh.
before_configure() { :; }

after_configure() {
  # Without apt-utils, which a host need not have, no package can ask anything before it is unpacked; debconf would load half of Perl to
  # find that out, and complain about dialogs that it cannot show.
  sed -i 's|^DPkg::|// &|' /mnt/etc/apt/apt.conf.d/70debconf || die "debconf's hook"
  # Ours stand before those of init-system-helpers, which stay beside for what ours do not do.
  for program in deb-systemd-helper deb-systemd-invoke; do
    chroot /mnt /usr/bin/dpkg-divert --quiet --package drydock-debian --divert "/usr/bin/$program.distrib" --rename --add "/usr/bin/$program" || die "divert $program"
    ln -s "../lib/drydock/$program" "/mnt/usr/bin/$program" || die "link $program"
  done
}
