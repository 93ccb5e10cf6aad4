# What a learner does first on the host debian.
run 'dpkg -l; apt-cache policy; curl --version'
apt-get -s install tree >/dev/null
dpkg --version >/dev/null
/usr/lib/apt/methods/https </dev/null >/dev/null || true
sqv --version >/dev/null
deb-systemd-helper --help >/dev/null 2>&1 || true
