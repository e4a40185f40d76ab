#!/usr/bin/env python3
"""Compares `zhuji decode --records` with the vectors: verdicts, the first
error of invalid frames, and every expected member of valid ones (numbers within 1e-6)."""
import collections, json, subprocess, sys

zhuji, path, *only = sys.argv[1:]
records = [json.loads(line) for line in open(path, encoding="utf-8")]
out = subprocess.run([zhuji, "decode", "--records", path], stdout=subprocess.PIPE, check=True).stdout
answers = {}
for line in out.decode().splitlines():
    answer = json.loads(line)
    answers[answer["id"]] = answer


def differences(want, got, place=""):
    if isinstance(want, dict) and isinstance(got, dict):
        for key, value in want.items():
            if key not in got:
                yield f"{place}.{key}: missing, wanted {value!r}"
            else:
                yield from differences(value, got[key], f"{place}.{key}")
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{place}: {len(got)} elements, wanted {len(want)}"
        for i, (a, b) in enumerate(zip(want, got)):
            yield from differences(a, b, f"{place}[{i}]")
    elif isinstance(want, bool) or isinstance(got, bool) or not isinstance(want, (int, float)):
        if want != got or type(want) is not type(got):
            yield f"{place}: {got!r}, wanted {want!r}"
    elif not isinstance(got, (int, float)) or abs(want - got) > 1e-6:
        yield f"{place}: {got!r}, wanted {want!r}"


good, bad, unknown = collections.Counter(), 0, collections.Counter()
for record in records:
    answer = answers[record["id"]]
    if only and record["protocol"] not in only:
        continue
    if answer.get("error") == "unknown_protocol":
        unknown[record["protocol"]] += 1
        continue
    if record["kind"] == "stream":
        faults = list(differences(record["expect"], answer))
    elif answer["valid"] != record["valid"]:
        faults = [f"valid: {answer['valid']} ({answer.get('error')}), wanted {record['valid']}"]
    elif record["valid"]:
        faults = list(differences(record["expect"], answer["fields"]))
    else:
        faults = list(differences(record["expect"]["error"], answer["error"], "error"))
    if faults:
        bad += 1
        print(record["id"], record["protocol"], *faults[:4], sep="\n    ")
    else:
        good[record["protocol"]] += 1
print("agree:", ", ".join(f"{p} {n}" for p, n in sorted(good.items())))
if unknown:
    print("no codec yet:", ", ".join(f"{p} {n}" for p, n in sorted(unknown.items())))
print(f"{bad} differ")
sys.exit(bad != 0 or not good)
