#!/bin/busybox sh
# The beginning of every installer: brings up the two disks, mounts the root file system at /mnt, and names the other disk,
# an archive, in $data. What follows runs as PID 1 in the initramfs; it talks to the builder over the serial line in "@@" lines.
#
# busybox prefers its own applets to the PATH, also behind chroot, hence the full paths.
#
# Kernel arguments: drydock.epoch (seconds), and those of what follows; each is a variable.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
say() { echo "@@$*"; }
die() { say "failed $*"; sync; poweroff -f; }

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for word in $(cat /proc/cmdline); do
  case $word in drydock.*=*) key=${word%%=*}; eval "${key#drydock.}='${word#*=}'" ;; esac
done
for module in $(cat /modules/order); do insmod "/modules/$module.ko" || die "module $module"; done
for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/sdb ] && break; sleep 1; done
[ -b /dev/sdb ] || die "no disks"

# A date that does not depend on the building machine: it ends up in inodes.
date -s "@$epoch" >/dev/null

# The kernel looks for disks in parallel: which of the two is found first gets the first name.
data=/dev/sdb
mount -t ext4 -o noatime /dev/sda /mnt 2>/dev/null || { mount -t ext4 -o noatime /dev/sdb /mnt && data=/dev/sda; } || die "mount root"

# Ends it: everything is on the disk.
finish() {
  sync
  umount /mnt || { mount -o remount,ro /mnt || die "unmount"; }
  sync
  say done
  poweroff -f
}
