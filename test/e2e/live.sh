#!/bin/bash
# A simulated fleet over a wire of this machine, seen by a sensor at the other end: every packet is
# counted, none is dropped, and the store has the gaps that must follow.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
tools=${zhuji%/zhuji}/test/tool
dir=$(mktemp -d)
far=zhuji-far-$$ near=zhuji-near-$$
export ZHUJI_DB=
tidy_up() {
    ip netns del "$far" 2>/dev/null
    ip netns del "$near" 2>/dev/null
    rm -rf "$dir"
}
trap tidy_up EXIT
skip() {
    echo "skip: $*"
    exit 0
}
fail() {
    echo "$*"
    exit 1
}

[ "$(id -u)" = 0 ] || skip "namespaces need root"
command -v ip >/dev/null || skip "no iproute2"
ip netns add "$far" 2>"$dir/why" && ip netns add "$near" 2>"$dir/why" || skip "no namespaces: $(cat "$dir/why")"
ip -n "$far" link add wire type veth peer name tap netns "$near" 2>"$dir/why" || skip "no veth pair: $(cat "$dir/why")"
for name in "$far" "$near"; do # the kernel itself shall say nothing on the wire
    ip netns exec "$name" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6' 2>/dev/null || skip "IPv6 of a namespace cannot be turned off"
done
ip -n "$far" link set wire mtu 9000 up && ip -n "$near" link set tap mtu 9000 up || fail "veth"
make -s --no-print-directory BUILD="${zhuji%/zhuji}" "$tools/replay" >/dev/null || fail "replay does not build"

"$zhuji" fleet --vehicles 24 --seconds 300 -o "$dir/fleet.pcap" --registers "$dir" || fail "fleet"

# Sends the fleet past a sensor with the arguments given; its counters are then in counters.json.
watch() {
    ip netns exec "$near" "$zhuji" sense -i tap --json -q "$@" >"$dir/counters.json" 2>"$dir/sense.txt" &
    local sensor=$! waits=0
    until [ "$(ip netns exec "$near" cat /proc/net/packet | wc -l)" -gt 1 ]; do
        waits=$((waits + 1))
        [ $waits -lt 100 ] || fail "the sensor does not listen: $(cat "$dir/sense.txt")"
        sleep 0.1
    done
    sleep 0.3 # every worker listens
    ip netns exec "$far" "$tools/replay" "$dir/fleet.pcap" wire 5000 >"$dir/sent.txt" || fail "replay"
    sleep 1.5
    kill -INT $sensor
    wait $sensor
    local status=$?
    [ $status = 130 ] || fail "sense $*: exit $status: $(cat "$dir/sense.txt")"
    local want got
    want="$(cut -d' ' -f1 "$dir/sent.txt") 0 0"
    got=$(jq -r '"\(.packets) \(.drop_kernel) \(.tcp_gaps)"' "$dir/counters.json")
    [ "$got" = "$want" ] || fail "sense $*: packets, drops, holes: wanted $want, got $got"
}

watch --workers 1
"$zhuji" sense -r "$dir/fleet.pcap" --json -q >"$dir/file.json" || fail "sense -r"
same='[.packets, .bytes, .tcp, .flows, .frames, .bad_frames]'
[ "$(jq -c "$same" "$dir/file.json")" = "$(jq -c "$same" "$dir/counters.json")" ] ||
    fail "file: $(jq -c "$same" "$dir/file.json"), wire: $(jq -c "$same" "$dir/counters.json")"
detections=$(jq .detections "$dir/counters.json")
for workers in 2 3 4; do # one of them observes; the others have a part of the wire each
    watch --workers $workers
    [ "$(jq -c "$same" "$dir/file.json")" = "$(jq -c "$same" "$dir/counters.json")" ] ||
        fail "$workers workers: $(jq -c "$same" "$dir/counters.json")"
    [ "$detections" = "$(jq .detections "$dir/counters.json")" ] ||
        fail "$workers workers: $(jq .detections "$dir/counters.json") detections, $detections with one"
done

export ZHUJI_DB=$dir/zhuji.db
"$zhuji" init >"$dir/init.txt" || fail "init"
for register in organisations systems vehicles cards partners exports releases; do
    "$zhuji" import $register "$dir/$register.csv" -q >/dev/null || fail "import $register"
done
watch --db "$ZHUJI_DB"
"$zhuji" gaps --json >"$dir/gaps.json" || fail "gaps"
filter='.'
if [ ! -f build/geo/country.mmdb ] && [ -z "${ZHUJI_GEO:-}" ]; then
    echo "skip: no country database, gaps of task 14 are not compared"
    filter='select(.gap | startswith("T14") | not)'
fi
diff <(jq -c ".gaps[] | {gap, subject} | $filter" "$dir/expect.json" | sort -u) \
    <(jq -c ".gaps[] | {gap, subject: .subject.id} | $filter" "$dir/gaps.json" | sort -u) || fail "gaps differ (< wanted, > found)"
[ "$(sqlite3 "$ZHUJI_DB" 'PRAGMA integrity_check')" = ok ] || fail "integrity"
# Vehicles of all hours by server, once by the wire and once by the file. A run over two hours of
# the clock tells some twice: then the numbers are not compared. A server of one frame is left out:
# the command of the unknown platform goes to a vehicle that another worker knows.
by_server='SELECT server, protocol, security, sum(vehicles) FROM fact_hourly GROUP BY 1, 2, 3 HAVING sum(frames) > 1 ORDER BY 1, 2, 3'
wire=$(sqlite3 "$ZHUJI_DB" "$by_server")
wire_hours=$(sqlite3 "$ZHUJI_DB" 'SELECT count(DISTINCT hour) FROM fact_hourly')
ZHUJI_DB=$dir/file.db
"$zhuji" init >"$dir/init.txt" && "$zhuji" sense -r "$dir/fleet.pcap" -q || fail "sense -r into a store"
if [ "$wire_hours" = "$(sqlite3 "$ZHUJI_DB" 'SELECT count(DISTINCT hour) FROM fact_hourly')" ]; then
    diff <(sqlite3 "$ZHUJI_DB" "$by_server") <(echo "$wire") || fail "vehicles by the hour differ (< file, > wire)"
fi

# A link that goes down and up again is waited for; an interface that is taken away ends the capture.
ip netns exec "$near" "$zhuji" sense -i tap --json -q >"$dir/counters.json" 2>"$dir/sense.txt" &
sensor=$!
until [ "$(ip netns exec "$near" cat /proc/net/packet | wc -l)" -gt 1 ]; do sleep 0.1; done
ip -n "$near" link set tap down
sleep 0.5
ip -n "$near" link set tap up
sleep 0.5
ip netns exec "$far" "$tools/replay" "$dir/fleet.pcap" wire 5000 >"$dir/sent.txt" || fail "replay"
sleep 1
ip -n "$near" link del tap
wait $sensor
status=$?
[ $status = 3 ] || fail "interface gone: exit $status: $(cat "$dir/sense.txt")"
got=$(jq -r '"\(.packets) \(.link_down)"' "$dir/counters.json")
[ "$got" = "$(cut -d' ' -f1 "$dir/sent.txt") 2" ] || fail "link down: packets and downs: $got"
echo "$(jq .packets "$dir/counters.json") packets, none dropped"
