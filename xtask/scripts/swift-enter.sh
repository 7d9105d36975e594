#!/bin/bash
# Runs a command inside ROOT with folders of the machine at their own paths: ROOT FOLDER... -- COMMAND...
# The first folder is where the command starts.
set -euo pipefail
root=$1
shift
exec unshare --mount --propagation private bash -euc '
  root=$1
  start=$2
  shift
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
  done
  shift
  exec chroot "$root" /usr/bin/env -C "$start" "$@"' _ "$root" "$@"
