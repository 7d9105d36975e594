#!/bin/sh
# rustdoc as cargo calls it, with its unstable options unlocked. Only rustdoc: build scripts that see the variable
# would turn unstable features of their crates on.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
