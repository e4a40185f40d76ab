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
for setting in $(grep -oE '^ZJ_SETTING\([a-z0-9_]+' src/sense/detect/settings.def | sed 's/.*(//'); do
    grep -qr "set->$setting\|settings.$setting" src/sense/detect || fault "setting $setting: not used"
    "$zhuji" detections --jsonl | grep -q "\"$setting\"" || fault "setting $setting: no detection names it"
done
"$zhuji" detections --markdown | diff - docs/detections.md || fault "docs/detections.md: print it anew with zhuji detections --markdown"
[ "$faults" = 0 ] || { echo "$faults faults"; exit 1; }
