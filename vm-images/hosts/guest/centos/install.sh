# What the host centos needs beside its packages: see install-host.sh.
python=/usr/lib/python3.13

# Packages of Python compile every module when they are configured, which takes many minutes here. They are told that it is
# done; what dnf uses is compiled afterwards, by use.
before_configure() {
  silence $python/py_compile.py
  silence /usr/bin/py3compile
}

after_configure() {
  restore $python/py_compile.py
  restore /usr/bin/py3compile
  for part in ensurepip idlelib pydoc_data turtledemo venv; do rm -rf "/mnt$python/$part"; done
  # Side by side each download's pieces wake dnf, which costs more here than the waiting. The file belongs to a package.
  echo max_parallel_downloads=1 >> /mnt/etc/dnf/dnf.conf
  say stage rpm
  chroot /mnt /usr/bin/rpm --justdb --install --nosignature /run/payload/packages/first.rpm || die "begin rpm's database"
  # Written by programs that compile what they import: one for its commands, one for what a transaction needs.
  chroot /mnt /usr/bin/python3 -m compileall -q /usr/lib/python3/dist-packages/dnf /usr/lib/python3/dist-packages/libdnf /usr/lib/python3/dist-packages/hawkey /usr/lib/python3/dist-packages/rpm || die "compile dnf"
  chroot /mnt /usr/bin/dnf --cacheonly --disablerepo='*' list --installed || die "run dnf"
  chroot /mnt /usr/bin/python3 -c 'import dnf.cli.main, dnf.yum.rpmtrans, configparser, tempfile, urllib.request, email.message, json' || die "import modules"
  rm -rf /mnt/var/cache/dnf /mnt/var/log/dnf* /mnt/var/log/hawkey.log
}
