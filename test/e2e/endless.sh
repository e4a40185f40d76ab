#!/bin/bash
# A capture without end: vehicles far more than the budget holds come out of a pipe, and the memory
# of the sensor does not grow. What is given up is counted.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unset ZHUJI_DB
fail() {
    echo "$*"
    exit 1
}
case $zhuji in
*asan*) # shadow memory and quarantine are not the sensor's
    built=build/zhuji
    [ -x $built ] || { echo "skip: no build without sanitizers"; exit 0; }
    zhuji=$PWD/$built
    ;;
esac

# Highest memory of a sensor's own (not the files of its libraries) in KiB, after so many seconds of packets.
peak_of() {
    "$zhuji" fleet --vehicles 40000 --seconds "$1" --scenario none -o - |
        "$zhuji" sense -r - --memory 16M --workers 1 --json -q >"$dir/counters.json" 2>"$dir/err.txt" &
    local sensor=$! child peak=0 now
    for _ in $(seq 100); do
        child=$(pgrep -P $sensor) && break
        sleep 0.02
    done
    while now=$(awk '/RssAnon/ { print $2 }' "/proc/$child/status" 2>/dev/null) && [ -n "$now" ]; do
        [ "$now" -gt "$peak" ] && peak=$now
        sleep 0.05
    done
    wait $sensor || fail "sense: $(cat "$dir/err.txt")"
    echo "$peak" >"$dir/peak.txt"
}

peak_of 45
short=$(cat "$dir/peak.txt")
packets=$(jq .packets "$dir/counters.json")
peak_of 360
long=$(cat "$dir/peak.txt")
jq -e --argjson before "$packets" '.packets > 3 * $before and .flows_evicted > 0 and .drop_link == 0' "$dir/counters.json" >/dev/null ||
    fail "nothing was hard about it: $(cat "$dir/counters.json")"
# the budget, and what the program needs without any packet
[ "$long" -le $((16 * 1024 + 8 * 1024)) ] || fail "$long KiB resident with a budget of 16 MiB"
[ "$long" -le $((short + short / 10)) ] || fail "memory grows: $short KiB, then $long KiB"
echo "$short KiB, then $long KiB"
