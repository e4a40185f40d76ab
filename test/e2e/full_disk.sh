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
"$zhuji" audit verify >"$dir/audit.txt" 2>&1 || fail "audit: $(cat "$dir/audit.txt")"
echo "every file on a full disk is told"
