#!/bin/busybox sh
# First boot: configures what needs the guest itself on the root file system that the builder has written to the first disk.
# The agent is compiled, the linker cache and the module index made, the container images loaded by the real engine.
# Runs as PID 1 in the initramfs; talks to the builder over the serial line in "@@" lines.
#
# busybox prefers its own applets to the PATH, also behind chroot, hence the full paths.
#
# Kernel arguments: drydock.build, drydock.images (MiB offsets of archives on the second disk), drydock.epoch (seconds).
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

say stage compile
mkdir -p /build /union /out
mount -t tmpfs -o size=64m tmpfs /build
dd if="$data" bs=1048576 skip="$build" 2>/dev/null | tar xf - -C /build || die "unpack the compiler"
mkdir -p /build/out
# The compiler sees its own files over the guest's libraries; nothing of it reaches the disk.
mount -t overlay -o lowerdir=/build:/mnt overlay /union || die "overlay for the compiler"
mount -t tmpfs -o size=4m tmpfs /union/out
chroot /union /usr/bin/tcc -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -o /out/agent \
  /agent/main.c /agent/exec.c /agent/files.c /agent/watch.c /agent/system.c || die "compile the agent"
mkdir -p /mnt/usr/lib/drydock
cp /union/out/agent /mnt/usr/lib/drydock/agent
chmod 755 /mnt/usr/lib/drydock/agent
umount /union/out; umount /union; umount /build

say stage configure
mount -t proc proc /mnt/proc
mount -t sysfs sys /mnt/sys
mount -t devtmpfs dev /mnt/dev
mount -t tmpfs tmpfs /mnt/run
mount -t tmpfs tmpfs /mnt/tmp
chroot /mnt /usr/sbin/ldconfig || die ldconfig
chroot /mnt /usr/sbin/depmod "$(uname -r)" || die depmod

say stage images
mount -t cgroup2 cgroup2 /mnt/sys/fs/cgroup || die cgroup2
ip link set lo up
# The engine keeps half-received layers here; on tmpfs they leave no dead blocks on the disk.
mkdir -p /mnt/var/lib/docker/tmp
mount -t tmpfs -o size=200m tmpfs /mnt/var/lib/docker/tmp
wait_for() { # a command, until it succeeds, as long as the engine lives
  for i in $(seq 300); do "$@" >/dev/null 2>&1 && return 0; kill -0 "$engine" 2>/dev/null || return 1; sleep 1; done
  return 1
}
chroot /mnt /usr/bin/containerd >/mnt/run/containerd.log 2>&1 &
engine=$!
wait_for [ -S /mnt/run/containerd/containerd.sock ] || { cat /mnt/run/containerd.log; die "containerd did not start"; }
chroot /mnt /usr/sbin/dockerd --containerd=/run/containerd/containerd.sock --bridge=none --iptables=false --ip6tables=false \
  >/mnt/run/dockerd.log 2>&1 &
engine=$!
wait_for chroot /mnt /usr/bin/docker version || { cat /mnt/run/dockerd.log; die "the engine did not start"; }
dd if="$data" bs=1048576 skip="$images" 2>/dev/null | chroot /mnt /usr/bin/docker load -q || { cat /mnt/run/dockerd.log; die "docker load"; }
chroot /mnt /usr/bin/docker images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | while read -r name id; do say "image $name $id"; done
say "engine $(chroot /mnt /usr/bin/docker version --format '{{.Server.Version}}')"
say "kernel $(uname -r)"
kill $engine
wait $engine
killall containerd 2>/dev/null
sleep 1

say stage finish
# What belongs to this boot only.
rm -rf /mnt/var/lib/containerd/io.containerd.metadata.v1.bolt/.lock /mnt/var/log/journal
umount /mnt/var/lib/docker/tmp /mnt/sys/fs/cgroup /mnt/tmp /mnt/run /mnt/dev /mnt/sys /mnt/proc
sync
umount /mnt || { mount -o remount,ro /mnt || die "unmount"; }
sync
say done
poweroff -f
