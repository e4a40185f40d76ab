#!/bin/bash
# The simulator's capture is clean to another dissector: checksums, sequence numbers, no malformed
# frame; and it counts the same packets.
set -eu
cd "$(dirname "$0")/../.."
command -v tshark >/dev/null || { echo "skip: tshark is absent"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${ZHUJI:-build/zhuji}" fleet --seed 3 --seconds 120 -o "$work/fleet.pcap"
faults=$(tshark -r "$work/fleet.pcap" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
    -Y 'tcp.analysis.flags || _ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0' 2>/dev/null | head)
[ -z "$faults" ] || { echo "$faults"; exit 1; }
packets=$(tshark -r "$work/fleet.pcap" 2>/dev/null | wc -l)
[ "$packets" -gt 1000 ] || { echo "only $packets packets"; exit 1; }
echo "tshark: $packets packets, none wrong"
