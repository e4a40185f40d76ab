#!/bin/bash
# Every codec agrees with the published vectors, verdict and fields.
set -eu
cd "$(dirname "$0")/../.."
vectors=../shared/testdata/wire/dev.jsonl
[ -f "$vectors" ] || { echo "skip: $vectors is absent"; exit 0; }
exec python3 test/tree/wire_vectors.py "${ZHUJI:-build/zhuji}" "$vectors"
