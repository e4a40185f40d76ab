#!/bin/bash
# Both ends of the live fleet: vehicles connect to the platform of this machine and are answered.
set -eu
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-build/zhuji}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
port=$((20000 + RANDOM % 20000))
"$zhuji" fleet --serve $port --seconds 30 >"$work/served" &
server=$!
for _ in $(seq 50); do
    (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break
    sleep 0.1
done
"$zhuji" fleet --connect 127.0.0.1:$port --seconds 6 --vehicles 24 --scenario none
kill -INT $server
wait $server || true
# one knock of this script, and the vehicles that start in the first seconds, each with a login
jq -e ".connections > 3 and .frames >= .connections - 1 and .unreadable == 0" "$work/served"
if "$zhuji" fleet --connect 203.0.113.1:80 2>/dev/null; then
    echo "connected to another machine"
    exit 1
fi
