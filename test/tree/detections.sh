#!/bin/bash
# Every detection has its file and its test, and the page of the documents is the one printed.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-build/zhuji}
faults=0
fault() {
    echo "$*"
    faults=$((faults + 1))
}
for name in $(grep -oE '^ZJ_DETECTION\([a-z0-9_]+' src/sense/detections.def | sed 's/.*(//'); do
    [ -f "src/sense/detect/$name.c" ] || fault "detection $name: no src/sense/detect/$name.c"
done
for rule in $("$zhuji" detections --jsonl | jq -r .name); do
    grep -q "\"$rule\"" test/unit/test_detect.c || fault "detection $rule: no test in test/unit/test_detect.c"
done
for file in src/sense/detect/*.c; do
    for number in $(sed -n 's/^    \[\([A-Z_]*\)\] = {"[a-z].*/\1/p' "$file"); do
        grep -q "set\[$number\]" "$file" || fault "$file: number $number is not used"
    done
done
"$zhuji" detections --markdown | diff - docs/detections.md || fault "docs/detections.md: print it anew with zhuji detections --markdown"
[ "$faults" = 0 ] || { echo "$faults faults"; exit 1; }
