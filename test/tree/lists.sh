#!/bin/bash
# Every line of a list has its file, its proof and its words in both languages.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-build/zhuji}
faults=0
fault() {
    echo "$*"
    faults=$((faults + 1))
}
names() { # the names in a .def file
    grep -oE '^ZJ_[A-Z_]+\([a-zA-Z0-9_]+' "$1" | sed 's/.*(//'
}

for name in $(names src/wire/protocols.def); do
    [ -f "src/wire/$name.c" ] || fault "protocol $name: no src/wire/$name.c"
    ls fuzz/seeds/codec/*"$name"* >/dev/null 2>&1 || fault "protocol $name: no seed in fuzz/seeds/codec/"
done
for name in $(names src/register/registers.def); do
    [ -f "src/register/form/$name.c" ] || fault "register $name: no src/register/form/$name.c"
done
for name in $(names src/work/cases.def); do
    [ -f "src/work/type/$name.c" ] || fault "case type $name: no src/work/type/$name.c"
done
for target in fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    ls fuzz/seeds/"${name#fuzz_}"/* >/dev/null 2>&1 || fault "$target: no seed in fuzz/seeds/${name#fuzz_}/"
done
for pack in packs/gaps/*.yaml; do
    id=$(sed -n 's/^gap: //p' "$pack")
    [ "$(basename "$pack" .yaml)" = "$id" ] || fault "$pack: the file is not named after its gap"
    grep -rq "$id" test/unit test/case || fault "gap $id: no scene in test/unit or test/case"
done
# one name for a type of data everywhere: the list, sentences of gaps, the console
while IFS='|' read -r type en zh; do
    grep -qxF "    $type: $zh" packs/plan/words.yaml || fault "type $type: packs/plan/words.yaml does not call it $zh"
    grep -qF "'type.$type': ['$zh', '$en']" web/src/i18n/words/facts.ts || fault "type $type: the console does not call it $zh, $en"
done < <(sed -n 's/^ZJ_DATA_TYPE(\([A-Z0-9_]*\), "\([^"]*\)", "\([^"]*\)".*/\1|\2|\3/p' src/base/data_types.def)
while read -r class; do
    [ "$(grep -c "^    $class: " packs/plan/words.yaml)" = 4 ] || fault "class $class: no words in packs/plan/words.yaml"
done < <(sed -n 's/^  - {id: \([A-F][0-9][0-9.]*\),.*/\1/p' packs/identify/taxonomy.yaml)
# each reason of an unread place is known in both languages
while IFS= read -r pair; do
    tr -d '\n' <src/inventory/reasons.def | sed 's/, *"/, "/g' | grep -qF "ZJ_SAID($pair)" || fault "reason $pair: not in src/inventory/reasons.def"
done < <(cat src/inventory/{read,source,walk,apart,old}*.c | tr '\n' ' ' |
    grep -oE 'zj_scan_unread\([^;]*zj_tr\([^"]*"[^"]*", +"[^"]*"\)' | grep -oE '"[^"]*", +"[^"]*"' | sed 's/", *"/", "/')
said=$(sed -n 's/^ZJ_SAID("\([^"]*\)".*/\1/p' src/sense/detect/said.def)
kinds='ZJ_MSG_(UPGRADE|CONTROL|SWITCH_SERVER|PARAMETERS|PASSTHROUGH_DOWN|EAVESDROP)\b'
for name in $(grep -hoE "\"[A-Za-z_]+\", ([A-Z_]+, )?$kinds" src/wire/*.c | cut -d'"' -f2) \
    $(grep -hoE '"(bad|empty|unknown)_[a-z_0-9]+(_0x)?"' src/wire/*.c | tr -d '"' | sort -u); do
    grep -qx "$name" <<<"$said" || fault "$name of src/wire: no words in src/sense/detect/said.def"
done
man=$("$zhuji" help --man)
for name in $(names src/cli/verbs.def); do
    verb=${name//_/-}
    for lang in zh en; do
        "$zhuji" help "$verb" --lang $lang >/dev/null 2>&1 || fault "verb $verb: no help in $lang"
    done
    grep -q "^.SS $verb " <<<"$man" || fault "verb $verb: not in the man page"
    "$zhuji" help "$verb" --lang zh | sed -n 2p | grep -qP '[^\x00-\x7f]' || fault "verb $verb: no Chinese"
done
"$zhuji" help --completion | bash -n || fault "completion is not a shell script"

# nothing of the machine that it was built on
if git rev-parse --git-dir >/dev/null 2>&1; then
    git grep -nE '/root/|/home/[a-z]|/work/(main|wt|shared|\.library)|deb\.debian\.org|registry\.npmjs|\bTODO\b|\bFIXME\b' -- . ':!test/tree/lists.sh' && fault "words that do not belong into the repository (above)"
fi
[ "$faults" = 0 ] || { echo "$faults faults"; exit 1; }
echo "lists are whole"
