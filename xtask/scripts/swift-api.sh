#!/bin/bash
# Writes the symbol graphs of modules of the Swift package in the current folder: SCRATCH OUT MODULE... The first module is built,
# with all that it needs.
set -euo pipefail
scratch=$1
out=$2
shift 2
swift build --scratch-path "$scratch" --target "$1"
modules=$(swift build --scratch-path "$scratch" --show-bin-path)/Modules
# Not on every PATH: it lies beside the compiler.
extract=$(command -v swift-symbolgraph-extract || echo "$(dirname "$(readlink -f "$(command -v swift)")")/swift-symbolgraph-extract")
target=$(swift -print-target-info | sed -n 's/.*"triple": "\(.*\)".*/\1/p' | head -n 1)
for module in "$@"; do
  "$extract" -module-name "$module" -I "$modules" -I Sources/B2CoreAuthFFI -I Sources/B2CoreAuthSandboxFFI -target "$target" -output-dir "$out" \
    -minimum-access-level public -skip-synthesized-members -emit-extension-block-symbols
done
