#!/bin/bash
# Installs a Debian package in a system that has nothing else, runs its program, and removes it again: ROOT PACKAGE
# ROOT is a minimal Debian, made once. What is done in it goes to a layer in memory, which ends with this.
set -euo pipefail
root=$1
package=$2
if [ ! -e "$root/.ready" ]; then
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase trixie "$root"
  touch "$root/.ready"
fi
exec unshare --mount --net --pid --fork --propagation private bash -euc '
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/root
  mount -t overlay overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
  mount -t proc proc /mnt/root/proc
  cp "$2" /mnt/root/package.deb
  ip link set lo up
  chroot /mnt/root dpkg -i /package.deb
  chroot /mnt/root b2auth --version
  chroot /mnt/root b2auth demo
  test -s /mnt/root/usr/share/man/man1/b2auth.1.gz
  test -s /mnt/root/usr/share/bash-completion/completions/b2auth
  chroot /mnt/root dpkg -P b2auth
  ! test -e /mnt/root/usr/bin/b2auth' _ "$root" "$package"
