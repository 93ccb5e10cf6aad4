# Makes the running machine small and quiet before it is saved: what is zero costs nothing to download.
set -e
sync
# The page cache stays, it was warmed on purpose. Not even unused inodes are dropped: on a kernel with highmem their pages
# would go with them.
echo 1 > /proc/sys/vm/compact_memory
# Pages that are free now still hold what was in them. Fill all but a reserve with zeros and give them back; the reserve
# keeps the kernel from dropping the page cache instead.
free_kib=$(awk '/^MemFree:/ { print $2 }' /proc/meminfo)
mkdir -p /run/zero
mount -t tmpfs -o size=90% zero /run/zero
head -c "$(( (free_kib - 8192) * 1024 ))" /dev/zero > /run/zero/fill || true
umount /run/zero
rmdir /run/zero
grep -E '^(MemFree|Cached|AnonPages|Slab):' /proc/meminfo
