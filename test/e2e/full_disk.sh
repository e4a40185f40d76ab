#!/bin/bash
# Files for people on a disk that is full: one line that names the file, in the reader's language, the
# promised exit status, and nothing of a file. What a disk filled under the store does: broken.sh.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
dir=$(mktemp -d)
trap 'umount "$dir/disk" "$dir/other" 2>/dev/null; rm -rf "$dir"' EXIT
fail() {
    echo "$*"
    exit 1
}
export LC_ALL=C.UTF-8
mkdir "$dir/disk" "$dir/other"
for disk in disk other; do # 8 KiB: less than any of the files, more than nothing
    mount -t tmpfs -o size=8k zhuji-test "$dir/$disk" 2>"$dir/why" || { echo "skip: no disk to fill: $(cat "$dir/why")"; exit 0; }
done
export ZHUJI_DB=$dir/zhuji.db
"$zhuji" init --demo >/dev/null 2>&1 || fail "init --demo"

# Runs the command; the one line of the message must be as named, and the disk empty after it.
want() { # message command…
    local said=$1
    shift
    "$@" >"$dir/out.txt" 2>"$dir/err.txt"
    [ $? = 3 ] || fail "$*: exit $?: $(cat "$dir/err.txt")"
    [ "$(cat "$dir/err.txt")" = "zhuji: $said" ] || fail "$*: wanted '$said', got: $(cat "$dir/err.txt")"
    [ -z "$(ls -A "$dir/disk" "$dir/other" | grep -v : | tr -d '\n')" ] || fail "$*: left $(ls -A "$dir/disk" "$dir/other")"
}
no_room() { # language text: as errno 28 is called in it
    for file in cards.xlsx cards.csv; do
        want "$dir/disk/$file: $2" "$zhuji" export cards --lang "$1" -o "$dir/disk/$file"
    done
    for file in gaps.xlsx gaps.csv gaps.pdf; do
        want "$dir/disk/$file: $2" "$zhuji" gaps --lang "$1" -o "$dir/disk/$file"
    done
    want "$dir/disk/gaps.json: $2" "$zhuji" gaps --json --lang "$1" -o "$dir/disk/gaps.json"
    want "$dir/disk/copy.db: $2" "$zhuji" backup --lang "$1" "$dir/disk/copy.db" -q
    want "$dir/disk/status.xlsx: $2" "$zhuji" status --lang "$1" -o "$dir/disk/status.xlsx"
}
no_room en 'No space left on device'
no_room zh '磁盘空间不足'

# A store that could not be made is not in the way of the next attempt.
"$zhuji" init --db "$dir/disk/new.db" >"$dir/out.txt" 2>"$dir/err.txt"
[ $? = 3 ] && grep -q "$dir/disk/new.db" "$dir/err.txt" || fail "init: $(cat "$dir/err.txt")"
[ -z "$(ls -A "$dir/disk")" ] || fail "init left $(ls -A "$dir/disk")"

# Room for the file and none for what it is put together from.
for what in 'export cards' gaps status; do
    # shellcheck disable=SC2086 # two words
    want "temporary files in $dir/other: No space left on device" env TMPDIR="$dir/other" "$zhuji" $what --lang en -o "$dir/list.xlsx"
    [ ! -e "$dir/list.xlsx" ] || fail "$what: half a workbook"
done
"$zhuji" export cards -o "$dir/list.xlsx" || fail "a disk with room"
"$zhuji" export cards --format xlsx -o - >"$dir/piped.xlsx" || fail "a workbook through a pipe"
[ "$(head -c 2 "$dir/piped.xlsx")" = PK ] || fail "a workbook through a pipe is none"

# A disk without a place for one file more: the rows go nowhere else.
other() { # options
    umount "$dir/other" && mount -t tmpfs -o "$1" zhuji-test "$dir/other" || fail "mount $1"
}
other size=8m,nr_inodes=2
want "temporary files in $dir/other: No space left on device" env TMPDIR="$dir/other" "$zhuji" gaps --lang en -o "$dir/few.xlsx"
other size=8m,nr_inodes=3 # here two have names
want "临时文件目录 $dir/other：磁盘空间不足" env TMPDIR="$dir/other" "$zhuji" export cards --lang zh --format xlsx -o "$dir/few.xlsx"
[ ! -e "$dir/few.xlsx" ] || fail "half a workbook"

"$zhuji" export organisations -o "$dir/organisations.csv" || fail "export organisations"
org=$(sed -n '2s/,.*//p' "$dir/organisations.csv")

# Refused rows with a remark at each cell, which take more room than the rows: at every size of the
# folder the workbook is whole or is none.
awk 'BEGIN { print "code,name,kind"; for (i = 0; i < 1500; i++) print ",,no such kind" }' >"$dir/wrong.csv"
told=0
for kib in $(seq 500 250 9000); do
    other size=${kib}k
    rm -f "$dir/wrong.xlsx"
    TMPDIR=$dir/other "$zhuji" import systems "$dir/wrong.csv" --org "$org" --dry-run --lang en -q --errors "$dir/wrong.xlsx" >"$dir/out.txt" 2>&1
    [ -e "$dir/wrong.xlsx" ] && break
    told=$((told + 1))
    [ "$(grep '^zhuji:' "$dir/out.txt")" = "zhuji: the import is done, but not its list of errors: $dir/wrong.xlsx: temporary files in $dir/other: No space left on device" ] || fail "remarks, $kib KiB: $(tail -n 3 "$dir/out.txt")"
    [ -z "$(ls -A "$dir/other")" ] || fail "left $(ls -A "$dir/other")"
done
[ $told -gt 5 ] || fail "refused rows: a full disk was told $told times"
python3 - "$dir/wrong.xlsx" <<'P' || fail "the workbook of refused rows at $kib KiB"
import sys, zipfile
from xml.etree import ElementTree
with zipfile.ZipFile(sys.argv[1]) as book:
    for name in book.namelist():
        ElementTree.fromstring(book.read(name))
P
"$zhuji" audit verify >"$dir/audit.txt" 2>&1 || fail "audit: $(cat "$dir/audit.txt")"
echo "every file on a full disk is told"
