#!/bin/bash
# Every capture of ../shared runs clean under the sanitizers, through files, a pipe and two workers,
# and tshark counts the same messages where both know the protocol: MQTT packets, heads of HTTP/1,
# DNS messages over UDP and TCP, hellos of TLS.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-build/zhuji}
shared=${SHARED:-../shared}/captures
[ -d "$shared" ] || { echo "skip: no ../shared/captures"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
fault() {
    echo "$*"
    faults=$((faults + 1))
}

# Where the two differ and why; each line is checked to be needed still.
cat >"$work/differ" <<'END'
automotive/pcapplusplus-SomeIpSd.pcapng tshark reads SOME/IP as malformed DNS by a port
automotive/someipfuzz-playground_seed.pcapng tshark reads SOME/IP as malformed DNS by a port
automotive/tcpdump-someip1.pcap tshark reads SOME/IP as malformed DNS by a port
mqtt/ndpi-coap_mqtt.pcap three connections are joined in the middle, on a port that is not MQTT's
tls/ipfixprobe-tls.pcap connections come twice; tshark takes the second time for retransmission
tls/ndpi-tls_port_80.pcapng TLS on port 80: tshark goes by the port
tls/ndpi-tls_invalid_reads.pcap one hello is inside GTP-U, which is not opened
tls/zeek-https-to-http.pcap TLS on port 80: tshark goes by the port
tls/zeek-ssl-v2.pcap hellos of SSL 2
END

ours() { # capture
    "$zhuji" sense -r "$1" --quiet --eve "$work/eve" >"$work/facts" 2>"$work/err" ||
        grep -q 'no packet has a link type' "$work/err" || return 1 # CAN, LIN, FlexRay: told, not read
    touch "$work/eve"
    jq -rs '(map(select(.fact == "service" and .protocol == "mqtt") | .frames) | add // 0) | "mqtt \(.)"' "$work/facts"
    jq -rs 'def n(f): map(select(f)) | length;
        "http \(n(.event_type == "http"))", "dns \(n(.event_type == "dns"))",
        "tls \(n(.event_type == "tls" and (.tls.client_certificate_requested | not)))"' "$work/eve"
}

theirs() { # capture
    tshark -r "$1" -d tcp.port==17501,mqtt -Y '!icmp && !icmpv6 && !quic' -T fields -E separator='|' \
        -e mqtt.msgtype -e http.request.method -e http.response.code -e dns.id -e tls.handshake.type 2>/dev/null |
        awk -F'|' 'function n(x, a) { return x == "" ? 0 : split(x, a, ",") }
            { m += n($1); h += n($2) + n($3); d += n($4)
              k = split($5, t, ","); for (i = 1; i <= k; i++) if (t[i] == 1 || t[i] == 2) s++ }
            END { printf "mqtt %d\nhttp %d\ndns %d\ntls %d\n", m, h, d, s }'
}

# Counts of all captures, before: two at a time.
if command -v tshark >/dev/null; then
    mkdir "$work/theirs"
    export -f theirs
    (cd "$shared" && ls -1 */*.pcap*) | xargs -P 2 -I{} bash -c 'theirs "$0/{}" >"$1/$(echo {} | tr / _)"' "$shared" "$work/theirs"
else
    echo "skip: no tshark, counts are not compared"
fi
compared=0
for capture in "$shared"/*/*.pcap*; do
    name=${capture#"$shared"/}
    rm -f "$work/eve"
    if ! ours "$capture" >"$work/ours"; then
        fault "$name: $(tail -n 3 "$work/err")"
        continue
    fi
    their=$work/theirs/$(echo "$name" | tr / _)
    [ -f "$their" ] || continue
    if grep -q "^$name " "$work/differ"; then
        cmp -s "$work/ours" "$their" && fault "$name: tshark agrees now; take it off the list"
    else
        diff -u "$their" "$work/ours" >"$work/diff" || fault "$name: tshark counts otherwise: $(grep '^[-+][a-z]' "$work/diff" | tr '\n' ' ')"
        compared=$((compared + 1))
    fi
done

# The same packets through a pipe, and all captures at once over several workers.
for capture in "$shared"/mqtt/*.pcap*; do
    "$zhuji" sense -r "$capture" --json --quiet >"$work/file" 2>"$work/err" || fault "$capture: $(tail -n 3 "$work/err")"
    cat "$capture" | "$zhuji" sense -r - --json --quiet >"$work/pipe" 2>"$work/err" || fault "$capture from a pipe: $(tail -n 3 "$work/err")"
    cmp -s "$work/file" "$work/pipe" || fault "$capture: counters differ when it comes through a pipe"
done
"$zhuji" sense -r "$shared"/*/*.pcap* --json --quiet >"$work/one" 2>"$work/err" || fault "all captures: $(tail -n 3 "$work/err")"
"$zhuji" sense -r "$shared"/*/*.pcap* --json --quiet --workers 3 >"$work/three" 2>"$work/err" || fault "all captures, three workers: $(tail -n 3 "$work/err")"
for counter in packets bytes tcp udp other_network other_transport drop_link fragments; do
    [ "$(jq ".$counter" "$work/one")" = "$(jq ".$counter" "$work/three")" ] || fault "$counter differ with three workers"
done
echo "$compared captures counted as tshark does, $faults faults"
[ "$faults" = 0 ]
