#!/bin/bash
# A copy of a store whose own disk is full: closed well, left by a process that was killed (its log
# full of rows, with and without the index beside it), and in use by a running server.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
dir=$(mktemp -d)
disk=$dir/disk
server=
trap '[ -n "$server" ] && kill $server 2>/dev/null; umount "$disk" 2>/dev/null; rm -rf "$dir"' EXIT
fail() {
    echo "$*"
    exit 1
}
export LC_ALL=C.UTF-8
mkdir "$disk"
mount -t tmpfs -o size=12m zhuji-test "$disk" 2>"$dir/why" || { echo "skip: no disk to fill: $(cat "$dir/why")"; exit 0; }
fill() {
    cat /dev/zero >"$disk/filler" 2>/dev/null
    [ "$(df --output=avail "$disk" | tail -1 | tr -d ' ')" = 0 ] || fail "the disk is not full"
}
copy() { # what rows: the copy is whole, sound and opens
    rm -f "$dir/copy.db" "$dir/copy.db.key"
    "$zhuji" backup "$dir/copy.db" --db "$disk/zhuji.db" -q >"$dir/out.txt" 2>&1 || fail "$1: $(cat "$dir/out.txt")"
    [ "$(sqlite3 "$dir/copy.db" 'PRAGMA integrity_check')" = ok ] || fail "$1: the copy is damaged"
    [ "$(sqlite3 "$dir/copy.db" 'SELECT count(*) FROM reg_systems')" = "$2" ] || fail "$1: rows are missing in the copy"
    cmp -s "$disk/zhuji.db.key" "$dir/copy.db.key" || fail "$1: the key"
    "$zhuji" audit verify --db "$dir/copy.db" >"$dir/out.txt" 2>&1 || fail "$1: $(cat "$dir/out.txt")"
}
systems() { # first last
    awk -v a="$1" -v z="$2" 'BEGIN { print "code,name,kind"; for (i = a; i <= z; i++) printf "S%05d,system %d,platform\n", i, i }'
}
"$zhuji" init --demo --db "$dir/demo.db" >/dev/null 2>&1 || fail "init --demo"
"$zhuji" export organisations --db "$dir/demo.db" -o "$dir/organisations.csv" || fail "export"
org=$(sed -n '2s/,.*//p' "$dir/organisations.csv")
"$zhuji" init --db "$disk/zhuji.db" >/dev/null || fail "init"
"$zhuji" import organisations "$dir/organisations.csv" -q --db "$disk/zhuji.db" >/dev/null || fail "import organisations"
systems 1 500 >"$dir/some.csv"
"$zhuji" import systems "$dir/some.csv" --org "$org" -q --db "$disk/zhuji.db" >/dev/null || fail "import systems"

fill
copy "a closed store" 500
"$zhuji" gaps --db "$disk/zhuji.db" --lang en >"$dir/out.txt" 2>&1
[ $? = 3 ] && [ "$(cat "$dir/out.txt")" = "zhuji: $disk/zhuji.db: the disk of the store is full" ] || fail "gaps: $(cat "$dir/out.txt")"
sha256sum "$disk/zhuji.db" >"$dir/before.sum"
copy "a closed store again" 500
sha256sum -c --quiet "$dir/before.sum" || fail "the copy changed a closed store"
rm "$disk/filler"

"$zhuji" serve --db "$disk/zhuji.db" --listen 127.0.0.1:0 >"$dir/serve.txt" 2>&1 &
server=$!
for i in $(seq 100); do
    grep -q event=started "$dir/serve.txt" && break
    sleep 0.1
done
systems 501 800 >"$dir/more.csv"
"$zhuji" import systems "$dir/more.csv" --org "$org" -q --db "$disk/zhuji.db" >/dev/null || fail "import beside the server"
fill
copy "a store in use" 800
kill -9 $server
wait $server 2>/dev/null
server=
[ -s "$disk/zhuji.db-wal" ] || fail "no log is left by a killed server"
mkdir "$dir/left"
cp -p "$disk"/zhuji.db* "$dir/left/"
copy "a store left by a killed server" 800
rm -f "$disk"/zhuji.db* "$disk/filler"
cp -p "$dir/left"/zhuji.db* "$disk/"
rm "$disk/zhuji.db-shm"
fill
copy "a log without its index" 800
rm "$disk/filler"
"$zhuji" doctor --db "$disk/zhuji.db" --json >"$dir/doctor.json" 2>&1
grep -q '"check":"integrity","state":"good"' "$dir/doctor.json" || fail "the store after it: $(cat "$dir/doctor.json")"
[ "$(sqlite3 "$disk/zhuji.db" 'SELECT count(*) FROM reg_systems')" = 800 ] || fail "rows are missing in the store"

# One that an older release made is copied as it is.
rm -f "$disk"/zhuji.db-*
sqlite3 "$disk/zhuji.db" "DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)" || fail "an older store"
steps=$(sqlite3 "$disk/zhuji.db" "SELECT max(number) FROM migration")
rm -f "$disk"/zhuji.db-* "$dir"/copy.db*
fill
"$zhuji" backup "$dir/copy.db" --db "$disk/zhuji.db" -q >"$dir/out.txt" 2>&1 || fail "an older store: $(cat "$dir/out.txt")"
[ "$(sqlite3 "$dir/copy.db" 'SELECT max(number) FROM migration; SELECT count(*) FROM reg_systems')" = "$steps
800" ] || fail "the copy of an older store"
echo "copied from a full disk"
