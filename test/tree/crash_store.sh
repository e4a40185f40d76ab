#!/bin/bash
# kill -9 in the middle of imports and of sensing, again and again: what was acknowledged is there,
# the store is whole, the audit chain is sound, and facts go on where they stood.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
zhuji=${ZHUJI:-$root/build/zhuji}
command -v sqlite3 >/dev/null || { echo "skip: no sqlite3"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export ZHUJI_DB=$work/a.db
"$zhuji" init >/dev/null 2>&1
printf 'code,name,kinds,networks\n91110000MA0000000H,示例汽车有限公司,vehicle_maker,10.0.0.0/8\n' >o.csv
"$zhuji" import organisations o.csv >/dev/null 2>&1
"$zhuji" fleet --vehicles 300 --seconds 60 -o fleet.pcap --registers reg >/dev/null 2>&1
awk 'BEGIN { print "code,name,kind,addresses"; for (i = 0; i < 20000; i++) printf "S%05d,系统%d,platform,10.0.%d.%d\n", i, i, i / 250, i % 250 + 1 }' >systems.csv

sound() {
    [ "$(sqlite3 -cmd '.timeout 20000' a.db 'PRAGMA integrity_check')" = ok ] || { echo "$1: integrity"; exit 1; }
    "$zhuji" audit verify --json >report || { echo "$1: $(cat report)"; exit 1; }
}
rows() {
    sqlite3 -cmd '.timeout 20000' a.db "SELECT count(*) FROM reg_systems WHERE deleted_at = 0" 2>/dev/null || echo 0
}

before=0 killed=0
for round in 1 2 3 4 5 6; do
    "$zhuji" import systems systems.csv --org 91110000MA0000000H >/dev/null 2>&1 &
    pid=$!
    sleep "0.$((RANDOM % 9))$((RANDOM % 10))"
    kill -9 $pid 2>/dev/null && killed=$((killed + 1))
    wait $pid 2>/dev/null || true
    sound "import, round $round"
    after=$(rows)
    [ "$after" -ge "$before" ] || { echo "import, round $round: $before rows became $after"; exit 1; }
    before=$after
done
"$zhuji" import systems systems.csv --org 91110000MA0000000H >/dev/null 2>&1
[ "$(rows)" = 20000 ] || { echo "the import did not end: $(rows) rows"; exit 1; }
# a check while others write sees one moment and finds nothing
"$zhuji" import systems systems.csv --org 91110000MA0000000H >/dev/null 2>&1 &
pid=$!
sed 's/系统/平台/' systems.csv >renamed.csv
for round in 1 2 3 4 5; do
    sound "while importing, round $round"
done
wait $pid
"$zhuji" import systems renamed.csv --org 91110000MA0000000H >/dev/null 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null; do
    sound "while updating"
done
wait $pid
for round in 1 2 3 4 5 6; do
    "$zhuji" sense -r fleet.pcap --db a.db >/dev/null 2>&1 &
    pid=$!
    sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
    kill -9 $pid 2>/dev/null && killed=$((killed + 1))
    wait $pid 2>/dev/null || true
    sound "sense, round $round"
done
"$zhuji" sense -r fleet.pcap --db a.db >/dev/null 2>&1
sound "the end"
distinct=$(sqlite3 a.db "SELECT count(*) - count(DISTINCT fact_key) FROM fact_identity")
tally=$(sqlite3 a.db "SELECT (SELECT sum(count) FROM fact_tally WHERE what = 'identity') - (SELECT count(*) FROM fact_identity)")
[ "$distinct:$tally" = 0:0 ] || { echo "facts counted wrongly: $distinct:$tally"; exit 1; }
echo "killed $killed times of 12"
