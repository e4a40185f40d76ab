#!/bin/bash
# Input that is broken, a disk that fills and a process that is killed: the message names the place,
# the exit status is the one promised, what was acknowledged is there and the store is whole.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
dir=$(mktemp -d)
disk=
tidy_up() {
    [ -z "$disk" ] || umount "$disk" 2>/dev/null
    rm -rf "$dir"
}
trap tidy_up EXIT
fail() {
    echo "$*"
    exit 1
}
export ZHUJI_DB=$dir/zhuji.db LC_ALL=C.UTF-8
command -v sqlite3 >/dev/null || { echo "skip: no sqlite3"; exit 0; }

sound() { # what came before
    local said
    said=$(sqlite3 "$ZHUJI_DB" 'PRAGMA integrity_check' 2>&1)
    [ "$said" = ok ] || fail "$1: integrity: $said"
    "$zhuji" audit verify >"$dir/audit.txt" 2>&1 || fail "$1: audit: $(cat "$dir/audit.txt")"
}

# Runs the rest of the arguments; the exit status and a part of the message must be as named.
want() { # status text command…
    local status=$1 text=$2 got
    shift 2
    timeout 120 "$@" >"$dir/out.txt" 2>"$dir/err.txt"
    got=$?
    [ $got = "$status" ] || fail "$*: exit $got, wanted $status: $(cat "$dir/err.txt")"
    [ -z "$text" ] || grep -qF -- "$text" "$dir/err.txt" || fail "$*: no '$text' in: $(cat "$dir/err.txt")"
}

rows() {
    sqlite3 "$ZHUJI_DB" "SELECT count(*) FROM $1"
}

"$zhuji" init >"$dir/init.txt" || fail "init"
"$zhuji" fleet --vehicles 200 --seconds 60 -o "$dir/fleet.pcap" --registers "$dir" || fail "fleet"
for register in organisations systems; do
    "$zhuji" import $register "$dir/$register.csv" -q >/dev/null || fail "import $register"
done

# --- captures that are broken
size=$(stat -c %s "$dir/fleet.pcap")
mkdir "$dir/broken"
RANDOM=7
for i in 1 2 3 4 5 6 7 8; do
    head -c $((24 + (RANDOM * 32768 + RANDOM) % (size - 24))) "$dir/fleet.pcap" >"$dir/broken/cut$i"
    # status 3 unless the cut is between two packets, where the file is a whole one
    "$zhuji" sense -r "$dir/broken/cut$i" --db "$ZHUJI_DB" -q >"$dir/out.txt" 2>"$dir/err.txt"
    status=$?
    [ $status = 0 ] || { [ $status = 3 ] && grep -q "cut$i.*packet [0-9]* at offset [0-9]*" "$dir/err.txt"; } ||
        fail "cut$i: exit $status: $(cat "$dir/err.txt")"
done
want 3 "broken/none: No such file" "$zhuji" sense -r "$dir/broken/none" --db "$ZHUJI_DB" -q
want 3 "broken: Is a directory" "$zhuji" sense -r "$dir/broken" --db "$ZHUJI_DB" -q
: >"$dir/broken/empty"
want 3 "broken/empty" "$zhuji" sense -r "$dir/broken/empty" --db "$ZHUJI_DB" -q
head -c 10 "$dir/fleet.pcap" >"$dir/broken/head"
want 3 "broken/head" "$zhuji" sense -r "$dir/broken/head" --db "$ZHUJI_DB" -q
openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c 100000 >"$dir/broken/noise"
want 3 "broken/noise" "$zhuji" sense -r "$dir/broken/noise" --db "$ZHUJI_DB" -q
{ head -c 24 "$dir/fleet.pcap" && cat "$dir/broken/noise"; } >"$dir/broken/noisy"
want 3 "broken/noisy" "$zhuji" sense -r "$dir/broken/noisy" --db "$ZHUJI_DB" -q

# a packet whose captured length is past any sense, less than it was, more than on the wire, none
at=24
for packet in 1 2 3 4 5 6 7 8; do
    len=$(od -An -tu4 -j $((at + 8)) -N 4 "$dir/fleet.pcap")
    at=$((at + 16 + len))
done
for bytes in '\xff\xff\xff\xff' '\x00\x00\x00\x80' '\x01\x00\x00\x00' '\x00\x00\x00\x00' '\xff\xff\x00\x00'; do
    cp "$dir/fleet.pcap" "$dir/broken/length"
    printf "$bytes" | dd of="$dir/broken/length" bs=1 seek=$((at + 8)) conv=notrunc status=none
    want 3 "broken/length: packet" "$zhuji" sense -r "$dir/broken/length" --db "$ZHUJI_DB" --json
    [ "$(jq .packets "$dir/out.txt")" -ge 8 ] || fail "packets before a wrong length are lost: $(cat "$dir/out.txt")"
done
for bytes in '\xff\xff\xff\xff' '\x00\x00\x00\x00'; do # on the wire: no reason to stop
    cp "$dir/fleet.pcap" "$dir/broken/length"
    printf "$bytes" | dd of="$dir/broken/length" bs=1 seek=$((at + 12)) conv=notrunc status=none
    want 0 "" "$zhuji" sense -r "$dir/broken/length" --db "$ZHUJI_DB" -q
done
sound "broken captures"

