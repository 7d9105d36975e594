#!/bin/bash
# Converts the documentation of the Swift package in the current folder, and fails on any warning: SCRATCH OUT. A link to what is not
# there is one.
set -euo pipefail
scratch=$1
out=$2
mkdir -p "$out/graphs"
bash "$(dirname "$0")/swift-api.sh" "$scratch" "$out/graphs" B2CoreAuth
# Not on every PATH: it lies beside the compiler.
docc=$(command -v docc || echo "$(dirname "$(readlink -f "$(command -v swift)")")/docc")
"$docc" convert Sources/B2CoreAuth/B2CoreAuth.docc --additional-symbol-graph-dir "$out/graphs" \
  --fallback-display-name B2CoreAuth --fallback-bundle-identifier B2CoreAuth --warnings-as-errors --output-path "$out/archive"
