#!/bin/bash
# Every reason that the engine of identify gives for a find stands in why.def, in both languages.
set -u
cd "$(dirname "$0")/../.."
python3 - <<'IN'
import glob, re, sys
text = "".join(open(p, encoding="utf-8").read() for p in sorted(glob.glob("src/identify/*.c")))
literal = r'"((?:\\.|[^"\\])*)"'
given = set()
# reasons stand in the calls that add a find, are assigned to a "why", or in the tables of file kinds
for m in re.finditer(r"\b(?:zj_scan_add\w*|add_known|(?:out_)?why =|checked\[\] =)(.*?);", text, re.S):
    given |= set(re.findall(literal, m[1]))
given |= {m[1] for m in re.finditer(r"\{\d+, ZJ_SPAN_LIT\([^)]*\), " + literal + r"\}", text)}
given -= {"<node", "<osm"}  # looked for, in one of those statements
listed = re.findall(r"^ZJ_WHY\(" + literal + ", " + literal + r"\)", open("src/identify/why.def", encoding="utf-8").read(), re.M)
names = {w for w in given if re.fullmatch(r"[A-Za-z0-9]{2,9}", w) and w not in dict(listed)}  # "JPEG"
faults = ["no Chinese for: " + w for w in sorted(given - names - {en for en, _ in listed})]
faults += ["not given by the engine: " + en for en, _ in listed if en not in given]
faults += ["not Chinese: " + zh for _, zh in listed if not re.search("[一-鿿]", zh)]
faults += [] if [en for en, _ in listed] == sorted(en for en, _ in listed) else ["why.def is not sorted"]
faults += [] if len(given) > 60 else ["the reasons in src/identify were not found"]
print("\n".join(faults) or "every reason has its words")
sys.exit(bool(faults))
IN
