# What a learner does first on the host centos.
run 'rpm -qa; curl --version'
dnf --cacheonly --disablerepo='*' list --installed >/dev/null
gpg --version >/dev/null
rm -rf /root/.gnupg /var/cache/dnf /var/log/dnf* /var/log/hawkey.log
