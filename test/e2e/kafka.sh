#!/bin/bash
# Facts by way of Kafka are the facts that a sensor writes itself: counted by kind, and none twice
# when the server starts again. The broker is librdkafka's own test kit.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
tools=${zhuji%/zhuji}/test/tool
dir=$(mktemp -d)
mkfifo "$dir/broker"
tidy_up() {
    exec 7>&-
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$dir"
}
trap tidy_up EXIT
fail() {
    echo "$*"
    cat "$dir"/*.log 2>/dev/null | tail -20
    exit 1
}
counts() {
    sqlite3 -readonly "$1" "SELECT 'identity', count(*), sum(other_frames) FROM fact_identity
        UNION ALL SELECT 'service', count(*), sum(frames) FROM fact_service
        UNION ALL SELECT 'transfer', count(*), sum(items) FROM fact_transfer
        UNION ALL SELECT 'command', count(*), 0 FROM fact_command"
}
store() {
    "$zhuji" init --db "$1" >/dev/null && "$zhuji" import organisations "$dir/organisations.csv" --db "$1" -q >/dev/null || fail "store"
}
serve() {
    "$zhuji" serve --db "$dir/far.db" --listen 127.0.0.1:0 --kafka "$place" >"$dir/serve.log" 2>&1 &
    server=$!
}
# Until the store has what is wanted, or half a minute is over.
settle() {
    local i
    for i in $(seq 150); do
        [ "$(counts "$dir/far.db")" = "$1" ] && return
        sleep 0.2
    done
    fail "wanted: $1
got: $(counts "$dir/far.db")"
}

make -s --no-print-directory BUILD="${zhuji%/zhuji}" "$tools/kafka_mock" >/dev/null || fail "kafka_mock does not build"
"$tools/kafka_mock" <"$dir/broker" >"$dir/place" 2>"$dir/broker.log" &
exec 7>"$dir/broker"
for _ in $(seq 50); do [ -s "$dir/place" ] && break; sleep 0.1; done
place=$(head -1 "$dir/place")
[ -n "$place" ] || fail "no broker"

"$zhuji" fleet --vehicles 24 --seconds 300 -o "$dir/fleet.pcap" --registers "$dir" >/dev/null || fail "fleet"
store "$dir/near.db"
store "$dir/far.db"
"$zhuji" sense -r "$dir/fleet.pcap" --db "$dir/near.db" -q || fail "sense --db"
"$zhuji" sense -r "$dir/fleet.pcap" --kafka "$place" -q || fail "sense --kafka"
want=$(counts "$dir/near.db")
[[ $want = identity\|[1-9]* ]] || fail "no facts: $want"
serve
settle "$want"
kill -TERM $server
wait $server
serve # what was committed does not come again
sleep 2
kill -TERM $server
wait $server
server=
settle "$want"

"$zhuji" sense -r "$dir/fleet.pcap" --kafka 127.0.0.1:1/facts -q 2>"$dir/away.log"
status=$?
[ $status = 3 ] || [ $status = 4 ] || fail "brokers that are away: exit $status"
grep -q Kafka "$dir/away.log" || fail "brokers that are away: nothing is said"
echo "facts by Kafka: $(echo "$want" | tr '\n' ' ')"
