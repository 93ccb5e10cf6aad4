#!/bin/sh
# Drydock's own installation script. It stands at the address of Docker's convenience script and does for the hosts of
# this course what that one does: it adds Docker's package repository and installs the engine from it. It was written
# for Drydock; Docker, Inc. has neither made nor seen it.
#
#   curl -fsSL https://get.docker.com | sh
#   sh get-docker.sh [--mirror Aliyun|AzureChinaCloud] [--version VERSION] [--dry-run]
set -e

usage() {
  echo "usage: get-docker.sh [--mirror Aliyun|AzureChinaCloud] [--version VERSION] [--dry-run]" >&2
  exit 2
}

mirror=
version=
dry_run=
while [ $# -gt 0 ]; do
  case $1 in
    --mirror) [ $# -gt 1 ] || usage; mirror=$2; shift 2 ;;
    --version) [ $# -gt 1 ] || usage; version=${2#v}; shift 2 ;;
    --dry-run) dry_run=yes; shift ;;
    *) usage ;;
  esac
done

origin=https://download.docker.com
case $mirror in
  '') base=$origin ;;
  Aliyun) base=https://mirrors.aliyun.com/docker-ce ;;
  AzureChinaCloud) base=https://mirror.azure.cn/docker-ce ;;
  *) echo "get-docker.sh: there is no mirror \"$mirror\"; known are Aliyun and AzureChinaCloud" >&2; exit 2 ;;
esac

echo "# Drydock's installation script, in the place of Docker's convenience script"

if [ -n "$dry_run" ]; then
  as_root() { printf '%s\n' "$1"; }
elif [ "$(id -u)" -eq 0 ]; then
  as_root() { printf '+ %s\n' "$1"; sh -c "$1"; }
elif command -v sudo >/dev/null; then
  as_root() { printf '+ sudo %s\n' "$1"; sudo sh -c "$1"; }
else
  echo "get-docker.sh: only root can install packages, and there is no sudo here" >&2
  exit 1
fi

if command -v docker >/dev/null && [ -z "$dry_run" ]; then
  echo "Warning: docker is here already. The script goes on in 5 seconds and may change its version; Ctrl+C ends it." >&2
  sleep 5
fi

id=$(. /etc/os-release && echo "$ID")
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")

case $id in
  debian | ubuntu)
    source="deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc] $base/linux/$id $codename stable"
    as_root "apt-get -qq update"
    as_root "apt-get -qq -y install ca-certificates curl"
    as_root "install -m 0755 -d /etc/apt/keyrings"
    as_root "curl -fsSL $base/linux/$id/gpg -o /etc/apt/keyrings/docker.asc"
    as_root "chmod a+r /etc/apt/keyrings/docker.asc"
    as_root "echo '$source' > /etc/apt/sources.list.d/docker.list"
    as_root "apt-get -qq update"
    wanted=
    if [ -n "$version" ] && [ -z "$dry_run" ]; then
      found=$(apt-cache madison docker-ce | awk -v wanted="$version" '{ split($3, parts, /[:-]/); if (parts[2] == wanted || index(parts[2], wanted ".") == 1) { print $3; exit } }')
      if [ -z "$found" ]; then
        echo "get-docker.sh: the repository has no docker-ce $version; it has:" >&2
        apt-cache madison docker-ce >&2
        exit 1
      fi
      wanted="=$found"
    elif [ -n "$version" ]; then
      wanted="=5:$version-*"
    fi
    # The original brings the plugins docker-buildx-plugin and docker-compose-plugin as well. On an emulated processor they
    # would double the time that this takes; apt installs them when they are wanted.
    as_root "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --allow-downgrades docker-ce$wanted docker-ce-cli containerd.io"
    ;;
  centos | rhel | fedora | rocky | almalinux)
    repository=/etc/yum.repos.d/docker-ce.repo
    as_root "yum -y -q install yum-utils"
    as_root "yum-config-manager --add-repo $base/linux/centos/docker-ce.repo"
    # The file of a mirror is the same as Docker's, and names Docker's host.
    [ "$base" = "$origin" ] || as_root "sed -i 's#$origin#$base#' $repository"
    as_root "yum makecache"
    wanted=
    # 26.1 stands for 26.1.5 too, and not for 26.10.
    [ -z "$version" ] || wanted="-$version[.-]*"
    # Without the plugins, for the same reason as above.
    if ! as_root "yum -y -q install 'docker-ce$wanted' docker-ce-cli containerd.io"; then
      echo "get-docker.sh: the installation failed; the repository has:" >&2
      yum -q list docker-ce --showduplicates >&2
      exit 1
    fi
    ;;
  *)
    echo "get-docker.sh: this script installs on Debian, Ubuntu and CentOS only; /etc/os-release says \"$id\"" >&2
    exit 1
    ;;
esac

[ -n "$dry_run" ] && exit 0
# On CentOS a service that was installed does not run.
if systemctl --quiet is-active docker; then
  as_root "docker version"
else
  printf '\nDocker is installed, and its service does not run yet:\n\n  sudo systemctl enable --now docker\n'
fi
cat <<'END'

To run docker without sudo, become a member of the group docker, and log in again:

  sudo usermod -aG docker "$USER"

Whoever is in that group is as powerful as root on this host.
END