# --- kill -9: what was acknowledged stays
"$zhuji" sense -r "$dir/fleet.pcap" --db "$ZHUJI_DB" -q >/dev/null 2>&1 || fail "sense"
identities=$(rows fact_identity)
[ "$identities" -gt 100 ] || fail "only $identities identities"
for wait in 0.05 0.2 0.4 0.8; do
    { head -c 24 "$dir/fleet.pcap"; for i in 1 2 3 4 5 6 7 8; do tail -c +25 "$dir/fleet.pcap"; sleep 0.1; done; } |
        "$zhuji" sense -r - --db "$ZHUJI_DB" -q >/dev/null 2>&1 &
    sensor=$!
    sleep $wait
    child=$(pgrep -P $sensor)
    kill -9 $sensor 2>/dev/null
    wait $sensor 2>/dev/null
    sound "sense killed after $wait s"
    [ "$(rows fact_identity)" -ge "$identities" ] || fail "sense killed: facts were lost"
    for i in 1 2 3 4 5 6 7 8 9 10; do # the capture process ends with it, whoever reaps it
        [ -n "$child" ] && grep -q "State:.[^ZX]" "/proc/$child/status" 2>/dev/null || break
        [ $i = 10 ] && fail "the capture process outlives its parent"
        sleep 0.1
    done
done
# the capture process alone: its parent says so
{ cat "$dir/fleet.pcap"; sleep 3; } | "$zhuji" sense -r - --db "$ZHUJI_DB" -q >/dev/null 2>"$dir/err.txt" &
sensor=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
    child=$(pgrep -P $sensor) && break
    sleep 0.1
done
sleep 0.3
kill -9 $child
wait $sensor
[ $? = 4 ] && grep -q "capture process" "$dir/err.txt" || fail "capture process killed: $(cat "$dir/err.txt")"
sound "capture process killed"

awk 'BEGIN { print "code,name,kind,addresses"; for (i = 0; i < 60000; i++) printf "S%05d,系统%d,platform,10.0.%d.%d\n", i, i, i / 250, i % 250 + 1 }' >"$dir/many.csv"
org=$(sed -n '2s/,.*//p' "$dir/organisations.csv")
for wait in 0.1 0.5 1; do
    "$zhuji" import systems "$dir/many.csv" --org "$org" -q >/dev/null 2>&1 &
    import=$!
    sleep $wait
    before=$(rows reg_systems) # committed by now, so acknowledged
    kill -9 $import 2>/dev/null
    wait $import 2>/dev/null
    sound "import killed after $wait s"
    [ "$(rows reg_systems)" -ge "$before" ] || fail "import killed: rows were lost"
done

# --- a disk that fills
disk=$dir/disk
mkdir "$disk"
if ! mount -t tmpfs -o size=6m zhuji-test "$disk" 2>"$dir/why"; then
    echo "skip: no disk to fill: $(cat "$dir/why")"
    disk=
    exit 0
fi
export ZHUJI_DB=$disk/zhuji.db
"$zhuji" init >"$dir/init.txt" || fail "init on the small disk"
"$zhuji" import organisations "$dir/organisations.csv" -q >/dev/null || fail "import organisations on the small disk"
head -n 2001 "$dir/many.csv" >"$dir/some.csv"
"$zhuji" import systems "$dir/some.csv" --org "$org" -q >/dev/null || fail "import systems on the small disk"
want 3 "$ZHUJI_DB: the disk of the store is full" "$zhuji" import systems "$dir/many.csv" --org "$org" -q
sound "disk full during import"
kept=$(rows reg_systems)
[ "$kept" -ge 2000 ] || fail "rows of the import before are lost: $kept"
"$zhuji" sense -r "$dir/fleet.pcap" --db "$ZHUJI_DB" -q 2>"$dir/err.txt" || fail "sense on the small disk: $(cat "$dir/err.txt")"
seen=$(rows fact_identity)
"$zhuji" fleet --vehicles 20000 --seconds 30 --scenario none -o "$dir/large.pcap" || fail "fleet"
want 3 "$ZHUJI_DB: the disk of the store is full" "$zhuji" sense -r "$dir/large.pcap" --db "$ZHUJI_DB" -q
sound "disk full during sense"
[ "$(rows reg_systems)" = "$kept" ] && [ "$(rows fact_identity)" -ge "$seen" ] || fail "rows that were acknowledged are lost"
cat /dev/zero >"$disk/filler" 2>/dev/null
want 3 "$disk/eve.json: No space left" env -u ZHUJI_DB "$zhuji" sense -r "$dir/fleet.pcap" --eve "$disk/eve.json" --json
rm "$disk/filler"
# room again: everything goes on
mount -o remount,size=200m "$disk" || fail "remount"
"$zhuji" import systems "$dir/many.csv" --org "$org" -q >"$dir/out.txt" 2>&1 || fail "import after the disk was full: $(cat "$dir/out.txt")"
[ "$(rows reg_systems)" = 60000 ] || fail "$(rows reg_systems) rows after the disk was full, wanted 60000"
"$zhuji" sense -r "$dir/large.pcap" --db "$ZHUJI_DB" -q >/dev/null 2>"$dir/err.txt" || fail "sense after the disk was full: $(cat "$dir/err.txt")"
[ "$(sqlite3 "$ZHUJI_DB" "SELECT count(*) - count(DISTINCT fact_key || org_id) FROM fact_identity")" = 0 ] || fail "facts twice"
sound "the end"
echo "$kept rows kept on a full disk"
