#!/bin/bash
# The labelled records and their scorer: types with a check digit, formatted types and types of
# context stand above their bars, no decoy of a check digit is taken, clean records stay clean.
set -eu
cd "$(dirname "$0")/../.."
data=../shared/testdata/identify
[ -f "$data/dev.jsonl.gz" ] || { echo "skip: $data/dev.jsonl.gz is absent"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gunzip -c "$data/dev.jsonl.gz" >"$work/gold"
"${ZHUJI:-build/zhuji}" identify --records "$work/gold" >"$work/found"
python3 "$data/score.py" "$work/gold" "$work/found" --json | jq -r '
    def checked: ["CN_RESIDENT_ID", "CN_USCC", "VIN", "ICCID", "BANK_CARD", "IMEI", "NMEA"];
    def formatted: ["CN_MOBILE", "CN_PLATE", "CN_IOT_MSISDN", "MAC", "IPV4", "IPV6", "EMAIL"];
    def bar: if IN(checked[]) then 0.99 elif IN(formatted[]) then 0.98 else 0.92 end;
    (.core.types | to_entries[] | .key as $type | .value |
        select(.tp + .fn > 0) | select((.prf[0] // 0) < ($type | bar) or .prf[1] < ($type | bar)) |
        "core \($type): precision and recall \(.prf[:2]), bar \($type | bar)"),
    (.all.types | to_entries[] | .key as $type | select($type | IN(checked[])) |
        select(.value.decoy_hits > 0) | "\($type): \(.value.decoy_hits) decoys taken"),
    (.hard.micro[2] | select(. < 0.85) | "hard: F1 \(.), bar 0.85"),
    (.clean.false_positives | select(. > 0) | "\(.) finds in clean records")' >"$work/faults"
cat "$work/faults"
[ ! -s "$work/faults" ]
