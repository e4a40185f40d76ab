#!/bin/bash
# The whole way, from packets and tables to gaps: a simulated company, its registers imported, its
# traffic sensed into the store; the gaps are those the simulator says, no more and no less.
set -eu
cd "$(dirname "$0")/../.."
zhuji=$(realpath "${ZHUJI:-build/zhuji}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ZHUJI_DB=$work/zhuji.db
"$zhuji" fleet -o "$work/fleet.pcap" --registers "$work/reg"
"$zhuji" init >/dev/null
code=$(sed -n 2p "$work/reg/organisations.csv" | cut -d, -f1)
for register in organisations systems vehicles cards partners exports releases; do
    "$zhuji" import $register "$work/reg/$register.csv" --org "$code" >"$work/imported"
    grep -q ' 0 refused' "$work/imported" || { cat "$work/imported"; exit 1; }
done
"$zhuji" sense -r "$work/fleet.pcap" --system PLT-GB 2>/dev/null
"$zhuji" gaps --jsonl | jq -r '.gap + " " + .subject.id' | sort >"$work/got"
jq -r '.gaps[] | .gap + " " + .subject' "$work/reg/expect.json" | sort >"$work/want"
if grep -q '^T14.* 114\.114\.114\.20$' "$work/got"; then
    echo "skip: no country database here, so unknown countries count as abroad: T14 is left out"
    sed -i /^T14/d "$work/got" "$work/want"
fi
diff "$work/want" "$work/got"
echo "$(wc -l <"$work/want") gaps agree"
