#!/usr/bin/env python3
"""Made-up owners and trips in the kinds of files that an inventory meets. The numbers are drawn from
a seed and carry right check digits (GB 11643, ISO 3779); no person or vehicle stands behind them.
usage: inventory_files.py FOLDER KIND..."""
import csv, io, json, os, random, sys

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9)))
VIN_VALUES.update({str(d): d for d in range(10)})


class Made:
    def __init__(self, seed=1):
        self.random = random.Random(seed)

    def resident_id(self):
        r = self.random
        body = "110105%04d%02d%02d%03d" % (r.randint(1950, 2005), r.randint(1, 12), r.randint(1, 28), r.randint(1, 999))
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, ID_WEIGHTS)) % 11]

    def vin(self):
        r = self.random
        v = "LSV" + "".join(r.choice("ABCDEFGHJKLMNPRSTUVWXYZ123456789") for _ in range(5)) + "0M" + r.choice("ABC") + "%06d" % r.randint(0, 999999)
        rest = sum(VIN_VALUES[c] * w for c, w in zip(v, VIN_WEIGHTS)) % 11
        return v[:8] + ("X" if rest == 10 else str(rest)) + v[9:]

    def mobile(self):
        return "13%d%08d" % (self.random.choice((6, 7, 8, 9)), self.random.randint(0, 99999999))

    def plate(self):
        return "京A%05d" % self.random.randint(10000, 99999)


OWNER_COLUMNS = ("id", "owner_phone", "id_card", "vin", "plate", "remark", "created_at")


def owners(count, seed=1):
    m = Made(seed)
    for i in range(count):
        yield (str(i + 1), m.mobile(), m.resident_id(), m.vin(), m.plate(), "回访 电话 %s，无异议" % m.mobile() if i % 2 else "", "2024-01-%02d" % (i % 28 + 1))


def owners_csv(count, seed=1, delimiter=","):
    out = io.StringIO()
    w = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    w.writerow(OWNER_COLUMNS)
    w.writerows(owners(count, seed))
    return out.getvalue()


def trips_jsonl(count, seed=2):
    m = Made(seed)
    return "".join(json.dumps({"vin": m.vin(), "gps": {"lat": round(39.9 + i * 1e-5, 5), "lng": round(116.3 + i * 1e-5, 5)}, "driver": {"phone": m.mobile()}}) + "\n" for i in range(count))


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def make(folder, kind):
    at = lambda name: os.path.join(folder, name)
    m = Made(3)
    if kind == "csv":
        write(at("owners.csv"), owners_csv(500))
    elif kind == "tsv":
        write(at("owners.tsv"), owners_csv(200, delimiter="\t"))
    elif kind == "gbk":
        write(at("owners-gbk.csv"), owners_csv(200).encode("gb18030"))
    elif kind == "utf16":
        write(at("owners-utf16.csv"), owners_csv(200).encode("utf-16"))
    elif kind == "jsonl":
        write(at("trips.jsonl"), trips_jsonl(300))
    elif kind == "json":
        write(at("cars.json"), json.dumps({"cars": [{"vin": m.vin(), "tags": [1, {"idcard": m.resident_id()}]} for _ in range(100)]}))
    elif kind == "log":
        write(at("app.log"), "".join("2024-01-01T00:00:00 INFO login phone=%s vin=%s\n" % (m.mobile(), m.vin()) for _ in range(400)))
    elif kind == "clean":
        write(at("clean.csv"), "seq,status,speed,at\n" + "".join("%d,%s,%d.%d,17000000%05d\n" % (100000 + i, "ok" if i % 3 else "busy", i % 120, i % 10, i) for i in range(1000)))
    else:
        sys.exit("unknown kind: " + kind)


if __name__ == "__main__":
    for each in sys.argv[2:]:
        make(sys.argv[1], each)
