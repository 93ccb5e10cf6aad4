# Makes a host of the machine: on a copy of its disk, dpkg installs what a host has and purges the engine. Follows
# installer.sh. The other disk is a tar archive: packages/*, own.sh (what this host alone needs), and purge, paths, groups with
# one name a line.
mount -t proc proc /mnt/proc
mount -t sysfs sys /mnt/sys
mount -t devtmpfs dev /mnt/dev
mount -t tmpfs tmpfs /mnt/run
mount -t tmpfs tmpfs /mnt/tmp
mkdir /mnt/run/payload
dd if="$data" bs=1048576 2>/dev/null | tar xf - -C /mnt/run/payload || die "unpack the packages"
payload=/mnt/run/payload
. $payload/own.sh

# Nothing may be started or stopped: systemd does not run here.
printf '#!/bin/sh\nexit 101\n' > /mnt/usr/sbin/policy-rc.d
chmod 755 /mnt/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
# Packages have programs called that take long; until the program is restored, such a call does nothing.
silence() { cp -p "/mnt$1" /mnt/run/; printf '#!/bin/sh\n' > "/mnt$1"; }
restore() { cp -p "/mnt/run/${1##*/}" "/mnt$1"; }
# Triggers run it twice; once at the end is enough.
silence /usr/sbin/update-ca-certificates

say stage install
# All are unpacked before any is configured: some must be configured before others can be unpacked, and there is no apt to sort them.
chroot /mnt /usr/bin/dpkg --force-unsafe-io --force-confnew --force-depends --path-exclude='/usr/share/doc/*' --path-include='/usr/share/doc/*/copyright' --path-exclude='/usr/share/man/*' --path-exclude='/usr/share/locale/*' --unpack $(cd $payload/packages && for deb in *.deb; do echo "/run/payload/packages/$deb"; done) || die "unpack packages"
before_configure
chroot /mnt /usr/bin/dpkg --force-unsafe-io --force-confnew --configure --pending || die "configure packages"
say stage purge
chroot /mnt /usr/bin/dpkg --force-unsafe-io --purge $(cat $payload/purge) || die "purge packages"
for path in $(cat $payload/paths); do rm -rf "/mnt$path"; done
for group in $(cat $payload/groups); do chroot /mnt /usr/sbin/groupdel "$group" || die "remove the group $group"; done
say stage configure
restore /usr/sbin/update-ca-certificates
# openssl has come, which names the certificates by their hash: apt looks for them so.
chroot /mnt /usr/sbin/update-ca-certificates --fresh >/dev/null || die "update-ca-certificates"
chroot /mnt /usr/sbin/ldconfig || die ldconfig
chroot /mnt /usr/bin/apt-get check || die "packages lack something"
after_configure
say "kernel $(uname -r)"

say stage finish
rm -f /mnt/usr/sbin/policy-rc.d /mnt/var/cache/apt/*.bin /mnt/var/cache/debconf/*-old /mnt/var/lib/dpkg/*-old /mnt/var/log/dpkg.log /mnt/var/log/apt/* /mnt/var/log/alternatives.log
umount /mnt/tmp /mnt/run /mnt/dev /mnt/sys /mnt/proc
finish
