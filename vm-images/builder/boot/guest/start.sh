#!/bin/busybox sh
# The machine's own initramfs: loads what the root disk and the link need, then hands over to systemd.
export PATH=/bin:/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod "/modules/$module.ko" || echo "@@failed module $module"; done
for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/sda ] && break; sleep 1; done
mount -t ext4 -o noatime /dev/sda /mnt || { echo "@@failed mount root"; poweroff -f; }
mount --move /dev /mnt/dev
mount --move /sys /mnt/sys
mount --move /proc /mnt/proc
exec switch_root /mnt /sbin/init
