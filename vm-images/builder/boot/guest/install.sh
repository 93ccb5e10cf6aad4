# First boot: configures what needs the guest itself on the root file system that the builder has written to the first disk.
# Our own programs are compiled, the linker cache and the module index made, the container images loaded by the real engine.
# Follows installer.sh. Kernel arguments: drydock.build, drydock.images (MiB offsets of archives on the other disk).
say stage compile
mkdir -p /build /union /out
mount -t tmpfs -o size=64m tmpfs /build
dd if="$data" bs=1048576 skip="$build" 2>/dev/null | tar xf - -C /build || die "unpack the compiler"
mkdir -p /build/out
# The compiler sees its own files over the guest's libraries; nothing of it reaches the disk.
mount -t overlay -o lowerdir=/build:/mnt overlay /union || die "overlay for the compiler"
mount -t tmpfs -o size=4m tmpfs /union/out
compile() { # PROGRAM FILES...
  program=$1; shift
  chroot /union /usr/bin/tcc -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -o "/out/$program" "$@" || die "compile $program"
}
compile agent /agent/main.c /agent/exec.c /agent/files.c /agent/watch.c /agent/system.c
compile fchmodat2 /system-calls/fchmodat2.c
mkdir /union/out/shim
compile shim/containerd-shim-runc-v2 /shim/launcher.c /shim/sha256.c /common/read-text.c
compile modprobe /modprobe/modprobe.c
mkdir /union/out/cli-plugins /union/out/runtime
compile runtime/runc /build-steps/runc.c /common/read-text.c
compile cli-plugins/launcher /cli-plugins/launcher.c
mkdir -p /mnt/usr/lib/drydock
cp -r /union/out/* /mnt/usr/lib/drydock/
chmod -R 755 /mnt/usr/lib/drydock
umount /union/out; umount /union; umount /build

say stage configure
mount -t proc proc /mnt/proc
mount -t sysfs sys /mnt/sys
mount -t devtmpfs dev /mnt/dev
mount -t tmpfs tmpfs /mnt/run
mount -t tmpfs tmpfs /mnt/tmp
chroot /mnt /usr/sbin/ldconfig || die ldconfig
chroot /mnt /usr/sbin/depmod "$(uname -r)" || die depmod

mkdir -p /mnt/usr/local/lib/docker/cli-plugins
for plugin in docker-buildx docker-compose; do
  chroot /mnt "/usr/libexec/docker/cli-plugins/$plugin" docker-cli-plugin-metadata > "/mnt/usr/lib/drydock/cli-plugins/$plugin.json" || die "ask $plugin what it is"
  ln -s /usr/lib/drydock/cli-plugins/launcher "/mnt/usr/local/lib/docker/cli-plugins/$plugin"
done

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
finish
