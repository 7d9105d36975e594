#!/bin/bash
# Makes a Debian trixie with Swift in a folder of its own: ROOT. Needs root and debootstrap. About two minutes and 2.6 GB;
# a root that is complete is left as it is.
set -euo pipefail
root=$1
[ -e "$root/.swift-ready" ] && exit 0
rm -rf --one-file-system "$root"
mkdir -p "$root"
debootstrap --variant=minbase trixie "$root"
# Mounts in a namespace of its own: nothing stays behind when the command ends or dies.
unshare --mount --propagation private bash -euc '
  mount -t proc proc "$1/proc"
  mount --bind /dev "$1/dev"
  export DEBIAN_FRONTEND=noninteractive
  chroot "$1" apt-get install -y -qq --no-install-recommends swiftlang libc6-dev libstdc++-14-dev oathtool
  chroot "$1" apt-get clean
  chroot "$1" swift --version' _ "$root"
touch "$root/.swift-ready"
