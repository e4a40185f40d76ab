#!/bin/bash
# Lists as files: what stands in a PDF is what the rows say (read back by Poppler's own tools), its
# fonts are inside, its pages are counted, and what is missing is named.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "$*"
    exit 1
}
export ZHUJI_DB=$dir/zhuji.db LC_ALL=C.UTF-8
command -v pdftotext >/dev/null || { echo "skip: no pdftotext"; exit 0; }

"$zhuji" init --demo >/dev/null 2>&1 || fail "init --demo"

# Cells are drawn one after the other: without white space each text of a row stands there whole.
squeezed() {
    tr -d ' \n\f\r\t'
}
for verb in gaps status; do
    "$zhuji" $verb --lang zh -o "$dir/$verb.pdf" || fail "$verb as PDF"
    "$zhuji" $verb --lang zh --jsonl >"$dir/$verb.jsonl" || fail "$verb"
    pdftotext -raw "$dir/$verb.pdf" "$dir/$verb.txt" || fail "pdftotext"
    squeezed <"$dir/$verb.txt" >"$dir/squeezed"
    rows=0
    while IFS= read -r words; do
        rows=$((rows + 1))
        grep -qF -- "$(printf %s "$words" | squeezed)" "$dir/squeezed" || fail "$verb.pdf lacks: $words"
    done < <(jq -r '(.subject.id | sub(" · [A-Z_]+$"; "")), .title' "$dir/$verb.jsonl")
    [ $rows -gt 20 ] || fail "$verb: only $rows texts"
    pages=$(pdfinfo "$dir/$verb.pdf" | awk '/^Pages:/ { print $2 }')
    for page in $(seq 1 "$pages"); do
        grep -q "第 $page / $pages 页" "$dir/$verb.txt" || fail "$verb.pdf: page $page of $pages is not counted"
    done
    [ "$(grep -cE '(^|[^（])合成数据$' "$dir/$verb.txt")" -ge "$pages" ] || fail "$verb.pdf is not marked as synthetic on each page"
    pdffonts "$dir/$verb.pdf" | awk 'NR > 2 && $(NF - 4) != "yes" { exit 1 }' || fail "$verb.pdf: a font is not inside"
    pdfinfo "$dir/$verb.pdf" | grep -q 'Page size:.*(A4)' || fail "$verb.pdf is not A4"
done

# A card's number is read in one piece, and no head or word of a state is broken.
for lang in zh en; do
    "$zhuji" gaps --lang $lang -o "$dir/whole.pdf" && pdftotext -layout "$dir/whole.pdf" "$dir/whole.txt" || fail "gaps as PDF, $lang"
    for id in $(jq -r 'select(.subject.kind == "card").subject.id' "$dir/gaps.jsonl"); do
        grep -qE "^.{0,90} $id " "$dir/whole.txt" || fail "gaps.pdf breaks $id ($lang)"
    done
done
grep -qE '^ *Severity +Gap ' "$dir/whole.txt" && grep -q '^ *Medium ' "$dir/whole.txt" || fail "gaps.pdf breaks its heads"

# As many rows in each kind of file as in the list.
"$zhuji" gaps --lang zh -o "$dir/gaps.csv" || fail "gaps as CSV"
[ "$(($(wc -l <"$dir/gaps.csv") - 1))" = "$(wc -l <"$dir/gaps.jsonl")" ] || fail "gaps.csv: rows"
"$zhuji" case list --as bureau --lang zh -o "$dir/cases.csv" || fail "cases as CSV"
[ "$(($(wc -l <"$dir/cases.csv") - 1))" = "$("$zhuji" case list --as bureau --jsonl | wc -l)" ] || fail "cases.csv: rows"
"$zhuji" gaps --lang en --format xlsx -o - >"$dir/gaps.xlsx" || fail "gaps as XLSX"
[ "$(head -c 2 "$dir/gaps.xlsx")" = PK ] || fail "gaps.xlsx is none"

"$zhuji" gaps --format pdf >/dev/null 2>"$dir/err.txt"
[ $? = 2 ] || fail "a PDF on the terminal"
"$zhuji" gaps --format docx -o "$dir/gaps" 2>"$dir/err.txt"
[ $? = 2 ] || fail "an unknown format"

# The report of a yearly run: what task 11 asks for, from the store and without one.
python3 test/tool/inventory_files.py "$dir/data" csv jsonl >/dev/null || fail "inventory_files.py"
printf x | gzip | head -c 10 >"$dir/data/cut.csv.gz"
printf 'code,name,kinds\n91110000600037341L,示例车企,vehicle_maker\n' >"$dir/org.csv"
"$zhuji" init --db "$dir/inv.db" >/dev/null && "$zhuji" import organisations "$dir/org.csv" --db "$dir/inv.db" >/dev/null || fail "init"
"$zhuji" inventory --db "$dir/inv.db" -q --year 2025 "$dir/data" >/dev/null 2>&1
cp "$dir/data/trips.jsonl" "$dir/data/more.jsonl"
"$zhuji" inventory --db "$dir/inv.db" --lang zh -q --year 2026 --process 抽样只读 --operators 甲乙 "$dir/data" -o "$dir/report.pdf" 2>/dev/null
pdftotext -raw "$dir/report.pdf" - | squeezed >"$dir/squeezed"
for words in 数据盘点报告 示例车企 抽样只读 甲乙 车辆识别代号 个人信息 data/owners.csv driver.phone \
    盘点发现而登记的数据清单未列 新增"$dir/data/more.jsonl" 重要数据目录建议 未能读取的位置; do
    grep -qF -- "$words" "$dir/squeezed" || fail "report.pdf lacks $words"
done
grep -qE '1[0-9]{10}[^*0-9]' "$dir/squeezed" && fail "report.pdf shows a number in clear"
env -u ZHUJI_DB "$zhuji" inventory --lang zh -q "$dir/data" -o "$dir/alone.pdf" 2>/dev/null
[ $? = 3 ] || fail "a source that is cut off ends with 3"
pdftotext -raw "$dir/alone.pdf" - | squeezed | grep -qF "未能读取的位置共1条" || fail "alone.pdf: what was not read"

# No Chinese font: said, not a document of boxes.
mkdir "$dir/none"
printf '<?xml version="1.0"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>' "$dir/none" "$dir/none" >"$dir/fonts.conf"
FONTCONFIG_FILE=$dir/fonts.conf "$zhuji" gaps --lang en -o "$dir/none.pdf" 2>"$dir/err.txt"
[ $? = 3 ] || fail "a PDF without a font"
grep -q 'fonts-wqy-microhei' "$dir/err.txt" || fail "no word of the font: $(cat "$dir/err.txt")"
[ ! -e "$dir/none.pdf" ] || fail "a PDF was left behind"
echo "paper: gaps and duties as PDF, CSV and XLSX"
