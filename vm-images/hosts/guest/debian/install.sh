# What the host debian needs beside its packages: see install-host.sh.
before_configure() { :; }
after_configure() {
  chroot /mnt /usr/bin/apt-get check || die "packages lack something"
}
